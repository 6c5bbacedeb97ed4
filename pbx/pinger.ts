/**
 * Keeps the way to phones behind a router open, and learns whether they are still there: an
 * OPTIONS (RFC 3261 §11) to the address that they registered from, at an interval that is spread
 * over the phones. A phone that speaks RFC 5626 (§4.4.1) keeps its mapping itself: it gets the
 * two line ends of that RFC, and only each fourth time an OPTIONS.
 *
 * A phone behind a proxy is asked through it (RFC 3327 §5.3).
 *
 * Every other phone is asked once when it is new, because only an answer proves that the way to
 * it is open; in a storm of them only some are.
 * @module
 */

import { requestUri } from "../sip/dialog.ts";
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
import type { Fact, Pinged } from "./fact.ts";
import type { Moment } from "./journal_line.ts";

/** The first question comes soon, so that the diagnosis knows whether the way back is open. */
const FIRST_AFTER_MS = 1000;
const OUTBOUND_OPTIONS_EVERY = 4;
/** How many phones a second are asked out of turn. */
const PROMPT_EACH_SECOND = 8;
/** A question out of turn that nobody has answered for so long is told, though it goes on. */
const PROMPT_MS = 4000;
/** What a proxy says of a phone that it cannot reach (RFC 3261 §21.4.9, RFC 5626 §11.6). */
const NOT_THERE = [408, 430, 504];
/** More questions at a time than a second's share of a very large office. */
const MOST_WAITING = 65536;

/** Which binding a question was about. */
interface Question {
  readonly slot: number;
  readonly contact: string;
  readonly number: string;
  /** Whether a proxy stands in front of the phone, which may answer in its place. */
  readonly isProxied: boolean;
  /** Whether it was told already that nobody has answered so far. */
  isTold: boolean;
  /** When the binding ends unless the phone answers now; NaN: it stays whatever comes. */
  readonly lastChanceMs: number;
}

/** Where a question out of turn went, and until when nobody is told that no answer has come. */
interface Prompt {
  readonly flow: Flow;
  readonly untilMs: number;
}

