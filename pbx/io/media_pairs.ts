/**
 * The pairs of sockets of the relay: those of calls, and those that rest after one, because its
 * phones may still send for a moment. A pair is closed before two seconds have passed, so that its
 * ports are free. It serves again before that only in a storm, or where there is no other: whoever
 * makes calls could foretell the port of the next one.
 * @module
 */

import type { Libc } from "../../sip/io/libc.ts";
import { type Address, parseAddress } from "../../sip/io/sockaddr.ts";
import type { PortRange } from "../config_value.ts";
import { RECORD_WORDS, SHUT } from "../media/command_ring.ts";
import type { MediaEnd } from "../media/media_relay.ts";
import { PortPool } from "../media/port_pool.ts";
import { openPair, raiseDescriptorLimit } from "./media_sockets.ts";
import type { MediaThread } from "./media_thread.ts";

/**
 * So many that rest mean a storm of short calls: opening sockets would cost more than all the rest
 * of a call.
 */
const MANY = 256;
/** In a storm a pair serves again after so long. */
const REST_MS = 250;
const KEEP_MS = 1500;
const SWEEP_MS = 200;
/** So many pairs of others in a row, in an order of chance, mean that hardly any is free. */
const TRIES = 256;
const RANDOM_WORDS = 256;

/** Two sockets and the end that they serve; a new end for each call. */
export interface Pair {
  readonly rtp: number;
  readonly rtcp: number;
  readonly address: Address;
  /** The number of an end is its slot. */
  end: MediaEnd;
  closedAtMs: number;
}

/** What the pairs need of the relay. */
export interface PairsOwner {
  nowMs(): number;
  /** Hands a record to the worker at once. */
  shut(record: Uint32Array): void;
}

export class MediaPairs {
  readonly #libc: Libc;
  readonly #thread: MediaThread;
  readonly #owner: PairsOwner;
  readonly #ports: PortPool;
  /** By slot, those that serve. */
  readonly #serving: (Pair | undefined)[] = [];
  /** By the address, those that rest, the longest first. */
  readonly #resting = new Map<string, Set<Pair>>();
  /** Ports of sockets that the worker was asked to close a moment ago. */
  readonly #closing: number[] = [];
  readonly #freeSlots: number[] = [];
  readonly #capacity: number;
  readonly #random = new Uint32Array(RANDOM_WORDS);
  #randomLeft = 0;
  #usedSlots = 0;
  #sweep: ReturnType<typeof setTimeout> | null = null;
  #isReady = false;

  constructor(
    libc: Libc,
    ports: PortRange,
    capacity: number,
    thread: MediaThread,
    owner: PairsOwner,
  ) {
    this.#libc = libc;
    this.#thread = thread;
    this.#owner = owner;
    this.#capacity = capacity;
    this.#ports = new PortPool(ports, (below) => this.#randomBelow(below));
  }

  /** The pair of an end; null where the end was closed. */
  find(end: MediaEnd): Pair | null {
    const pair = this.#serving[end.id];
    return pair?.end === end ? pair : null;
  }

