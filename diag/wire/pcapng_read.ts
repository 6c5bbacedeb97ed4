/**
 * Reads pcapng: sections of blocks, in either byte order, with several interfaces. Blocks that
 * nobody here needs are passed over.
 *
 *     file    =  1*section
 *     section =  section-header  *block
 *     block   =  type  length  body  length
 *
 * @module
 */

import type { Frame } from "./packet.ts";

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;

const OPTION_END = 0;
const OPTION_RESOLUTION = 9;
const OPTION_OFFSET = 14;

/** The longest block that is believed. */
const MOST_OCTETS = 16 << 20;
const MOST_INTERFACES = 4096;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Parts of a second in the time stamps. */
  readonly resolution: number;
  readonly offsetSeconds: number;
}

/** What stands in a block, behind type and first length and before the second length. */
interface Body {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly isLittle: boolean;
}

/** Whether a file begins like a section. */
export function isPcapng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d &&
    bytes[3] === 0x0a;
}

/** Gives the frames, and in the end why it stopped before the end of the file; "" for the end. */
export function* readPcapng(
  bytes: Uint8Array,
): Generator<Frame, string, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let isLittle = false;
  let interfaces: Interface[] = [];
  /** Simple packets have no time of their own. */
  let lastAt = 0;
  let at = 0;
  while (at < bytes.length) {
    if (at + 12 > bytes.length) return `it is cut at octet \`${at}\``;
    const isSection = view.getUint32(at) === SECTION_HEADER;
    if (isSection) {
      isLittle = view.getUint32(at + 8, true) === BYTE_ORDER;
      if (!isLittle && view.getUint32(at + 8) !== BYTE_ORDER) {
        return `the section at octet \`${at}\` is damaged`;
      }
      interfaces = [];
    }
    const type = view.getUint32(at, isLittle);
    const length = view.getUint32(at + 4, isLittle);
    if (length < 12 || length % 4 !== 0 || length > MOST_OCTETS) {
      return `the block at octet \`${at}\` is damaged`;
    }
    if (at + length > bytes.length) {
      return `it is cut in the block at octet \`${at}\``;
    }
    const part = bytes.subarray(at + 8, at + length - 4);
    const body = {
      bytes: part,
      view: new DataView(part.buffer, part.byteOffset, part.byteLength),
      isLittle,
    };
    if (!isSection && type === INTERFACE) {
      if (interfaces.length < MOST_INTERFACES) {
        interfaces.push(readInterface(body));
      }
    } else if (!isSection) {
      const frame = readPacket(type, body, interfaces, lastAt);
      if (frame !== null) {
        lastAt = frame.at;
        yield frame;
      }
    }
    at += length;
  }
  return "";
}

function readInterface({ bytes, view, isLittle }: Body): Interface {
  let resolution = 1e6;
  let offsetSeconds = 0;
  let at = 8;
  while (at + 4 <= bytes.length) {
    const code = view.getUint16(at, isLittle);
    const length = view.getUint16(at + 2, isLittle);
    at += 4;
    if (code === OPTION_END || at + length > bytes.length) break;
    if (code === OPTION_RESOLUTION && length >= 1) {
      const value = bytes[at]!;
      const isBinary = (value & 0x80) !== 0;
      resolution = (isBinary ? 2 : 10) ** (value & 0x7f);
    } else if (code === OPTION_OFFSET && length >= 8) {
      offsetSeconds = Number(view.getBigInt64(at, isLittle));
    }
    at += length + 3 & ~3;
  }
  return {
    linkType: bytes.length < 2 ? -1 : view.getUint16(0, isLittle),
    snapLength: bytes.length < 8 ? 0 : view.getUint32(4, isLittle),
    resolution,
    offsetSeconds,
  };
}

/** The frame of a block; null where it is of another kind, or says what cannot be. */
function readPacket(
  type: number,
  body: Body,
  interfaces: readonly Interface[],
  lastAt: number,
): Frame | null {
  const { bytes, view, isLittle } = body;
  if (type === SIMPLE_PACKET) {
    const source = interfaces[0];
    if (bytes.length < 4 || source === undefined) return null;
    const originalLength = view.getUint32(0, isLittle);
    const snapLength = source.snapLength || originalLength;
    return {
      at: lastAt,
      linkType: source.linkType,
      bytes: bytes.subarray(4, 4 + Math.min(originalLength, snapLength)),
      originalLength,
      interfaceIndex: 0,
    };
  }
  if (type !== ENHANCED_PACKET && type !== OLD_PACKET) return null;
  if (bytes.length < 20) return null;
  const number = type === ENHANCED_PACKET
    ? view.getUint32(0, isLittle)
    : view.getUint16(0, isLittle);
  const source = interfaces[number];
  const length = view.getUint32(12, isLittle);
  if (source === undefined || 20 + length > bytes.length) return null;
  return {
    at: readTime(body, source, lastAt),
    linkType: source.linkType,
    bytes: bytes.subarray(20, 20 + length),
    originalLength: view.getUint32(16, isLittle),
    interfaceIndex: 0,
  };
}

/** Milliseconds since 1970; `lastAt` where the time stamp is none that can be. */
function readTime(
  { view, isLittle }: Body,
  { resolution, offsetSeconds }: Interface,
  lastAt: number,
): number {
  const units = BigInt(view.getUint32(4, isLittle)) << 32n |
    BigInt(view.getUint32(8, isLittle));
  // in two steps: nanoseconds since 1970 have more digits than a number
  const isWhole = Number.isSafeInteger(resolution);
  const at = isWhole
    ? Number(units / BigInt(resolution)) * 1000 +
      Number(units % BigInt(resolution)) / resolution * 1000
    : Number(units) / resolution * 1000;
  const shifted = at + offsetSeconds * 1000;
  return Number.isFinite(shifted) && Math.abs(shifted) <= LATEST_MS
    ? shifted
    : lastAt;
}

/** The last moment that a `Date` can hold. */
const LATEST_MS = 8.64e15;