export class Pinger {
  readonly #directory: Directory;
  readonly #bindings: BindingTable;
  readonly #tokens: TokenMint;
  readonly #intervalMs: number;
  readonly #waiting = new ClientTransactions<Question>({
    transactions: MOST_WAITING,
  });
  /** In the order in which they were asked. */
  readonly #prompt = new Map<Question, Prompt>();
  #promptSecond = -1;
  #promptLeft = 0;
  /** Bindings that let their last chance pass. */
  readonly #silent: number[] = [];

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
    const isAsked = this.#intervalMs > 0;
    const isRegular = isAsked && this.#isRegular(slot);
    if (isAsked && isNew && this.#isPrompt(nowMs)) {
      pingAtMs[slot] = nowMs + FIRST_AFTER_MS;
    } else if (isRegular && (isNew || pingAtMs[slot] === 0)) {
      pingAtMs[slot] = nowMs + FIRST_AFTER_MS + this.#share(slot);
    } else if (!isRegular) {
      pingAtMs[slot] = 0;
    }
  }

  /**
   * Asks a phone at once, because somebody wants to know.
   *
   * @param isLastChance whether `takeSilent()` is to name its binding where no answer comes soon.
   */
  askNow(
    slot: number,
    isLastChance: boolean,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
  ): void {
    const lastChanceMs = isLastChance ? this.#bindings.expiresAtMs[slot]! : NaN;
    this.#ask(slot, true, now, outbox, facts, lastChanceMs);
  }

  /** The bindings that let their last chance pass, and did not register anew meanwhile. */
  takeSilent(): number[] {
    return this.#silent.splice(0);
  }

  /** Asks the phones whose time has come. */
  wake(now: Moment, outbox: Outbox, facts: Fact[]): void {
    const { pingAtMs, used } = this.#bindings;
    const nowMs = now.monotonicMs;
    for (let slot = 0; slot < used; slot++) {
      const at = pingAtMs[slot]!;
      if (at === 0 || at > nowMs) continue;
      if (!this.#bindings.isLive(slot)) {
        pingAtMs[slot] = 0;
        continue;
      }
      pingAtMs[slot] = this.#isRegular(slot)
        ? nowMs + this.#intervalMs - this.#share(slot) / 4
        : 0;
      this.#ask(slot, false, now, outbox, facts);
    }
  }

  /** Repeats the questions that nobody has answered yet. */
  repeat(now: Moment, outbox: Outbox, facts: Fact[]): void {
    for (const outcome of this.#waiting.wake(now.monotonicMs, outbox)) {
      this.#conclude(outcome, now, facts);
    }
    for (const [question, { flow, untilMs }] of this.#prompt) {
      if (untilMs > now.monotonicMs) break;
      this.#prompt.delete(question);
      if (!this.#isCurrent(question)) continue;
      question.isTold = true;
      this.#noteSilence(question);
      facts.push(this.#tell("ping-unanswered", question, flow, now, 0));
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

  /** Whether the slot of a question still holds the phone that it was for. */
  #isCurrent({ slot, contact }: Question): boolean {
    return this.#bindings.isLive(slot) &&
      this.#bindings.get(slot).contact === contact;
  }

  #noteSilence({ slot, lastChanceMs }: Question): void {
    // a phone that has registered anew was heard
    if (this.#bindings.expiresAtMs[slot] === lastChanceMs) {
      this.#silent.push(slot);
    }
  }

  /** Whether the router in front of a phone forgets it unless it is asked again and again. */
  #isRegular(slot: number): boolean {
    return this.#bindings.isBehindNat(slot) &&
      this.#bindings.get(slot).transport === "udp";
  }

  /** Whether one more phone may be asked out of turn in this second. */
  #isPrompt(nowMs: number): boolean {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#promptSecond) {
      this.#promptSecond = second;
      this.#promptLeft = PROMPT_EACH_SECOND;
    }
    if (this.#promptLeft === 0) return false;
    this.#promptLeft--;
    return true;
  }

  #ask(
    slot: number,
    isPrompt: boolean,
    now: Moment,
    outbox: Outbox,
    facts: Fact[],
    lastChanceMs: number = NaN,
  ): void {
    const { contact, path, isOutbound } = this.#bindings.get(slot);
    const sent = this.#bindings.pingsSent[slot]!++;
    const flow = this.#bindings.flowOf(slot);
    const number = this.#directory.numberOf(this.#bindings.extension[slot]!);
    const isLight = !isPrompt && isOutbound &&
      sent % OUTBOUND_OPTIONS_EVERY !== 0;
    if (this.#waiting.isFull) return;
    const isProxied = path !== "";
    const question = {
      slot,
      contact,
      number,
      isProxied,
      isTold: false,
      lastChanceMs,
    };
    if (isPrompt || sent === 0) {
      const untilMs = now.monotonicMs + PROMPT_MS;
      this.#prompt.set(question, { flow, untilMs });
    }
    const start = outbox.position;
    if (isLight) {
      outbox.text("\r\n\r\n").end(start, flow);
    } else {
      const branch = this.#writeOptions(
        contact,
        path,
        number,
        flow,
        outbox,
      );
      this.#waiting.open(
        branch,
        flow,
        question,
        now.monotonicMs,
        outbox,
        start,
      );
      outbox.end(start, flow);
    }
    facts.push({
      ...this.#tell("ping-sent", question, flow, now, 0),
      method: isLight ? "CRLF" : "OPTIONS",
    });
  }

  #writeOptions(
    contact: string,
    path: string,
    number: string,
    flow: Flow,
    outbox: Outbox,
  ): string {
    const branch = MAGIC_COOKIE + this.#tokens.next();
    const host = formatAddress(flow.localHost, flow.localPort);
    writeRequest(outbox, {
      method: "OPTIONS",
      uri: requestUri(contact),
      flow,
      branch,
      from: `<sip:${host}>;tag=${this.#tokens.next()}`,
      to: `<sip:${number}@${host}>`,
      callId: this.#tokens.next(),
      cseq: 1,
      routes: path === "" ? "" : `Route: ${path}\r\n`,
      headers: `Contact: <sip:${host}>\r\n`,
    });
    return branch;
  }

  #conclude(
    outcome: ClientOutcome<Question>,
    now: Moment,
    facts: Fact[],
  ): void {
    const { about } = outcome;
    const isSilent = about.isProxied && NOT_THERE.includes(outcome.status);
    const isAnswered = outcome.status > 0 && !isSilent;
    this.#prompt.delete(about);
    const { missedPings } = this.#bindings;
    if (this.#isCurrent(about)) {
      missedPings[about.slot] = isAnswered
        ? 0
        : Math.min(255, missedPings[about.slot]! + 1);
    }
    if (!isAnswered && about.isTold) return;
    if (!isAnswered && this.#isCurrent(about)) this.#noteSilence(about);
    const kind = isAnswered ? "ping-answered" : "ping-unanswered";
    const afterMs = isAnswered ? outcome.afterMs : 0;
    facts.push(this.#tell(kind, about, outcome.flow, now, afterMs));
  }

  #tell(
    kind: Pinged["kind"],
    { contact, number }: Question,
    flow: Flow,
    now: Moment,
    afterMs: number,
  ): Pinged {
    return {
      kind,
      at: now.wallMs,
      flow,
      stage: "reachable",
      number,
      contact: maskPassword(contact),
      method: "OPTIONS",
      afterMs,
    };
  }
}
