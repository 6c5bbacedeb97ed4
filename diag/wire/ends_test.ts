/**
 * Which end of a capture is the server's.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { directionOf, endsOf, findServers } from "./ends.ts";
import { decodeFrame, decodeSegment } from "./packet.ts";
import {
  datagram,
  frameOf,
  message,
  PHONE,
  segment,
  SERVER,
} from "./sample_test.ts";

const OTHER = "203.0.113.9";

/** A message between the phone and a server. */
function up(octets: Uint8Array, destination = SERVER, destinationPort = 5060) {
  return frameOf(datagram(octets, { destination, destinationPort }));
}

function down(octets: Uint8Array, source = SERVER, sourcePort = 5060) {
  return frameOf(datagram(octets, {
    source,
    sourcePort,
    destination: PHONE,
    destinationPort: 40000,
  }));
}

const REGISTER = message();
const INVITE = message({ method: "INVITE" });
const OK = message({ status: "200 OK" });
const CHALLENGE = message({ method: "INVITE", status: "401 Unauthorized" });

Deno.test("findServers() believes who answers REGISTER, on whatever port", () => {
  const frames = [
    up(REGISTER, SERVER, 5070),
    up(REGISTER, SERVER, 5080),
    down(OK, SERVER, 5080),
    // a phone is asked by the server, and answers
    down(message({ method: "OPTIONS" }), SERVER, 5080),
    up(message({ method: "OPTIONS", status: "200 OK" }), SERVER, 5080),
  ];
  assert.deepEqual(findServers(frames), [
    { transport: "udp", host: SERVER, port: 5080 },
  ]);
});

Deno.test("findServers() takes a second address that never answers as well", () => {
  const frames = [up(REGISTER), down(OK), up(REGISTER, OTHER)];
  const hosts = findServers(frames).map(({ host }) => host);
  assert.deepEqual(hosts, [SERVER, OTHER]);
});

Deno.test("findServers() falls back on less and less", () => {
  const stun = toOctets("\x00\x01\x00\x00\x21\x12\xa4\x42............");
  const table = [
    [[up(REGISTER, OTHER, 7000)], OTHER, 7000],
    [[up(INVITE, OTHER, 7000), down(CHALLENGE, OTHER, 7000)], OTHER, 7000],
    [[up(stun)], SERVER, 5060],
    [[up(INVITE, OTHER, 7000), up(stun)], SERVER, 5060],
    [[up(INVITE, OTHER, 7000)], OTHER, 7000],
  ] as const;
  for (const [frames, host, port] of table) {
    assert.deepEqual(findServers(frames), [{ transport: "udp", host, port }]);
  }
  assert.deepEqual(findServers([frameOf(segment(1, REGISTER))]), [
    { transport: "tcp", host: SERVER, port: 5060 },
  ]);
  assert.deepEqual(findServers([up(toOctets("x"), OTHER, 7000)]), []);
});

Deno.test("directionOf() looks at hosts, and at ports on one machine", () => {
  const ends = endsOf([{ host: SERVER, port: 5060 }]);
  const direction = (source: string, from: number, to: string, port: number) =>
    directionOf(
      ends,
      decodeSegment(
        decodeFrame(frameOf(datagram(toOctets("x"), {
          source,
          sourcePort: from,
          destination: to,
          destinationPort: port,
        })))!,
      )!,
    );
  assert.equal(direction(PHONE, 40000, SERVER, 5060), "in");
  assert.equal(direction(PHONE, 40000, SERVER, 5070), "in");
  assert.equal(direction(SERVER, 5060, PHONE, 40000), "out");
  assert.equal(direction(SERVER, 40000, SERVER, 5060), "in");
  assert.equal(direction(SERVER, 5060, SERVER, 40000), "out");
  assert.equal(direction(PHONE, 40000, OTHER, 5060), null);
});
