/**
 * The messages of calls on their way out: requests inside dialogs, answers, and the transactions
 * that carry them. Knows nothing of what a call means.
 * @module
 */

import { ClientTransactions } from "../../sip/client_transactions.ts";
import { requestParts } from "../../sip/dialog.ts";
import type { Flow } from "../../sip/flow.ts";
import {
  type InviteClient,
  InviteClientTransactions,
} from "../../sip/invite_client_transactions.ts";
import type { Message } from "../../sip/message.ts";
import { type Body, writeRequest } from "../../sip/serialize.ts";
import { MAGIC_COOKIE, type TokenMint } from "../../sip/token_mint.ts";
import type { Held, Responder } from "../responder.ts";
import type { Turn } from "../turn.ts";
import type { InviteUse, Leg } from "./leg.ts";
import type { OwnAddress } from "./own_address.ts";

/** The methods that a phone may send us in a call. */
export const CALL_METHODS =
  "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, REFER, NOTIFY";
const CAPABILITIES = `Allow: ${CALL_METHODS}\r\nSupported: timer, replaces\r\n`;
const SDP = "application/sdp";

/** What a request of ours that is no INVITE is for. */
export type RequestUse =
  /** The answer goes to whoever asked. */
  | { readonly kind: "relay"; readonly leg: Leg; readonly held: Held }
  /** Whether the phone is still in the call. */
  | { readonly kind: "check"; readonly leg: Leg }
  | { readonly kind: "refresh"; readonly leg: Leg }
  /** A message that is no part of a call; `id` names it. */
  | { readonly kind: "page"; readonly id: number }
  /** Nobody waits for the answer. */
  | { readonly kind: "plain" };

/** How many requests may wait for answers. */
const MOST_INVITES = 8192;
const MOST_REQUESTS = 16_384;

export class CallWire {
  readonly #responder: Responder;
  readonly #tokens: TokenMint;
  readonly #own: OwnAddress;
  readonly invites = new InviteClientTransactions<InviteUse>({
    transactions: MOST_INVITES,
  });
  readonly requests = new ClientTransactions<RequestUse>({
    transactions: MOST_REQUESTS,
  });

  constructor(responder: Responder, tokens: TokenMint, own: OwnAddress) {
    this.#responder = responder;
    this.#tokens = tokens;
    this.#own = own;
  }

  nextToken(): string {
    return this.#tokens.next();
  }

  /** A name for a call: in the order in which they begin, and not to be guessed. */
  nextCallName({ now }: Turn): string {
    const time = Math.floor(now.wallMs).toString(36).padStart(9, "0");
    return time + this.#tokens.next().slice(0, 6);
  }

  /** Contact, Allow and Supported of what opens or refreshes a dialog. */
  contactHeaders(leg: Leg): string {
    return `${this.contactHeader(leg)}${CAPABILITIES}`;
  }

  contactHeader(leg: Leg): string {
    const peer = leg.side === "caller" ? leg.call.dialled : leg.call.number;
    return `Contact: <${this.#own.uriFor(peer, leg.flow)}>\r\n`;
  }

  /** An INVITE of ours: the first one, or one inside a dialog. */
  invite(
    leg: Leg,
    purpose: InviteUse["purpose"],
    turn: Turn,
    headers: string,
    sdp: string,
    maxForwards = 70,
  ): InviteClient<InviteUse> {
    const parts = requestParts(
      leg.dialog,
      "INVITE",
      leg.flow,
      this.#branch(),
      this.contactHeaders(leg) + headers,
      sdp === "" ? undefined : { type: SDP, text: sdp },
    );
    const use = { leg, purpose, isLateOffer: sdp === "" };
    leg.client = this.invites.open(
      { ...parts, maxForwards },
      use,
      turn.now.monotonicMs,
      turn.outbox,
    );
    return leg.client;
  }

  /** The ACK of a 2xx (RFC 3261 §13.2.2.4). */
  acknowledge(leg: Leg, turn: Turn): void {
    const parts = requestParts(
      leg.dialog,
      "ACK",
      leg.flow,
      this.#branch(),
      "",
      leg.ackBody === "" ? undefined : { type: SDP, text: leg.ackBody },
      leg.ackCseq,
    );
    const start = turn.outbox.position;
    writeRequest(turn.outbox, parts);
    turn.outbox.end(start, leg.flow);
  }

  /** Whether so many requests wait that what can wait has to: the rest is for ending calls. */
  get isCrowded(): boolean {
    return this.requests.size >= MOST_REQUESTS / 2;
  }

  /** A request inside a dialog; false where nobody waits for its answer. */
  request(
    leg: Leg,
    method: string,
    use: RequestUse,
    turn: Turn,
    headers: string,
    body?: Body,
  ): boolean {
    const branch = this.#branch();
    const { outbox, now } = turn;
    const start = outbox.position;
    writeRequest(
      outbox,
      requestParts(leg.dialog, method, leg.flow, branch, headers, body),
    );
    const isWaiting = !this.requests.isFull;
    if (isWaiting) {
      const nowMs = now.monotonicMs;
      this.requests.open(branch, leg.flow, use, nowMs, outbox, start);
    }
    outbox.end(start, leg.flow);
    return isWaiting;
  }

  /** A request outside of any dialog. */
  requestOutside(
    flow: Flow,
    method: string,
    target: {
      readonly uri: string;
      readonly from: string;
      readonly to: string;
      readonly routes: string;
    },
    use: RequestUse,
    turn: Turn,
    headers: string,
    body: Body,
    maxForwards: number,
  ): void {
    const branch = this.#branch();
    const { outbox, now } = turn;
    const start = outbox.position;
    writeRequest(outbox, {
      method,
      uri: target.uri,
      flow,
      branch,
      from: `${target.from};tag=${this.#tokens.next()}`,
      to: target.to,
      callId: this.#tokens.next(),
      cseq: 1,
      routes: target.routes,
      maxForwards,
      headers,
      body,
    });
    this.requests.open(branch, flow, use, now.monotonicMs, outbox, start);
    outbox.end(start, flow);
  }

  /** Answers a request that waits. */
  answer(
    held: Held,
    turn: Turn,
    status: number,
    headers = "",
    sdp = "",
  ): void {
    const body = sdp === "" ? undefined : { type: SDP, text: sdp };
    this.#responder.answerHeld(held, turn, status, headers, body);
  }

  /** Sends a 2xx once more. */
  resend(held: Held, turn: Turn): void {
    this.#responder.resend(held, turn);
  }

  #branch(): string {
    return MAGIC_COOKIE + this.#tokens.next();
  }
}

/** Whether the sender of a message lists UPDATE among what he knows (RFC 3311 §5.1). */
export function knowsUpdate(message: Message): boolean {
  return message.values("allow").some((value) => /\bUPDATE\b/.test(value));
}
