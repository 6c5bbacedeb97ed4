/**
 * A relay without sockets, for the tests of calls: it remembers what it was asked.
 * @module
 */

import type {
  MediaAim,
  MediaCounts,
  MediaEnd,
  MediaRelay,
} from "./media_relay.ts";

const QUIET: MediaCounts = {
  packets: 0,
  octets: 0,
  lost: 0,
  jitterMs: 0,
  silentMs: 0,
  strangers: 0,
  sent: 0,
  source: "",
};

export class FakeRelay implements MediaRelay {
  readonly ends = new Map<number, MediaEnd>();
  readonly aims = new Map<number, MediaAim>();
  /** Where what comes in at an end leaves: another end, itself (echo), or a tone (-1). */
  readonly ways = new Map<number, number>();
  readonly heard = new Map<number, MediaCounts>();
  /** How many ends may be open. */
  most = Infinity;
  #opened = 0;

  open(localHost: string): MediaEnd | null {
    if (this.ends.size >= this.most) return null;
    const id = ++this.#opened;
    const end = { id, host: localHost, port: 20_000 + 2 * id };
    this.ends.set(id, end);
    return end;
  }

  aim(end: MediaEnd, aim: MediaAim): void {
    this.#check(end);
    this.aims.set(end.id, aim);
  }

  connect(a: MediaEnd, b: MediaEnd): void {
    this.disconnect(a);
    this.disconnect(b);
    this.ways.set(a.id, b.id).set(b.id, a.id);
  }

  echo(end: MediaEnd): void {
    this.disconnect(end);
    this.ways.set(end.id, end.id);
  }

  tone(end: MediaEnd, _payloadType: 0 | 8): void {
    this.disconnect(end);
    this.ways.set(end.id, -1);
  }

  disconnect(end: MediaEnd): void {
    this.#check(end);
    const other = this.ways.get(end.id);
    this.ways.delete(end.id);
    if (other !== undefined) this.ways.delete(other);
  }

  restart(end: MediaEnd): void {
    this.#check(end);
    this.heard.delete(end.id);
  }

  counts(end: MediaEnd): MediaCounts {
    this.#check(end);
    return this.heard.get(end.id) ?? QUIET;
  }

  close(end: MediaEnd): void {
    this.disconnect(end);
    this.ends.delete(end.id);
    this.aims.delete(end.id);
    this.heard.delete(end.id);
  }

  flush(): void {}

  /** The end that has a port. */
  at(port: number): MediaEnd | undefined {
    return [...this.ends.values()].find((end) => end.port === port);
  }

  #check(end: MediaEnd): void {
    if (!this.ends.has(end.id)) throw new Error(`end ${end.id} is not open`);
  }
}
