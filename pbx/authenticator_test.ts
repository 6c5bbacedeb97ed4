/**
 * Digest answers, right and wrong.
 * @module
 */

import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { NonceMint } from "../sip/nonce.ts";
import { Authenticator } from "./authenticator.ts";
import { Directory } from "./directory.ts";
import {
  type Ask,
  authorization,
  Desk,
  headerValues,
  type Login,
  readMessage,
  recordOf,
  requestText,
  statusOf,
} from "./sample_test.ts";

const HOUR_MS = 3_600_000;

/** The door of an office with two extensions, and a clock. */
class Door {
  readonly directory = new Directory();
  readonly mint = new NonceMint(new Uint8Array(16).fill(1), 3600);
  readonly authenticator = new Authenticator(this.directory, "pbx", this.mint);
  nowMs = 5000;

  constructor(numbers: readonly string[] = ["1001", "1002"]) {
    for (const number of numbers) this.directory.set(recordOf(number));
  }

  nonce(): string {
    return this.mint.issue(this.nowMs);
  }

  authenticate(ask: Ask, claimed = "1001") {
    const message = readMessage(requestText(ask));
    return this.authenticator.authenticate(message, claimed, this.nowMs);
  }

  /** The outcome in one word: who it is, or why not. */
  knock(header: string, ask: Ask = {}): string {
    const result = this.authenticate({ ...ask, headers: [header] });
    return result.kind === "authenticated" ? result.number : result.why;
  }

  /** The same with an answer that is right, but for what the test changes. */
  answer(login: Partial<Login> = {}): string {
    return this.knock(authorization({ nonce: this.nonce(), ...login }));
  }

  isStale(header: string): boolean {
    const result = this.authenticate({ headers: [header] });
    assert.ok(result.kind === "challenge");
    return /stale=true/i.test(result.headers);
  }
}

/** An Authorization header field without one of its parameters, or with another value. */
function change(header: string, name: string, to: string | null): string {
  const pattern = new RegExp(`,? ${name}=("[^"]*"|[^,]*)`);
  assert.match(header, pattern);
  return header.replace(pattern, to === null ? "" : `, ${name}=${to}`)
    .replace("Digest,", "Digest ");
}

Deno.test("Authenticator.authenticate() offers SHA-256 and MD5, with qop and a short nonce", () => {
  const result = new Door().authenticate({});
  assert.ok(result.kind === "challenge");
  assert.equal(result.why, "no-credentials");
  const values = headerValues(result.headers, "WWW-Authenticate");
  const nonce = /nonce="([^"]{1,40})"/.exec(result.headers)![1];
  assert.deepEqual([...values].sort(), [
    `Digest realm="pbx", nonce="${nonce}", algorithm=MD5, qop="auth"`,
    `Digest realm="pbx", nonce="${nonce}", algorithm=SHA-256, qop="auth"`,
  ]);
});

Deno.test("Authenticator.authenticate() offers MD5 alone to a phone that gives up otherwise", () => {
  const agents = { "baresip v1.0.0 (x86_64/linux)": 1, "baresip v2.0.0": 2 };
  for (const [agent, count] of Object.entries(agents)) {
    const headers = [`User-Agent: ${agent}`];
    const result = new Door().authenticate({ headers });
    assert.ok(result.kind === "challenge");
    assert.match(result.headers, /algorithm=MD5/);
    const values = headerValues(result.headers, "WWW-Authenticate");
    assert.equal(values.length, count, agent);
  }
});

Deno.test("Authenticator.authenticate() takes right answers of both algorithms", () => {
  const door = new Door();
  assert.equal(door.answer(), "1001");
  assert.equal(door.answer({ algorithm: "SHA-256" }), "1001");
  assert.equal(door.answer({ number: "1002" }), "1002");
  const header = authorization({ nonce: door.nonce() });
  assert.equal(door.knock(change(header, "algorithm", null)), "1001");
  const shouted = authorization({ nonce: door.nonce() });
  assert.equal(door.knock(change(shouted, "algorithm", "md5")), "1001");
});

