/**
 * Finds the messages in a stream of octets: RFC 3261 §7.5 and §18.3 (the header section ends with
 * an empty line, Content-Length says where the body ends), RFC 5626 §3.5.1 (empty lines between
 * messages are keep-alives).
 *
 *     stream     =  *( keep-alive / message )
 *     keep-alive =  CRLF CRLF      "ping", to be answered with CRLF
 *                /  CRLF           "pong", to be ignored
 *     message    =  start-line *header CRLF  Content-Length octets
 *
 * Strict where a mistake would make us read a body as messages, lax in the rest: any letter case,
 * the compact form `l`, blanks before the colon, folded lines and bare LF. What the message says
 * is the parser's business. Every octet is looked at once, however small the pieces are.
 * @module
 */

import {
  equalsLower,
  isTokenOctet,
  printable,
  readInteger,
  readText,
} from "./octet.ts";

/** The longest header section, and the longest body, in octets. */
export const SECTION_LIMIT = 64 * 1024;

const SMALLEST_BUFFER = 2048;
/** What a connection may keep between two messages. */
const KEPT_BUFFER = 4096;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
/** What a frame of kind `lost` says where a phone tries TLS. */
export const TLS_HELLO = "TLS ClientHello";
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR_VERSION = 0x03;
const SPACE = 0x20;
const COLON = 0x3a;
const LAST_VISIBLE = 0x7e;
const NAME = "content-length";
/** How much of a fault is shown, in octets. */
const SHOWN = 40;
const OVER_LIMIT = `header section is over ${SECTION_LIMIT} octets`;

/** What stands next in the stream. A message is `bytes[start..end)`, valid until `push()`. */
export type Frame =
  | {
    readonly kind: "message";
    readonly bytes: Uint8Array;
    readonly start: number;
    readonly end: number;
  }
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  /** Nobody can say where the next message begins: close the connection. */
  | { readonly kind: "lost"; readonly what: string };

const PING: Frame = { kind: "ping" };
const PONG: Frame = { kind: "pong" };
const NOTHING = new Uint8Array(0);

/**
 * Cuts one connection's stream. Take frames until null before the next `push()`; then it holds
 * at most one message that is not complete.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Framer } from "./framing.ts";
 * const framer = new Framer();
 * framer.push(new TextEncoder().encode("\r\n\r\nOPTIONS sip:a SIP/2.0\r\nl: 0\r\n"));
 * assert.equal(framer.next()?.kind, "ping");
 * assert.equal(framer.next(), null);
 * framer.push(new TextEncoder().encode("\r\n"));
 * assert.equal(framer.next()?.kind, "message");
 * ```
 */
export class Framer {
  #bytes: Uint8Array = NOTHING;
  /** The octets that no frame has taken yet are `#bytes[#start..#end)`. */
  #start = 0;
  #end = 0;
  #isLost = false;

  // About the message at #start. Positions count from #start, so they survive a move.
  /** The first octet that was not looked at. */
  #scanned = 0;
  #isInFirstWord = true;
  #lineStart = 0;
  /** Where the value of a Content-Length begins whose last line is not known yet; 0: none. */
  #valueStart = 0;
  #bodyLength = -1;
  /** Length of header section and body; 0 until the header section is complete. */
  #total = 0;

  /** How many octets wait for the rest of their message. */
  get waiting(): number {
    return this.#end - this.#start;
  }

