/**
 * Drives streams while somebody watches them, and costs nothing while nobody does.
 * @module
 */

const STEP_EVERY_MS = 50;

export class Stepper {
  readonly #step: (nowMs: number, monotonicMs: number) => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `step` gets the clock on the wall, and one that is never set. */
  constructor(step: (nowMs: number, monotonicMs: number) => void) {
    this.#step = step;
  }

  /** Begins to step, or stops. */
  set(isRunning: boolean): void {
    clearInterval(this.#timer);
    this.#timer = isRunning
      ? setInterval(
        () => this.#step(Date.now(), performance.now()),
        STEP_EVERY_MS,
      )
      : undefined;
  }
}
