/**
 * Lets the desk of verdicts work between what the telephone has to do, as long as somebody looks.
 * What it works with is loaded when somebody asks for the first time.
 * @module
 */

import type { SourceReport } from "../../diag/desk/source_report.ts";
import type {
  DeskParts,
  DeskState,
  VerdictDesk,
} from "../../diag/desk/verdict_desk.ts";
import type { LedgerEntry } from "../../diag/ledger/ledger.ts";
import type { PhoneReport, ReportDesk } from "../../diag/phone_report.ts";

/** So long the telephone waits at most, but for the last thing that was begun. */
const STEP_MS = 2;
/** Between two steps, so that whatever waits is served first. */
const PAUSE_MS = 12;
/** The same while somebody waits for the first answer. */
const SHORT_PAUSE_MS = 5;
const REST_MS = 250;

/** One who waits for what is known by now. */
interface Waiting {
  readonly round: number;
  readonly resolve: () => void;
}

export class VerdictClock implements ReportDesk {
  readonly #parts: DeskParts;
  #desk: VerdictDesk | null = null;
  #isLoading = false;
  #isStopped = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #waiting: Waiting[] = [];
  #longestMs = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Whether anything is known since somebody asked. */
  get isFresh(): boolean {
    return this.#desk?.isFresh ?? false;
  }

  /** How long the longest step took. */
  get longestMs(): number {
    return this.#longestMs;
  }

  list(): readonly PhoneReport[] {
    this.#wake();
    return this.#desk?.list() ?? [];
  }

  listOf(number: string): readonly PhoneReport[] {
    this.#wake();
    return this.#desk?.listOf(number) ?? [];
  }

  /** Who was refused, or is taken for a scanner; the most refused first. */
  sources(): readonly SourceReport[] {
    this.#wake();
    return this.#desk?.sources() ?? [];
  }

  note(entry: LedgerEntry): void {
    this.#desk?.note(entry);
  }

  /** Resolves when everything is judged that is kept by now. */
  async settle(): Promise<void> {
    const desk = await this.#load();
    if (this.#isStopped) return;
    if (desk.isFresh && !desk.hasNews) {
      this.#wake();
      desk.list();
      return;
    }
    desk.hurry();
    await new Promise<void>((resolve) => {
      this.#waiting.push({ round: desk.nextRound, resolve });
      this.#schedule(0);
    });
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#release(Infinity);
  }

  async #load(): Promise<VerdictDesk> {
    const { VerdictDesk } = await import("../../diag/desk/verdict_desk.ts");
    return this.#desk ??= new VerdictDesk(this.#parts);
  }

  #wake(): void {
    if (this.#desk !== null) {
      if (this.#timer === null) this.#schedule(0);
    } else if (!this.#isLoading) {
      this.#isLoading = true;
      this.#load().then((desk) => {
        desk.hurry();
        this.#schedule(0);
      });
    }
  }

  #schedule(afterMs: number): void {
    if (this.#isStopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#tick, afterMs);
  }

  readonly #tick = (): void => {
    this.#timer = null;
    const desk = this.#desk;
    if (desk === null) return;
    const begun = performance.now();
    const until = begun + STEP_MS;
    let state: DeskState;
    try {
      state = desk.step(Date.now(), () => performance.now() < until);
    } catch (error) {
      // whoever asks again has it begin anew
      this.#desk = null;
      this.#isLoading = false;
      this.#release(Infinity);
      reportError(error);
      return;
    }
    this.#longestMs = Math.max(this.#longestMs, performance.now() - begun);
    this.#release(desk.roundsDone);
    if (state === "busy") {
      this.#schedule(desk.isFresh ? PAUSE_MS : SHORT_PAUSE_MS);
    } else if (state === "resting") this.#schedule(REST_MS);
  };

  #release(roundsDone: number): void {
    if (this.#waiting.length === 0) return;
    const ready = this.#waiting.filter(({ round }) => round <= roundsDone);
    this.#waiting = this.#waiting.filter(({ round }) => round > roundsDone);
    for (const { resolve } of ready) resolve();
  }
}
