/**
 * Every refused REGISTER has exactly one fact that says why: the ground on which the diagnosis
 * stands. One row for each reason.
 * @module
 */

import assert from "node:assert/strict";
import { NonceMint } from "../sip/nonce.ts";
import {
  type Ask,
  authorization,
  challengeOf,
  Desk,
  type Login,
  requestText,
  statusOf,
} from "./sample_test.ts";

const CONTACT = "<sip:1001@10.0.0.7:5062>";

/** A phone's attempt: what it sends last, after whatever it did before. */
type Attempt = (desk: Desk) => string;

interface Row {
  readonly attempt: Attempt;
  readonly status: number;
  readonly stage: string;
}

/** A REGISTER with credentials that are right, but for what the row changes. */
function withLogin(login: Partial<Login>, ask: Ask = {}): Attempt {
  return (desk) => {
    const challenge = desk.ask({ callId: "nonce" });
    const nonce = challengeOf(challenge, "nonce");
    const headers = [...ask.headers ?? [], authorization({ nonce, ...login })];
    return requestText({ contacts: [CONTACT], ...ask, headers });
  };
}

/** The same, where only the request itself is wrong. */
function registering(ask: Ask): Attempt {
  return withLogin({}, ask);
}

function replacing(attempt: Attempt, from: string, to: string): Attempt {
  return (desk) => {
    const text = attempt(desk);
    assert.ok(text.includes(from), text);
    return text.replace(from, to);
  };
}

const OTHER_MINT = new NonceMint(new Uint8Array(16).fill(200), 3600);

const CHALLENGED: Readonly<Record<string, Attempt>> = {
  "no-credentials": () => requestText({ contacts: [CONTACT] }),
  "other-realm": withLogin({ realm: "elsewhere" }),
  "other-scheme": () =>
    requestText({ headers: ["Authorization: Basic dXNlcjpwYXNz"] }),
  "foreign-nonce": withLogin({ nonce: OTHER_MINT.issue(1000) }),
  "stale-nonce": (desk) => {
    const text = registering({})(desk);
    desk.advance(3_601_000, 1000);
    return text;
  },
  "nonce-count-replayed": (desk) => {
    const text = registering({})(desk);
    assert.equal(statusOf(desk.receive(text)[0]), 200);
    return text.replace(/branch=[\w-]+/, "branch=z9hG4bKagain");
  },
};

const REFUSED: Readonly<Record<string, readonly Row[]>> = {
  "malformed": [
    {
      attempt: registering({ to: "<sip:1001@pbx" }),
      status: 400,
      stage: "parse",
    },
    {
      attempt: registering({ contacts: ["<sip:a@>"] }),
      status: 400,
      stage: "parse",
    },
    { attempt: registering({ uri: "sip:@@" }), status: 400, stage: "parse" },
  ],
  "unsupported-scheme": [
    { attempt: registering({ uri: "tel:1001" }), status: 416, stage: "parse" },
  ],
  "unsupported-extension": [{
    attempt: registering({ headers: ["Require: gruu"] }),
    status: 420,
    stage: "parse",
  }],
  "wrong-domain": [{
    attempt: registering({ uri: "sip:other.example" }),
    status: 404,
    stage: "domain",
  }],
  "unknown-extension": [{
    attempt: withLogin({ number: "7777" }, {
      to: "<sip:7777@pbx.example>",
      from: "<sip:7777@pbx.example>",
    }),
    status: 403,
    stage: "account",
  }],
  "wrong-password": [
    { attempt: withLogin({ password: "no" }), status: 403, stage: "auth" },
  ],
  "login-differs": [
    { attempt: withLogin({ number: "1002" }), status: 403, stage: "auth" },
    { attempt: withLogin({ number: "7777" }), status: 403, stage: "auth" },
    {
      attempt: registering({
        to: "<sip:1002@pbx.example>",
        from: "<sip:1002@pbx.example>",
      }),
      status: 403,
      stage: "auth",
    },
  ],
  "third-party": [{
    attempt: registering({ from: "<sip:1002@pbx.example>" }),
    status: 403,
    stage: "auth",
  }],
  "credentials-incomplete": [
    {
      attempt: replacing(registering({}), ", qop=auth", ""),
      status: 400,
      stage: "auth",
    },
    {
      attempt: replacing(registering({}), "Digest username=", "Digest ="),
      status: 400,
      stage: "auth",
    },
  ],
  "algorithm-unknown": [{
    attempt: replacing(registering({}), "algorithm=MD5", "algorithm=MD5-sess"),
    status: 400,
    stage: "auth",
  }],
  "uri-differs": [
    {
      attempt: withLogin({ uri: "sip:elsewhere" }),
      status: 400,
      stage: "auth",
    },
  ],
  "contact-limit": [{
    attempt: registering({
      contacts: Array.from({ length: 5 }, (_, i) => `<sip:${i}@h>`),
    }),
    status: 503,
    stage: "policy",
  }],
  "contact-unusable": [
    {
      attempt: registering({ contacts: ["<tel:1>"] }),
      status: 400,
      stage: "policy",
    },
    {
      attempt: registering({ contacts: ["<sip:a@192.0.2.1>"] }),
      status: 400,
      stage: "policy",
    },
  ],
  "wildcard-misused": [
    { attempt: registering({ contacts: ["*"] }), status: 400, stage: "policy" },
  ],
  "interval-too-brief": [{
    attempt: registering({ headers: ["Expires: 30"] }),
    status: 423,
    stage: "policy",
  }],
  "cseq-out-of-order": [{
    attempt: (desk) => {
      desk.login({ callId: "order", cseq: 10, contacts: [CONTACT] });
      return registering({ callId: "order", cseq: 9 })(desk);
    },
    status: 500,
    stage: "policy",
  }],
  "extension-required": [{
    attempt: registering({ headers: ["Path: <sip:edge;lr>"] }),
    status: 421,
    stage: "policy",
  }],
  "store-failed": [{
    attempt: (desk) => {
      desk.journal.isFailing = true;
      return registering({})(desk);
    },
    status: 503,
    stage: "reply",
  }],
};

