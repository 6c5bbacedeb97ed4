/**
 * What the tests of this folder have in common: frames to take apart, and messages to put in.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { FrameMaker } from "./ip_frame.ts";
import { type Frame, LINK } from "./packet.ts";

export const SERVER = "192.0.2.1";
export const PHONE = "198.51.100.7";

type Octets = Uint8Array<ArrayBuffer>;

/** Puts octets and arrays of them together. */
export function join(...parts: readonly (readonly number[] | Uint8Array)[]) {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A frame as a capture has it, with an IP packet if nothing else is said. */
export function frameOf(
  bytes: Uint8Array,
  at = 0,
  linkType: number = LINK.raw,
): Frame {
  return {
    at,
    linkType,
    bytes,
    originalLength: bytes.length,
    interfaceIndex: 0,
  };
}

/** A message from the phone, with a number of lines so that it has some length. */
export function message(
  { method = "REGISTER", callId = "call-1", lines = 0, status = "" } = {},
): Octets {
  const start = status === ""
    ? `${method} sip:pbx.example SIP/2.0`
    : `SIP/2.0 ${status}`;
  return toOctets([
    start,
    "Via: SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bKsample;rport",
    "From: <sip:1001@pbx.example>;tag=from1",
    "To: <sip:1002@pbx.example>",
    `Call-ID: ${callId}`,
    `CSeq: 7 ${method}`,
    "User-Agent: MicroSIP/3.21.6",
    ...Array.from(
      { length: lines },
      (_, i) => `X-Line: ${i} ${"x".repeat(50)}`,
    ),
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n"));
}

/** An IP packet with one datagram from the phone to the server. */
export function datagram(
  octets: Uint8Array,
  {
    source = PHONE,
    sourcePort = 40000,
    destination = SERVER,
    destinationPort = 5060,
  } = {},
): Octets {
  const [packet] = new FrameMaker().wrap({
    transport: "udp",
    source,
    sourcePort,
    destination,
    destinationPort,
    octets,
  });
  return packet!;
}

/** An IPv4 packet cut into fragments of `size` octets, which is a multiple of 8. */
export function fragmentsOf(packet: Uint8Array, size: number): Octets[] {
  assert.equal(size % 8, 0);
  const body = packet.subarray(20);
  const fragments: Octets[] = [];
  for (let offset = 0; offset < body.length; offset += size) {
    const part = body.subarray(offset, offset + size);
    const fragment = join(packet.subarray(0, 20), part);
    const view = new DataView(fragment.buffer);
    const isLast = offset + size >= body.length;
    view.setUint16(2, fragment.length);
    view.setUint16(6, offset / 8 | (isLast ? 0 : 0x2000));
    fragments.push(fragment);
  }
  return fragments;
}

/** An IPv4 packet with a TCP segment from the phone to the server. */
export function segment(
  sequence: number,
  octets: Uint8Array,
  flags = 0x18,
): Octets {
  const [packet] = new FrameMaker().wrap({
    transport: "tcp",
    source: PHONE,
    sourcePort: 40000,
    destination: SERVER,
    destinationPort: 5060,
    octets,
  });
  const view = new DataView(packet!.buffer);
  view.setUint32(24, sequence >>> 0);
  view.setUint8(33, flags);
  return packet!;
}

/** Numbers that are the same at each run, for damage. */
export function* chance(seed: number): Generator<number, never> {
  let state = seed >>> 0;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state >>> 8;
  }
}
