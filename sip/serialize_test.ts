/**
 * What leaves: answers made from their requests, requests of ours, and both read again.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "./flow.ts";
import { Outbox } from "./outbox.ts";
import type { Via } from "./parse_via.ts";
import {
  type Changes,
  PHONE,
  readWell,
  requestText,
  STREAM,
  writtenText,
} from "./sample_test.ts";
import { responsePort, writeRequest, writeResponse } from "./serialize.ts";

interface Answer {
  readonly status?: number;
  readonly reason?: string;
  readonly toTag?: string;
  readonly headers?: string;
  readonly flow?: Flow;
}

/** The answer to a request, as text. */
function answer(request: string, how: Answer = {}): string {
  const outbox = new Outbox(16);
  outbox.text("before");
  writeResponse(
    outbox,
    readWell(request),
    how.flow ?? PHONE,
    how.status ?? 200,
    how.reason ?? "OK",
    how.toTag ?? "ours",
    how.headers ?? "",
  );
  assert.equal(outbox.count, 0, "the caller ends it");
  return writtenText(outbox, 6);
}

/** The Via lines of the answer to a request with these. */
function viasOf(changes: Changes, flow?: Flow): readonly string[] {
  const how = flow === undefined ? {} : { flow };
  return answer(requestText(changes), how).match(/^Via: .*(?=\r$)/gm)!
    .map((line) => line.slice(5));
}

Deno.test("writeResponse() writes a whole answer", () => {
  assert.equal(
    answer(requestText({ "Content-Length": "0", "Supported": "path" }), {
      headers: "Allow: OPTIONS\r\n",
    }),
    "SIP/2.0 200 OK\r\n" +
      "Via: SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bKsample;received=198.51.100.7;rport=40000\r\n" +
      "From: <sip:1001@pbx.example>;tag=from1\r\n" +
      "To: <sip:pbx.example>;tag=ours\r\n" +
      "Call-ID: call-1\r\n" +
      "CSeq: 1 OPTIONS\r\n" +
      "Allow: OPTIONS\r\n" +
      "Content-Length: 0\r\n\r\n",
  );
});

Deno.test("writeResponse() writes any status line", () => {
  for (
    const [status, reason] of [
      [100, "Trying"],
      [200, "OK"],
      [200, "Fine"],
      [401, "Unauthorized"],
      [403, "Forbidden"],
      [416, "Unsupported URI Scheme"],
      [699, ""],
    ] as const
  ) {
    const text = answer(requestText(), { status, reason });
    assert.ok(text.startsWith(`SIP/2.0 ${status} ${reason}\r\nVia: `), text);
  }
});

const NEAR = new Flow("udp", 1, "192.0.2.1", 5060, "10.0.0.7", 5062);
const IPV6 = new Flow("udp", 1, "2001:db8::1", 5060, "2001:db8::9", 5062);
const BOTH = ";received=198.51.100.7;rport=40000";
const HEAD = "SIP/2.0/UDP 10.0.0.7";

