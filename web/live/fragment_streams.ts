/**
 * The streams of live views. A view is rendered once for all who look at it in one language, at
 * most once a second, and encoded once. Nothing is kept for a reader but how far he has seen, so
 * a slow one is never behind by more than the parts that changed since, each in its newest form.
 *
 * ```
 * event: fragments
 * data: [{"id":"phones","html":"<section id=\"phones\">…</section>"}]
 * ```
 *
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import type { LiveView } from "./live_view.ts";
import { PacedStreams } from "./paced_streams.ts";

const RENDER_EVERY_MS = 1000;
/** In one step; the others have their turn in the steps that follow. */
const MOST_RENDERED = 1;
const LONGEST_MS = 15 * 60_000;
/** How long a browser waits before it connects again. */
const RETRY = "retry: 2000\n\n";

export interface FragmentStreamsOptions {
  /** Is told of a view that throws, once until it is well again. */
  onFault?(name: string, error: unknown): void;
  /** Is told when the first stream begins and when the last one is over. */
  onWatched?(isWatched: boolean): void;
}

/** A fragment, with the version of its view in which it became what it is. */
interface Part {
  readonly html: string;
  readonly json: string;
  readonly version: number;
}

/** A view in a language, while somebody looks at it. */
class Channel {
  readonly name: string;
  readonly language: Language;
  readonly #view: LiveView;
  readonly #encoder = new TextEncoder();
  #parts: ReadonlyMap<string, Part> = new Map();
  #version = 0;
  /** The version that was seen to what is new since. */
  readonly #chunks = new Map<number, Uint8Array>();
  readers = 0;
  renderedMs: number | null = null;
  isFaulty = false;

  constructor(name: string, language: Language, view: LiveView) {
    this.name = name;
    this.language = language;
    this.#view = view;
  }

  get version(): number {
    return this.#version;
  }

  render(nowMs: number): void {
    const version = this.#version + 1;
    const parts = new Map<string, Part>();
    let isChanged = false;
    for (const { id, html } of this.#view(this.language, nowMs)) {
      const old = this.#parts.get(id);
      if (old?.html === html) {
        parts.set(id, old);
        continue;
      }
      parts.set(id, { html, json: JSON.stringify({ id, html }), version });
      isChanged = true;
    }
    this.#parts = parts;
    if (!isChanged) return;
    this.#version = version;
    this.#chunks.clear();
  }

  /** What changed after a version; null for nothing. */
  since(seen: number): Uint8Array | null {
    if (seen === this.#version) return null;
    const known = this.#chunks.get(seen);
    if (known !== undefined) return known;
    const changed: string[] = [];
    for (const { json, version } of this.#parts.values()) {
      if (version > seen) changed.push(json);
    }
    if (changed.length === 0) return null;
    const text = `event: fragments\ndata: [${changed.join(",")}]\n\n`;
    const chunk = this.#encoder.encode(text);
    this.#chunks.set(seen, chunk);
    return chunk;
  }
}

export class FragmentStreams {
  readonly #streams: PacedStreams;
  /** The one that was rendered longest ago comes first. */
  readonly #channels = new Map<string, Channel>();
  readonly #onFault: (name: string, error: unknown) => void;

  constructor({ onFault, onWatched }: FragmentStreamsOptions = {}) {
    this.#streams = new PacedStreams(onWatched);
    this.#onFault = onFault ?? (() => {});
  }

  /** How many look. */
  get size(): number {
    return this.#streams.size;
  }

  /**
   * Opens a stream of the view with this name, for `owner`; null where there are too many. It
   * begins with all parts of the view, and is over when `ended` is settled.
   */
  open(
    name: string,
    language: Language,
    view: LiveView,
    owner: string,
    ended?: Promise<void>,
  ): ReadableStream<Uint8Array> | null {
    if (this.#streams.isFull) return null;
    const key = `${language} ${name}`;
    let channel = this.#channels.get(key);
    if (channel === undefined) {
      channel = new Channel(name, language, view);
      this.#channels.set(key, channel);
    }
    const seenBy = channel;
    seenBy.readers++;
    let seen = 0;
    return this.#streams.open({
      owner,
      ended,
      longestMs: LONGEST_MS,
      begin: [new TextEncoder().encode(RETRY)].values(),
      take: () => {
        const chunk = seenBy.since(seen);
        seen = seenBy.version;
        return chunk === null ? [] : [chunk];
      },
      onEnd: () => {
        if (--seenBy.readers === 0) this.#channels.delete(key);
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

  /**
   * Renders what is due and serves who waits; belongs into every twentieth of a second.
   *
   * @param monotonicMs of a clock that is never set, unlike the one on the wall.
   */
  step(nowMs: number, monotonicMs: number): void {
    this.#render(nowMs, monotonicMs);
    this.#streams.step(monotonicMs);
  }

  #render(nowMs: number, monotonicMs: number): void {
    let rendered = 0;
    for (const [key, channel] of this.#channels) {
      const { renderedMs } = channel;
      const isDue = renderedMs === null ||
        monotonicMs - renderedMs >= RENDER_EVERY_MS;
      if (!isDue) continue;
      if (rendered++ >= MOST_RENDERED) break;
      channel.renderedMs = monotonicMs;
      this.#channels.delete(key);
      this.#channels.set(key, channel);
      this.#renderOne(channel, nowMs);
    }
  }

  /** What the readers have stays as it is where a view throws. */
  #renderOne(channel: Channel, nowMs: number): void {
    try {
      channel.render(nowMs);
      channel.isFaulty = false;
    } catch (error) {
      if (!channel.isFaulty) this.#onFault(channel.name, error);
      channel.isFaulty = true;
    }
  }
}
