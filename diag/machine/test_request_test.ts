import assert from "node:assert/strict";
import { DigestCheck, hashPassword } from "../../sip/digest.ts";
import { hexOf } from "../../sip/hex.ts";
import { toOctets } from "../../sip/octet.ts";
import type { Message } from "../../sip/message.ts";
import { parse } from "../../sip/parse.ts";
import { parseCredentials } from "../../sip/parse_credentials.ts";
import {
  answerChallenge,
  findChallenge,
  type TestRequest,
  uriOf,
  writeTestRequest,
} from "./test_request.ts";

const REQUEST: TestRequest = {
  method: "REGISTER",
  transport: "udp",
  server: { host: "2001:db8::1", port: 5060 },
  local: { host: "2001:db8::1", port: 40000 },
  number: "selftest-1",
  callId: "call",
  cseq: 7,
  branch: "b1",
  tag: "t1",
  expiresSeconds: 60,
  authorization: "",
};

function read(text: string): Message {
  const octets = toOctets(text);
  const message = parse(octets, 0, octets.length);
  assert.equal(message.kind, "message");
  return message as Message;
}

function challengeWith(lines: string[]): ReturnType<typeof findChallenge> {
  return findChallenge(read(
    [
      "SIP/2.0 401 Unauthorized",
      "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
      "From: <sip:1@x>;tag=1",
      "To: <sip:1@x>;tag=2",
      "Call-ID: call",
      "CSeq: 1 REGISTER",
      ...lines,
      "Content-Length: 0",
      "\r\n",
    ].join("\r\n"),
  ));
}

Deno.test("writeTestRequest() writes what our own parser reads", () => {
  const register = read(writeTestRequest(REQUEST));
  assert.equal(register.method, "REGISTER");
  assert.equal(register.requestUri, "sip:[2001:db8::1]");
  assert.equal(register.cseq, 7);
  assert.equal(
    register.value("contact"),
    "<sip:selftest-1@[2001:db8::1]:40000>;expires=60",
  );
  const options = read(
    writeTestRequest({ ...REQUEST, method: "OPTIONS", transport: "tcp" }),
  );
  assert.equal(options.has("contact"), false);
  assert.equal(options.branch, "z9hG4bKb1");
});

Deno.test("answerChallenge() is right in the eyes of the server, with both algorithms", () => {
  const account = { number: "selftest-1", password: "süß 7" };
  const uri = uriOf(REQUEST.server);
  for (const algorithm of ["MD5", "SHA-256"] as const) {
    const challenge = challengeWith([
      `WWW-Authenticate: Digest realm="pbx", nonce="n1", algorithm=${algorithm}, qop="auth"`,
    ]);
    assert.ok(challenge !== null);
    const value = answerChallenge(challenge, account, uri, 2, "c1");
    const octets = toOctets(value);
    const credentials = parseCredentials(
      {
        bytes: octets,
        slice: (start: number, end: number) => value.slice(start, end),
      },
      0,
      octets.length,
    );
    const ha1 = hashPassword(
      algorithm,
      account.number,
      "pbx",
      account.password,
    );
    const digits = hexOf(ha1, 0, ha1.length);
    const check = new DigestCheck();
    assert.ok(check.isRight(algorithm, digits, "REGISTER", credentials!));
    assert.ok(!check.isRight(algorithm, digits, "INVITE", credentials!));
    assert.equal(credentials!.nonceCount, "00000002");
  }
});

Deno.test("findChallenge() takes no challenge that it cannot answer", () => {
  const none = [
    [],
    ["WWW-Authenticate: Basic realm=x"],
    ['WWW-Authenticate: Digest realm="pbx", nonce="n", qop="auth-int"'],
    ['WWW-Authenticate: Digest realm="pbx", nonce="n", algorithm=X, qop="auth"'],
    ['WWW-Authenticate: Digest realm="pbx", qop="auth"'],
  ];
  for (const lines of none) assert.equal(challengeWith(lines), null, lines[0]);
});
