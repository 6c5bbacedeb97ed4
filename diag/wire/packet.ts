/**
 * From a frame as it was captured to the UDP datagram or TCP segment in it: link layers, VLAN
 * tags, IPv4 (RFC 791 §3.1), IPv6 and its extension headers (RFC 8200 §4), UDP (RFC 768) and TCP
 * (RFC 9293 §3.1). Frames may be cut or hostile: what is there is given, and nothing throws.
 * @module
 */

import { formatIp } from "../../sip/address_text.ts";
import type { TransportName } from "../../sip/flow.ts";

/** The link layers that are read, by their numbers in pcap files. */
export const LINK = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  cooked: 113,
  ipv4: 228,
  ipv6: 229,
  cooked2: 276,
} as const;

/** One captured frame. */
export interface Frame {
  /** Milliseconds since 1970, with a fraction. */
  readonly at: number;
  /** What the octets begin with; see `LINK`. */
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Octets on the wire; more than `bytes` has where the capture cut the frame. */
  readonly originalLength: number;
  /** The number of the interface on this machine, which link-local addresses need; 0: unknown. */
  readonly interfaceIndex: number;
}

/** Which part of a datagram a fragment is. */
export interface Fragment {
  readonly id: number;
  /** In octets. */
  readonly offset: number;
  readonly isLast: boolean;
}

export interface IpPacket {
  readonly version: 4 | 6;
  readonly source: string;
  readonly destination: string;
  /** The number of the protocol that `payload` begins with. */
  readonly protocol: number;
  /** A view into the frame. */
  readonly payload: Uint8Array;
  /** Octets of payload that were sent. */
  readonly length: number;
  /** Null: it is whole. */
  readonly fragment: Fragment | null;
}

/** A UDP datagram or a TCP segment. */
export interface Segment {
  readonly transport: TransportName;
  /** Addresses without brackets. */
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** A view into the frame, or into what was put together from fragments. */
  readonly payload: Uint8Array;
  /** Octets of payload that were sent. */
  readonly octets: number;
  /** Of TCP; 0 for UDP. */
  readonly sequence: number;
  /** Of TCP, as `TCP_FLAG` names them; 0 for UDP. */
  readonly flags: number;
}

export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;

export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
/** IEEE 802.1Q, IEEE 802.1ad, and what older switches write for the latter. */
const ETHERTYPES_VLAN = [0x8100, 0x88a8, 0x9100];
const MOST_VLAN_TAGS = 4;

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;
const MOST_EXTENSIONS = 8;

/** Finds the IP packet in a frame; null where there is none. */
export function decodeFrame(frame: Frame): IpPacket | null {
  const { bytes, linkType, interfaceIndex } = frame;
  switch (linkType) {
    case LINK.ethernet:
      return decodeTagged(bytes, 12, interfaceIndex);
    case LINK.cooked:
      return decodeTagged(bytes, 14, interfaceIndex);
    case LINK.cooked2:
      return decodeTyped(bytes, 20, readShort(bytes, 0), interfaceIndex);
    case LINK.null:
    case LINK.loop:
      return decodeIp(bytes, 4, interfaceIndex);
    case LINK.raw:
    case LINK.rawBsd:
    case LINK.rawOpenBsd:
    case LINK.ipv4:
    case LINK.ipv6:
      return decodeIp(bytes, 0, interfaceIndex);
    default:
      return null;
  }
}

/** Finds the datagram or segment in a whole packet; null where it is of another protocol. */
export function decodeSegment(packet: IpPacket): Segment | null {
  let { protocol, payload, length } = packet;
  if (packet.version === 6) {
    const { next, at } = skipExtensions(payload, 0, protocol);
    protocol = next;
    payload = payload.subarray(at);
    length -= at;
  }
  if (protocol === PROTOCOL_UDP) return decodeUdp(packet, payload, length);
  if (protocol === PROTOCOL_TCP) return decodeTcp(packet, payload, length);
  return null;
}

function decodeTagged(
  bytes: Uint8Array,
  typeAt: number,
  interfaceIndex: number,
): IpPacket | null {
  return decodeTyped(
    bytes,
    typeAt + 2,
    readShort(bytes, typeAt),
    interfaceIndex,
  );
}

/** What begins at `at` is of an EtherType; VLAN tags may stand before the packet. */
function decodeTyped(
  bytes: Uint8Array,
  at: number,
  type: number,
  interfaceIndex: number,
): IpPacket | null {
  for (let i = 0; i < MOST_VLAN_TAGS && ETHERTYPES_VLAN.includes(type); i++) {
    type = readShort(bytes, at + 2);
    at += 4;
  }
  return type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6
    ? decodeIp(bytes, at, interfaceIndex)
    : null;
}

