/**
 * The INVITE transactions that we open (RFC 3261 §17.1.1 with RFC 6026 §7.2): repeats over UDP,
 * which answer belongs to which, the ACK of failures (RFC 3261 §17.1.1.3), and CANCEL
 * (RFC 3261 §9.1). Those that are answered are bounded here, those that wait by whoever opens them.
 * @module
 */

import { ClientTransactions } from "./client_transactions.ts";
import type { Flow } from "./flow.ts";
import {
  type InviteClientEvent,
  type InviteClientState,
  openInviteClient,
  stepInviteClient,
} from "./invite_client_transaction.ts";
import type { Message } from "./message.ts";
import type { Outbox } from "./outbox.ts";
import { type RequestParts, writeRequest } from "./serialize.ts";
import { type Deadlines, TimerQueue } from "./timer_queue.ts";
import { T1_MS } from "./timers.ts";
import type { Action } from "./transaction.ts";

/** One INVITE that waits for its answer. */
export class InviteClient<T> {
  readonly branch: string;
  readonly flow: Flow;
  /** What the CANCEL or the ACK of a failure repeats; null once neither can come any more. */
  parts: RequestParts | null;
  /** Whatever its user wants back; null when it is over, because timers keep it for a while. */
  about: T | null;
  state: InviteClientState;
  /** As it was sent, as long as it may have to be sent again. */
  octets: Uint8Array | null;
  hasProvisional = false;
  /** Whether it is to be cancelled, now or as soon as that is allowed. */
  isCancelled = false;
  readonly deadlines: Deadlines = {};
  intervalMs = T1_MS;
  /** When it has failed because nothing final came after its CANCEL; 0: it was not sent. */
  cancelledUntilMs = 0;

  constructor(
    parts: RequestParts,
    about: T,
    state: InviteClientState,
    octets: Uint8Array | null,
  ) {
    this.branch = parts.branch;
    this.flow = parts.flow;
    this.parts = parts;
    this.about = about;
    this.state = state;
    this.octets = octets;
  }
}

const NO_ANSWER_MS = 64 * T1_MS;
/** A bound on the work of one INVITE when there are too many. */
const MOST_LOOKED_AT = 256;

export class InviteClientTransactions<T> {
  readonly #transactions = new Map<string, InviteClient<T>>();
  readonly #timers = new TimerQueue<InviteClient<T>>();
  readonly #cancels: ClientTransactions<InviteClient<T>>;
  /** Those whose CANCEL was sent, in the order of its sending. */
  readonly #cancelled = new Set<InviteClient<T>>();
  readonly #most: number;

  constructor(limits: { readonly transactions: number }) {
    this.#most = limits.transactions;
    this.#cancels = new ClientTransactions(limits);
  }

  /** Writes the INVITE, ends it in the outbox, and opens its transaction. */
  open(
    parts: RequestParts,
    about: T,
    nowMs: number,
    outbox: Outbox,
  ): InviteClient<T> {
    const { flow } = parts;
    const isReliable = flow.transport === "tcp";
    const { state, actions } = openInviteClient(isReliable);
    const start = outbox.position;
    writeRequest(outbox, parts);
    const octets = isReliable
      ? null
      : outbox.bytes.slice(start, outbox.position);
    outbox.end(start, flow);
    if (this.#transactions.size >= this.#most) this.#forgetOldest();
    const transaction = new InviteClient(parts, about, state, octets);
    this.#transactions.set(parts.branch, transaction);
    for (const action of actions) {
      this.#carryOut(transaction, action, nowMs, outbox, null);
    }
    return transaction;
  }

  /**
   * Cancels an INVITE: at once where a provisional answer came, else when one comes, and not at
   * all where the final one was faster (RFC 3261 §9.1).
   */
  cancel(transaction: InviteClient<T>, nowMs: number, outbox: Outbox): void {
    if (transaction.isCancelled) return;
    transaction.isCancelled = true;
    if (transaction.state === "proceeding") {
      this.#sendCancel(transaction, nowMs, outbox);
    }
  }

  /**
   * An answer has come. Provisional answers, each 2xx and the first failure pass; repeats of a
   * failure are acknowledged here.
   *
   * @returns null where it belongs to none of ours.
   */
  receive(
    response: Message,
    nowMs: number,
    outbox: Outbox,
  ): { readonly about: T | null; readonly passes: boolean } | null {
    if (response.method === "CANCEL") {
      const outcome = this.#cancels.receive(response, nowMs, outbox);
      if (outcome === null) return null;
      return { about: null, passes: false };
    }
    const transaction = this.#transactions.get(response.branch);
    if (transaction === undefined || response.method !== "INVITE") return null;
    const { status } = response;
    const event = status < 200
      ? "receive-1xx"
      : status < 300
      ? "receive-2xx"
      : "receive-300+";
    const { about } = transaction;
    const passes = this.#step(transaction, event, nowMs, outbox, response);
    transaction.octets = null;
    if (status >= 200 && status < 300) transaction.parts = null;
    if (status >= 200) this.#cancelled.delete(transaction);
    // one that was overtaken by the final answer says nothing new
    else if (passes && !transaction.hasProvisional) {
      transaction.hasProvisional = true;
      if (transaction.isCancelled) {
        this.#sendCancel(transaction, nowMs, outbox);
      }
    }
    return { about, passes };
  }

  /** The dialog of a 2xx is over: whatever repeats it may be, nobody waits for it. */
  release(transaction: InviteClient<T>): void {
    if (transaction.state === "accepted") this.#forget(transaction);
  }

  /** Carries out the timers that are due; gives what the INVITEs that nobody answered were about. */
  wake(nowMs: number, outbox: Outbox): T[] {
    const failed: T[] = [];
    this.#cancels.wake(nowMs, outbox);
    for (;;) {
      const due = this.#timers.takeDue(nowMs);
      if (due === null) break;
      const transaction = due.owner;
      const { about } = transaction;
      const wasOpen = transaction.state === "calling";
      const event = `timer-${due.timer}` as InviteClientEvent;
      this.#step(transaction, event, nowMs, outbox, null);
      if (wasOpen && isOver(transaction) && about !== null) failed.push(about);
    }
    for (const transaction of this.#cancelled) {
      if (transaction.cancelledUntilMs > nowMs) break;
      const { about } = transaction;
      this.#forget(transaction);
      if (about !== null) failed.push(about);
    }
    return failed;
  }

  /** Nothing can be sent over a connection any more: gives what the INVITEs on it were about. */
  failFlow(flow: Flow): T[] {
    const failed: T[] = [];
    for (const transaction of this.#transactions.values()) {
      const { flow: own } = transaction;
      if (own.id !== flow.id || own.transport !== flow.transport) continue;
      const { state, about } = transaction;
      this.#forget(transaction);
      const isWaiting = state === "calling" || state === "proceeding";
      if (isWaiting && about !== null) failed.push(about);
    }
    this.#cancels.failFlow(flow);
    return failed;
  }

  #sendCancel(
    transaction: InviteClient<T>,
    nowMs: number,
    outbox: Outbox,
  ): void {
    const { parts, branch, flow } = transaction;
    if (parts === null) return;
    transaction.cancelledUntilMs = nowMs + NO_ANSWER_MS;
    this.#cancelled.add(transaction);
    const start = outbox.position;
    writeRequest(outbox, bare(parts, "CANCEL", parts.to));
    this.#cancels.open(branch, flow, transaction, nowMs, outbox, start);
    outbox.end(start, flow);
  }

