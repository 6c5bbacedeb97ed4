/**
 * The extensions in memory: what a digest needs to be checked against, and which nonce counts
 * have been used (RFC 7616 §3.4.5). Held in columns, because a hundred thousand objects would
 * cost more than all the rest of the program.
 *
 * Nonce counts: for each extension the last few nonces with their highest count. A nonce that
 * fell out, and each one older than it, is stale, so no answer can be replayed however many
 * phones share the extension.
 * @module
 */

import type { Algorithm } from "../sip/digest.ts";
import { hexOf } from "../sip/hex.ts";

const MD5_OCTETS = 16;
const HASH_OCTETS = 48;
/** How many phones of one extension may keep their nonces at the same time. */
const NONCES = 4;

/** One extension as the store knows it. */
export interface ExtensionRecord {
  readonly number: string;
  /** 16 octets. */
  readonly ha1Md5: Uint8Array;
  /** 32 octets. */
  readonly ha1Sha256: Uint8Array;
}

export class Directory {
  readonly #slots = new Map<string, number>();
  readonly #numbers: string[] = [];
  readonly #free: number[] = [];
  #hashes = new Uint8Array(0);
  #nonces = new Float64Array(0);
  #counts = new Uint32Array(0);
  /** The youngest nonce that fell out of the list. */
  #forgotten = new Float64Array(0);
  #firstBindings = new Int32Array(0);

  get size(): number {
    return this.#slots.size;
  }

  /** Makes room for that many, so that a start does not grow step by step. */
  reserve(count: number): void {
    const capacity = this.#forgotten.length;
    if (count <= capacity) return;
    const larger = Math.max(count, capacity * 2, 64);
    this.#hashes = copyInto(new Uint8Array(larger * HASH_OCTETS), this.#hashes);
    this.#nonces = copyInto(new Float64Array(larger * NONCES), this.#nonces);
    this.#counts = copyInto(new Uint32Array(larger * NONCES), this.#counts);
    this.#forgotten = copyInto(new Float64Array(larger), this.#forgotten);
    this.#firstBindings = copyInto(new Int32Array(larger), this.#firstBindings);
  }

  /** Adds an extension or changes its password; returns its slot. */
  set(extension: ExtensionRecord): number {
    let slot = this.#slots.get(extension.number);
    if (slot === undefined) {
      slot = this.#free.pop() ?? this.#numbers.length;
      this.reserve(slot + 1);
      this.#slots.set(extension.number, slot);
      this.#numbers[slot] = extension.number;
      this.#firstBindings[slot] = -1;
      this.#nonces.fill(0, slot * NONCES, (slot + 1) * NONCES);
      this.#forgotten[slot] = 0;
    }
    this.#hashes.set(extension.ha1Md5, slot * HASH_OCTETS);
    this.#hashes.set(extension.ha1Sha256, slot * HASH_OCTETS + MD5_OCTETS);
    return slot;
  }

  /**
   * Adds many extensions, none of which is there; for the start, when no slot is free.
   *
   * @param hashes 48 octets for each: HA1 for MD5, then for SHA-256.
   */
  load(numbers: readonly string[], hashes: Uint8Array): void {
    const first = this.#numbers.length;
    this.reserve(first + numbers.length);
    this.#hashes.set(hashes, first * HASH_OCTETS);
    this.#firstBindings.fill(-1, first, first + numbers.length);
    for (let i = 0; i < numbers.length; i++) {
      this.#slots.set(numbers[i]!, first + i);
      this.#numbers.push(numbers[i]!);
    }
  }

  /** Forgets an extension, whose bindings must be gone. */
  remove(number: string): void {
    const slot = this.#slots.get(number);
    if (slot === undefined) return;
    this.#slots.delete(number);
    this.#numbers[slot] = "";
    this.#free.push(slot);
  }

  /** The slot of a number, or -1. */
  find(number: string): number {
    return this.#slots.get(number) ?? -1;
  }

  numberOf(slot: number): string {
    return this.#numbers[slot]!;
  }

  /** HA1 in lower-case hexadecimal digits. */
  ha1(slot: number, algorithm: Algorithm): string {
    const start = slot * HASH_OCTETS;
    const hashes = this.#hashes;
    return algorithm === "MD5"
      ? hexOf(hashes, start, start + MD5_OCTETS)
      : hexOf(hashes, start + MD5_OCTETS, start + HASH_OCTETS);
  }

  /** Whether these are the hashes that the extension has. */
  isPassword(slot: number, extension: ExtensionRecord): boolean {
    const start = slot * HASH_OCTETS;
    return extension.ha1Md5.every((octet, i) =>
      octet === this.#hashes[start + i]
    );
  }

  firstBinding(slot: number): number {
    return this.#firstBindings[slot]!;
  }

  setFirstBinding(slot: number, binding: number): void {
    this.#firstBindings[slot] = binding;
  }

  /** Every number, in no order. */
  numbers(): IterableIterator<string> {
    return this.#slots.keys();
  }

  /**
   * Takes note of a nonce count that came with a right answer.
   *
   * @returns false where this count, or a higher one, was used before.
   */
  useNonce(slot: number, nonce: number, count: number): boolean {
    if (nonce <= this.#forgotten[slot]!) return false;
    const nonces = this.#nonces;
    const first = slot * NONCES;
    let oldest = first;
    for (let at = first; at < first + NONCES; at++) {
      if (nonces[at] === nonce) {
        if (count <= this.#counts[at]!) return false;
        this.#counts[at] = count;
        return true;
      }
      if (nonces[at]! < nonces[oldest]!) oldest = at;
    }
    // a nonce older than all that are kept would fall out at once: then nothing could hold its count
    if (nonce < nonces[oldest]!) {
      this.#forgotten[slot] = Math.max(this.#forgotten[slot]!, nonce);
      return true;
    }
    this.#forgotten[slot] = Math.max(this.#forgotten[slot]!, nonces[oldest]!);
    nonces[oldest] = nonce;
    this.#counts[oldest] = count;
    return true;
  }
}

function copyInto<
  T extends Uint8Array | Uint32Array | Float64Array | Int32Array,
>(
  target: T,
  source: T,
): T {
  target.set(source);
  return target;
}
