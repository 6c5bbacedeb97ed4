/**
 * What the main thread asks of the worker: a ring of records in shared memory, written by one
 * thread and read by the other. Nothing is allocated, and nobody waits for a lock.
 * @module
 */

import { AIM_WORDS } from "./source_lock.ts";

/**
 * Opens an end: descriptors of RTP and RTCP, family, own host (4 words), own port, and 1 where the
 * sockets served before.
 */
export const OPEN = 1;
/** Says where the phone is: the words of an aim. */
export const AIM = 2;
/** Connects with the end whose slot follows. */
export const CONNECT = 3;
export const ECHO = 4;
/** Payload type, SSRC, sequence number, timestamp. */
export const TONE = 5;
export const DISCONNECT = 6;
export const RESTART = 7;
/** Ends the call; the sockets rest. */
export const CLOSE = 8;
/** Closes the descriptors that follow, of an end that was closed. */
export const SHUT = 9;

/** Words of a record: what is asked, the slot, and what belongs to it. */
export const RECORD_WORDS = 2 + AIM_WORDS;

const HEAD = 0;
const TAIL = 1;
const IS_ASLEEP = 2;
const IS_ENDING = 3;
const ASKED = 4;
const ANSWERED = 5;
const HEADER_WORDS = 16;
/** A power of two. */
const RECORDS = 1024;

/** A view of the ring; each thread has its own. */
export class CommandRing {
  static readonly octets = 4 * (HEADER_WORDS + RECORDS * RECORD_WORDS);

  readonly #words: Uint32Array;

  /** Takes `CommandRing.octets` octets from `offset`. */
  constructor(memory: SharedArrayBuffer, offset: number) {
    this.#words = new Uint32Array(memory, offset, CommandRing.octets / 4);
  }

  /** Appends a record; false where there is no room. */
  push(record: Uint32Array): boolean {
    const words = this.#words;
    const head = Atomics.load(words, HEAD);
    if ((head - Atomics.load(words, TAIL) >>> 0) >= RECORDS) return false;
    const at = HEADER_WORDS + head % RECORDS * RECORD_WORDS;
    for (let i = 0; i < RECORD_WORDS; i++) words[at + i] = record[i]!;
    Atomics.store(words, HEAD, head + 1);
    return true;
  }

  /** Takes the first record out; false where there is none. */
  take(record: Uint32Array): boolean {
    const words = this.#words;
    const tail = Atomics.load(words, TAIL);
    if (Atomics.load(words, HEAD) === tail) return false;
    const at = HEADER_WORDS + tail % RECORDS * RECORD_WORDS;
    for (let i = 0; i < RECORD_WORDS; i++) record[i] = words[at + i]!;
    Atomics.store(words, TAIL, tail + 1);
    return true;
  }

  /** The worker is about to wait; false where it has something to do instead. */
  fallAsleep(): boolean {
    const words = this.#words;
    Atomics.store(words, ANSWERED, Atomics.load(words, ASKED));
    Atomics.store(words, IS_ASLEEP, 1);
    // what is appended from here on wakes it
    return Atomics.load(words, HEAD) === Atomics.load(words, TAIL) &&
      !this.isEnding();
  }

  wakeUp(): void {
    Atomics.store(this.#words, IS_ASLEEP, 0);
  }

  /** Whether the worker must be woken; says so once for each time that it falls asleep. */
  mustWake(): boolean {
    return Atomics.exchange(this.#words, IS_ASLEEP, 0) === 1;
  }

  /** Asks the worker whether it still goes round; it has to be woken for that. */
  ask(): void {
    Atomics.add(this.#words, ASKED, 1);
  }

  /** Whether it went round since it was asked. */
  isAnswered(): boolean {
    return Atomics.load(this.#words, ASKED) ===
      Atomics.load(this.#words, ANSWERED);
  }

  /** Tells the worker to end. */
  end(): void {
    Atomics.store(this.#words, IS_ENDING, 1);
  }

  isEnding(): boolean {
    return Atomics.load(this.#words, IS_ENDING) === 1;
  }
}
