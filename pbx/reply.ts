/**
 * One request on its way through the office to its answer.
 * @module
 */

import { Flow } from "../sip/flow.ts";
import type { Message } from "../sip/message.ts";
import { printable } from "../sip/octet.ts";
import type { Outbox } from "../sip/outbox.ts";
import { responsePort } from "../sip/serialize.ts";
import { maskPassword, unescapeText } from "../sip/uri.ts";
import type { Fact } from "./fact.ts";
import type { Moment } from "./journal_line.ts";

export class Reply {
  readonly message: Message;
  readonly flow: Flow;
  readonly now: Moment;
  readonly outbox: Outbox;
  readonly facts: Fact[];
  /** What names its transaction. */
  readonly key: string;

  constructor(
    message: Message,
    flow: Flow,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
    key: string,
  ) {
    this.message = message;
    this.flow = flow;
    this.now = now;
    this.outbox = outbox;
    this.facts = facts;
    this.key = key;
  }

  /** The number that the request is about: To of a REGISTER, else From; "" where there is none. */
  get claimedNumber(): string {
    return numberOf(
      this.message,
      this.message.method === "REGISTER" ? "to" : "from",
    );
  }
}

/** The user part of an address, unescaped; "" where there is none. */
export function numberOf(message: Message, header: "to" | "from"): string {
  const address = message[header];
  if ("fault" in address || address.uri.kind !== "sip") return "";
  return unescapeText(address.uri.user ?? "");
}

/** The flow on which an answer leaves: another port only where RFC 3261 §18.2.2 wants it. */
export function replyFlow(message: Message, flow: Flow): Flow {
  const port = responsePort(message.via, flow);
  if (port === flow.port) return flow;
  return new Flow(
    flow.transport,
    flow.id,
    flow.localHost,
    flow.localPort,
    flow.host,
    port,
  );
}

/** The fact of a request that reads well. */
export function requestSeen(message: Message, flow: Flow, now: Moment): Fact {
  return {
    kind: "request-seen",
    at: now.wallMs,
    flow,
    stage: "parse",
    method: message.method,
    number: printable(
      numberOf(message, message.method === "REGISTER" ? "to" : "from"),
      64,
    ),
    callId: message.callId,
    cseq: message.cseq,
    branch: message.branch,
    target: maskPassword(message.requestUri.slice(0, 256)),
    via: message.via?.sentBy ?? "",
    contact: maskPassword((message.value("contact") ?? "").slice(0, 256)),
    hasCredentials: message.has("authorization"),
    userAgent: message.userAgent,
    octets: message.end - message.start,
  };
}

/** The fact of a request that was answered from its transaction. */
export function retransmissionSeen(
  message: Message,
  flow: Flow,
  now: Moment,
): Fact {
  return {
    kind: "retransmission-seen",
    at: now.wallMs,
    flow,
    stage: "reply",
    method: message.method,
    callId: message.callId,
    cseq: message.cseq,
    branch: message.branch,
  };
}
