/**
 * The ladder, line by line.
 * @module
 */

import assert from "node:assert/strict";
import type { PacketSeen } from "../../diag/wire/packet_fact.ts";
import { Flow } from "../../sip/flow.ts";
import { toOctets } from "../../sip/octet.ts";
import { Ladder } from "./ladder.ts";
import { createPaint } from "./paint.ts";
import { type MessageView, viewMessage } from "../trace_view.ts";

/** In local time, as the ladder shows it. */
const AT = new Date(2026, 0, 2, 10, 1, 2, 34).getTime();
const COMMON = "Via: SIP/2.0/UDP 192.0.2.20:5062;branch=z9hG4bKa\r\n" +
  "From: <sip:1001@pbx>;tag=a\r\nTo: <sip:1001@pbx>\r\nCall-ID: a\r\n";
const REGISTER = `REGISTER sip:pbx SIP/2.0\r\n${COMMON}CSeq: 1 REGISTER\r\n` +
  "Contact: <sip:1001@192.0.2.20:5062>;expires=300\r\n\r\n";
const CHALLENGE =
  `SIP/2.0 401 Unauthorized\r\n${COMMON}CSeq: 1 REGISTER\r\n\r\n`;

function view(
  text: string,
  direction: "in" | "out" = "in",
  transport: "udp" | "tcp" = "udp",
): MessageView {
  const flow = new Flow(transport, 0, "192.0.2.1", 5060, "192.0.2.20", 5062);
  return viewMessage({ at: AT, direction, flow, octets: toOctets(text) });
}

function open(columns = 100, hasColours = false): Ladder {
  return new Ladder({ paint: createPaint(hasColours), columns });
}

function sign(kind: PacketSeen["class"], port = 5062): PacketSeen {
  return {
    kind: "packet-seen",
    stage: "nic",
    at: AT,
    direction: "in",
    transport: "udp",
    host: "192.0.2.20",
    port,
    localHost: "192.0.2.1",
    localPort: 5060,
    class: kind,
    octets: 2,
    method: "",
    status: 0,
    number: "",
    callId: "",
    cseq: 0,
    hasCredentials: false,
    userAgent: "",
  };
}

Deno.test("Ladder.line() shows a registration", () => {
  const ladder = open();
  const withCredentials = REGISTER.replaceAll("CSeq: 1", "CSeq: 2")
    .replace("z9hG4bKa", "z9hG4bKb").replace(
      "Contact",
      'Authorization: Digest username="1001"\r\nUser-Agent: MicroSIP/3.21.6\r\nContact',
    );
  const granted = `SIP/2.0 200 OK\r\n${COMMON}CSeq: 2 REGISTER\r\n` +
    "Contact: <sip:1001@192.0.2.9>;expires=9, <sip:1001@192.0.2.20:5062>;expires=250\r\n\r\n";
  const lines = [
    ladder.line(view(REGISTER)),
    ladder.line(view(CHALLENGE, "out")),
    ladder.line(view(withCredentials)),
    ladder.line(view(granted, "out")),
  ];
  assert.deepEqual(lines.join("").split("\n"), [
    "10:01:02.034 192.0.2.20:5062 → 192.0.2.1:5060 REGISTER 1001  no credentials, expires 300",
    "10:01:02.034 192.0.2.20:5062 ← 192.0.2.1:5060 401 Unauthorized REGISTER 1001",
    "             192.0.2.20:5062 is MicroSIP/3.21.6",
    "10:01:02.034 192.0.2.20:5062 → 192.0.2.1:5060 REGISTER 1001  credentials, expires 300",
    "10:01:02.034 192.0.2.20:5062 ← 192.0.2.1:5060 200 OK REGISTER 1001  expires 250, 2 contacts",
    "",
  ]);
});

