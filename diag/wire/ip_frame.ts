/**
 * Wraps messages that a socket saw into IP packets, so that a capture file can hold them: IPv4
 * (RFC 791) or IPv6 (RFC 8200), UDP (RFC 768) or TCP (RFC 9293), with right lengths and check sums
 * (RFC 1071) and, in TCP, running sequence numbers. For link type `LINK.raw`.
 * @module
 */

import { parseIp } from "../../sip/address_text.ts";
import { formatAddress, type TransportName } from "../../sip/flow.ts";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "./packet.ts";

/** One message with the way that it went. */
export interface Sent {
  readonly transport: TransportName;
  /** Addresses without brackets. */
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly octets: Uint8Array;
}

type Octets = Uint8Array<ArrayBuffer>;

const UDP_HEADER = 8;
const TCP_HEADER = 20;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const HOPS = 64;
const WINDOW = 0xffff;
const PSH_ACK = 0x18;
/** What one packet carries at most. */
const MOST_OCTETS = 65_535 - IPV6_HEADER - TCP_HEADER;
const MOST_CONNECTIONS = 4096;

/** Makes packets, one after the other, of one capture. */
export class FrameMaker {
  #id = 0;
  /** The next sequence number of each direction. */
  readonly #sequences = new Map<string, number>();

  /** The packets of one message: one, or several where it is too long for one segment. */
  wrap(sent: Sent): Octets[] {
    const [source, destination] = pairOf(sent.source, sent.destination);
    const frames: Octets[] = [];
    // what cannot be one datagram was never sent as one
    const most = sent.transport === "udp"
      ? Math.min(sent.octets.length, MOST_OCTETS)
      : sent.octets.length;
    let at = 0;
    do {
      const part = sent.octets.subarray(at, Math.min(at + MOST_OCTETS, most));
      const body = sent.transport === "udp"
        ? datagram(sent, part)
        : this.#segment(sent, part);
      frames.push(this.#packet(source, destination, sent.transport, body));
      at += part.length;
    } while (at < most);
    return frames;
  }

  #segment(sent: Sent, part: Uint8Array): Octets {
    const here = formatAddress(sent.source, sent.sourcePort);
    const there = formatAddress(sent.destination, sent.destinationPort);
    const sequence = this.#sequences.get(`${here}>${there}`) ?? 1;
    const acknowledged = this.#sequences.get(`${there}>${here}`) ?? 1;
    this.#count(`${here}>${there}`, (sequence + part.length) >>> 0);
    const segment = new Uint8Array(TCP_HEADER + part.length);
    const view = new DataView(segment.buffer);
    view.setUint16(0, sent.sourcePort);
    view.setUint16(2, sent.destinationPort);
    view.setUint32(4, sequence);
    view.setUint32(8, acknowledged);
    view.setUint8(12, TCP_HEADER / 4 << 4);
    view.setUint8(13, PSH_ACK);
    view.setUint16(14, WINDOW);
    segment.set(part, TCP_HEADER);
    return segment;
  }

  #count(key: string, next: number): void {
    this.#sequences.delete(key);
    this.#sequences.set(key, next);
    if (this.#sequences.size <= MOST_CONNECTIONS) return;
    for (const oldest of this.#sequences.keys()) {
      this.#sequences.delete(oldest);
      return;
    }
  }

  #packet(
    source: Octets,
    destination: Octets,
    transport: TransportName,
    body: Octets,
  ): Octets {
    const protocol = transport === "udp" ? PROTOCOL_UDP : PROTOCOL_TCP;
    seal(body, transport, protocol, source, destination);
    if (source.length === 4) {
      this.#id = this.#id + 1 & 0xffff;
      return packIpv4(source, destination, protocol, this.#id, body);
    }
    return packIpv6(source, destination, protocol, body);
  }
}

/** Both addresses in one family: what is no address of it becomes the unspecified one. */
function pairOf(source: string, destination: string): [Octets, Octets] {
  const [from, to] = [parseIp(source)?.octets, parseIp(destination)?.octets];
  const length = Math.max(from?.length ?? 4, to?.length ?? 4);
  const fit = (octets: Octets | undefined) =>
    octets?.length === length ? octets : new Uint8Array(length);
  return [fit(from), fit(to)];
}

function datagram(sent: Sent, part: Uint8Array): Octets {
  const body = new Uint8Array(UDP_HEADER + part.length);
  const view = new DataView(body.buffer);
  view.setUint16(0, sent.sourcePort);
  view.setUint16(2, sent.destinationPort);
  view.setUint16(4, body.length);
  body.set(part, UDP_HEADER);
  return body;
}

/** Writes the check sum, which is about the addresses too. */
function seal(
  body: Octets,
  transport: TransportName,
  protocol: number,
  source: Octets,
  destination: Octets,
): void {
  const at = transport === "udp" ? 6 : 16;
  const sum = addUp(destination, addUp(source, protocol + body.length));
  const check = fold(addUp(body, sum));
  // in UDP 0 would mean that there is none
  const value = check === 0 && transport === "udp" ? 0xffff : check;
  new DataView(body.buffer).setUint16(at, value);
}

function packIpv4(
  source: Octets,
  destination: Octets,
  protocol: number,
  id: number,
  body: Octets,
): Octets {
  const packet = new Uint8Array(IPV4_HEADER + body.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, packet.length);
  view.setUint16(4, id);
  view.setUint8(8, HOPS);
  view.setUint8(9, protocol);
  packet.set(source, 12);
  packet.set(destination, 16);
  view.setUint16(10, fold(addUp(packet.subarray(0, IPV4_HEADER), 0)));
  packet.set(body, IPV4_HEADER);
  return packet;
}

function packIpv6(
  source: Octets,
  destination: Octets,
  protocol: number,
  body: Octets,
): Octets {
  const packet = new Uint8Array(IPV6_HEADER + body.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, body.length);
  view.setUint8(6, protocol);
  view.setUint8(7, HOPS);
  packet.set(source, 8);
  packet.set(destination, 24);
  packet.set(body, IPV6_HEADER);
  return packet;
}

/** The sum of 16 bit words; 64 KB of them stay far below what a number can hold. */
function addUp(bytes: Uint8Array, start: number): number {
  let sum = start;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += bytes[i]! << 8 | (bytes[i + 1] ?? 0);
  }
  return sum;
}

function fold(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