function decodeIp(
  bytes: Uint8Array,
  at: number,
  interfaceIndex: number,
): IpPacket | null {
  const version = at < bytes.length ? bytes[at]! >> 4 : 0;
  if (version === 4) return decodeIpv4(bytes, at);
  return version === 6 ? decodeIpv6(bytes, at, interfaceIndex) : null;
}

function decodeIpv4(bytes: Uint8Array, at: number): IpPacket | null {
  const headerLength = (bytes[at]! & 15) * 4;
  if (headerLength < 20 || at + headerLength > bytes.length) return null;
  const available = bytes.length - at;
  // 0 stands in frames that were captured before the card cut them (segmentation offload)
  const total = readShort(bytes, at + 2) || available;
  if (total < headerLength) return null;
  const word = readShort(bytes, at + 6);
  const offset = (word & 0x1fff) * 8;
  const isLast = (word & 0x2000) === 0;
  return {
    version: 4,
    source: formatIp(bytes, at + 12, 4),
    destination: formatIp(bytes, at + 16, 4),
    protocol: bytes[at + 9]!,
    payload: bytes.subarray(
      at + headerLength,
      at + Math.min(total, available),
    ),
    length: total - headerLength,
    fragment: offset === 0 && isLast
      ? null
      : { id: readShort(bytes, at + 4), offset, isLast },
  };
}

function decodeIpv6(
  bytes: Uint8Array,
  start: number,
  interfaceIndex: number,
): IpPacket | null {
  const body = start + 40;
  if (body > bytes.length) return null;
  const available = bytes.length - body;
  const length = readShort(bytes, start + 4) || available;
  const end = body + Math.min(length, available);
  const { next, at } = skipExtensions(
    bytes.subarray(0, end),
    body,
    bytes[start + 6]!,
  );
  const packet = {
    version: 6,
    source: formatIpv6(bytes, start + 8, interfaceIndex),
    destination: formatIpv6(bytes, start + 24, interfaceIndex),
  } as const;
  if (next !== FRAGMENT) {
    return {
      ...packet,
      protocol: next,
      payload: bytes.subarray(at, end),
      length: length - (at - body),
      fragment: null,
    };
  }
  if (at + 8 > end) return null;
  const word = readShort(bytes, at + 2);
  const offset = word & 0xfff8;
  const isLast = (word & 1) === 0;
  return {
    ...packet,
    protocol: bytes[at]!,
    payload: bytes.subarray(at + 8, end),
    length: length - (at + 8 - body),
    fragment: offset === 0 && isLast
      ? null
      : { id: readLong(bytes, at + 4), offset, isLast },
  };
}

/** Passes the extension headers up to a fragment header or the payload. */
function skipExtensions(
  bytes: Uint8Array,
  at: number,
  next: number,
): { readonly next: number; readonly at: number } {
  for (let i = 0; i < MOST_EXTENSIONS && at + 2 <= bytes.length; i++) {
    let length: number;
    if (next === AUTHENTICATION) length = (bytes[at + 1]! + 2) * 4;
    else if (
      next === HOP_BY_HOP || next === ROUTING || next === DESTINATION_OPTIONS
    ) length = (bytes[at + 1]! + 1) * 8;
    else break;
    next = bytes[at]!;
    at = Math.min(at + length, bytes.length);
  }
  return { next, at };
}

function formatIpv6(
  bytes: Uint8Array,
  at: number,
  interfaceIndex: number,
): string {
  const isLinkLocal = bytes[at] === 0xfe && (bytes[at + 1]! & 0xc0) === 0x80;
  return formatIp(bytes, at, 16, isLinkLocal ? interfaceIndex : 0);
}

function decodeUdp(
  { source, destination }: IpPacket,
  bytes: Uint8Array,
  length: number,
): Segment | null {
  if (bytes.length < 8) return null;
  const octets = (readShort(bytes, 4) || length) - 8;
  if (octets < 0) return null;
  return {
    transport: "udp",
    source,
    sourcePort: readShort(bytes, 0),
    destination,
    destinationPort: readShort(bytes, 2),
    payload: bytes.subarray(8, 8 + octets),
    octets,
    sequence: 0,
    flags: 0,
  };
}

function decodeTcp(
  { source, destination }: IpPacket,
  bytes: Uint8Array,
  length: number,
): Segment | null {
  if (bytes.length < 14) return null;
  const headerLength = (bytes[12]! >> 4) * 4;
  if (headerLength < 20 || headerLength > length) return null;
  return {
    transport: "tcp",
    source,
    sourcePort: readShort(bytes, 0),
    destination,
    destinationPort: readShort(bytes, 2),
    payload: bytes.subarray(headerLength),
    octets: length - headerLength,
    sequence: readLong(bytes, 4),
    flags: bytes[13]!,
  };
}

/** 0 where the octets are missing. */
function readShort(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0);
}

function readLong(bytes: Uint8Array, at: number): number {
  return (readShort(bytes, at) << 16 | readShort(bytes, at + 2)) >>> 0;
}