  /** A pair for a new end; null where there is none, or the address is not ours. */
  take(host: string): Pair | null {
    const isStorm = (this.#resting.get(host)?.size ?? 0) > MANY;
    const rested = isStorm ? this.#takeRested(host, REST_MS) : null;
    const pair = rested ?? this.#open(host) ?? this.#takeRested(host, 0);
    if (pair !== null) this.#serving[pair.end.id] = pair;
    return pair;
  }

  /** The call has ended. */
  rest(pair: Pair): void {
    const { host, id } = pair.end;
    this.#serving[id] = undefined;
    pair.closedAtMs = this.#owner.nowMs();
    let resting = this.#resting.get(host);
    if (resting === undefined) {
      resting = new Set();
      this.#resting.set(host, resting);
    }
    resting.add(pair);
    this.#sweepLater();
  }

  /** Lets a new worker know of every socket. */
  watchAll(): void {
    for (const pair of this.#all()) this.#watch(pair);
  }

  /** Nothing more happens by itself. */
  stop(): void {
    if (this.#sweep !== null) clearTimeout(this.#sweep);
  }

  /** Carries out a record that the worker did not live to see. */
  closeShut(record: Uint32Array): void {
    if (record[0] !== SHUT) return;
    this.#libc.call.close(record[2]!);
    this.#libc.call.close(record[3]!);
  }

  /** Closes every socket; no worker may be left. */
  closeAll(): void {
    for (const { rtp, rtcp } of this.#all()) {
      this.#libc.call.close(rtp);
      this.#libc.call.close(rtcp);
    }
    this.#serving.length = 0;
    this.#resting.clear();
  }

  /** The pair that has rested longest, if that is long enough. */
  #takeRested(host: string, restMs: number): Pair | null {
    const resting = this.#resting.get(host);
    if (resting === undefined) return null;
    for (const pair of resting) {
      if (pair.closedAtMs + restMs > this.#owner.nowMs()) return null;
      resting.delete(pair);
      pair.end = { ...pair.end };
      return pair;
    }
    return null;
  }

  #open(host: string): Pair | null {
    const address = parseAddress(host);
    if (address === null) return null;
    if (!this.#isReady) raiseDescriptorLimit(this.#libc, this.#capacity);
    this.#isReady = true;
    const taken: number[] = [];
    let pair: Pair | null = null;
    while (pair === null && taken.length < TRIES && this.#ports.size > 0) {
      const port = this.#ports.take();
      const opened = openPair(this.#libc, address, port);
      if (typeof opened !== "string") {
        const end = { id: this.#takeSlot(), host, port };
        pair = { ...opened, address, end, closedAtMs: 0 };
      } else {
        taken.push(port);
        if (opened === "hopeless") break;
      }
    }
    for (const port of taken) this.#ports.give(port);
    if (pair !== null) this.#watch(pair);
    return pair;
  }

  #watch(pair: Pair): void {
    this.#thread.watch(pair.rtp, 2 * pair.end.id);
    this.#thread.watch(pair.rtcp, 2 * pair.end.id + 1);
  }

  /** One that was used before, where there is one: fewer pages of memory are touched. */
  #takeSlot(): number {
    return this.#freeSlots.pop() ?? this.#usedSlots++;
  }

  #sweepLater(): void {
    if (this.#sweep !== null) return;
    this.#sweep = setTimeout(() => {
      this.#sweep = null;
      this.#closeRested();
      if (this.#resting.size > 0 || this.#closing.length > 0) {
        this.#sweepLater();
      }
    }, SWEEP_MS);
    Deno.unrefTimer(this.#sweep);
  }

  /** Closes what has rested long. */
  #closeRested(): void {
    for (const port of this.#closing.splice(0)) this.#ports.give(port);
    const before = this.#owner.nowMs() - KEEP_MS;
    for (const [host, resting] of this.#resting) {
      for (const pair of resting) {
        if (pair.closedAtMs > before) break;
        resting.delete(pair);
        this.#shut(pair);
      }
      if (resting.size === 0) this.#resting.delete(host);
    }
  }

  #shut({ rtp, rtcp, end }: Pair): void {
    const record = new Uint32Array(RECORD_WORDS);
    record[0] = SHUT;
    record[1] = end.id;
    record[2] = rtp;
    record[3] = rtcp;
    this.#owner.shut(record);
    this.#freeSlots.push(end.id);
    this.#closing.push(end.port);
  }

  *#all(): Generator<Pair> {
    for (const pair of this.#serving) if (pair !== undefined) yield pair;
    for (const resting of this.#resting.values()) yield* resting;
  }

  #randomBelow(below: number): number {
    if (this.#randomLeft === 0) {
      crypto.getRandomValues(this.#random);
      this.#randomLeft = RANDOM_WORDS;
    }
    return Math.floor(this.#random[--this.#randomLeft]! / 2 ** 32 * below);
  }
}
