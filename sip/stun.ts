/**
 * The answer to a STUN Binding request on the SIP port (RFC 8489 §5, §14.2; RFC 5626 §4.4.2).
 * A phone whose STUN server is set to the exchange would otherwise wait eight seconds before
 * each registration. The answer is 12 or 24 octets longer than the shortest request.
 * @module
 */

import { isIpv4 } from "./parse_uri.ts";
import type { Flow } from "./flow.ts";
import type { Outbox } from "./outbox.ts";

const COOKIE = [0x21, 0x12, 0xa4, 0x42];
const XOR_MAPPED_ADDRESS = 0x0020;

/**
 * Writes the Binding success response, if the octets are a Binding request.
 *
 * @returns whether something was written.
 */
export function answerStun(
  bytes: Uint8Array,
  start: number,
  end: number,
  flow: Flow,
  outbox: Outbox,
): boolean {
  const isBindingRequest = bytes[start] === 0x00 && bytes[start + 1] === 0x01 &&
    ((bytes[start + 2]! << 8) | bytes[start + 3]!) === end - start - 20;
  const address = addressOctets(flow.host);
  if (!isBindingRequest || address === null) return false;
  const begin = outbox.position;
  const length = 8 + address.length;
  const header = [0x01, 0x01, 0x00, length, ...COOKIE];
  const attribute = [
    XOR_MAPPED_ADDRESS >> 8,
    XOR_MAPPED_ADDRESS & 0xff,
    0x00,
    4 + address.length,
  ];
  const mask = [...COOKIE, ...bytes.subarray(start + 8, start + 20)];
  const port = [(flow.port >> 8) ^ COOKIE[0]!, (flow.port & 0xff) ^ COOKIE[1]!];
  outbox.constant(Uint8Array.from(header)).copy(bytes, start + 8, start + 20);
  outbox.constant(
    Uint8Array.from([
      ...attribute,
      0x00,
      address.length === 4 ? 1 : 2,
      ...port,
    ]),
  );
  outbox.constant(Uint8Array.from(address, (octet, i) => octet ^ mask[i]!));
  outbox.end(begin, flow);
  return true;
}

/** The 4 or 16 octets of an address; null for an IPv6 address with a zone. */
function addressOctets(host: string): readonly number[] | null {
  if (isIpv4(host)) return host.split(".").map(Number);
  if (host.includes("%") || host.includes(".") || !host.includes(":")) {
    return null;
  }
  const [left = "", right] = host.split("::");
  const groups = (half: string) =>
    half === "" ? [] : half.split(":").map((g) => parseInt(g, 16));
  const front = groups(left);
  const back = groups(right ?? "");
  const zeros = new Array<number>(8 - front.length - back.length).fill(0);
  return [...front, ...zeros, ...back].flatMap((
    group,
  ) => [group >> 8, group & 0xff]);
}
