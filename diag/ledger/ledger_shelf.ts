/**
 * The shelves of the ledger: the newest facts of one host in a ring, and the rings of a class of
 * hosts, of which the ones that were quiet longest give way.
 * @module
 */

import type { Fact, MediaSeen, Side } from "../../pbx/fact.ts";

/** A fact with its place in the order of all facts. */
export interface LedgerEntry {
  /** Grows by one with each fact, from 1. */
  readonly seq: number;
  readonly fact: Fact;
}

export interface LedgerLimits {
  readonly hosts: number;
  /** Of one host. */
  readonly facts: number;
  /** Of all hosts of a class, counted as their memory. */
  readonly octets: number;
}

/** What a fact takes without its texts, roughly. */
const FACT_OCTETS = 240;
/** What it takes more with the names of codecs, which may point into a message. */
const OFFER_OCTETS = 1200;
/** Calls of a host of which the sound of each side is kept. */
const MOST_SOUNDS = 32;

/** The newest facts of one host, in a ring. */
export class Shelf {
  readonly entries: LedgerEntry[] = [];
  /** Where the oldest stands, once the ring is full. */
  #oldest = 0;
  /** Where the last word about the sound of a phone stands, by Call-ID; the oldest first. */
  readonly #sounds: Readonly<Record<Side, Map<string, number>>> = {
    caller: new Map(),
    callee: new Map(),
  };
  octets = 0;
  /** The number of all facts when the shelf was put behind the others. */
  movedAt = 0;

  get last(): LedgerEntry | undefined {
    const { length } = this.entries;
    return this.entries[(this.#oldest + length - 1) % length];
  }

  /** Adds an entry; gives by how much the memory grew. */
  add(entry: LedgerEntry, most: number): number {
    const before = this.octets;
    this.octets += octetsOf(entry.fact);
    if (this.entries.length < most) {
      // the ring was full when less was allowed
      this.entries.push(...this.entries.splice(0, this.#oldest), entry);
      this.#oldest = 0;
    } else {
      this.octets -= octetsOf(this.entries[this.#oldest]!.fact);
      this.entries[this.#oldest] = entry;
      this.#oldest = (this.#oldest + 1) % most;
    }
    return this.octets - before;
  }

  /** The same for sound: only the last word about each phone of a call is kept, and of few calls. */
  addSound(
    entry: LedgerEntry,
    { side, callId }: MediaSeen,
    most: number,
  ): number {
    const places = this.#sounds[side];
    let place = places.get(callId);
    let owner = callId;
    if (place === undefined && places.size >= MOST_SOUNDS) {
      [owner, place] = places.entries().next().value!;
      places.delete(owner);
    }
    if (place !== undefined && this.#isSound(place, side, owner, most)) {
      this.entries[place] = entry;
      if (owner !== callId) places.set(callId, place);
      return 0;
    }
    places.set(
      callId,
      this.entries.length < most ? this.entries.length : this.#oldest,
    );
    return this.add(entry, most);
  }

  /** Whether a place still has what was put there, and will not soon be written over. */
  #isSound(place: number, side: Side, callId: string, most: number): boolean {
    const { length } = this.entries;
    const age = (place - this.#oldest + length) % length;
    if (length >= most && age < length / 2) return false;
    const fact = this.entries[place]?.fact;
    return fact?.kind === "media-seen" && fact.side === side &&
      fact.callId === callId;
  }

  /** Puts a newer entry in the place of the last one, which said the same. */
  replaceLast(entry: LedgerEntry): void {
    const { length } = this.entries;
    this.entries[(this.#oldest + length - 1) % length] = entry;
  }
}

/** The shelves of one class of hosts. */
export class Shelves {
  readonly limits: LedgerLimits;
  /** In the order of their last activity. */
  readonly byHost = new Map<string, Shelf>();
  octets = 0;

  constructor(limits: LedgerLimits) {
    this.limits = limits;
  }

  drop(host: string): Shelf | undefined {
    const shelf = this.byHost.get(host);
    if (shelf === undefined) return undefined;
    this.byHost.delete(host);
    this.octets -= shelf.octets;
    return shelf;
  }

  put(host: string, shelf: Shelf): void {
    this.byHost.set(host, shelf);
    this.octets += shelf.octets;
  }

  trim(): void {
    const { hosts, octets } = this.limits;
    for (const host of this.byHost.keys()) {
      if (this.byHost.size <= hosts && this.octets <= octets) return;
      if (this.byHost.size === 1) return;
      this.drop(host);
    }
  }
}

function octetsOf(fact: Fact): number {
  if (fact.kind === "malformed-seen") {
    return FACT_OCTETS + fact.what.length + fact.userAgent.length;
  }
  if (fact.kind === "retransmission-seen") {
    return FACT_OCTETS + fact.callId.length + fact.branch.length;
  }
  if (fact.kind === "response-seen") return FACT_OCTETS + fact.callId.length;
  if (fact.kind === "request-seen") return FACT_OCTETS + fact.octets;
  if ("offer" in fact && fact.offer !== null) return FACT_OCTETS + OFFER_OCTETS;
  if (fact.kind === "refused") return FACT_OCTETS + 2 * fact.detail.length;
  return FACT_OCTETS;
}
