/**
 * The client's transactions of requests that we send, without INVITE (RFC 3261 §17.1.2, §17.1.3):
 * repeats over UDP, the matching of answers, and the end without one. Bounded.
 * @module
 */

import {
  type ClientEvent,
  type ClientState,
  openClient,
  stepClient,
} from "./client_transaction.ts";
import type { Flow } from "./flow.ts";
import type { Message } from "./message.ts";
import type { Outbox } from "./outbox.ts";
import { type Deadlines, TimerQueue } from "./timer_queue.ts";
import { T1_MS } from "./timers.ts";
import type { Action } from "./transaction.ts";

/** One request that waits for its answer; `about` is whatever its user wants back. */
export class ClientTransaction<T> {
  readonly branch: string;
  readonly flow: Flow;
  readonly about: T;
  readonly sentAtMs: number;
  /** As it was sent, as long as it may have to be sent again. */
  octets: Uint8Array | null;
  state: ClientState;
  readonly deadlines: Deadlines = {};
  intervalMs = T1_MS;

  constructor(
    branch: string,
    flow: Flow,
    about: T,
    sentAtMs: number,
    octets: Uint8Array | null,
    state: ClientState,
  ) {
    this.branch = branch;
    this.flow = flow;
    this.about = about;
    this.sentAtMs = sentAtMs;
    this.octets = octets;
    this.state = state;
  }
}

/** What became of a request. */
export interface ClientOutcome<T> {
  readonly about: T;
  readonly flow: Flow;
  /** 0 where no answer came. */
  readonly status: number;
  readonly afterMs: number;
}

export class ClientTransactions<T> {
  readonly #transactions = new Map<string, ClientTransaction<T>>();
  readonly #timers = new TimerQueue<ClientTransaction<T>>();
  readonly #most: number;

  constructor(limits: { readonly transactions: number }) {
    this.#most = limits.transactions;
  }

  get size(): number {
    return this.#transactions.size;
  }

  get isFull(): boolean {
    return this.#transactions.size >= this.#most;
  }

  /** The request has been written into the outbox from `start` on. */
  open(
    branch: string,
    flow: Flow,
    about: T,
    nowMs: number,
    outbox: Outbox,
    start: number,
  ): void {
    const isReliable = flow.transport === "tcp";
    const { state, actions } = openClient(isReliable);
    const octets = isReliable
      ? null
      : outbox.bytes.slice(start, outbox.position);
    const transaction = new ClientTransaction(
      branch,
      flow,
      about,
      nowMs,
      octets,
      state,
    );
    this.#transactions.set(branch, transaction);
    for (const action of actions) {
      this.#carryOut(transaction, action, nowMs, outbox);
    }
  }

  /** An answer has come: its outcome if it is final and the first, null if it is none of ours. */
  receive(
    response: Message,
    nowMs: number,
    outbox: Outbox,
  ): ClientOutcome<T> | "absorbed" | null {
    const transaction = this.#transactions.get(response.branch);
    if (transaction === undefined) return null;
    const isFinal = response.status >= 200;
    const wasWaiting = transaction.state === "trying" ||
      transaction.state === "proceeding";
    this.#step(
      transaction,
      isFinal ? "receive-final" : "receive-1xx",
      nowMs,
      outbox,
    );
    if (isFinal) transaction.octets = null;
    if (!isFinal || !wasWaiting) return "absorbed";
    const { about, flow, sentAtMs } = transaction;
    return { about, flow, status: response.status, afterMs: nowMs - sentAtMs };
  }

  /** Nothing can be sent over a connection any more: gives what failed with it. */
  failFlow(flow: Flow): ClientOutcome<T>[] {
    const failed: ClientOutcome<T>[] = [];
    for (const transaction of this.#transactions.values()) {
      const { flow: own, state, about } = transaction;
      if (own.id !== flow.id || own.transport !== flow.transport) continue;
      this.#timers.stopAll(transaction);
      this.#transactions.delete(transaction.branch);
      if (state !== "trying" && state !== "proceeding") continue;
      failed.push({ about, flow: own, status: 0, afterMs: 0 });
    }
    return failed;
  }

  /** Carries out the timers that are due; returns the requests that nobody answered. */
  wake(nowMs: number, outbox: Outbox): ClientOutcome<T>[] {
    const unanswered: ClientOutcome<T>[] = [];
    for (;;) {
      const due = this.#timers.takeDue(nowMs);
      if (due === null) return unanswered;
      const transaction = due.owner;
      const hasFailed = this.#step(
        transaction,
        `timer-${due.timer}` as ClientEvent,
        nowMs,
        outbox,
      );
      if (!hasFailed) continue;
      const { about, flow } = transaction;
      unanswered.push({
        about,
        flow,
        status: 0,
        afterMs: nowMs - transaction.sentAtMs,
      });
    }
  }

  /** @returns whether the request has failed. */
  #step(
    transaction: ClientTransaction<T>,
    event: ClientEvent,
    nowMs: number,
    outbox: Outbox,
  ): boolean {
    const transition = stepClient(
      transaction.state,
      event,
      transaction.flow.transport === "tcp",
    );
    if (transition === null) return false;
    transaction.state = transition.state;
    for (const action of transition.actions) {
      this.#carryOut(transaction, action, nowMs, outbox);
    }
    if (transition.state === "terminated") {
      this.#transactions.delete(transaction.branch);
    }
    return transition.actions.some((action) => action.do === "fail");
  }

  #carryOut(
    transaction: ClientTransaction<T>,
    action: Action,
    nowMs: number,
    outbox: Outbox,
  ): void {
    switch (action.do) {
      case "repeat": {
        if (transaction.octets === null) return;
        const start = outbox.position;
        outbox.constant(transaction.octets).end(start, transaction.flow);
        return;
      }
      case "start":
      case "restart":
      case "stop":
        return this.#timers.carryOut(transaction, action, nowMs);
      case "send":
      case "pass":
      case "fail":
      case "acknowledge":
        return;
    }
  }
}
