/**
 * A SIP message as the trace looks at it: what kind it is, whom it names, and what of it tells
 * something about a registration. Of a broken message as much as can be read.
 * @module
 */

import type { WireMessage } from "../diag/bundle/bundle_message.ts";
import { numberOf } from "../pbx/reply.ts";
import type { Message } from "../sip/message.ts";
import { parseInteger, printable, readText } from "../sip/octet.ts";
import { parse } from "../sip/parse.ts";
import { parameterOf, unescapeText } from "../sip/uri.ts";

export interface MessageView {
  readonly message: WireMessage;
  readonly isRequest: boolean;
  /** Of a response, that in its CSeq; "" where it cannot be read. */
  readonly method: string;
  /** 0 for a request. */
  readonly status: number;
  /** "" for a request. */
  readonly reason: string;
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string;
  /** User parts of From, To and the Request-URI; "" where there is none. */
  readonly from: string;
  readonly to: string;
  readonly target: string;
  readonly targetUri: string;
  readonly contacts: readonly ContactView[];
  readonly hasCredentials: boolean;
  /** Of User-Agent or Server. */
  readonly userAgent: string;
  readonly isStale: boolean;
  /** What is wrong with it; "" where nothing is. */
  readonly fault: string;
}

export interface ContactView {
  readonly user: string;
  readonly uri: string;
  /** -1: not said. */
  readonly expiresSeconds: number;
}

const LONGEST = 256;
const MOST_CONTACTS = 16;
const MOST_SECONDS = 0xffffffff;
/** A start line with a longer Request-URI is cut. */
const LONGEST_LINE = 1024;

/** Reads one message; never throws. */
export function viewMessage(message: WireMessage): MessageView {
  const { octets, flow } = message;
  const framing = flow.transport === "udp" ? "datagram" : "stream";
  const read = parse(octets, 0, octets.length, framing);
  const fault = read.kind === "message"
    ? ""
    : `${read.what} at octet ${read.at}`;
  const found = read.kind === "message" ? read : read.message;
  if (found === null) return { ...NOTHING, message, fault };
  const target = found.isRequest ? found.target : null;
  return {
    message,
    isRequest: found.isRequest,
    method: printable(found.method, LONGEST),
    status: found.isRequest ? 0 : Math.max(0, found.status),
    reason: found.isRequest ? "" : readReason(octets),
    callId: found.callId.slice(0, LONGEST),
    cseq: found.cseq,
    branch: found.branch.slice(0, LONGEST),
    from: printable(numberOf(found, "from"), LONGEST),
    to: printable(numberOf(found, "to"), LONGEST),
    target: target?.kind === "sip"
      ? printable(unescapeText(target.user ?? ""), LONGEST)
      : "",
    targetUri: found.isRequest ? found.requestUri.slice(0, LONGEST) : "",
    contacts: readContacts(found),
    hasCredentials: found.has("authorization") ||
      found.has("proxy-authorization"),
    userAgent: printable(found.userAgent || (found.value("server") ?? ""), 64),
    isStale: /\bstale\s*=\s*"?true\b/i.test(
      found.valueOfOther("www-authenticate") ?? "",
    ),
    fault,
  };
}

const NOTHING: Omit<MessageView, "message" | "fault"> = {
  isRequest: false,
  method: "",
  status: 0,
  reason: "",
  callId: "",
  cseq: -1,
  branch: "",
  from: "",
  to: "",
  target: "",
  targetUri: "",
  contacts: [],
  hasCredentials: false,
  userAgent: "",
  isStale: false,
};

function readReason(octets: Uint8Array): string {
  const line = readText(octets, 0, Math.min(octets.length, LONGEST_LINE));
  const reason = /^\s*SIP\/2\.0 \d{3} ([^\r\n]*)/i.exec(line)?.[1] ?? "";
  return printable(reason, LONGEST);
}

function readContacts(message: Message): ContactView[] {
  const { contacts } = message;
  const usual = parseInteger(message.value("expires") ?? "", MOST_SECONDS);
  if (contacts === "*") return [{ user: "", uri: "*", expiresSeconds: usual }];
  if ("fault" in contacts) return [];
  return contacts.slice(0, MOST_CONTACTS).map(({ uri, parameters }) => {
    const own = parseInteger(
      parameterOf(parameters, "expires") ?? "",
      MOST_SECONDS,
    );
    return {
      user: uri.kind === "sip" ? unescapeText(uri.user ?? "") : "",
      uri: uri.text.slice(0, LONGEST),
      expiresSeconds: own >= 0 ? own : usual,
    };
  });
}