/** Via of the request, Via of the answer, where it came from. */
const VIAS: readonly (readonly [string, string, Flow?])[] = [
  // RFC 3261 §18.2.1: received where the address differs
  [`${HEAD};branch=b`, `${HEAD};branch=b;received=198.51.100.7`],
  [`${HEAD};branch=b`, `${HEAD};branch=b`, NEAR],
  [
    "SIP/2.0/UDP phone.example",
    "SIP/2.0/UDP phone.example;received=10.0.0.7",
    NEAR,
  ],
  ["SIP/2.0/UDP [2001:DB8::9]:5062", "SIP/2.0/UDP [2001:DB8::9]:5062", IPV6],
  [
    "SIP/2.0/UDP [2001:db8::8]",
    "SIP/2.0/UDP [2001:db8::8];received=2001:db8::9",
    IPV6,
  ],
  // RFC 3581 §4: both where rport was asked for, even if they are what is written
  [`${HEAD};rport;branch=b`, `${HEAD};branch=b${BOTH}`],
  [`${HEAD};branch=b;rport`, `${HEAD};branch=b${BOTH}`],
  [`${HEAD};branch=b;rport=9;x`, `${HEAD};branch=b;x${BOTH}`],
  [`${HEAD}:5062;rport`, `${HEAD}:5062;received=10.0.0.7;rport=5062`, NEAR],
  [
    "SIP/2.0/UDP [2001:db8::9];rport",
    "SIP/2.0/UDP [2001:db8::9];received=2001:db8::9;rport=5062",
    IPV6,
  ],
  // what the phone says about itself is not believed
  [
    `${HEAD};received=203.0.113.1;branch=b`,
    `${HEAD};branch=b;received=198.51.100.7`,
  ],
  [`${HEAD};received=203.0.113.1;branch=b`, `${HEAD};branch=b`, NEAR],
  [`${HEAD};received=1.2.3.4;rport=1;branch=b`, `${HEAD};branch=b${BOTH}`],
  [`${HEAD};rport;x=1;received=1.2.3.4;y`, `${HEAD};x=1;y${BOTH}`],
  [`${HEAD}; rport = 5 ; branch = b`, `${HEAD}; branch = b${BOTH}`],
  // octets stay as they are
  [
    `sip / 2.0 / udp\t10.0.0.7 : 5062 ;BRANCH=B;x="a;rport,\\""`,
    `sip / 2.0 / udp\t10.0.0.7 : 5062 ;BRANCH=B;x="a;rport,\\"";received=198.51.100.7`,
  ],
  [
    `${HEAD};maddr=1.2.3.4;ttl=1`,
    `${HEAD};maddr=1.2.3.4;ttl=1;received=198.51.100.7`,
  ],
  // only the topmost value is ours
  [
    `${HEAD};rport, SIP/2.0/TCP b;rport;received=1.1.1.1`,
    `${HEAD}${BOTH}, SIP/2.0/TCP b;rport;received=1.1.1.1`,
  ],
  [
    `${HEAD};branch=b ,SIP/2.0/TCP b`,
    `${HEAD};branch=b ;received=198.51.100.7,SIP/2.0/TCP b`,
  ],
  // folded ones are put on one line
  [
    `SIP/2.0/UDP\r\n 10.0.0.7\r\n\t;rport\r\n ;branch=b`,
    `${HEAD};branch=b${BOTH}`,
  ],
  [
    `${HEAD}\r\n ;received=1.2.3.4\r\n ;rport=7;branch=b`,
    `${HEAD};branch=b${BOTH}`,
  ],
];

for (const [via, expected, flow] of VIAS) {
  Deno.test(`writeResponse() answers Via ${JSON.stringify(via)} from ${flow?.host ?? PHONE.host}`, () => {
    assert.deepEqual(viasOf({ "Via": via }, flow), [expected]);
  });
}

Deno.test("writeResponse() leaves every further Via untouched and in order", () => {
  const further =
    "SIP/2.0/UDP b ;rport;received=1.1.1.1;branch=2, SIP/2.0/TLS c";
  assert.deepEqual(
    viasOf({
      "Via": `${HEAD};branch=1;rport`,
      "v": further,
      "VIA": "SIP/2.0/UDP\r\n d;rport",
    }),
    [`${HEAD};branch=1${BOTH}`, further, "SIP/2.0/UDP d;rport"],
  );
});

Deno.test("writeResponse() adds a To tag only where there is none, and none to a 100", () => {
  const toOf = (to: string, how?: Answer) =>
    readWell(answer(requestText({ "To": to }), how)).value("to");
  assert.equal(toOf("<sip:1@h>"), "<sip:1@h>;tag=ours");
  assert.equal(toOf("sip:1@h;x=1"), "sip:1@h;x=1;tag=ours");
  assert.equal(toOf("<sip:1@h;tag=no>"), "<sip:1@h;tag=no>;tag=ours");
  assert.equal(toOf("<sip:1@h>;TAG=theirs"), "<sip:1@h>;TAG=theirs");
  assert.equal(toOf("<sip:1@h>", { status: 100, toTag: "" }), "<sip:1@h>");
});

Deno.test("writeResponse() copies Timestamp into a 100 and nowhere else", () => {
  const of = (status: number, changes: Changes) =>
    readWell(answer(requestText(changes), { status })).value("timestamp");
  assert.equal(of(100, { "Timestamp": "54.1" }), "54.1");
  assert.equal(of(100, {}), null);
  assert.equal(of(180, { "Timestamp": "54.1" }), null);
  assert.equal(of(200, { "Timestamp": "54.1" }), null);
});

Deno.test("writeResponse() copies From, Call-ID and CSeq octet by octet, unfolded", () => {
  const text = answer(requestText({
    "From": '"\xd0\x90, \\"" \r\n <sip:%61@h>\r\n\t;tag=x',
    "Call-ID": "A@b;c\xe9",
    "CSeq": "0007\r\n OPTIONS",
  }));
  const message = readWell(text);
  assert.equal(message.value("from"), '"\xd0\x90, \\""  <sip:%61@h> ;tag=x');
  assert.equal(message.value("call-id"), "A@b;c\xe9");
  assert.equal(message.value("cseq"), "0007 OPTIONS");
  assert.doesNotMatch(text, /\n[ \t]/);
});

