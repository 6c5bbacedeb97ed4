/**
 * What the exchange tells of itself: that it starts and stops, that its journal fails, and that
 * the clock jumped.
 * @module
 */

import type { ServerFact } from "../fact.ts";
import type { Moment } from "../journal_line.ts";
import { describeSqlError } from "./database.ts";

/** How often a failing journal is complained of. */
const COMPLAIN_EVERY_MS = 10_000;
/** The wall clock may drift from the monotonic one by this much between two ticks. */
const JUMP_MS = 5000;

export class ServerNotes {
  readonly #path: string;
  readonly #wallMs: () => number;
  readonly #add: (fact: ServerFact) => void;
  #failingSinceMs = 0;
  #complainedAtMs = -Infinity;
  #clockOffsetMs: number;

  /** @param path of the database. */
  constructor(
    path: string,
    wallMs: () => number,
    now: Moment,
    add: (fact: ServerFact) => void,
  ) {
    this.#path = path;
    this.#wallMs = wallMs;
    this.#add = add;
    this.#clockOffsetMs = now.wallMs - now.monotonicMs;
  }

  tell(kind: ServerFact["kind"], detail: string): void {
    this.#add({ kind, at: this.#wallMs(), stage: "process", detail });
  }

  /** The database could not be read or written. */
  complain(error: unknown, now: Moment): void {
    this.#failingSinceMs ||= now.monotonicMs;
    if (now.monotonicMs - this.#complainedAtMs < COMPLAIN_EVERY_MS) return;
    this.#complainedAtMs = now.monotonicMs;
    this.tell("store-failed", `${describeSqlError(error)}: \`${this.#path}\``);
  }

  /** The journal was written. */
  recover(): void {
    if (this.#failingSinceMs === 0) return;
    this.#failingSinceMs = 0;
    this.#complainedAtMs = -Infinity;
    this.tell("store-recovered", this.#path);
  }

  /** Decisions run on the monotonic clock; a jump of the other one is told all the same. */
  watchClock(now: Moment): void {
    const offsetMs = now.wallMs - now.monotonicMs;
    const jumpMs = offsetMs - this.#clockOffsetMs;
    this.#clockOffsetMs = offsetMs;
    if (Math.abs(jumpMs) > JUMP_MS) {
      this.tell("clock-jumped", `${Math.round(jumpMs / 1000)} s`);
    }
  }
}
