/**
 * What is known of the rows of the journal without reading them: how many lines each holds, and
 * how many of those are still the newest state of their binding. A row at the head of the journal
 * without such a line can go.
 * @module
 */

export class JournalRows {
  #lines: number[] = [];
  #live: number[] = [];
  /** Position of the oldest row in both lists. */
  #head = 0;
  /** Number of the row at position 0. */
  #base = 1;
  #totalLines = 0;

  /** The number that the next row gets. */
  get next(): number {
    return this.#base + this.#lines.length;
  }

  /** The number of the oldest row; `next` where there is none. */
  get oldest(): number {
    return this.#base + this.#head;
  }

  /** Lines in all rows, live and dead. */
  get totalLines(): number {
    return this.#totalLines;
  }

  /** A row was written, or found at the start; rows missing before it are empty. */
  add(row: number, lines: number): void {
    if (this.#lines.length === 0) this.#base = row;
    while (this.next < row) {
      this.#lines.push(0);
      this.#live.push(0);
    }
    this.#lines.push(lines);
    this.#live.push(0);
    this.#totalLines += lines;
  }

  /** The newest state of a binding moved from one row to another; 0 stands for none. */
  move(from: number, to: number): void {
    if (from >= this.oldest) this.#live[from - this.#base]!--;
    if (to >= this.oldest) this.#live[to - this.#base]!++;
  }

  linesOf(row: number): number {
    return this.#lines[row - this.#base] ?? 0;
  }

  /** The last of the rows at the head that hold nothing live; 0 where the oldest one does. */
  lastDead(): number {
    let at = this.#head;
    while (at < this.#live.length && this.#live[at] === 0) at++;
    return at === this.#head ? 0 : this.#base + at - 1;
  }

  /** All rows up to this one are gone. */
  forget(row: number): void {
    while (this.oldest <= row && this.#head < this.#lines.length) {
      this.#totalLines -= this.#lines[this.#head]!;
      this.#head++;
    }
    if (this.#head < 1024 || this.#head * 2 < this.#lines.length) return;
    this.#lines = this.#lines.slice(this.#head);
    this.#live = this.#live.slice(this.#head);
    this.#base += this.#head;
    this.#head = 0;
  }
}