Deno.test("writeResponse() writes what reads well, and is of the same transaction", () => {
  for (const [via, , flow] of VIAS) {
    const request = readWell(requestText({ "Via": via }));
    const response = readWell(
      answer(requestText({ "Via": via }), flow === undefined ? {} : { flow }),
      "stream",
    );
    assert.equal(response.isRequest, false);
    assert.equal(response.status, 200);
    assert.equal(response.branch, request.branch);
    assert.equal(response.via!.host, request.via!.host);
    assert.equal(response.via!.port, request.via!.port);
    assert.equal(response.via!.hasRport, request.via!.hasRport);
    assert.equal(response.method, request.method);
    assert.equal(response.cseq, request.cseq);
    assert.equal(response.callId, request.callId);
    assert.equal(response.fromTag, request.fromTag);
    assert.equal(response.toTag, "ours");
    assert.equal(response.bodyEnd, response.end);
  }
});

Deno.test("responsePort() goes back to where it came from only if asked, or on a connection", () => {
  const via = (text: string): Via | null =>
    readWell(requestText({ "Via": text })).via;
  for (
    const [text, flow, port] of [
      ["SIP/2.0/UDP h;rport", PHONE, 40000],
      ["SIP/2.0/UDP h:5062;rport", PHONE, 40000],
      ["SIP/2.0/UDP h:5062;rport=7", PHONE, 40000],
      ["SIP/2.0/UDP h:5062", PHONE, 5062],
      ["SIP/2.0/UDP h", PHONE, 5060],
      ["SIP/2.0/TCP h:5062", STREAM, 40000],
    ] as const
  ) assert.equal(responsePort(via(text), flow), port, text);
  assert.equal(responsePort(null, PHONE), 40000);
});

Deno.test("writeRequest() writes a whole request, which reads well", () => {
  const write = (flow: Flow) => {
    const outbox = new Outbox(16);
    writeRequest(outbox, {
      method: "OPTIONS",
      uri: "sip:1001@10.0.0.7:5062;ob",
      flow,
      branch: "z9hG4bKping",
      from: "<sip:pbx>;tag=a",
      to: "<sip:1001@pbx>",
      callId: "ping-1",
      cseq: 2147483647,
      headers: "Contact: <sip:pbx>\r\n",
    });
    return writtenText(outbox);
  };
  assert.equal(
    write(PHONE),
    "OPTIONS sip:1001@10.0.0.7:5062;ob SIP/2.0\r\n" +
      "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKping;rport\r\n" +
      "Max-Forwards: 70\r\nFrom: <sip:pbx>;tag=a\r\nTo: <sip:1001@pbx>\r\n" +
      "Call-ID: ping-1\r\nCSeq: 2147483647 OPTIONS\r\nContact: <sip:pbx>\r\n" +
      "Content-Length: 0\r\n\r\n",
  );
  for (
    const [flow, transport, host] of [
      [PHONE, "UDP", "192.0.2.1"],
      [STREAM, "TCP", "192.0.2.1"],
      [IPV6, "UDP", "[2001:db8::1]"],
    ] as const
  ) {
    const message = readWell(write(flow), "stream");
    assert.equal(message.via?.transport, transport);
    assert.equal(message.via?.host, host);
    assert.equal(message.via?.port, 5060);
    assert.ok(message.via?.hasRport);
    assert.equal(message.cseq, 2147483647);
    assert.equal(message.target?.kind, "sip");
  }
});

Deno.test("writeRequest() writes routes, hops and a body with its length in octets", () => {
  const outbox = new Outbox(16);
  writeRequest(outbox, {
    method: "INVITE",
    uri: "sip:1001@10.0.0.7",
    flow: STREAM,
    branch: "z9hG4bKcall",
    from: "<sip:pbx>;tag=a",
    to: "<sip:1001@pbx>",
    callId: "call-1",
    cseq: 1,
    headers: "Contact: <sip:pbx>\r\n",
    routes: "Route: <sip:a;lr>\r\nRoute: <sip:b;lr>\r\n",
    maxForwards: 9,
    body: { type: "text/plain", text: "h\xc3\xa9\r\n" },
  });
  const text = writtenText(outbox);
  const request = readWell(text, "stream");
  assert.deepEqual(request.values("route"), ["<sip:a;lr>", "<sip:b;lr>"]);
  assert.equal(request.maxForwards, 9);
  assert.equal(request.value("content-type"), "text/plain");
  assert.equal(request.value("content-length"), "5");
  assert.ok(text.endsWith("\r\n\r\nh\xc3\xa9\r\n"));
});
