import assert from "node:assert/strict";
import { hash } from "node:crypto";
import type { Challenged, Refused } from "../../sip/fact.ts";
import type { Registered } from "../../pbx/fact.ts";
import {
  answer,
  challenge,
  CONTACT,
  credentials,
  PHONE,
  request,
  SERVER,
  Tape,
  type Told,
} from "./replay_sample_test.ts";

function refusals({ facts }: Told): Refused[] {
  return facts.filter((fact) => fact.kind === "refused");
}

function challenges({ facts }: Told): Challenged["why"][] {
  return facts.filter((fact) => fact.kind === "challenged")
    .map(({ why }) => why);
}

function registrations({ facts }: Told): Registered[] {
  return facts.filter((fact) => fact.kind === "registered");
}

/** REGISTER, 401, and REGISTER with credentials, which is left to be answered. */
function asked(tape: Tape, username = "1001"): string {
  const first = request({ headers: [CONTACT] });
  const second = request({
    cseq: 2,
    headers: [CONTACT, credentials("n1", username)],
  });
  tape.phone(first)
    .server(answer(first, 401, "Unauthorized", [challenge("n1")]))
    .phone(second);
  return second;
}

Deno.test("Replay tells a registration as our server would", () => {
  const tape = new Tape();
  const second = asked(tape);
  tape.server(answer(second, 200, "OK", [
    `Contact: <sip:1001@${PHONE}:5062>;expires=120`,
  ]));
  const told = tape.play();
  assert.deepEqual(challenges(told), ["no-credentials"]);
  const [registered] = registrations(told);
  assert.equal(registered?.number, "1001");
  assert.equal(registered.change, "added");
  assert.equal(registered.expiresSeconds, 120);
  assert.equal(registered.isBehindNat, false);
  assert.equal(registered.flow.peer, `${PHONE}:5062`);
  assert.deepEqual(told.codes, ["ok"]);
  const seen = told.facts.filter(({ kind }) => kind === "request-seen");
  assert.equal(seen.length, 2);
});

Deno.test("Replay knows a refresh, and a phone that signs off", () => {
  const tape = new Tape();
  const second = asked(tape);
  const third = request({
    cseq: 3,
    headers: [CONTACT, credentials("n1")],
  });
  const last = request({
    cseq: 4,
    headers: [CONTACT.replace("300", "0"), credentials("n1")],
  });
  tape.server(answer(second, 200, "OK", [CONTACT])).wait(1000)
    .phone(third).server(answer(third, 200, "OK", [CONTACT])).wait(1000)
    .phone(last).server(answer(last, 200, "OK"));
  const told = tape.play();
  assert.deepEqual(
    registrations(told).map(({ change }) => change),
    ["added", "refreshed"],
  );
  const gone = told.facts.find(({ kind }) => kind === "unregistered");
  assert.ok(gone?.kind === "unregistered");
  assert.equal(gone.contact, `sip:1001@${PHONE}:5062`);
  assert.deepEqual(told.codes, ["undecided"]);
});

Deno.test("Replay takes a phone that answers an older challenge as older than the file", () => {
  const only = request({ headers: [CONTACT, credentials("older")] });
  const told = new Tape().phone(only)
    .server(answer(only, 200, "OK", [CONTACT])).play();
  assert.equal(registrations(told)[0]?.change, "refreshed");
});

Deno.test("Replay calls 403 after right-looking credentials a wrong password", () => {
  const tape = new Tape();
  tape.server(answer(asked(tape), 403, "Forbidden"));
  const told = tape.play();
  const [refused] = refusals(told);
  assert.equal(refused?.why, "wrong-password");
  assert.match(refused.detail, /^login `1001`; a capture cannot tell/);
  assert.deepEqual(told.codes, ["wrong-password"]);
});

Deno.test("Replay says that the login differs where it does", () => {
  const tape = new Tape();
  tape.server(answer(asked(tape, "1002"), 403, "Forbidden"));
  const told = tape.play();
  assert.equal(refusals(told)[0]?.why, "login-differs");
  assert.deepEqual(told.codes, ["login-differs"]);
});

Deno.test("Replay asks the directory which of password and number is wrong", () => {
  const tape = new Tape();
  tape.server(answer(asked(tape), 403, "Forbidden"));
  const lookUp = (known: string) => ({
    realm: "office",
    lookUp: (number: string) =>
      number === known
        ? { ha1Md5: "f".repeat(32), ha1Sha256: "f".repeat(64) }
        : null,
  });
  assert.equal(
    refusals(tape.play(lookUp("1002")))[0]?.why,
    "unknown-extension",
  );
  const [wrong] = refusals(tape.play(lookUp("1001")));
  assert.equal(wrong?.why, "wrong-password");
  assert.equal(wrong.detail, "login `1001`");
});