  /** @returns whether the transaction user has to hear of the event. */
  #step(
    transaction: InviteClient<T>,
    event: InviteClientEvent,
    nowMs: number,
    outbox: Outbox,
    response: Message | null,
  ): boolean {
    const { transport } = transaction.flow;
    const isReliable = transport === "tcp";
    const row = stepInviteClient(transaction.state, event, isReliable);
    if (row === null) return false;
    transaction.state = row.state;
    let passes = false;
    for (const action of row.actions) {
      if (action.do === "pass") passes = true;
      else this.#carryOut(transaction, action, nowMs, outbox, response);
    }
    if (row.state === "terminated") this.#forget(transaction);
    return passes;
  }

  #carryOut(
    transaction: InviteClient<T>,
    action: Action,
    nowMs: number,
    outbox: Outbox,
    response: Message | null,
  ): void {
    switch (action.do) {
      case "repeat": {
        if (transaction.octets === null) return;
        const start = outbox.position;
        outbox.constant(transaction.octets);
        return outbox.end(start, transaction.flow);
      }
      case "acknowledge":
        if (response !== null) this.#acknowledge(transaction, response, outbox);
        return;
      case "start":
      case "restart":
      case "stop":
        return this.#timers.carryOut(transaction, action, nowMs);
      case "send":
      case "pass":
      case "fail":
        return;
    }
  }

  /** The ACK of a failure is part of the transaction (RFC 3261 §17.1.1.3). */
  #acknowledge(
    { parts }: InviteClient<T>,
    response: Message,
    outbox: Outbox,
  ): void {
    if (parts === null) return;
    const to = response.value("to") ?? parts.to;
    const start = outbox.position;
    writeRequest(outbox, bare(parts, "ACK", to));
    outbox.end(start, parts.flow);
  }

  /** One that has its answer already, of the oldest few: no one that waits is pushed out. */
  #forgetOldest(): void {
    let looked = 0;
    for (const oldest of this.#transactions.values()) {
      const isWaiting = oldest.state === "calling" ||
        oldest.state === "proceeding";
      if (!isWaiting) return this.#forget(oldest);
      if (++looked >= MOST_LOOKED_AT) return;
    }
  }

  #forget(transaction: InviteClient<T>): void {
    transaction.state = "terminated";
    transaction.octets = null;
    transaction.parts = null;
    transaction.about = null;
    this.#cancelled.delete(transaction);
    this.#timers.stopAll(transaction);
    this.#transactions.delete(transaction.branch);
  }
}

function isOver<T>({ state }: InviteClient<T>): boolean {
  return state === "terminated";
}

/** The same request with another method, without header fields and body of its own. */
function bare(
  { body: _, ...parts }: RequestParts,
  method: string,
  to: string,
): RequestParts {
  return { ...parts, method, to, headers: "" };
}
