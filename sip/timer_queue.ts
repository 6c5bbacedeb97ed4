/**
 * Timers that somebody else's clock moves: a binary heap of deadlines. A timer that was stopped
 * or set anew stays in the heap and is passed over when it comes up.
 * @module
 */

import { nextIntervalMs } from "./timers.ts";
import type { Action, TimerName } from "./transaction.ts";

/** When each timer that runs is due; a field that was there once stays, because that is faster. */
export type Deadlines = Partial<Record<TimerName, number | undefined>>;

/** Whoever owns timers. */
export interface TimerOwner {
  /** The deadline of each that runs. */
  readonly deadlines: Deadlines;
  /** How long the repeating one ran last. */
  intervalMs: number;
}

/** What a figure may want of the timers. */
export type TimerAction = Extract<
  Action,
  { readonly do: "start" | "restart" | "stop" }
>;

interface Entry<T> {
  readonly dueMs: number;
  readonly owner: T;
  readonly timer: TimerName;
}

export class TimerQueue<T extends TimerOwner> {
  #heap: Entry<T>[] = [];
  /** Above this size the heap is cleared of what was stopped. */
  #clearAbove = 1024;

  /** Starts a timer or sets it anew. */
  set(owner: T, timer: TimerName, dueMs: number): void {
    if (this.#heap.length > this.#clearAbove) this.#clear();
    owner.deadlines[timer] = dueMs;
    const heap = this.#heap;
    let at = heap.length;
    const entry = { dueMs, owner, timer };
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.dueMs <= dueMs) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Carries out what a figure wants of the timers. */
  carryOut(owner: T, action: TimerAction, nowMs: number): void {
    switch (action.do) {
      case "start":
        return this.set(owner, action.timer, nowMs + action.afterMs);
      case "restart":
        owner.intervalMs = nextIntervalMs(action.timer, owner.intervalMs);
        return this.set(owner, action.timer, nowMs + owner.intervalMs);
      case "stop":
        owner.deadlines[action.timer] = undefined;
    }
  }

  /** Stops every timer of an owner. */
  stopAll(owner: T): void {
    for (const timer in owner.deadlines) {
      owner.deadlines[timer as TimerName] = undefined;
    }
  }

  /** Takes one timer that is due; null when there is none. */
  takeDue(nowMs: number): { owner: T; timer: TimerName } | null {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.dueMs > nowMs) return null;
      this.#removeFirst();
      const { owner, timer } = first;
      if (owner.deadlines[timer] !== first.dueMs) continue;
      owner.deadlines[timer] = undefined;
      return { owner, timer };
    }
  }

  /** How many entries there are, running and stopped. */
  get size(): number {
    return this.#heap.length;
  }

  /** A sorted list is a heap. */
  #clear(): void {
    this.#heap = this.#heap.filter(({ owner, timer, dueMs }) =>
      owner.deadlines[timer] === dueMs
    ).sort((a, b) => a.dueMs - b.dueMs);
    this.#clearAbove = Math.max(1024, this.#heap.length * 2);
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (
        child + 1 < heap.length && heap[child + 1]!.dueMs < heap[child]!.dueMs
      ) child++;
      if (heap[child]!.dueMs >= last.dueMs) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
