/**
 * A SIP message as it stands in a receive buffer: an index of its header fields (RFC 3261 §7),
 * of which only what somebody asks for is read. Valid as long as the buffer is.
 * @module
 */

import { type HeaderName, headerNumber } from "./header_name.ts";
import { equalsLower, readText } from "./octet.ts";
import {
  type Address,
  type AddressFault,
  parseAddress,
  parseAddressList,
} from "./parse_address.ts";
import { parseUri } from "./parse_uri.ts";
import { parameterOf, type Uri } from "./uri.ts";
import type { Via } from "./parse_via.ts";

/** How many numbers of the index describe one header field. */
export const STRIDE = 5;
const NUMBER = 0;
const NAME_START = 1;
const NAME_END = 2;
const VALUE_START = 3;
const VALUE_END = 4;
/** Added to a header's number where its value goes over several lines. */
export const FOLDED = 0x100;

/** The contacts of a message: a list, which may be empty, or the `*` of RFC 3261 §10.2.2. */
export type Contacts = readonly Address[] | "*" | AddressFault;

/** One request or response. */
export class Message {
  readonly kind = "message";
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Header fields in order, `STRIDE` numbers each. */
  readonly index: number[];
  /** How many numbers of the index are in use: the array itself may be longer, and used again. */
  indexEnd = 0;
  /** A bit for the number of each header field that is there. */
  present = 0;
  /** Whether every octet of the header fields is ASCII. */
  isAscii = false;
  isRequest = false;
  /** Case-sensitive (RFC 3261 §7.1). For a response, the method in its CSeq. */
  method = "";
  /** Where the Request-URI stands. */
  uriStart = 0;
  uriEnd = 0;
  status = 0;
  cseq = -1;
  /** The topmost Via; null only in a malformed message. */
  via: Via | null = null;
  /** 70 where the header field is missing. */
  maxForwards = 70;
  bodyStart = 0;
  bodyEnd = 0;
  #text: string | undefined;
  #requestUri: string | undefined;
  #callId: string | undefined;
  #from: Address | AddressFault | undefined;
  #to: Address | AddressFault | undefined;
  #toTag: string | undefined;
  #fromTag: string | undefined;
  #contacts: Contacts | undefined;
  #target: Uri | null | undefined;
  #userAgent: string | undefined;

  constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    index: number[],
  ) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.index = index;
  }

  /**
   * Text of the start line and the header fields, one UTF-16 unit for each octet. The whole is
   * decoded once, because each call into the engine's decoder costs more than the octets do.
   */
  slice(start: number, end: number): string {
    const text = this.#text ??= this.#decode();
    return text.slice(start - this.start, end - this.start);
  }

  #decode(): string {
    const end = this.bodyStart === 0 ? this.end : this.bodyStart;
    return this.isAscii
      ? DECODER.decode(this.bytes.subarray(this.start, end))
      : readText(this.bytes, this.start, end);
  }

  /** Position in the index of the first header field of that name, or -1. */
  find(name: HeaderName, after = -STRIDE): number {
    const wanted = headerNumber(name);
    if ((this.present & (1 << wanted)) === 0) return -1;
    const index = this.index;
    for (let at = after + STRIDE; at < this.indexEnd; at += STRIDE) {
      if ((index[at + NUMBER]! & 0xff) === wanted) return at;
    }
    return -1;
  }

  has(name: HeaderName): boolean {
    return (this.present & (1 << headerNumber(name))) !== 0;
  }

  /** The value at a position of the index, unfolded. */
  valueAt(at: number): string {
    const index = this.index;
    const text = this.slice(index[at + VALUE_START]!, index[at + VALUE_END]!);
    return (index[at + NUMBER]! & FOLDED) === 0
      ? text
      : text.replace(/\r?\n[ \t]+/g, " ");
  }

  /** The value of the first header field of that name, or null. */
  value(name: HeaderName): string | null {
    const at = this.find(name);
    return at < 0 ? null : this.valueAt(at);
  }

  /** The values of all header fields of that name, one for each line, in order. */
  values(name: HeaderName): string[] {
    const values: string[] = [];
    for (let at = this.find(name); at >= 0; at = this.find(name, at)) {
      values.push(this.valueAt(at));
    }
    return values;
  }

  /** The value of a header field that is not in the list of known ones; `name` in lower case. */
  valueOfOther(name: string): string | null {
    const index = this.index;
    for (let at = 0; at < this.indexEnd; at += STRIDE) {
      if (
        equalsLower(
          this.bytes,
          index[at + NAME_START]!,
          index[at + NAME_END]!,
          name,
        )
      ) {
        return this.valueAt(at);
      }
    }
    return null;
  }

  valueStart(at: number): number {
    return this.index[at + VALUE_START]!;
  }

  valueEnd(at: number): number {
    return this.index[at + VALUE_END]!;
  }

  isFolded(at: number): boolean {
    return (this.index[at + NUMBER]! & FOLDED) !== 0;
  }

  /** As written. */
  get requestUri(): string {
    return this.#requestUri ??= this.slice(this.uriStart, this.uriEnd);
  }

  get callId(): string {
    return this.#callId ??= this.value("call-id") ?? "";
  }

  get userAgent(): string {
    return this.#userAgent ??= this.value("user-agent") ?? "";
  }

  get branch(): string {
    return this.via?.branch ?? "";
  }

  get from(): Address | AddressFault {
    return this.#from ??= parseAddress(this.value("from") ?? "");
  }

  get to(): Address | AddressFault {
    return this.#to ??= parseAddress(this.value("to") ?? "");
  }

  /** The tag of the To header field; "" where there is none. */
  get toTag(): string {
    return this.#toTag ??= this.#to === undefined
      ? findTag(this.value("to") ?? "") ?? tagOf(this.to)
      : tagOf(this.to);
  }

  get fromTag(): string {
    return this.#fromTag ??= this.#from === undefined
      ? findTag(this.value("from") ?? "") ?? tagOf(this.from)
      : tagOf(this.from);
  }

  get contacts(): Contacts {
    return this.#contacts ??= readContacts(this.values("contact"));
  }

  /** The Request-URI; null where it breaks the grammar. */
  get target(): Uri | null {
    if (this.#target === undefined) this.#target = parseUri(this.requestUri);
    return this.#target;
  }
}

function tagOf(address: Address | AddressFault): string {
  return "fault" in address ? "" : parameterOf(address.parameters, "tag") ?? "";
}

/**
 * The tag of an address that is written as nearly all are, without reading the rest: answers are
 * looked up by it. Null where only the grammar can tell.
 */
function findTag(value: string): string | null {
  const close = value.lastIndexOf(">");
  if (close < 0) return null;
  if (close === value.length - 1) return value.includes('"') ? null : "";
  const parameters = value.slice(close + 1);
  return USUAL_TAG.exec(parameters)?.[1] ?? null;
}

/** One parameter, the tag. */
const USUAL_TAG = /^;tag=([A-Za-z0-9\-.!%*_+`'~]+)$/;

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

function readContacts(values: readonly string[]): Contacts {
  if (values.length === 1) {
    return values[0] === "*" ? "*" : parseAddressList(values[0]!);
  }
  const addresses: Address[] = [];
  for (const value of values) {
    const list = parseAddressList(value);
    if ("fault" in list) return list;
    addresses.push(...list);
  }
  return addresses;
}
