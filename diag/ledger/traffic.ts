/**
 * The last SIP messages as they came and went, for the trace and the help bundle: copies in one
 * piece of memory that is written round and round. A host that sends much keeps only some of its
 * messages, so that it does not push out those of the others.
 * @module
 */

import type { Flow } from "../../sip/flow.ts";
import { toOctets } from "../../sip/octet.ts";

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
  /** How many were kept so far: the number of the newest one. */
  #count = 0;
  #skipped = 0;

  constructor(roomOctets: number = ROOM_OCTETS) {
    this.#room = new Uint8Array(roomOctets);
  }

  /** The number of the oldest message that is kept; messages are counted from 1. */
  get first(): number {
    return this.last - (this.#places.length - this.#first) + 1;
  }

  /** The number of the newest message; 0: there was none. */
  get last(): number {
    return this.#count;
  }

  /** How many were not kept, because their hosts sent too much. */
  get skipped(): number {
    return this.#skipped;
  }

  /** A copy of one message by its number; null where it is not kept any more. */
  get(number: number): TrafficEntry | null {
    const place = this.#places[this.#places.length - 1 - (this.last - number)];
    return place === undefined || number < this.first
      ? null
      : this.#copy(place);
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
      this.#skipped++;
      return false;
    }
    this.#count++;
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
    return this.#places.slice(this.#first).map((place) => this.#copy(place));
  }

  /**
   * Copies of the newest messages in which a text stands, the oldest first; of those that are not
   * older than the message of a number.
   *
   * @param text of octets, not empty.
   */
  find(text: string, from: number, most: number): TrafficEntry[] {
    const wanted = toOctets(text);
    const oldest = Math.max(this.#first, this.#first + from - this.first);
    const found: TrafficEntry[] = [];
    for (let i = this.#places.length - 1; i >= oldest; i--) {
      const place = this.#places[i]!;
      if (!this.#holds(place, wanted)) continue;
      found.push(this.#copy(place));
      if (found.length === most) break;
    }
    return found.reverse();
  }

  /** Looks for the last octet first: most texts end with one that is rare. */
  #holds({ start, end }: Place, wanted: Uint8Array): boolean {
    const octets = this.#room.subarray(start, end);
    const last = wanted.length - 1;
    let at = octets.indexOf(wanted[last]!, last);
    while (at >= 0) {
      let i = last;
      while (i > 0 && octets[at - last + i - 1] === wanted[i - 1]) i--;
      if (i === 0) return true;
      at = octets.indexOf(wanted[last]!, at + 1);
    }
    return false;
  }

  #copy({ at, direction, flow, start, end }: Place): TrafficEntry {
    return { at, direction, flow, octets: this.#room.slice(start, end) };
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
