/**
 * The server's transactions: which request belongs to which (RFC 3261 §17.2.3), and the carrying
 * out of what their figures say. A request that comes again is answered from here and never
 * processed twice; everything is bounded, the oldest goes first.
 *
 * Left on purpose: the address of the sender is part of what must match, because small phones
 * behind different routers draw the same branches from the same private address.
 * @module
 */

import type { Flow } from "./flow.ts";
import {
  openInviteServer,
  stepInviteServer,
} from "./invite_server_transaction.ts";
import type {
  InviteServerEvent,
  InviteServerState,
} from "./invite_server_transaction.ts";
import type { Message } from "./message.ts";
import type { Outbox } from "./outbox.ts";
import { KeptResponse, ResponseRing } from "./response_ring.ts";
import {
  openServer,
  type ServerEvent,
  type ServerState,
  stepServer,
} from "./server_transaction.ts";
import { type Deadlines, TimerQueue } from "./timer_queue.ts";
import { T1_MS, timerMs } from "./timers.ts";
import { MAGIC_COOKIE } from "./token_mint.ts";
import type { Action } from "./transaction.ts";

const NOTHING = new KeptResponse();
const NO_DEADLINES = Object.freeze({});

/** One transaction that waits for repeats of its request. */
export class ServerTransaction {
  readonly key: string;
  readonly mergeKey: string;
  readonly isInvite: boolean;
  readonly flow: Flow;
  state: ServerState | InviteServerState;
  kept: KeptResponse = NOTHING;
  /** When timer J ends it; 0 as long as it does not run. */
  endsAtMs = 0;
  /** Only an INVITE has timers besides J. */
  readonly deadlines: Deadlines;
  intervalMs = T1_MS;

  constructor(key: string, mergeKey: string, isInvite: boolean, flow: Flow) {
    this.key = key;
    this.mergeKey = mergeKey;
    this.isInvite = isInvite;
    this.flow = flow;
    this.deadlines = isInvite ? {} : NO_DEADLINES;
    this.state = isInvite
      ? openInviteServer(false).state
      : openServer(false).state;
  }
}

/** What two requests have in common that are the same (RFC 3261 §17.2.3). */
export function transactionKey(message: Message, flow: Flow): string {
  const { via } = message;
  const method = message.method === "ACK" ? "INVITE" : message.method;
  const sender = `${via!.sentBy}|${flow.peer}|${method}`;
  // a branch that is the cookie and nothing else identifies nothing (RFC 4475 §3.2.1)
  if (
    via!.branch.startsWith(MAGIC_COOKIE) &&
    via!.branch.length > MAGIC_COOKIE.length
  ) {
    return `${via!.branch}|${sender}`;
  }
  return `|${message.requestUri}|${message.callId}|${message.cseq}|${message.fromTag}|${sender}`;
}

/** What requests have in common that reached us on several ways (RFC 3261 §8.2.2.2). */
export function mergeKeyOf(message: Message): string {
  const isOutsideDialog = message.method !== "REGISTER" &&
    message.method !== "ACK" &&
    message.method !== "CANCEL" && message.toTag === "";
  if (!isOutsideDialog) return "";
  return `${
    message.fromTag.slice(0, 512)
  }|${message.callId}|${message.cseq} ${message.method}`;
}

/** How much may be remembered. */
export interface TransactionLimits {
  /** For answers. */
  readonly octets: number;
  readonly transactions: number;
  /**
   * Failures of an INVITE are repeated only when the INVITE is: for strangers, whose address may
   * be another one's (RFC 3261 §26.3.2.4).
   */
  readonly isPassive?: boolean;
}

export class ServerTransactions {
  readonly #transactions = new Map<string, ServerTransaction>();
  readonly #merged = new Map<string, ServerTransaction>();
  readonly #timers = new TimerQueue<ServerTransaction>();
  /** Those that only wait for timer J, in the order in which it ends them. */
  #expiring: ServerTransaction[] = [];
  #firstExpiring = 0;
  readonly #ring: ResponseRing;
  readonly #most: number;
  readonly #isPassive: boolean;

  constructor(limits: TransactionLimits) {
    this.#ring = new ResponseRing(limits.octets);
    this.#most = limits.transactions;
    this.#isPassive = limits.isPassive ?? false;
  }

  get size(): number {
    return this.#transactions.size;
  }

  /** The transaction that a request belongs to, if it is a repeat or the ACK of a failure. */
  match(key: string): ServerTransaction | undefined {
    return this.#transactions.get(key);
  }

  /**
   * Whether the same request has reached us with another branch and is being served already.
   *
   * @param key as `mergeKeyOf` makes it.
   */
  isMerged(key: string): boolean {
    return key !== "" && this.#merged.has(key);
  }