/** Sends the last request of an attempt: its answer, and the facts that it made. */
function carryOut(attempt: Attempt) {
  const desk = new Desk({ domains: ["pbx.example"] });
  const text = attempt(desk);
  const before = desk.bound();
  desk.takeFacts();
  const answers = desk.receive(text);
  assert.equal(answers.length, 1);
  assert.deepEqual(desk.bound(), before, "a refusal changes nothing");
  return { answer: answers[0]!, facts: desk.takeFacts() };
}

Deno.test("Office.receive() tells exactly why it challenged", () => {
  for (const [why, attempt] of Object.entries(CHALLENGED)) {
    const { answer, facts } = carryOut(attempt);
    assert.equal(statusOf(answer), 401, why);
    assert.deepEqual(
      facts.map((fact) => fact.kind),
      ["request-seen", "challenged"],
    );
    const [, fact] = facts;
    assert.ok(fact?.kind === "challenged");
    assert.deepEqual([fact.why, fact.number], [why, "1001"]);
    const isRight = /stale|foreign|replayed/.test(why);
    assert.equal(challengeOf(answer, "stale"), isRight ? "true" : "", why);
  }
});

Deno.test("Office.receive() tells exactly why it refused", () => {
  for (const [why, rows] of Object.entries(REFUSED)) {
    for (const { attempt, status, stage } of rows) {
      const { answer, facts } = carryOut(attempt);
      assert.equal(statusOf(answer), status, `${why}: ${answer}`);
      assert.deepEqual(
        facts.map((fact) => fact.kind),
        ["request-seen", "refused"],
        why,
      );
      const [, fact] = facts;
      assert.ok(fact?.kind === "refused");
      assert.deepEqual(
        [fact.why, fact.status, fact.stage, fact.method],
        [why, status, stage, "REGISTER"],
      );
      assert.match(fact.detail, /^[\x20-\x7e]{0,200}$/);
    }
  }
});

Deno.test("Office.receive() puts no control character of a stranger into a fact", () => {
  const desk = new Desk();
  const to = "<sip:%0d%0aX:%20y%00@pbx.example>";
  desk.ask({ to, from: to, callId: "1" });
  desk.login({ to, from: to, callId: "2" }, { number: "1001" });
  for (const fact of desk.takeFacts("challenged", "refused")) {
    assert.match(fact.number, /^[\x20-\x7e]{0,64}$/);
  }
});

Deno.test("Office.receive() never puts a secret into a fact", () => {
  const attempts = Object.values(REFUSED).flat().map((row) => row.attempt);
  for (const attempt of [...attempts, ...Object.values(CHALLENGED)]) {
    const { facts } = carryOut(attempt);
    const text = JSON.stringify(facts);
    assert.doesNotMatch(text, /correct horse|[0-9a-f]{32}/);
  }
});
