/**
 * Recorded evidence as it is read: its facts folded into stories, and what can be counted in it.
 * @module
 */

import type { Scene, ServerView } from "../scene.ts";
import { StoryBook, type StoryFact } from "../story/story_book.ts";
import type { ServerEnd } from "../wire/ends.ts";

export class Recording {
  readonly book = new StoryBook();
  /** Where the server listens. */
  readonly ends: ServerEnd[];
  packets = 0;
  /** SIP messages. */
  messages = 0;
  /** Why the file could not be read to its end; "" where it could. */
  damage = "";
  #firstAt = Infinity;
  #lastAt = 0;

  constructor(ends: readonly ServerEnd[]) {
    this.ends = [...ends];
  }

  /** Milliseconds since 1970; 0 where there is nothing. */
  get firstAt(): number {
    return Number.isFinite(this.#firstAt) ? this.#firstAt : 0;
  }

  get lastAt(): number {
    return this.#lastAt;
  }

  countFrame(at: number): void {
    this.packets++;
    this.see(at);
  }

  /** Something was recorded at that time. */
  see(at: number): void {
    this.#firstAt = Math.min(this.#firstAt, at);
    this.#lastAt = Math.max(this.#lastAt, at);
  }

  add(facts: readonly StoryFact[]): void {
    for (const fact of facts) {
      this.book.add(fact);
      if (fact.kind === "packet-seen" && fact.class === "sip") this.messages++;
    }
  }
}

/** What a recording shows of the server and of the network card. */
export function recordingView(
  recording: Recording,
): Partial<Scene> & { readonly server: ServerView } {
  const { ends, firstAt: since } = recording;
  const listen = ends.map(({ host, port }) => ({ host, port }));
  return {
    since,
    isOver: true,
    isOffline: true,
    server: {
      isRunning: true,
      pid: 0,
      unit: "",
      unitState: "",
      lastError: "",
      startCommand: "",
      listen,
      localAddresses: [...new Set(listen.map(({ host }) => host))],
      publicAddress: "",
      domains: [],
      rtp: { first: 0, last: 0 },
      contactLimit: 0,
    },
    wire: {
      since,
      ports: [...new Set(listen.map(({ port }) => port))].join(", "),
      hasSound: true,
    },
  };
}
