/**
 * Runs the checks of the server for the page: when somebody looks and the last run is old, or when
 * he asks for it; never two at once, and never in the time of the one who asks.
 * @module
 */

import type { CheckResult } from "../../diag/machine/check_finding.ts";
import type { CheckDesk, CheckRunResult } from "../check_desk.ts";

/** A look begins a run only where the last one is this old. */
const AGE_MS = 60_000;

export interface CheckDeskParts {
  /** One run; takes some seconds. */
  run(): Promise<readonly CheckResult[]>;
  wallMs(): number;
  monotonicMs(): number;
  /** Hears that a run broke off. */
  onTrouble(cause: string): void;
}

export class RunningChecks implements CheckDesk {
  readonly #parts: CheckDeskParts;
  #last: CheckRunResult | null = null;
  #begunAtMs = -Infinity;
  #isRunning = false;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: CheckDeskParts) {
    this.#parts = parts;
  }

  last(): CheckRunResult | null {
    return this.#last;
  }

  isRunning(): boolean {
    return this.#isRunning;
  }

  look(): void {
    const ageMs = this.#parts.monotonicMs() - this.#begunAtMs;
    if (ageMs >= AGE_MS) this.again();
  }

  again(): void {
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    this.#begunAtMs = this.#parts.monotonicMs();
    // the answer to the one who asked leaves first
    this.#timer = setTimeout(() => this.#run(), 0);
  }

  /** No run begins any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    try {
      const results = await this.#parts.run();
      this.#last = { results, atMs: this.#parts.wallMs() };
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#parts.onTrouble(cause);
    } finally {
      this.#isRunning = false;
    }
  }
}