Deno.test("Ladder.line() recognises what comes again", () => {
  const ladder = open();
  ladder.line(view(REGISTER));
  assert.match(
    ladder.line(view(REGISTER)),
    /1001 {2}retransmission, no credentials/,
  );
  const next = REGISTER.replace("z9hG4bKa", "z9hG4bKb");
  assert.doesNotMatch(ladder.line(view(next)), /retransmission/);
  ladder.line(view(CHALLENGE, "out"));
  assert.match(ladder.line(view(CHALLENGE, "out")), / {2}retransmission\n$/);
});

Deno.test("Ladder.line() names both ends of a call, TCP, and an end of it", () => {
  const invite = REGISTER.replaceAll("REGISTER", "INVITE")
    .replace("To: <sip:1001@pbx>", "To: <sip:1002@pbx>").replace(
      "\r\n\r\n",
      "\r\nContent-Length: 0\r\n\r\n",
    );
  assert.match(
    open().line(view(invite, "in", "tcp")),
    /INVITE 1001 to 1002 {2}TCP, no credentials\n$/,
  );
  const gone = REGISTER.replace("expires=300", "expires=0");
  assert.match(open().line(view(gone)), /no credentials, unregisters\n$/);
  const asks = REGISTER.replace(/Contact:.*\r\n/, "");
  assert.match(open().line(view(asks)), /asks for its contacts\n$/);
});

Deno.test("Ladder.line() never is longer than the terminal, nor obeys the network", () => {
  const long = "\x1b[2J\x9b2J\u202e".replace(/[^\x00-\xff]/g, "") +
    "x".repeat(300);
  const messages = [
    REGISTER.replaceAll("1001", "1".repeat(200)),
    CHALLENGE.replace("Unauthorized", long),
    REGISTER.replace("Contact", `User-Agent: ${long}\r\nContact`),
    `${long} SIP/2.0\r\n\r\n`,
    `REGISTER ${long} SIP/2.0\r\n${COMMON}\r\n`,
    "INVITE",
  ];
  for (const columns of [40, 80, 100]) {
    const ladder = open(columns);
    for (const text of messages) {
      const shown = ladder.line(view(text));
      for (const line of shown.split("\n")) {
        assert.ok([...line].length <= Math.max(columns, 48), line);
      }
      assert.doesNotMatch(shown, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }
  }
});

Deno.test("Ladder.line() paints by class", () => {
  const ladder = open(100, true);
  assert.match(ladder.line(view(REGISTER)), /\x1b\[1mREGISTER 1001\x1b/);
  assert.match(ladder.line(view(CHALLENGE, "out")), /\x1b\[33m401/);
  const refused = CHALLENGE.replace("401 Unauthorized", "403 Forbidden");
  assert.match(ladder.line(view(refused, "out")), /\x1b\[31m403/);
  const granted = CHALLENGE.replace("401 Unauthorized", "200 OK");
  assert.match(ladder.line(view(granted, "out")), /\x1b\[32m200/);
});

Deno.test("Ladder.sign() counts signs of life and tells them with the next line", () => {
  const ladder = open();
  assert.equal(ladder.sign(sign("keepalive")), "");
  assert.equal(ladder.sign(sign("stun")), "");
  assert.match(
    ladder.line(view(REGISTER)),
    /^ {13}2 signs of life from 192\.0\.2\.20:5062\n10:01/,
  );
  assert.equal(ladder.rest(), "");
  ladder.sign(sign("keepalive"));
  ladder.sign(sign("keepalive", 5063));
  assert.equal(ladder.rest(), "             2 signs of life from 2 peers\n");
});

Deno.test("Ladder.sign() tells what is no SIP", () => {
  const ladder = open();
  assert.match(ladder.sign(sign("tls")), /→ 192\.0\.2\.1:5060 a TLS handshake/);
  assert.match(ladder.sign(sign("reset")), /refused or broken/);
  assert.match(ladder.sign(sign("other")), /no SIP, 2 octets/);
  assert.equal(ladder.sign(sign("rtp")), "");
  const lost = {
    kind: "fragments-lost",
    stage: "socket",
    at: AT,
    host: "192.0.2.20",
    localHost: "192.0.2.1",
  } as const;
  assert.match(ladder.sign(lost), /fragments without the rest/);
});
