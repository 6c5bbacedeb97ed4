/**
 * Carries facts and messages to those who watch, as server-sent events (HTML living standard,
 * §9.2). What happens is only put down; it is written in steps, once for all who wish the same,
 * and handed out in turn. So whoever watches, and however slowly he reads, the telephone does not
 * notice; he loses the oldest events and is told how many.
 * @module
 */

import type { LedgerEntry } from "../../diag/ledger/ledger.ts";
import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import { redactText } from "../../diag/redact.ts";
import type { Flow } from "../../sip/flow.ts";
import { readText } from "../../sip/octet.ts";
import { PacedStreams } from "../live/paced_streams.ts";
import { Queue } from "../queue.ts";
import { EventChannel, type WatchWish, writeEvent } from "./event_channel.ts";

/** What may wait to be written. */
const MOST_WAITING = 4096;
/** What one step writes: a few milliseconds of work. */
const MOST_WRITTEN = 256;
/** The past is written out in pieces of about so much, as they are read. */
const PAST_UNITS = 1 << 16;

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
interface Watcher {
  readonly channel: EventChannel;
  /** Null until everything that happened before he came is written. */
  place: number | null;
}

/** What waits to be written, in the order in which it happened. */
type Waiting =
  | { readonly kind: "fact"; readonly entry: LedgerEntry }
  | { readonly kind: "message"; readonly entry: TrafficEntry }
  | { readonly kind: "watcher"; readonly watcher: Watcher };

export class EventHub {
  readonly #streams: PacedStreams;
  readonly #channels = new Map<string, EventChannel>();
  readonly #waiting = new Queue<Waiting>();
  #lostFacts = 0;
  #lostMessages = 0;

  /** `onWatched` is told when the first one begins to watch and when the last one is gone. */
  constructor(onWatched?: (isWatched: boolean) => void) {
    this.#streams = new PacedStreams((isWatched) => {
      if (!isWatched) this.#waiting.clear();
      onWatched?.(isWatched);
    });
  }

  /** How many watch. */
  get size(): number {
    return this.#streams.size;
  }

  /** Whether anybody wishes to see messages, or facts. */
  isWanted(what: "facts" | "messages"): boolean {
    for (const { wish } of this.#channels.values()) if (wish[what]) return true;
    return false;
  }

  /**
   * Lets somebody watch, beginning with the whole `past`, however slowly he reads it; null where
   * too many watch already. The stream ends when its reader cancels it, or `ended` is settled, or
   * its owner has signed out.
   */
  watch(
    wish: WatchWish,
    past: Iterable<string>,
    owner = "",
    ended?: Promise<void>,
  ): ReadableStream<Uint8Array> | null {
    if (this.#streams.isFull) return null;
    const { facts, messages, secrets } = wish;
    const key = `${facts} ${messages} ${secrets}`;
    const channel = this.#channels.get(key) ?? new EventChannel(wish);
    this.#channels.set(key, channel);
    channel.readers++;
    const watcher: Watcher = { channel, place: null };
    this.#waiting.push({ kind: "watcher", watcher });
    return this.#streams.open({
      owner,
      begin: begin(past),
      ended,
      take: () => {
        if (watcher.place === null) return [];
        const turn = channel.read(watcher.place);
        if (turn === null) return [];
        watcher.place = turn.place;
        return turn.octets;
      },
      onEnd: () => {
        if (--channel.readers === 0) this.#channels.delete(key);
      },
    });
  }

  /** Those who watch. */
  owners(): string[] {
    return this.#streams.owners();
  }

  /** Ends the streams of one who has signed out. */
  endAll(owner: string): void {
    this.#streams.endAll(owner);
  }

  tellFact(entry: LedgerEntry): void {
    if (this.isWanted("facts")) this.#put({ kind: "fact", entry });
  }

  tellMessage(entry: TrafficEntry): void {
    if (this.isWanted("messages")) this.#put({ kind: "message", entry });
  }

  /**
   * Writes what happened and hands it out; belongs into every twentieth of a second.
   *
   * @param monotonicMs of a clock that is never set.
   */
  step(monotonicMs: number): void {
    const channels = [...this.#channels.values()];
    this.#tellLost(channels);
    for (const waiting of this.#waiting.take(MOST_WRITTEN)) {
      if (waiting.kind === "watcher") admit(waiting.watcher);
      else if (waiting.kind === "fact") writeFact(waiting.entry, channels);
      else writeMessage(waiting.entry, channels);
    }
    for (const channel of channels) channel.seal();
    this.#streams.step(monotonicMs);
  }

  #put(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#waiting.length <= MOST_WAITING) return;
    const oldest = this.#waiting.shift()!;
    if (oldest.kind === "fact") this.#lostFacts++;
    else if (oldest.kind === "message") this.#lostMessages++;
    else admit(oldest.watcher);
  }

  #tellLost(channels: readonly EventChannel[]): void {
    for (const channel of channels) {
      const { facts, messages } = channel.wish;
      const count = (facts ? this.#lostFacts : 0) +
        (messages ? this.#lostMessages : 0);
      if (count > 0) channel.skip(count);
    }
    this.#lostFacts = 0;
    this.#lostMessages = 0;
  }
}

/** From here on he sees what happens; what came before is in his past. */
function admit(watcher: Watcher): void {
  watcher.channel.seal();
  watcher.place = watcher.channel.end;
}

function writeFact(
  entry: LedgerEntry,
  channels: readonly EventChannel[],
): void {
  let event: string | null = null;
  for (const channel of channels) {
    if (channel.wish.facts) channel.write(event ??= writeFactEvent(entry));
  }
}

function writeMessage(
  entry: TrafficEntry,
  channels: readonly EventChannel[],
): void {
  let whole: string | null = null;
  let careful: string | null = null;
  for (const channel of channels) {
    const { messages, secrets } = channel.wish;
    if (!messages) continue;
    channel.write(
      secrets
        ? whole ??= writeMessageEvent(entry, true)
        : careful ??= writeMessageEvent(entry, false),
    );
  }
}

/** The past in pieces; the first one comes at once, so that the reader knows he is heard. */
function* begin(past: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = ": pbx\n\n";
  for (const event of past) {
    text += event;
    if (text.length < PAST_UNITS) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
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