Deno.test("Authenticator.authenticate() does not mix algorithms up", () => {
  const door = new Door();
  for (const [made, named] of [["MD5", "SHA-256"], ["SHA-256", "MD5"]]) {
    const algorithm = made as "MD5" | "SHA-256";
    const header = authorization({ nonce: door.nonce(), algorithm });
    assert.equal(
      door.knock(change(header, "algorithm", named!)),
      "wrong-password",
    );
  }
  for (const other of ["MD5-sess", "SHA-512-256", "SHA-256-sess", "x"]) {
    const header = authorization({ nonce: door.nonce() });
    const result = door.authenticate({
      headers: [change(header, "algorithm", other)],
    });
    assert.ok(result.kind === "refusal");
    assert.deepEqual([result.status, result.why], [400, "algorithm-unknown"]);
  }
});

Deno.test("Authenticator.authenticate() wants every parameter that keeps an answer from being replayed", () => {
  const table: readonly (readonly [string, string | null])[] = [
    ["username", null],
    ["nonce", null],
    ["uri", null],
    ["response", null],
    ["qop", null],
    ["qop", "auth-int"],
    ["cnonce", null],
    ["cnonce", '""'],
    ["nc", null],
    ["nc", "1"],
    ["nc", "0000000g"],
    ["nc", "000000001"],
    ["nc", "-0000001"],
  ];
  for (const [name, value] of table) {
    const door = new Door();
    const header = change(authorization({ nonce: door.nonce() }), name, value);
    const result = door.authenticate({ headers: [header] });
    assert.ok(result.kind === "refusal", header);
    assert.equal(result.status, 400);
    assert.equal(result.why, "credentials-incomplete", `${name}=${value}`);
    assert.ok(result.reason.includes(name), result.reason);
  }
});

Deno.test("Authenticator.authenticate() refuses a header field that cannot be read", () => {
  const door = new Door();
  const header = authorization({ nonce: door.nonce() });
  const broken = [
    `${header}, nc=00000002`,
    `${header}, opaque="open`,
    "Authorization: ,",
    "Authorization: Digest username",
  ];
  for (const text of broken) {
    assert.equal(door.knock(text), "credentials-incomplete", text);
  }
});

Deno.test("Authenticator.authenticate() says stale only for right answers to nonces that are over", () => {
  const other = new NonceMint(new Uint8Array(16).fill(9), 3600);
  const cases = {
    "stale-nonce": (door: Door) => {
      const nonce = door.nonce();
      door.nowMs += HOUR_MS + 1000;
      return nonce;
    },
    "foreign-nonce": (door: Door) => other.issue(door.nowMs),
  };
  for (const [why, makeNonce] of Object.entries(cases)) {
    const door = new Door();
    const right = authorization({ nonce: makeNonce(door) });
    assert.equal(door.knock(right), why);
    assert.equal(door.isStale(right), true);
    const wrong = authorization({ nonce: makeNonce(door), password: "no" });
    assert.equal(door.knock(wrong), "wrong-answer");
    assert.equal(door.isStale(wrong), false);
    const nobody = authorization({ nonce: makeNonce(door), number: "7777" });
    assert.equal(door.knock(nobody), "wrong-answer");
    assert.equal(door.isStale(nobody), false);
  }
});

Deno.test("Authenticator.authenticate() takes a nonce until its hour is over", () => {
  const door = new Door();
  const nonce = door.nonce();
  door.nowMs += HOUR_MS;
  assert.equal(door.knock(authorization({ nonce })), "1001");
  door.nowMs += 1000;
  assert.equal(
    door.knock(authorization({ nonce, nc: "00000002" })),
    "stale-nonce",
  );
});

Deno.test("Authenticator.authenticate() refuses an nc that is not higher, and takes one that is", () => {
  const door = new Door();
  const nonce = door.nonce();
  const table: readonly (readonly [string, string])[] = [
    ["00000001", "1001"],
    ["00000001", "nonce-count-replayed"],
    ["0000000a", "1001"],
    ["00000009", "nonce-count-replayed"],
    ["0000000B", "1001"],
    ["ffffffff", "1001"],
  ];
  for (const [nc, expected] of table) {
    assert.equal(door.knock(authorization({ nonce, nc })), expected, nc);
  }
  // a wrong answer uses nothing up
  const fresh = door.nonce();
  door.knock(authorization({ nonce: fresh, password: "no", nc: "000000ff" }));
  assert.equal(door.knock(authorization({ nonce: fresh })), "1001");
  // a count belongs to its extension
  const login = { nonce: fresh, number: "1002" };
  assert.equal(door.knock(authorization(login)), "1002");
});

