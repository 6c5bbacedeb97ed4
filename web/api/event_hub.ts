/**
 * Carries facts and messages to those who watch, as server-sent events (HTML living standard,
 * §9.2). Who reads too slowly loses the oldest events and is told how many; nobody else notices.
 * @module
 */

import type { LedgerEntry } from "../../diag/ledger/ledger.ts";
import { redactText } from "../../diag/redact.ts";
import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import type { Flow } from "../../sip/flow.ts";
import { readText } from "../../sip/octet.ts";

const MOST_WATCHERS = 32;
/** What may wait for one watcher, in UTF-16 units. */
const QUEUE_UNITS = 1 << 20;
const MOST_GAPS = 4096;
/** The past is written out in pieces of about so much, as they are read. */
const PAST_UNITS = 1 << 16;

/** What somebody wants to see. */
export interface WatchWish {
  readonly facts: boolean;
  readonly messages: boolean;
  /** Whether messages come as they are, with their credentials. */
  readonly secrets: boolean;
}

/** The data of an event `message`. */
export interface MessageJson {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly direction: "in" | "out";
  readonly flow: Flow;
  /** One UTF-16 unit for each octet. */
  readonly text: string;
}

/** One who watches. */
class Watcher {
  readonly wish: WatchWish;
  /** What goes before the queue; null where it was read to its end. */
  #past: Iterator<string> | null;
  #queue: string[] = [];
  /** Events before this place were dropped. */
  #first = 0;
  #units = 0;
  #dropped = 0;
  #wake: (() => void) | null = null;

  constructor(wish: WatchWish, past: Iterable<string>) {
    this.wish = wish;
    this.#past = past[Symbol.iterator]();
  }

  put(event: string): void {
    this.#queue.push(event);
    this.#units += event.length;
    while (
      this.#units > QUEUE_UNITS && this.#first < this.#queue.length - 1
    ) {
      this.#units -= this.#queue[this.#first]!.length;
      this.#queue[this.#first++] = "";
      this.#dropped++;
    }
    if (this.#first > MOST_GAPS) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  /** Resolves with everything that waits, as soon as something does. */
  take(): Promise<string> {
    const past = this.#takePast();
    if (past !== "") {
      const isOver = this.#past === null;
      return Promise.resolve(isOver ? past + this.#takeAll() : past);
    }
    if (this.#queue.length > 0) return Promise.resolve(this.#takeAll());
    return new Promise((resolve) => {
      this.#wake = () => resolve(this.#takeAll());
    });
  }

  #takePast(): string {
    let text = "";
    while (this.#past !== null && text.length < PAST_UNITS) {
      const { value, done } = this.#past.next();
      if (done === true) this.#past = null;
      else text += value;
    }
    return text;
  }

  #takeAll(): string {
    const lost = this.#dropped === 0
      ? ""
      : writeEvent("dropped", { count: this.#dropped });
    const text = lost + this.#queue.join("");
    this.#queue = [];
    this.#first = 0;
    this.#units = 0;
    this.#dropped = 0;
    return text;
  }
}

export class EventHub {
  readonly #watchers = new Set<Watcher>();

  /** Whether an event would reach anybody. */
  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /**
   * Lets somebody watch, beginning with the whole `past`, however slowly he reads it; null where
   * too many watch already. The stream ends when its reader cancels it.
   */
  watch(
    wish: WatchWish,
    past: Iterable<string>,
  ): ReadableStream<Uint8Array> | null {
    if (this.#watchers.size >= MOST_WATCHERS) return null;
    const watcher = new Watcher(wish, begin(past));
    this.#watchers.add(watcher);
    const encoder = new TextEncoder();
    return new ReadableStream({
      pull: (controller) =>
        watcher.take().then((text) => controller.enqueue(encoder.encode(text))),
      cancel: () => {
        this.#watchers.delete(watcher);
      },
    }, { highWaterMark: 1 });
  }

  tellFact(entry: LedgerEntry): void {
    let event: string | null = null;
    for (const watcher of this.#watchers) {
      if (!watcher.wish.facts) continue;
      event ??= writeFactEvent(entry);
      watcher.put(event);
    }
  }

  tellMessage(entry: TrafficEntry): void {
    let whole: string | null = null;
    let careful: string | null = null;
    for (const watcher of this.#watchers) {
      const { messages, secrets } = watcher.wish;
      if (!messages) continue;
      watcher.put(
        secrets
          ? whole ??= writeMessageEvent(entry, true)
          : careful ??= writeMessageEvent(entry, false),
      );
    }
  }

  /** A sign of life, so that whoever watches knows that the server is there. */
  beat(): void {
    for (const watcher of this.#watchers) watcher.put(": alive\n\n");
  }
}

function* begin(past: Iterable<string>): Generator<string> {
  yield ": pbx\n\n";
  yield* past;
}

/** An event `fact`, whose data is the fact. */
export function writeFactEvent({ fact }: LedgerEntry): string {
  return writeEvent("fact", fact);
}

/** An event `message`; its text has one UTF-16 unit for each octet. */
export function writeMessageEvent(
  entry: TrafficEntry,
  hasSecrets: boolean,
): string {
  return writeEvent("message", describeMessage(entry, hasSecrets));
}

/** A message as JSON carries it. */
export function describeMessage(
  { at, direction, flow, octets }: TrafficEntry,
  hasSecrets: boolean,
): MessageJson {
  const text = readText(octets, 0, octets.length);
  return { at, direction, flow, text: hasSecrets ? text : redactText(text) };
}

function writeEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