  /** Opens a transaction for a request that matched none. */
  open(key: string, message: Message, flow: Flow): ServerTransaction {
    const isInvite = message.method === "INVITE" && !this.#isPassive;
    const transaction = new ServerTransaction(
      key,
      mergeKeyOf(message),
      isInvite,
      flow,
    );
    if (this.#transactions.size >= this.#most) this.#forgetOldest();
    this.#transactions.set(key, transaction);
    const { mergeKey } = transaction;
    if (mergeKey !== "" && !this.#merged.has(mergeKey)) {
      this.#merged.set(mergeKey, transaction);
    }
    return transaction;
  }

  /** A repeat of the request, or its ACK, has come. */
  receive(
    transaction: ServerTransaction,
    event: "request" | "ack",
    nowMs: number,
    outbox: Outbox,
  ): void {
    if (event === "ack" && !transaction.isInvite) return;
    this.#step(transaction, event, nowMs, outbox, -1);
  }

  /** The answer has been written into the outbox from `start` on; it is kept for repeats. */
  respond(
    transaction: ServerTransaction,
    status: number,
    nowMs: number,
    outbox: Outbox,
    start: number,
  ): void {
    const kind = status < 200
      ? "send-1xx"
      : !transaction.isInvite
      ? "send-final"
      : status < 300
      ? "send-2xx"
      : "send-300+";
    this.#step(transaction, kind, nowMs, outbox, start);
  }

  /** Sends the 2xx of an INVITE once more, as long as it is known (RFC 3261 §13.3.1.4). */
  resend(transaction: ServerTransaction, outbox: Outbox): void {
    if (transaction.state === "accepted") this.#repeat(transaction, outbox);
  }

  /** Puts another answer in the place of the one that was kept last. */
  replace(transaction: ServerTransaction, outbox: Outbox, start: number): void {
    if (!this.#transactions.has(transaction.key)) return;
    this.#keep(transaction, outbox, start);
  }

  /** Carries out the timers that are due. */
  wake(nowMs: number, outbox: Outbox): void {
    for (;;) {
      const due = this.#timers.takeDue(nowMs);
      if (due === null) break;
      this.#step(
        due.owner,
        `timer-${due.timer}` as InviteServerEvent,
        nowMs,
        outbox,
        -1,
      );
    }
    while (this.#firstExpiring < this.#expiring.length) {
      const transaction = this.#expiring[this.#firstExpiring]!;
      if (transaction.endsAtMs > nowMs && transaction.state !== "terminated") {
        break;
      }
      this.#firstExpiring++;
      this.#step(transaction, "timer-J", nowMs, outbox, -1);
    }
    this.#trimExpiring();
  }

  #trimExpiring(): void {
    if (
      this.#firstExpiring < 1024 ||
      this.#firstExpiring * 2 < this.#expiring.length
    ) return;
    this.#expiring = this.#expiring.slice(this.#firstExpiring);
    this.#firstExpiring = 0;
  }

  #step(
    transaction: ServerTransaction,
    event: ServerEvent | InviteServerEvent,
    nowMs: number,
    outbox: Outbox,
    start: number,
  ): void {
    const isReliable = transaction.flow.transport === "tcp";
    const transition = transaction.isInvite
      ? stepInviteServer(
        transaction.state as InviteServerState,
        event as InviteServerEvent,
        isReliable,
      )
      : stepServer(
        transaction.state as ServerState,
        event as ServerEvent,
        isReliable,
      );
    if (transition === null) return;
    transaction.state = transition.state;
    for (const action of transition.actions) {
      this.#carryOut(transaction, action, nowMs, outbox, start);
    }
    if (transition.state === "terminated") this.#forget(transaction);
  }

  #carryOut(
    transaction: ServerTransaction,
    action: Action,
    nowMs: number,
    outbox: Outbox,
    start: number,
  ): void {
    switch (action.do) {
      case "send":
        if (transaction.flow.transport === "udp" || transaction.isInvite) {
          this.#keep(transaction, outbox, start);
        }
        return;
      case "repeat":
        return this.#repeat(transaction, outbox);
      case "start":
      case "restart":
      case "stop":
        if (action.timer !== "J") {
          return this.#timers.carryOut(transaction, action, nowMs);
        }
        // J always runs as long: a queue is enough, where a heap would cost each registration
        transaction.endsAtMs = nowMs + timerMs("J", false);
        this.#expiring.push(transaction);
        return;
      case "pass":
      case "fail":
      case "acknowledge":
        return;
    }
  }

  #keep(transaction: ServerTransaction, outbox: Outbox, start: number): void {
    transaction.kept = new KeptResponse();
    this.#ring.keep(transaction.kept, outbox.bytes, start, outbox.position);
  }

  #repeat(transaction: ServerTransaction, outbox: Outbox): void {
    if (!transaction.kept.isKept) return;
    const start = outbox.position;
    this.#ring.write(transaction.kept, outbox);
    outbox.end(start, transaction.flow);
  }

  #forget(transaction: ServerTransaction): void {
    this.#timers.stopAll(transaction);
    if (this.#transactions.get(transaction.key) !== transaction) return;
    this.#transactions.delete(transaction.key);
    const { mergeKey } = transaction;
    if (this.#merged.get(mergeKey) === transaction) {
      this.#merged.delete(mergeKey);
    }
  }

  /** The oldest of those that are answered; where none is, the oldest that does not wait. */
  #forgetOldest(): void {
    while (this.#firstExpiring < this.#expiring.length) {
      const oldest = this.#expiring[this.#firstExpiring++]!;
      if (oldest.state === "terminated") continue;
      oldest.state = "terminated";
      this.#forget(oldest);
      return this.#trimExpiring();
    }
    for (const oldest of this.#transactions.values()) {
      // a caller that still waits for his answer is pushed out by nobody
      if (oldest.isInvite && oldest.state === "proceeding") continue;
      oldest.state = "terminated";
      return this.#forget(oldest);
    }
  }
}
