/**
 * Reads a capture file: classic pcap here (both byte orders, micro- and nanoseconds), pcapng in
 * `pcapng_read.ts`. A damaged or cut file gives the frames before the damage.
 *
 *     pcap   =  magic  version  zone  accuracy  snap-length  link-type  *record
 *     record =  seconds  fraction  captured  original  octets
 *
 * @module
 */

import type { Frame } from "./packet.ts";
import { isPcapng, readPcapng } from "./pcapng_read.ts";

const HEADER_LENGTH = 24;
const RECORD_LENGTH = 16;
/** The longest frame that is believed; the largest snap length of libpcap. */
const MOST_OCTETS = 262_144;

interface Kind {
  readonly isLittle: boolean;
  /** Parts of a second. */
  readonly resolution: number;
}

/**
 * The frames of a file, as often as somebody iterates over it; views into its octets.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { CaptureReader } from "./pcap_read.ts";
 * const reader = new CaptureReader(new TextEncoder().encode("no capture"));
 * assert.deepEqual([...reader], []);
 * assert.notEqual(reader.damage, "");
 * ```
 */
export class CaptureReader implements Iterable<Frame> {
  readonly #bytes: Uint8Array;
  #damage = "";

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Why the last iteration ended before the file did; "" where it came to the end. */
  get damage(): string {
    return this.#damage;
  }

  *[Symbol.iterator](): Generator<Frame, void, undefined> {
    this.#damage = "";
    const bytes = this.#bytes;
    const kind = pcapKind(bytes);
    if (kind !== null) this.#damage = yield* readPcap(bytes, kind);
    else if (isPcapng(bytes)) this.#damage = yield* readPcapng(bytes);
    else this.#damage = "it is neither pcap nor pcapng";
  }
}

/** Whether a file begins like a capture. */
export function isCapture(bytes: Uint8Array): boolean {
  return pcapKind(bytes) !== null || isPcapng(bytes);
}

/** Null where the file does not begin with one of the four magic numbers. */
function pcapKind(bytes: Uint8Array): Kind | null {
  if (bytes.length < 4) return null;
  const magic = viewOf(bytes).getUint32(0);
  switch (magic) {
    case 0xa1b2c3d4:
      return { isLittle: false, resolution: 1e6 };
    case 0xd4c3b2a1:
      return { isLittle: true, resolution: 1e6 };
    case 0xa1b23c4d:
      return { isLittle: false, resolution: 1e9 };
    case 0x4d3cb2a1:
      return { isLittle: true, resolution: 1e9 };
    default:
      return null;
  }
}

function* readPcap(
  bytes: Uint8Array,
  { isLittle, resolution }: Kind,
): Generator<Frame, string, undefined> {
  if (bytes.length < HEADER_LENGTH) return "it is cut in its header";
  const view = viewOf(bytes);
  // the upper half tells about check sums behind the frames
  const linkType = view.getUint32(20, isLittle) & 0xffff;
  let at = HEADER_LENGTH;
  while (at < bytes.length) {
    if (at + RECORD_LENGTH > bytes.length) return describeCut(at);
    const seconds = view.getUint32(at, isLittle);
    const fraction = view.getUint32(at + 4, isLittle);
    const length = view.getUint32(at + 8, isLittle);
    const originalLength = view.getUint32(at + 12, isLittle);
    if (length > MOST_OCTETS || fraction >= resolution) {
      return `the packet at octet \`${at}\` is damaged`;
    }
    const start = at + RECORD_LENGTH;
    if (start + length > bytes.length) return describeCut(at);
    yield {
      at: seconds * 1000 + fraction / (resolution / 1000),
      linkType,
      bytes: bytes.subarray(start, start + length),
      originalLength,
      interfaceIndex: 0,
    };
    at = start + length;
  }
  return "";
}

function describeCut(at: number): string {
  return `it is cut in the packet at octet \`${at}\``;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
