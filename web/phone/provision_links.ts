/**
 * Links that give the settings of one phone to whoever has them: once, and not for long. The
 * passwords stand in memory only, and of the links nothing but hashes.
 *
 * Phones ask with HEAD first, and some ask twice within seconds. So *once* means: from one
 * address, within a minute of the first time.
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { PhoneFile } from "./phone_card.ts";
import { FILE_KINDS } from "./phone_file.ts";

/** How long a password that was just made is kept, and its links with it. */
const KEEP_MS = 15 * 60_000;
const REPEAT_MS = 60_000;
const MOST_LINKS = 64;
const MOST_PASSWORDS = 64;
const TOKEN_OCTETS = 16;
const LONGEST_TOKEN = 64;
/** So many wrong links from one address within a minute close the door to it. */
const MOST_TRIES = 20;
const TRIES_MS = 60_000;
const MOST_ADDRESSES = 1024;

interface Link {
  readonly hash: Uint8Array;
  readonly number: string;
  readonly file: PhoneFile;
  readonly endMs: number;
  /** Who fetched it first; "" for nobody yet. */
  peer: string;
  usedMs: number;
}

interface Kept {
  readonly password: string;
  readonly endMs: number;
}

/** What became of the newest link to a file. */
export type LinkStanding =
  | { readonly state: "fresh" }
  /** It works for this address, and not for long any more. */
  | { readonly state: "used"; readonly peer: string; readonly atMs: number }
  | { readonly state: "ended" };

/** What a link gives. */
export interface Taken {
  readonly number: string;
  readonly file: PhoneFile;
  readonly password: string;
}

export class ProvisionLinks {
  /** The oldest first. */
  #links: Link[] = [];
  /** By number and file; also those that have ended. */
  readonly #newest = new Map<string, Link>();
  readonly #passwords = new Map<string, Kept>();
  readonly #tries = new Map<string, { count: number; sinceMs: number }>();

  /** Keeps a password that was just made. Links to the one before are worth nothing any more. */
  keep(number: string, password: string, nowMs: number): void {
    this.forget(number);
    this.#passwords.set(number, { password, endMs: nowMs + KEEP_MS });
    if (this.#passwords.size > MOST_PASSWORDS) {
      const [oldest] = this.#passwords.keys();
      this.forget(oldest!);
    }
  }

  /** The extension is gone, or its password is another one. */
  forget(number: string): void {
    this.#passwords.delete(number);
    this.#links = this.#links.filter((link) => link.number !== number);
  }

  /** The password of an extension with the moment until which it is kept; null for none. */
  find(number: string, nowMs: number): Kept | null {
    this.#sweep(nowMs);
    return this.#passwords.get(number) ?? null;
  }

  /**
   * Makes a link to a file of an extension whose password is kept, and gives its token; null where
   * the password is not kept.
   *
   * @param random at least 16 random octets.
   */
  make(
    number: string,
    file: PhoneFile,
    random: Uint8Array,
    nowMs: number,
  ): string | null {
    if (random.length < TOKEN_OCTETS) {
      throw new RangeError("16 random octets are needed");
    }
    const kept = this.find(number, nowMs);
    if (kept === null) return null;
    const token = random.slice(0, TOKEN_OCTETS).toHex();
    const link: Link = {
      hash: hashOf(token),
      number,
      file,
      endMs: kept.endMs,
      peer: "",
      usedMs: 0,
    };
    this.#links.push(link);
    if (this.#links.length > MOST_LINKS) this.#links.shift();
    const name = `${number}/${file}`;
    this.#newest.delete(name);
    this.#newest.set(name, link);
    if (this.#newest.size > MOST_LINKS) {
      const [oldest] = this.#newest.keys();
      this.#newest.delete(oldest!);
    }
    return token;
  }

  /** What became of the link that was made last; null where none is remembered. */
  standing(
    number: string,
    file: PhoneFile,
    nowMs: number,
  ): LinkStanding | null {
    this.#sweep(nowMs);
    const link = this.#newest.get(`${number}/${file}`);
    if (link === undefined) return null;
    const { peer, usedMs: atMs } = link;
    if (peer !== "") return { state: "used", peer, atMs };
    return { state: this.#links.includes(link) ? "fresh" : "ended" };
  }

  /**
   * Takes what a link gives. Null in the same way whether there is no such link, it was used, it
   * has ended, or the address has guessed too often.
   *
   * @param isLook whether only the head of the answer is wanted: that uses nothing up.
   */
  take(
    token: string,
    fileName: string,
    peer: string,
    isLook: boolean,
    nowMs: number,
  ): Taken | null {
    this.#sweep(nowMs);
    const link = this.#findLink(token);
    const isShut = this.#isShut(peer, nowMs);
    if (link === null) this.#noteTry(peer, nowMs);
    if (link === null || isShut) return null;
    if (!FILE_KINDS[link.file].asked.test(fileName)) return null;
    if (link.peer !== "" && link.peer !== peer) return null;
    const kept = this.#passwords.get(link.number);
    if (kept === undefined) return null;
    if (link.peer === "" && !isLook) {
      link.peer = peer;
      link.usedMs = nowMs;
    }
    return { number: link.number, file: link.file, password: kept.password };
  }

  /** Looks at every link, so that the time tells nothing. */
  #findLink(token: string): Link | null {
    const hash = hashOf(token.slice(0, LONGEST_TOKEN));
    let found: Link | null = null;
    for (const link of this.#links) {
      if (timingSafeEqual(link.hash, hash)) found = link;
    }
    return found;
  }

  #isShut(peer: string, nowMs: number): boolean {
    const tries = this.#tries.get(peer);
    return tries !== undefined && nowMs - tries.sinceMs < TRIES_MS &&
      tries.count >= MOST_TRIES;
  }

  #noteTry(peer: string, nowMs: number): void {
    const tries = this.#tries.get(peer);
    if (tries !== undefined && nowMs - tries.sinceMs < TRIES_MS) {
      tries.count++;
      return;
    }
    this.#tries.delete(peer);
    this.#tries.set(peer, { count: 1, sinceMs: nowMs });
    if (this.#tries.size > MOST_ADDRESSES) {
      const [oldest] = this.#tries.keys();
      this.#tries.delete(oldest!);
    }
  }

  /** Lets go of what has ended. */
  #sweep(nowMs: number): void {
    for (const [number, { endMs }] of this.#passwords) {
      if (endMs <= nowMs) this.#passwords.delete(number);
    }
    this.#links = this.#links.filter(({ endMs, peer, usedMs }) =>
      endMs > nowMs && (peer === "" || nowMs - usedMs < REPEAT_MS)
    );
  }
}

function hashOf(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
