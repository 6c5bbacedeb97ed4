/**
 * Lets only so much work run at once, and only so much wait; the rest is refused at once.
 * @module
 */

export class WorkQueue {
  readonly #mostRunning: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(mostRunning: number, mostWaiting: number) {
    this.#mostRunning = mostRunning;
    this.#mostWaiting = mostWaiting;
  }

  /**
   * Runs a piece of work, now or when its turn comes; null where too much waits already.
   *
   * @param isFirst whether it is the next one, and waits also where others would be refused.
   */
  run<T>(work: () => Promise<T>, isFirst = false): Promise<T> | null {
    if (this.#running < this.#mostRunning) return this.#start(work);
    const most = isFirst ? 2 * this.#mostWaiting : this.#mostWaiting;
    if (this.#waiting.length >= most) return null;
    return new Promise<T>((resolve, reject) => {
      const begin = () => {
        this.#start(work).then(resolve, reject);
      };
      if (isFirst) this.#waiting.unshift(begin);
      else this.#waiting.push(begin);
    });
  }

  #start<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    return new Promise<T>((resolve) => resolve(work())).finally(() => {
      this.#running--;
      this.#waiting.shift()?.();
    });
  }
}
