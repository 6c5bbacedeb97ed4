/**
 * The last SIP messages as they came and went, for the trace and the help bundle: copies in one
 * piece of memory that is written round and round. A host that sends much keeps only some of its
 * messages, so that it does not push out those of the others.
 * @module
 */

import type { Flow } from "../../sip/flow.ts";

/** One message. */
export interface TrafficEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly direction: "in" | "out";
  readonly flow: Flow;
  readonly octets: Uint8Array;
}

const ROOM_OCTETS = 2 << 20;
const MOST_MESSAGES = 4096;
/** Messages that a host may have kept at once, and how many more each second. */
const BURST = 256;
const EACH_SECOND = 16;
const MOST_HOSTS = 1024;

interface Place {
  readonly at: number;
  readonly direction: "in" | "out";
  readonly flow: Flow;
  readonly start: number;
  readonly end: number;
}

interface Budget {
  left: number;
  atMs: number;
}

export class Traffic {
  readonly #room: Uint8Array;
  /** The oldest first; every place is still as it was written. */
  #places: Place[] = [];
  #first = 0;
  #end = 0;
  readonly #budgets = new Map<string, Budget>();

  constructor(roomOctets: number = ROOM_OCTETS) {
    this.#room = new Uint8Array(roomOctets);
  }

  /** Keeps a copy of `bytes` from `start` to `end`; false where it was skipped. */
  add(
    direction: "in" | "out",
    bytes: Uint8Array,
    start: number,
    end: number,
    flow: Flow,
    at: number,
  ): boolean {
    const length = end - start;
    // signs of life and empty datagrams are no messages
    if (length < 8) return false;
    if (length > this.#room.length || !this.#admit(flow.host, at)) {
      return false;
    }
    if (this.#end + length > this.#room.length) {
      this.#forgetFrom(this.#end, this.#room.length);
      this.#end = 0;
    }
    const from = this.#end;
    this.#forgetFrom(from, from + length);
    this.#room.set(bytes.subarray(start, end), from);
    this.#end = from + length;
    this.#places.push({
      at,
      direction,
      flow,
      start: from,
      end: this.#end,
    });
    if (this.#places.length - this.#first > MOST_MESSAGES) this.#first++;
    this.#tidy();
    return true;
  }

  /** Copies of all messages that are kept, the oldest first. */
  entries(): TrafficEntry[] {
    return this.#places.slice(this.#first)
      .map(({ at, direction, flow, start, end }) => ({
        at,
        direction,
        flow,
        octets: this.#room.slice(start, end),
      }));
  }

  /** The oldest messages give way where their memory is written anew. */
  #forgetFrom(start: number, end: number): void {
    while (this.#first < this.#places.length) {
      const place = this.#places[this.#first]!;
      if (place.start >= end || place.end <= start) return;
      this.#first++;
    }
  }

  #tidy(): void {
    if (this.#first < MOST_MESSAGES) return;
    this.#places = this.#places.slice(this.#first);
    this.#first = 0;
  }

  #admit(host: string, at: number): boolean {
    let budget = this.#budgets.get(host);
    if (budget === undefined) {
      if (this.#budgets.size >= MOST_HOSTS) this.#budgets.clear();
      budget = { left: BURST, atMs: at };
      this.#budgets.set(host, budget);
    }
    if (at > budget.atMs) {
      const more = (at - budget.atMs) / 1000 * EACH_SECOND;
      budget.left = Math.min(BURST, budget.left + more);
    }
    budget.atMs = at;
    if (budget.left < 1) return false;
    budget.left--;
    return true;
  }
}