Deno.test("Authenticator.authenticate() hashes the uri as written, and compares it loosely", () => {
  const table: readonly (readonly [string, string])[] = [
    ["sip:pbx.example", "1001"],
    ["sip:pbx.example;transport=udp", "1001"],
    ["sip:PBX.example:5060", "1001"],
    ["sip:other.example", "uri-differs"],
    ["sip:1001@pbx.example", "uri-differs"],
    ["nonsense", "uri-differs"],
  ];
  for (const [uri, expected] of table) {
    assert.equal(new Door().answer({ uri }), expected, uri);
  }
});

Deno.test("Authenticator.authenticate() knows no names that every object has", () => {
  for (const numbers of [["1001"], []]) {
    const door = new Door(numbers);
    for (const number of ["constructor", "__proto__", "toString", "7777"]) {
      const header = authorization({ nonce: door.nonce(), number });
      const result = door.authenticate({ headers: [header] }, number);
      assert.ok(result.kind === "refusal");
      assert.deepEqual(
        [result.status, result.why],
        [403, "unknown-extension"],
      );
    }
  }
});

Deno.test("Authenticator.authenticate() lets nobody in with the hash that stands for nobody", () => {
  for (const numbers of [["1001"], []]) {
    const door = new Door(numbers);
    const nonce = door.nonce();
    const header = authorization({ nonce, number: "7777" });
    const line = hash("md5", "REGISTER:sip:pbx.example");
    const response = hash(
      "md5",
      `${"0".repeat(32)}:${nonce}:00000001:0a4f113b:auth:${line}`,
    );
    for (const guess of [response, "0".repeat(32), "x"]) {
      const forged = change(header, "response", `"${guess}"`);
      assert.equal(door.knock(forged), "login-differs");
    }
  }
});

Deno.test("Authenticator.authenticate() tells a login that differs from the number", () => {
  const door = new Door();
  const nonce = door.nonce();
  const header = authorization({ nonce, number: "7777" });
  assert.equal(door.knock(header), "login-differs");
});

Deno.test("Authenticator.authenticate() finds ours among several header fields", () => {
  const door = new Door();
  const nonce = door.nonce();
  const basic = "Authorization: Basic dXNlcjpwYXNz";
  const other = authorization({ nonce, realm: "elsewhere" });
  const orders = [(ours: string) => [other, basic, ours]];
  orders.push((ours) => [ours, other], (ours) => [basic, ours]);
  for (const [i, order] of orders.entries()) {
    const ours = authorization({ nonce, nc: `0000000${i + 1}` });
    const result = door.authenticate({ headers: order(ours) });
    assert.equal(result.kind, "authenticated");
  }
  assert.equal(door.knock(other), "other-realm");
  assert.equal(door.isStale(other), false);
  assert.equal(door.knock(basic), "other-scheme");
});

Deno.test("Authenticator.authenticate() answers an unknown extension and a wrong password alike, to the octet", () => {
  for (const method of ["REGISTER", "INVITE"]) {
    const answers = ["1001", "7777"].map((number) => {
      const desk = new Desk();
      const address = `<sip:${number}@pbx.example>`;
      const ask = { method, from: address, to: address };
      const challenge = desk.ask({ ...ask, cseq: 1 });
      const refused = new Desk().login(ask, { number, password: "guess" });
      assert.equal(statusOf(refused), 403);
      return [challenge, refused].map((text) =>
        text.replaceAll(number, "NUMBER")
      );
    });
    assert.deepEqual(answers[0], answers[1]);
  }
});

Deno.test("Authenticator.authenticate() does the same work for both, so that time tells nothing", () => {
  const door = new Door();
  const asked: string[] = [];
  const { ha1 } = door.directory;
  door.directory.ha1 = function (...args) {
    asked.push(args[1]);
    return ha1.apply(this, args);
  };
  door.answer({ password: "no" });
  door.answer({ number: "7777" });
  door.answer({ number: "7777", algorithm: "SHA-256" });
  assert.deepEqual(asked, ["MD5", "MD5", "SHA-256"]);
});
