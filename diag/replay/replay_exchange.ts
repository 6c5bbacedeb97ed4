/**
 * Requests of a capture with what their answers are judged by, and how an answer finds its
 * request: by branch and CSeq (RFC 3261 §17.1.3, §17.2.3), whatever addresses it went between.
 * @module
 */

import type { RequestSeen } from "../../sip/fact.ts";
import type { Flow } from "../../sip/flow.ts";
import type { Malformed } from "../../sip/malformed.ts";
import type { Message } from "../../sip/message.ts";
import { parseInteger, printable, toOctets } from "../../sip/octet.ts";
import type { Address } from "../../sip/parse_address.ts";
import {
  type Credentials,
  parseCredentials,
} from "../../sip/parse_credentials.ts";
import { parameterOf } from "../../sip/uri.ts";
import { numberOf, requestSeen } from "../../pbx/reply.ts";

/** One contact that a REGISTER names. */
export interface AskedContact {
  readonly address: Address;
  /** -1 where it says nothing. */
  readonly expiresSeconds: number;
}

/** A request and what became of it. */
export interface Exchange {
  readonly at: number;
  readonly flow: Flow;
  readonly method: string;
  /** To of a REGISTER, else From. */
  readonly number: string;
  readonly sender: string;
  readonly callId: string;
  readonly userAgent: string;
  /** The hosts that it asks for. */
  readonly hosts: readonly string[];
  /** null where it has none; "broken" where they cannot be read. */
  readonly credentials: Credentials | "broken" | null;
  /** Of a REGISTER. */
  readonly contacts: readonly AskedContact[] | "*";
  readonly malformed: Malformed | null;
  /** Whether it belongs to a call that stands (RFC 3261 §12.2). */
  readonly isInDialog: boolean;
  /** The fact that it came. */
  readonly seen: RequestSeen;
  /** The newest status; 0 where nothing was answered. */
  status: number;
}

/** A challenge as an answer carries it. */
export interface SeenChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly isStale: boolean;
}

const LONGEST_KEY = 1024;
const MOST_CONTACTS = 32;
const MOST_CHALLENGES = 8;
const LONGEST_CHALLENGE = 2048;
const CHALLENGE =
  /^(?:www|proxy)-authenticate[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/gim;

/** What a request and its answers have in common; `isIn`: the request goes to the server. */
export function exchangeKey(message: Message, isIn: boolean): string {
  const { via, method, cseq, callId } = message;
  const name = via === null ? "" : `${via.branch} ${via.sentBy}`;
  return `${isIn ? "in" : "out"} ${method} ${cseq} ${name} ${callId}`
    .slice(0, LONGEST_KEY);
}

/** Begins the record of a request. */
export function beginExchange(
  message: Message,
  malformed: Malformed | null,
  flow: Flow,
  at: number,
): Exchange {
  const isRegister = message.method === "REGISTER";
  const moment = { wallMs: at, monotonicMs: 0 };
  const seen = requestSeen(message, flow, moment) as RequestSeen;
  return {
    at,
    flow,
    method: printable(message.method, 32),
    number: printable(numberOf(message, isRegister ? "to" : "from"), 64),
    sender: printable(numberOf(message, "from"), 64),
    callId: message.callId,
    userAgent: message.userAgent,
    hosts: hostsOf(message, isRegister),
    credentials: readCredentials(message),
    contacts: isRegister ? readContacts(message) : [],
    malformed,
    isInDialog: message.toTag !== "",
    seen: { ...seen, hasCredentials: hasCredentials(message) },
    status: 0,
  };
}

/** Whether a request answers a challenge, of a registrar or of a proxy (RFC 3261 §22). */
function hasCredentials(message: Message): boolean {
  return message.has("authorization") || message.has("proxy-authorization");
}

/** The number that a request calls; "" for none. */
export function calledNumber(message: Message): string {
  const { target } = message;
  const user = target?.kind === "sip" ? target.user ?? "" : "";
  return printable(user, 64) || printable(numberOf(message, "to"), 64);
}

/** The challenges of an answer (RFC 7616 §3.3). */
export function readChallenges(answer: Message): SeenChallenge[] {
  const head = headOf(answer);
  const challenges: SeenChallenge[] = [];
  for (const [, value = ""] of head.matchAll(CHALLENGE)) {
    if (challenges.length >= MOST_CHALLENGES) break;
    const text = value.slice(0, LONGEST_CHALLENGE);
    const read = readText(text);
    if (read?.scheme !== "digest") continue;
    const isStale = /[\s,]stale\s{0,8}=\s{0,8}"?true/i.test(text);
    challenges.push({ realm: read.realm, nonce: read.nonce, isStale });
  }
  return challenges;
}

/** The reason phrase of an answer. */
export function reasonOf(answer: Message): string {
  const line = /SIP\/2\.0[ \t]+\d{3}[ \t]*([^\r\n]{0,120})/i
    .exec(headOf(answer).slice(0, 512));
  return printable(line?.[1] ?? "", 120);
}

/** Start line and header fields. */
function headOf(message: Message): string {
  const end = message.bodyStart === 0 ? message.end : message.bodyStart;
  return message.slice(message.start, end);
}

function readText(text: string): Credentials | null {
  const source = {
    bytes: toOctets(text),
    slice: (start: number, end: number) => text.slice(start, end),
  };
  return parseCredentials(source, 0, text.length);
}

function readCredentials(message: Message): Exchange["credentials"] {
  for (const name of ["authorization", "proxy-authorization"] as const) {
    const value = message.value(name);
    if (value === null) continue;
    return readText(value.slice(0, LONGEST_CHALLENGE)) ?? "broken";
  }
  return null;
}

function hostsOf(message: Message, isRegister: boolean): string[] {
  const { target, to } = message;
  const uris = [target, isRegister && !("fault" in to) ? to.uri : null];
  return uris.flatMap((uri) =>
    uri?.kind === "sip" ? [uri.host.slice(0, 128)] : []
  );
}

function readContacts(message: Message): Exchange["contacts"] {
  const { contacts } = message;
  if (contacts === "*") return "*";
  if ("fault" in contacts) return [];
  const common = parseInteger(message.value("expires") ?? "", 0xffffffff);
  return contacts.slice(0, MOST_CONTACTS).map((address) => ({
    address,
    expiresSeconds: expiryOf(address, common),
  }));
}

/** The expiry of a contact, or `otherwise` where it has none. */
export function expiryOf(address: Address, otherwise: number): number {
  const text = parameterOf(address.parameters, "expires") ?? "";
  const own = parseInteger(text, 0xffffffff);
  return own >= 0 ? own : otherwise;
}
