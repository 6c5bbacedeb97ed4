/**
 * The Via header field (RFC 3261 §20.42, RFC 3581 §3), read from octets, because every message
 * has one and its topmost value decides where the answer goes.
 *
 *     via-parm      = sent-protocol LWS sent-by *( SEMI via-params )
 *     sent-protocol = "SIP" SLASH "2.0" SLASH transport
 *     sent-by       = host [ COLON port ]
 * @module
 */

import {
  equalsLower,
  isTokenOctet,
  readInteger,
  type TextSource,
} from "./octet.ts";
import { isIpv6 } from "./parse_uri.ts";

/** One Via value. */
export interface Via {
  /** As written: `UDP`, `TCP`, `TLS`, … */
  readonly transport: string;
  /** As written, an IPv6 address with its brackets. */
  readonly host: string;
  /** 0 where none is written. */
  readonly port: number;
  /** Host and port as written. */
  readonly sentBy: string;
  /** Empty where there is none (RFC 2543). */
  readonly branch: string;
  /** Whether the sender asks for `rport` (RFC 3581), with or without a value. */
  readonly hasRport: boolean;
  readonly received: string;
  readonly maddr: string;
  /** Octets of the parameters that an answer must leave out: `rport` and `received`. */
  readonly rportStart: number;
  readonly rportEnd: number;
  readonly receivedStart: number;
  readonly receivedEnd: number;
  /** The first octet behind this value: the end, or the comma before the next one. */
  readonly end: number;
}

const SPACE = 0x20;
const TAB = 0x09;
const CR = 0x0d;
const LF = 0x0a;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const COLON = 0x3a;

function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const octet = bytes[at]!;
    if (octet !== SPACE && octet !== TAB && octet !== CR && octet !== LF) break;
    at++;
  }
  return at;
}

function skipToken(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isTokenOctet(bytes[at]!)) at++;
  return at;
}

/** The end of `host`: a name, an IPv4 address or an IPv6 reference in brackets. */
function skipHost(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== 0x5b) return skipToken(bytes, at, end);
  let close = at + 1;
  for (; close < end && bytes[close] !== 0x5d; close++) {
    const octet = bytes[close]!;
    const isAddress = (octet >= 0x30 && octet <= 0x3a) || octet === 0x2e ||
      ((octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x66);
    if (!isAddress) return at;
  }
  return close < end ? close + 1 : at;
}

/** The end of a parameter's value: a quoted string, an address in brackets or a token. */
function skipValue(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === QUOTE) {
    for (let i = at + 1; i < end; i++) {
      if (bytes[i] === BACKSLASH) i++;
      else if (bytes[i] === QUOTE) return i + 1;
    }
    return at;
  }
  if (bytes[at] === 0x5b) return skipHost(bytes, at, end);
  let i = at;
  // an IPv6 address without brackets stands in `received` (RFC 5118 §4.5)
  while (i < end && (isTokenOctet(bytes[i]!) || bytes[i] === COLON)) i++;
  return i;
}

/** Reads the Via value that begins at `start`; a number is the octet at which it breaks the grammar. */
export function parseVia(
  source: TextSource,
  start: number,
  end: number,
): Via | number {
  const bytes = source.bytes;
  let at = skipSpace(bytes, start, end);
  let next = skipToken(bytes, at, end);
  if (!equalsLower(bytes, at, next, "sip")) return at;
  at = skipSpace(bytes, next, end);
  if (bytes[at] !== SLASH) return at;
  at = skipSpace(bytes, at + 1, end);
  next = skipToken(bytes, at, end);
  if (!equalsLower(bytes, at, next, "2.0")) return at;
  at = skipSpace(bytes, next, end);
  if (bytes[at] !== SLASH) return at;
  at = skipSpace(bytes, at + 1, end);
  next = skipToken(bytes, at, end);
  if (next === at) return at;
  const transport = equalsLower(bytes, at, next, "udp")
    ? "UDP"
    : source.slice(at, next);
  at = skipSpace(bytes, next, end);
  if (at === next) return at;
  next = skipHost(bytes, at, end);
  if (next === at) return at;
  const host = source.slice(at, next);
  if (host.startsWith("[") && !isIpv6(host.slice(1, -1))) return at;
  const sentByStart = at;
  let sentByEnd = next;
  at = skipSpace(bytes, next, end);
  let port = 0;
  if (bytes[at] === COLON && at < end) {
    at = skipSpace(bytes, at + 1, end);
    next = skipToken(bytes, at, end);
    port = readInteger(bytes, at, next, 65535);
    if (port <= 0) return at;
    sentByEnd = next;
    at = skipSpace(bytes, next, end);
  }
  let branch = "", received = "", maddr = "";
  let hasRport = false;
  let rportStart = 0, rportEnd = 0, receivedStart = 0, receivedEnd = 0;
  while (at < end && bytes[at] === SEMICOLON) {
    const parameter = at;
    at = skipSpace(bytes, at + 1, end);
    next = skipToken(bytes, at, end);
    if (next === at) return at;
    const name = at;
    const nameEnd = next;
    at = skipSpace(bytes, next, end);
    let value = at, valueEnd = at;
    if (at < end && bytes[at] === EQUALS) {
      value = skipSpace(bytes, at + 1, end);
      valueEnd = skipValue(bytes, value, end);
      if (valueEnd === value) return value;
      at = skipSpace(bytes, valueEnd, end);
    }
    if (equalsLower(bytes, name, nameEnd, "branch")) {
      branch = source.slice(value, valueEnd);
    } else if (equalsLower(bytes, name, nameEnd, "rport")) {
      if (hasRport) return name;
      hasRport = true;
      rportStart = parameter;
      rportEnd = at;
    } else if (equalsLower(bytes, name, nameEnd, "received")) {
      if (receivedEnd > 0) return name;
      received = source.slice(value, valueEnd);
      receivedStart = parameter;
      receivedEnd = at;
    } else if (equalsLower(bytes, name, nameEnd, "maddr")) {
      maddr = source.slice(value, valueEnd);
    }
  }
  if (at < end && bytes[at] !== COMMA) return at;
  return {
    transport,
    host,
    port,
    sentBy: source.slice(sentByStart, sentByEnd),
    branch,
    hasRport,
    received,
    maddr,
    rportStart,
    rportEnd,
    receivedStart,
    receivedEnd,
    end: at,
  };
}
