import assert from "node:assert/strict";
import { ReplayTransport } from "./replay_transport.ts";
import type { StoryFact } from "../story/story_book.ts";
import { endsOf } from "../wire/ends.ts";
import { TCP_FLAG } from "../wire/packet.ts";
import type { PacketSeen } from "../wire/packet_fact.ts";

const ENDS = endsOf([{ host: "192.0.2.1", port: 5060 }]);

function packet(parts: Partial<PacketSeen>): PacketSeen {
  return {
    kind: "packet-seen",
    stage: "nic",
    at: 1,
    direction: "in",
    transport: "tcp",
    host: "192.0.2.20",
    port: 40000,
    localHost: "192.0.2.1",
    localPort: 5060,
    class: "syn",
    octets: 0,
    method: "",
    status: 0,
    number: "",
    callId: "",
    cseq: 0,
    hasCredentials: false,
    userAgent: "",
    ...parts,
  };
}

function kinds(packets: readonly PacketSeen[]): string[] {
  const transport = new ReplayTransport(ENDS);
  const facts: StoryFact[] = [];
  for (const one of packets) transport.take(one, facts);
  transport.end(facts);
  return facts.map((fact) =>
    fact.kind === "packet-seen" ? fact.class : fact.kind
  );
}

Deno.test("ReplayTransport calls TLS a fault only where the server does not speak it", () => {
  const hello = packet({ class: "tls" });
  assert.deepEqual(kinds([hello]), ["tls", "transport-trouble"]);
  assert.deepEqual(
    kinds([hello, packet({ class: "tls", direction: "out" })]),
    [],
  );
  const transport = new ReplayTransport(ENDS);
  transport.take(packet({ class: "tls", direction: "out" }), []);
  assert.deepEqual(transport.tlsEnds, [
    { transport: "tcp", host: "192.0.2.1", port: 5060 },
  ]);
});

Deno.test("ReplayTransport opens a connection once, when something is said on it", () => {
  const message = packet({ class: "sip", method: "REGISTER" });
  assert.deepEqual(
    kinds([packet({}), message, message, packet({}), message]),
    [
      "syn",
      "sip",
      "connection-opened",
      "sip",
      "syn",
      "sip",
      "connection-opened",
    ],
  );
});

Deno.test("ReplayTransport leaves out what is none of SIP", () => {
  assert.deepEqual(
    kinds([
      packet({ localPort: 22 }),
      packet({ localPort: 443, class: "tls" }),
      packet({ class: "rtp", transport: "udp", localPort: 10_000 }),
      packet({ localPort: 5070 }),
    ]),
    ["syn"],
  );
});

Deno.test("ReplayTransport counts a connection that the server accepts, though nothing is said", () => {
  const transport = new ReplayTransport(ENDS);
  const facts: StoryFact[] = [];
  const segment = {
    transport: "tcp",
    source: "192.0.2.1",
    sourcePort: 5060,
    destination: "192.0.2.20",
    destinationPort: 40000,
    payload: new Uint8Array(),
    octets: 0,
    sequence: 1,
    flags: TCP_FLAG.syn | TCP_FLAG.ack,
  } as const;
  transport.accept(1, { ...segment, flags: TCP_FLAG.ack }, facts);
  transport.accept(1, { ...segment, sourcePort: 22 }, facts);
  transport.accept(1, { ...segment, source: "192.0.2.9" }, facts);
  assert.deepEqual(facts, []);
  transport.accept(1, segment, facts);
  transport.take(packet({ class: "sip", method: "REGISTER" }), facts);
  assert.deepEqual(
    facts.map(({ kind }) => kind),
    ["connection-opened", "packet-seen"],
  );
});
