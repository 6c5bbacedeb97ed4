/**
 * Knows how the whole office stands, for who looks at the status page. A small office is looked
 * through each time; a large one at most once a second, a little at a time, and who looks sees how
 * it stood a moment ago.
 * @module
 */

import {
  callRoll,
  callRollAtOnce,
  type OfficeRoll,
  type RollParts,
} from "../office_roll.ts";
import { runGently } from "./gentle.ts";

/** Extensions that are looked through at once, in about a millisecond. */
const SMALL = 250;
const EVERY_MS = 1000;
/** Each takes some microseconds, which are to be a small part of the time. */
const EACH_MS = 0.1;
/** How long it is remembered when nobody looks. */
const FORGET_MS = 30_000;

export interface RollDeskParts extends RollParts {
  wallMs(): number;
  monotonicMs(): number;
  /** Is told where it could not be made. */
  onFault(error: unknown): void;
}

export class RollDesk {
  readonly #parts: RollDeskParts;
  #last: OfficeRoll | null = null;
  #madeAtMs = -Infinity;
  #making: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(parts: RollDeskParts) {
    this.#parts = parts;
  }

  /** How it stands, or stood a moment ago; null where it is still looked through. */
  read(): OfficeRoll | null {
    if (this.#isSmall) {
      return callRollAtOnce(this.#parts, this.#parts.wallMs());
    }
    this.#refresh();
    return this.#last;
  }

  /** Resolves when `read()` gives what is of now. */
  async settle(): Promise<void> {
    if (!this.#isSmall) await this.#refresh();
  }

  /** The server stops. */
  stop(): void {
    this.#isStopped = true;
    this.#forget();
  }

  get #isSmall(): boolean {
    return this.#parts.extensions().length <= SMALL;
  }

  #refresh(): Promise<void> {
    if (this.#making !== null) return this.#making;
    const { extensions, monotonicMs } = this.#parts;
    const everyMs = Math.max(EVERY_MS, EACH_MS * extensions().length);
    if (monotonicMs() - this.#madeAtMs < everyMs) return Promise.resolve();
    return this.#making = this.#make().finally(() => this.#making = null);
  }

  async #make(): Promise<void> {
    try {
      const steps = callRoll(this.#parts, this.#parts.wallMs());
      this.#last = await runGently(steps);
      this.#madeAtMs = this.#parts.monotonicMs();
      clearTimeout(this.#timer);
      if (this.#isStopped) this.#forget();
      else this.#timer = setTimeout(() => this.#forget(), FORGET_MS);
    } catch (error) {
      this.#parts.onFault(error);
    }
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#last = null;
    this.#madeAtMs = -Infinity;
  }
}