Deno.test("Replay does not call a password wrong that the directory finds right", () => {
  const md5 = (text: string) => hash("md5", text);
  const ha1 = md5("1001:office:secret");
  const response = md5(
    `${ha1}:n1:00000001:c:auth:${md5(`REGISTER:sip:${SERVER}`)}`,
  );
  const tape = new Tape();
  const first = request({ headers: [CONTACT] });
  const right = credentials("n1").replace("0".repeat(32), response);
  const second = request({ cseq: 2, headers: [CONTACT, right] });
  tape.phone(first)
    .server(answer(first, 401, "Unauthorized", [challenge("n1")]))
    .phone(second).server(answer(second, 403, "Not today"));
  const directory = {
    realm: "office",
    lookUp: () => ({ ha1Md5: ha1, ha1Sha256: "" }),
  };
  const told = tape.play(directory);
  assert.equal(refusals(told)[0]?.why, "not-acceptable");
  assert.deepEqual(told.codes, ["undecided"]);
});

Deno.test("Replay tells challenges after credentials apart", () => {
  const cases = [
    [challenge("n2"), credentials("n1"), "wrong-answer"],
    [challenge("n1"), credentials("n1"), "wrong-answer"],
    [challenge("n2", ", stale=true"), credentials("n1"), "stale-nonce"],
    [challenge("n2"), credentials("n1", "1001", "elsewhere"), "other-realm"],
    [challenge("n2"), credentials("strange"), "foreign-nonce"],
    [challenge("n2"), "Authorization: Basic x", "other-scheme"],
  ] as const;
  for (const [again, given, why] of cases) {
    const first = request({ headers: [CONTACT] });
    const second = request({ cseq: 2, headers: [CONTACT, given] });
    const told = new Tape().phone(first)
      .server(answer(first, 401, "Unauthorized", [challenge("n1")]))
      .phone(second).server(answer(second, 401, "Unauthorized", [again]))
      .play();
    assert.deepEqual(challenges(told), ["no-credentials", why]);
  }
});

Deno.test("Replay concludes from a server that only asks again", () => {
  for (
    const [username, code] of [
      ["1001", "wrong-password"],
      ["7", "login-differs"],
    ] as const
  ) {
    const tape = new Tape();
    const second = asked(tape, username);
    tape.server(answer(second, 401, "Unauthorized", [challenge("n2")]));
    assert.deepEqual(tape.play().codes, [code]);
  }
});

Deno.test("Replay forgives a wrong password that was corrected", () => {
  const tape = new Tape();
  const second = asked(tape);
  const third = request({ cseq: 3, headers: [CONTACT, credentials("n2")] });
  tape.server(answer(second, 401, "Unauthorized", [challenge("n2")]))
    .wait(2000).phone(third).server(answer(third, 200, "OK", [CONTACT]));
  assert.deepEqual(tape.play().codes, ["ok"]);
});

Deno.test("Replay tells 404 of a strange name from 404 of a number", () => {
  const cases = [
    ["pbx.example", "Not Found", "wrong-domain"],
    [SERVER, "Not Found", "unknown-extension"],
    ["localhost", "Domain Not Served Here", "wrong-domain"],
    // the server's public address, which a capture behind a router does not have
    ["203.0.113.9", "Not Found", "unknown-extension"],
  ] as const;
  for (const [host, reason, why] of cases) {
    const text = request({
      target: `sip:${host}`,
      to: `<sip:1001@${host}>`,
      headers: [CONTACT],
    });
    const places = host === "203.0.113.9"
      ? [{ host: "10.0.0.2", port: 5062 }, { host: "10.0.0.1", port: 5060 }]
      : [];
    const [phone, server] = places;
    const told = new Tape().phone(text, phone, server)
      .server(answer(text, 404, reason), phone, server).play();
    assert.equal(refusals(told)[0]?.why, why, host);
    assert.deepEqual(told.codes, [why]);
  }
});

Deno.test("Replay gives each refusal its reason", () => {
  const cases = [
    [423, "Interval Too Brief", [], "interval-too-brief", "policy"],
    [503, "Too Many Contacts", [], "contact-limit", "policy"],
    [503, "Service Unavailable", ["Retry-After: 30"], "store-failed", "reply"],
    [503, "Busy", ["Server: other"], "not-acceptable", "policy"],
    [400, "Authorization is for another URI", [], "uri-differs", "auth"],
    [420, "Bad Extension", [], "unsupported-extension", "parse"],
    [500, "CSeq Out Of Order", [], "cseq-out-of-order", "policy"],
  ] as const;
  for (const [status, reason, headers, why, stage] of cases) {
    const tape = new Tape();
    tape.server(answer(asked(tape), status, reason, headers));
    const [refused] = refusals(tape.play());
    assert.equal(refused?.why, why, reason);
    assert.equal(refused.stage, stage);
    assert.equal(refused.status, status);
  }
});

