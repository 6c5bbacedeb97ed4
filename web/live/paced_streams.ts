/**
 * Streams of server-sent events (HTML living standard, §9.2) that are served in turn: one step
 * serves so many of them with so many octets, however many there are, so that a thousand streams
 * never hold up what else the thread does. Who does not read is passed over. Who has heard nothing
 * for a while gets a comment, as a sign of life.
 * @module
 */

const MOST_STREAMS = 1024;
const MOST_SERVED = 64;
const MOST_OCTETS = 1 << 20;
const QUIET_MS = 15_000;
/** Who has not read for so long is gone, though nobody has told. */
const STUCK_MS = 5 * 60_000;
const ALIVE = [new TextEncoder().encode(": alive\n\n")];

/** What a stream carries. */
export interface Feed {
  /** Who reads it: his streams end together when he has signed out; "" for who has no session. */
  readonly owner: string;
  /** What goes out before all else, as fast as it is read. */
  readonly begin: Iterator<Uint8Array>;
  /** What is new for this stream; the octets may belong to many streams. */
  take(): readonly Uint8Array[];
  /** Called once, when the stream is over. */
  onEnd(): void;
  /** Settled when the one who reads is gone. */
  readonly ended?: Promise<void> | undefined;
  /** After so long the stream ends, so that who was let in is asked again. */
  readonly longestMs?: number;
}

class PacedStream {
  readonly feed: Feed;
  beganMs: number | null = null;
  servedMs = 0;
  /** Whether its reader took something since the last step. */
  hasRead = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #resolve: (() => void) | null = null;

  constructor(feed: Feed) {
    this.feed = feed;
  }

  /** Whether its reader waits. */
  get isIdle(): boolean {
    return this.#resolve !== null;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
  }

  pull(): Promise<void> | void {
    this.hasRead = true;
    const { value, done } = this.feed.begin.next();
    if (done !== true) return this.#controller?.enqueue(value);
    return new Promise((resolve) => this.#resolve = resolve);
  }

  /** False where the stream was closed behind our back, as Deno.serve does now and then. */
  give(pieces: readonly Uint8Array[]): boolean {
    const resolve = this.#resolve;
    this.#resolve = null;
    try {
      for (const octets of pieces) this.#controller?.enqueue(octets);
    } catch {
      return false;
    }
    resolve?.();
    return true;
  }

  end(): void {
    try {
      this.#controller?.close();
    } catch {
      // it is closed already
    }
    this.#resolve?.();
    this.#resolve = null;
  }
}

export class PacedStreams {
  /** The one that was served longest ago comes first. */
  readonly #streams = new Set<PacedStream>();
  readonly #onWatched: (isWatched: boolean) => void;

  /** `onWatched` is told when the first stream begins and when the last one is over. */
  constructor(onWatched: (isWatched: boolean) => void = () => {}) {
    this.#onWatched = onWatched;
  }

  get size(): number {
    return this.#streams.size;
  }

  get isFull(): boolean {
    return this.#streams.size >= MOST_STREAMS;
  }

  /** Opens a stream that lasts until its reader cancels it or is gone. */
  open(feed: Feed): ReadableStream<Uint8Array> {
    const stream = new PacedStream(feed);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => stream.start(controller),
      pull: () => stream.pull(),
      cancel: () => {
        this.#forget(stream);
      },
      // nothing is fetched before it can be sent, so that it is the newest
    }, { highWaterMark: 0 });
    this.#streams.add(stream);
    if (this.#streams.size === 1) this.#onWatched(true);
    const end = () => this.#end(stream);
    // where the other end leaves in the wrong moment, Deno.serve never cancels the body
    feed.ended?.then(end, end);
    return body;
  }

  /** Those who read. */
  owners(): string[] {
    const owners = new Set<string>();
    for (const { feed } of this.#streams) owners.add(feed.owner);
    return [...owners];
  }

  /** Ends the streams of one who has signed out. */
  endAll(owner: string): void {
    for (const stream of [...this.#streams]) {
      if (stream.feed.owner === owner) this.#end(stream);
    }
  }

  /** Serves those whose turn it is; the clock must be one that is never set. */
  step(monotonicMs: number): void {
    let served = 0;
    let octets = 0;
    let left = this.#streams.size;
    for (const stream of this.#streams) {
      if (left-- === 0 || served >= MOST_SERVED || octets >= MOST_OCTETS) break;
      stream.beganMs ??= monotonicMs;
      if (stream.hasRead) stream.servedMs = monotonicMs;
      stream.hasRead = false;
      if (isOver(stream, monotonicMs)) {
        this.#end(stream);
        continue;
      }
      if (!stream.isIdle) continue;
      const next = takeNext(stream, monotonicMs);
      if (next.length === 0) continue;
      if (!stream.give(next)) {
        this.#forget(stream);
        continue;
      }
      served++;
      for (const { length } of next) octets += length;
      this.#streams.delete(stream);
      this.#streams.add(stream);
    }
  }

  #end(stream: PacedStream): void {
    if (this.#forget(stream)) stream.end();
  }

  #forget(stream: PacedStream): boolean {
    if (!this.#streams.delete(stream)) return false;
    stream.feed.onEnd();
    if (this.#streams.size === 0) this.#onWatched(false);
    return true;
  }
}

function isOver(stream: PacedStream, monotonicMs: number): boolean {
  const { beganMs, servedMs, isIdle, feed } = stream;
  return !isIdle && monotonicMs - servedMs >= STUCK_MS ||
    monotonicMs - (beganMs ?? monotonicMs) >= (feed.longestMs ?? Infinity);
}

function takeNext(
  { feed, servedMs }: PacedStream,
  monotonicMs: number,
): readonly Uint8Array[] {
  const next = feed.take();
  const isQuiet = next.length === 0 && monotonicMs - servedMs >= QUIET_MS;
  return isQuiet ? ALIVE : next;
}
