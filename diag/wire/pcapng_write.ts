/**
 * Writes pcapng, block by block, as `pcapng_read.ts` describes it: a section header, one block for
 * each interface, then the packets, with time stamps in microseconds.
 * @module
 */

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;
const UNKNOWN_LENGTH = 0xffffffffffffffffn;
const OPTION_COMMENT = 1;
const OPTION_INTERFACE_NAME = 2;
const OPTION_APPLICATION = 4;
/** Options have 16 bits for their length; a comment of any use is shorter. */
const LONGEST_OPTION = 4096;

const NO_OCTETS = new Uint8Array(0);
const encoder = new TextEncoder();

/** What a packet block says. */
export interface PacketRecord {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Octets on the wire, where the capture cut the packet. */
  readonly originalLength?: number;
  readonly comment?: string;
}

/** The block that begins a file. */
export function writeSection(application = "pbx"): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER, true);
  view.setUint16(4, 1, true);
  view.setBigUint64(8, UNKNOWN_LENGTH, true);
  const options = writeOption(OPTION_APPLICATION, application);
  return writeBlock(SECTION_HEADER, body, NO_OCTETS, options);
}

/** The block of one interface; packets name it by its place, counted from 0. */
export function writeInterface(
  linkType: number,
  name: string,
): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, linkType, true);
  const options = writeOption(OPTION_INTERFACE_NAME, name);
  return writeBlock(INTERFACE, body, NO_OCTETS, options);
}

/** The block of one packet. */
export function writePacket(
  { at, bytes, originalLength, comment }: PacketRecord,
  interfaceNumber = 0,
): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(20);
  const view = new DataView(body.buffer);
  const microseconds = Math.max(0, Math.round(at * 1000));
  view.setUint32(0, interfaceNumber, true);
  view.setUint32(4, Math.floor(microseconds / 2 ** 32), true);
  view.setUint32(8, microseconds % 2 ** 32, true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, originalLength ?? bytes.length, true);
  const options = writeOption(OPTION_COMMENT, comment ?? "");
  return writeBlock(ENHANCED_PACKET, body, bytes, options);
}

/** One option and the end of options; nothing for an empty value. */
function writeOption(code: number, text: string): Uint8Array {
  if (text === "") return NO_OCTETS;
  const value = encoder.encode(text).subarray(0, LONGEST_OPTION);
  const option = new Uint8Array(4 + pad(value.length) + 4);
  const view = new DataView(option.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  option.set(value, 4);
  return option;
}

function writeBlock(
  type: number,
  body: Uint8Array,
  data: Uint8Array,
  options: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const optionsAt = 8 + body.length + pad(data.length);
  const length = optionsAt + options.length + 4;
  const block = new Uint8Array(length);
  const view = new DataView(block.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  block.set(body, 8);
  block.set(data, 8 + body.length);
  block.set(options, optionsAt);
  view.setUint32(length - 4, length, true);
  return block;
}

function pad(length: number): number {
  return length + 3 & ~3;
}