Deno.test("Replay tells repeats only of what was answered", () => {
  const text = request({ headers: [CONTACT] });
  const silent = new Tape();
  for (const ms of [0, 500, 1000, 2000]) silent.wait(ms).phone(text);
  const nothing = silent.play();
  assert.equal(
    nothing.facts.some(({ kind }) => kind === "retransmission-seen"),
    false,
  );
  assert.deepEqual(nothing.codes, ["firewall-blocks-sip"]);
  assert.equal(nothing.phones[0]?.main.severity, "info");

  const answered = new Tape();
  for (const ms of [0, 500, 1000, 2000]) {
    answered.wait(ms).phone(text)
      .server(answer(text, 401, "Unauthorized", [challenge("n1")]));
  }
  assert.deepEqual(answered.play().codes, ["replies-lost"]);
});

Deno.test("Replay sees that answers leave from another address", () => {
  const text = request({ headers: [CONTACT] });
  const tape = new Tape();
  for (const ms of [0, 500, 1000, 2000]) {
    tape.wait(ms).phone(text).server(
      answer(text, 401, "Unauthorized", [challenge("n1")]),
      { host: PHONE, port: 5062 },
      { host: "192.0.2.2", port: 5060 },
    );
  }
  assert.deepEqual(tape.play().codes, ["reply-from-other-address"]);
});

Deno.test("Replay calls a message malformed only where the server does", () => {
  const broken = request({ headers: [CONTACT] })
    .replace("Max-Forwards: 70", "Max-Forwards: many");
  const refused = new Tape().phone(broken)
    .server(answer(broken, 400, "Bad Request")).play();
  assert.deepEqual(refused.codes, ["malformed-message"]);
  const accepted = new Tape().phone(broken)
    .server(answer(broken, 200, "OK", [CONTACT])).play();
  assert.deepEqual(accepted.codes, ["ok"]);
});

Deno.test("Replay pairs the server's questions with a phone's answers", () => {
  const tape = new Tape();
  const second = asked(tape);
  tape.server(answer(second, 200, "OK", [CONTACT]));
  const question = request({
    method: "OPTIONS",
    number: "pbx",
    target: `sip:1001@${PHONE}:5062`,
    via: `${SERVER}:5060`,
    callId: "ping-1",
  });
  const later = question.replaceAll("ping-1", "ping-2");
  tape.server(question).phone(answer(question, 200, "OK"));
  const healthy = tape.play();
  assert.deepEqual(healthy.codes, ["ok"]);
  const pong = healthy.facts.find(({ kind }) => kind === "ping-answered");
  assert.ok(pong?.kind === "ping-answered");
  assert.equal(pong.afterMs, 10);
  assert.equal(pong.number, "1001");

  tape.wait(60_000).server(later).wait(33_000);
  assert.deepEqual(tape.play().codes, ["nat-mapping-expired"]);
});

Deno.test("Replay finds a phone at a port where nobody listens", () => {
  const tape = new Tape();
  tape.server(answer(asked(tape), 200, "OK", [CONTACT]));
  const astray = request({ number: "1002", callId: "call-2" });
  const to = { host: SERVER, port: 5061 };
  const from = { host: "192.0.2.40", port: 5060 };
  tape.phone(astray, from, to).wait(500).phone(astray, from, to);
  const told = tape.play();
  assert.deepEqual(told.codes, ["ok", "wrong-port"]);
  assert.equal(told.phones[1]?.story.number, "1002");
});

Deno.test("Replay survives garbage and says where it came from", () => {
  const tape = new Tape();
  tape.server(answer(asked(tape), 200, "OK", [CONTACT]));
  const place = { host: "192.0.2.66", port: 9 };
  const server = { host: SERVER, port: 5060 };
  for (let length = 0; length < 64; length++) {
    tape.send(new Uint8Array(length).fill(0xa5), place, server);
  }
  tape.send(Uint8Array.of(13, 10), place, server);
  const told = tape.play();
  const classes = told.facts.filter((fact) => fact.kind === "datagram-seen")
    .map((fact) => fact.class);
  assert.deepEqual([...new Set(classes)], ["empty", "garbage", "keepalive"]);
  assert.deepEqual(told.codes, ["ok"]);
});

Deno.test("judgeEvidence() says that nothing came of a number that is not there", () => {
  const tape = new Tape();
  tape.server(answer(asked(tape), 200, "OK", [CONTACT]));
  assert.deepEqual(tape.play(null, "1001").codes, ["ok"]);
  const absent = tape.play(null, "1009");
  assert.deepEqual(absent.codes, ["no-packets"]);
  assert.equal(absent.phones[0]?.main.severity, "info");
});

Deno.test("judgeEvidence() sets scanners apart from phones", () => {
  const tape = new Tape();
  tape.server(answer(asked(tape), 200, "OK", [CONTACT]));
  const scanner = { host: "203.0.113.66", port: 5080 };
  for (let i = 0; i < 20; i++) {
    const text = request({ number: `${2000 + i}`, callId: `scan-${i}` })
      .replace("Phone/1", "friendly-scanner");
    tape.phone(text, scanner)
      .server(answer(text, 401, "Unauthorized", [challenge("n9")]), scanner);
  }
  const told = tape.play();
  assert.deepEqual(told.codes, ["ok"]);
  assert.deepEqual(told.phones[0]?.also, []);
});
