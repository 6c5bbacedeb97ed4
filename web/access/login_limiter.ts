/**
 * How often a password may be guessed: a bucket of tries for each address, which fills again
 * slowly. A try is taken before the password is looked at, so that many at once are no way around.
 * @module
 */

import { networkOf } from "./source_network.ts";

/** Tries of an address that has made none. */
const MOST_TRIES = 5;
/** One try comes back in this time. */
const REFILL_MS = 60_000;
const MOST_CREDIT_MS = MOST_TRIES * REFILL_MS;
/** How many addresses are remembered. */
const MOST_SOURCES = 4096;

/** What was guessed: the password at the sign-in, the one of `/metrics`, or the setup token. */
export type Guess = "password" | "metrics" | "token";

/** An address that has no tries left. */
export interface Lockout {
  /** An IPv4 address, or the network of an IPv6 one. */
  readonly source: string;
  readonly why: Guess;
  readonly sinceMs: number;
  readonly untilMs: number;
}

interface Bucket {
  /** The tries, in the time that they take to come back. */
  creditMs: number;
  atMs: number;
  sinceMs: number;
  why: Guess;
}

export class LoginLimiter {
  /** The one that was touched last stands last. */
  readonly #buckets = new Map<string, Bucket>();

  /** Takes a try; where there is none, says when there will be. */
  take(address: string, why: Guess, nowMs: number): { untilMs: number } | null {
    const source = networkOf(address);
    const bucket = this.#fill(source, nowMs);
    if (bucket.creditMs < REFILL_MS) return { untilMs: untilOf(bucket) };
    bucket.creditMs -= REFILL_MS;
    bucket.why = why;
    if (bucket.creditMs < REFILL_MS) bucket.sinceMs = nowMs;
    return null;
  }

  /** How many tries an address has now. */
  triesLeft(address: string, nowMs: number): number {
    const bucket = this.#buckets.get(networkOf(address));
    if (bucket === undefined) return MOST_TRIES;
    return Math.floor(creditAt(bucket, nowMs) / REFILL_MS);
  }

  /** Gives a try back that came to nothing. */
  giveBack(address: string): void {
    const bucket = this.#buckets.get(networkOf(address));
    if (bucket !== undefined) {
      bucket.creditMs = Math.min(MOST_CREDIT_MS, bucket.creditMs + REFILL_MS);
    }
  }

  /** Gives an address all its tries: it knew the password, or an administrator says so. */
  release(address: string): boolean {
    const isNetwork = address.endsWith("/64");
    return this.#buckets.delete(isNetwork ? address : networkOf(address));
  }

  /** Gives everybody all tries. */
  releaseAll(): void {
    this.#buckets.clear();
  }

  /** The addresses that have no tries left, the newest first. */
  list(nowMs: number): readonly Lockout[] {
    const locked: Lockout[] = [];
    for (const [source, bucket] of this.#buckets) {
      if (creditAt(bucket, nowMs) >= REFILL_MS) continue;
      const { why, sinceMs } = bucket;
      locked.push({ source, why, sinceMs, untilMs: untilOf(bucket) });
    }
    return locked.toSorted((one, other) => other.sinceMs - one.sinceMs);
  }

  #fill(source: string, nowMs: number): Bucket {
    const found = this.#buckets.get(source);
    const bucket: Bucket = found ??
      { creditMs: MOST_CREDIT_MS, atMs: nowMs, sinceMs: 0, why: "password" };
    bucket.creditMs = creditAt(bucket, nowMs);
    bucket.atMs = nowMs;
    this.#buckets.delete(source);
    this.#buckets.set(source, bucket);
    if (this.#buckets.size > MOST_SOURCES) {
      this.#buckets.delete(this.#buckets.keys().next().value!);
    }
    return bucket;
  }
}

/** A clock that was put back gives nothing and takes nothing. */
function creditAt({ creditMs, atMs }: Bucket, nowMs: number): number {
  return Math.min(MOST_CREDIT_MS, creditMs + Math.max(0, nowMs - atMs));
}

function untilOf({ creditMs, atMs }: Bucket): number {
  return atMs + REFILL_MS - creditMs;
}
