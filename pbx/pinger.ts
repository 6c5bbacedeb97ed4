/**
 * Keeps the way to phones behind a router open, and learns whether they are still there: an
 * OPTIONS (RFC 3261 §11) to the address that they registered from, at an interval that is spread
 * over the phones. A phone that speaks RFC 5626 (§4.4.1) keeps its mapping itself: it gets the
 * two line ends of that RFC, and only each fourth time an OPTIONS.
 * @module
 */

import {
  type ClientOutcome,
  ClientTransactions,
} from "../sip/client_transactions.ts";
import { type Flow, formatAddress } from "../sip/flow.ts";
import type { Message } from "../sip/message.ts";
import type { Outbox } from "../sip/outbox.ts";
import { writeRequest } from "../sip/serialize.ts";
import { MAGIC_COOKIE, type TokenMint } from "../sip/token_mint.ts";
import { maskPassword } from "../sip/uri.ts";
import type { BindingTable } from "./binding_table.ts";
import type { Directory } from "./directory.ts";
import type { Fact } from "./fact.ts";
import type { Moment } from "./journal_line.ts";

/** The first question comes soon, so that the diagnosis knows whether the way back is open. */
const FIRST_AFTER_MS = 1000;
const OUTBOUND_OPTIONS_EVERY = 4;
/** More questions at a time than a second's share of a very large office. */
const MOST_WAITING = 65536;

/** Which binding a question was about. */
interface Question {
  readonly slot: number;
  readonly contact: string;
  readonly number: string;
}

export class Pinger {
  readonly #directory: Directory;
  readonly #bindings: BindingTable;
  readonly #tokens: TokenMint;
  readonly #intervalMs: number;
  readonly #waiting = new ClientTransactions<Question>({
    transactions: MOST_WAITING,
  });

  /** @param intervalSeconds 0: ask nobody. */
  constructor(
    directory: Directory,
    bindings: BindingTable,
    tokens: TokenMint,
    intervalSeconds: number,
  ) {
    this.#directory = directory;
    this.#bindings = bindings;
    this.#tokens = tokens;
    this.#intervalMs = intervalSeconds * 1000;
  }

  /** A binding was added, refreshed or read from the journal. */
  schedule(slot: number, isNew: boolean, nowMs: number): void {
    const { pingAtMs } = this.#bindings;
    if (this.#intervalMs === 0 || !this.#bindings.isBehindNat(slot)) {
      pingAtMs[slot] = 0;
    } else if (isNew || pingAtMs[slot] === 0) {
      pingAtMs[slot] = nowMs + FIRST_AFTER_MS + this.#share(slot);
    }
  }

  /** Asks the phones whose time has come. */
  wake(now: Moment, outbox: Outbox, facts: Fact[]): void {
    const { pingAtMs, used } = this.#bindings;
    const nowMs = now.monotonicMs;
    for (let slot = 0; slot < used; slot++) {
      const at = pingAtMs[slot]!;
      if (at === 0 || at > nowMs) continue;
      if (!this.#bindings.isLive(slot) || !this.#bindings.isBehindNat(slot)) {
        pingAtMs[slot] = 0;
        continue;
      }
      pingAtMs[slot] = nowMs + this.#intervalMs - this.#share(slot) / 4;
      this.#ask(slot, now, outbox, facts);
    }
  }

  /** Repeats the questions that nobody has answered yet. */
  repeat(now: Moment, outbox: Outbox, facts: Fact[]): void {
    for (const outcome of this.#waiting.wake(now.monotonicMs, outbox)) {
      this.#conclude(outcome, now, facts);
    }
  }

  /** An answer has come; false where it belongs to none of our questions. */
  receive(
    response: Message,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): boolean {
    const outcome = this.#waiting.receive(response, now.monotonicMs, outbox);
    if (outcome === null) return false;
    if (outcome !== "absorbed") this.#conclude(outcome, now, facts);
    return true;
  }

  /** Spreads phones that registered at the same moment over a part of the interval. */
  #share(slot: number): number {
    return (slot * 7919 % 1000) / 1000 * this.#intervalMs / 2;
  }

  #ask(slot: number, now: Moment, outbox: Outbox, facts: Fact[]): void {
    const { contact, isOutbound, transport } = this.#bindings.get(slot);
    const sent = this.#bindings.pingsSent[slot]!++;
    const flow = this.#bindings.flowOf(slot);
    const number = this.#directory.numberOf(this.#bindings.extension[slot]!);
    const isLight = isOutbound && sent % OUTBOUND_OPTIONS_EVERY !== 0;
    if (transport === "tcp" || this.#waiting.isFull) return;
    const start = outbox.position;
    if (isLight) {
      outbox.text("\r\n\r\n").end(start, flow);
    } else {
      const branch = this.#writeOptions(contact, number, flow, outbox);
      this.#waiting.open(
        branch,
        flow,
        { slot, contact, number },
        now.monotonicMs,
        outbox,
        start,
      );
      outbox.end(start, flow);
    }
    facts.push({
      kind: "ping-sent",
      at: now.wallMs,
      flow,
      stage: "reachable",
      number,
      contact: maskPassword(contact),
      method: isLight ? "CRLF" : "OPTIONS",
      afterMs: 0,
    });
  }

  #writeOptions(
    contact: string,
    number: string,
    flow: Flow,
    outbox: Outbox,
  ): string {
    const branch = MAGIC_COOKIE + this.#tokens.next();
    const host = formatAddress(flow.localHost, flow.localPort);
    writeRequest(outbox, {
      method: "OPTIONS",
      // headers of a URI have no place in a Request-URI (RFC 3261 §19.1.1)
      uri: contact.split("?", 1)[0]!,
      flow,
      branch,
      from: `<sip:${host}>;tag=${this.#tokens.next()}`,
      to: `<sip:${number}@${host}>`,
      callId: this.#tokens.next(),
      cseq: 1,
      headers: `Contact: <sip:${host}>\r\n`,
    });
    return branch;
  }

  #conclude(
    outcome: ClientOutcome<Question>,
    now: Moment,
    facts: Fact[],
  ): void {
    const { slot, contact, number } = outcome.about;
    const isAnswered = outcome.status > 0;
    const bindings = this.#bindings;
    if (bindings.isLive(slot) && bindings.get(slot).contact === contact) {
      bindings.missedPings[slot] = isAnswered
        ? 0
        : Math.min(255, bindings.missedPings[slot]! + 1);
    }
    facts.push({
      kind: isAnswered ? "ping-answered" : "ping-unanswered",
      at: now.wallMs,
      flow: outcome.flow,
      stage: "reachable",
      number,
      contact: maskPassword(contact),
      method: "OPTIONS",
      afterMs: isAnswered ? outcome.afterMs : 0,
    });
  }
}