  /** Takes a copy of what came in. */
  push(chunk: Uint8Array): void {
    if (this.#isLost) return;
    if (this.#start === this.#end) this.#start = this.#end = 0;
    if (this.#end + chunk.length > this.#bytes.length) {
      this.#makeRoom(chunk.length);
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next frame, or null where more octets are needed; null for ever after `lost`. */
  next(): Frame | null {
    if (this.#isLost) return null;
    if (this.#start === this.#end) {
      if (this.#bytes.length > KEPT_BUFFER) this.#bytes = NOTHING;
      return null;
    }
    if (this.#total === 0) {
      if (this.#scanned === 0) {
        const octet = this.#bytes[this.#start]!;
        if (octet === CR || octet === LF) return this.#nextKeepAlive();
        if (octet === TLS_HANDSHAKE) return this.#nextTls();
      }
      const what = this.#readHeaderSection();
      if (what !== null) return this.#lose(what);
    }
    if (this.#total === 0 || this.#end - this.#start < this.#total) return null;
    const start = this.#start;
    const end = start + this.#total;
    this.#start = end;
    this.#scanned =
      this.#lineStart =
      this.#valueStart =
      this.#total =
        0;
    this.#bodyLength = -1;
    this.#isInFirstWord = true;
    return { kind: "message", bytes: this.#bytes, start, end };
  }

  /** An empty line between messages: a ping if another one follows at once. */
  #nextKeepAlive(): Frame | null {
    const first = this.#lineEndAt(this.#start);
    if (first < 0) return this.#lose("carriage return without line feed");
    if (first === 0 || this.#start + first === this.#end) return null;
    const second = this.#lineEndAt(this.#start + first);
    if (second === 0) return null;
    this.#start += first + Math.max(second, 0);
    return second > 0 ? PING : PONG;
  }

  /** The length of the line end at a position; 0: the octet that decides is missing; -1: none. */
  #lineEndAt(position: number): number {
    if (this.#bytes[position] === LF) return 1;
    if (this.#bytes[position] !== CR) return -1;
    if (position + 1 === this.#end) return 0;
    return this.#bytes[position + 1] === LF ? 2 : -1;
  }

  #nextTls(): Frame | null {
    if (this.#end - this.#start < 2) return null;
    const isTls = this.#bytes[this.#start + 1] === TLS_MAJOR_VERSION;
    return this.#lose(isTls ? TLS_HELLO : this.#noStartLine(2));
  }

  /** Goes on where it stopped; sets `#total` at the empty line. Returns what is wrong, or null. */
  #readHeaderSection(): string | null {
    const bytes = this.#bytes;
    const start = this.#start;
    const available = this.#end - start;
    for (let position = this.#scanned; position < available; position++) {
      const octet = bytes[start + position]!;
      if (octet === LF) {
        const what = this.#endLine(position);
        if (what !== null || this.#total > 0) return what;
      } else if (
        this.#isInFirstWord && (octet <= SPACE || octet > LAST_VISIBLE)
      ) {
        if (octet !== SPACE || position === 0) {
          return this.#noStartLine(position + 1);
        }
        this.#isInFirstWord = false;
      }
    }
    this.#scanned = available;
    return available > SECTION_LIMIT ? OVER_LIMIT : null;
  }

  /** A line ends with the line feed at `position`. Returns what is wrong, or null. */
  #endLine(position: number): string | null {
    const bytes = this.#bytes;
    const line = this.#start + this.#lineStart;
    let end = this.#start + position;
    if (end > line && bytes[end - 1] === CR) end--;
    const isFirst = this.#lineStart === 0;
    this.#isInFirstWord = false;
    this.#lineStart = position + 1;
    if (isFirst) {
      return isStartLine(bytes, line, end)
        ? null
        : this.#noStartLine(end - line);
    }
    const first = bytes[line];
    if (end > line && (first === SPACE || first === TAB)) return null;
    if (this.#valueStart > 0) {
      const what = this.#readLength(this.#start + this.#valueStart, line);
      if (what !== null) return what;
      this.#valueStart = 0;
    }
    if (end > line) {
      const value = findLengthValue(bytes, line, end);
      if (value > 0) this.#valueStart = value - this.#start;
      return null;
    }
    if (position >= SECTION_LIMIT) return OVER_LIMIT;
    if (this.#bodyLength < 0) return "no Content-Length, which a stream needs";
    this.#total = position + 1 + this.#bodyLength;
    return null;
  }

  /** Reads a Content-Length whose lines are complete. Returns what is wrong, or null. */
  #readLength(start: number, end: number): string | null {
    const bytes = this.#bytes;
    while (start < end && isBlank(bytes[start]!)) start++;
    while (start < end && isBlank(bytes[end - 1]!)) end--;
    const length = readInteger(bytes, start, end, SECTION_LIMIT);
    const value = printable(
      readText(bytes, start, Math.min(end, start + SHOWN)),
      SHOWN,
    );
    if (length < 0) {
      return `Content-Length is no number of 0 to ${SECTION_LIMIT}: \`${value}\``;
    }
    if (this.#bodyLength >= 0 && this.#bodyLength !== length) {
      return `Content-Length twice: \`${this.#bodyLength}\` and \`${length}\``;
    }
    this.#bodyLength = length;
    return null;
  }

  #noStartLine(length: number): string {
    const end = this.#start + Math.min(length, SHOWN);
    const head = printable(readText(this.#bytes, this.#start, end), SHOWN);
    return `first line is no SIP start line: \`${head}\``;
  }

  #lose(what: string): Frame {
    this.#isLost = true;
    this.#bytes = NOTHING;
    this.#start = this.#end = 0;
    return { kind: "lost", what };
  }

  /** Moves what is left to the front, into a larger buffer where it has to be. */
  #makeRoom(length: number): void {
    const waiting = this.#end - this.#start;
    const needed = waiting + length;
    let target = this.#bytes;
    if (needed > target.length) {
      target = new Uint8Array(
        Math.max(needed, target.length * 2, SMALLEST_BUFFER),
      );
    }
    target.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = target;
    this.#start = 0;
    this.#end = waiting;
  }
}

function isBlank(octet: number): boolean {
  return octet === SPACE || octet === TAB || octet === CR || octet === LF;
}

/** Whether a line begins with a SIP version, or has one behind a blank; of whatever number. */
function isStartLine(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at + 4 <= end; at++) {
    const isWordStart = at === start || bytes[at - 1] === SPACE ||
      bytes[at - 1] === TAB;
    if (isWordStart && equalsLower(bytes, at, at + 4, "sip/")) return true;
  }
  return false;
}

/** Where the value begins if a line is a Content-Length, else 0. */
function findLengthValue(
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let at = start + 1;
  if (!equalsLower(bytes, start, at, "l") || isTokenOctet(bytes[at]!)) {
    at = start + NAME.length;
    if (at > end || !equalsLower(bytes, start, at, NAME)) return 0;
  }
  while (at < end && isBlank(bytes[at]!)) at++;
  return at < end && bytes[at] === COLON ? at + 1 : 0;
}
