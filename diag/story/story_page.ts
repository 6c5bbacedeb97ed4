/**
 * The page of one host in the book of stories: its trail and its phones, which are told apart by
 * number, User-Agent and instance (RFC 5626 §4.1), and found again by Call-ID or Contact.
 * @module
 */

import type { Attempt, HostTrail, Story } from "./story.ts";
import { isRegistered } from "./story.ts";
import { beginStory, beginTrail } from "./story_make.ts";

const MOST_STORIES = 64;

export class HostPage {
  readonly trail: HostTrail;
  /** In the order of their beginning. */
  readonly #stories = new Map<string, Story>();

  constructor(host: string, at: number) {
    this.trail = beginTrail(host, at);
  }

  get stories(): Iterable<Story> {
    return this.#stories.values();
  }

  /** The story of a phone, begun where there is none. */
  open(number: string, userAgent: string, instance: string, at: number): Story {
    const key = `${number}\n${userAgent}\n${instance}`;
    let story = this.#stories.get(key);
    if (story === undefined) {
      if (this.#stories.size >= MOST_STORIES) this.#forgetOne();
      story = beginStory(this.trail, number, userAgent, at);
      this.#stories.set(key, story);
    }
    story.lastAt = Math.max(story.lastAt, at);
    return story;
  }

  /** The same for a request that does not name the instance. */
  openLike(number: string, userAgent: string, at: number): Story {
    const known = this.#newest((story) =>
      story.number === number && story.userAgent === userAgent
    );
    if (known === undefined) return this.open(number, userAgent, "", at);
    known.lastAt = Math.max(known.lastAt, at);
    return known;
  }

  /** The phone of a number that was active last. */
  findByNumber(number: string): Story | undefined {
    return this.#newest((story) => story.number === number);
  }

  /** The phone of a number that made a call. */
  findCaller(number: string, callId: string): Story | undefined {
    return this.#newest((story) =>
      story.number === number &&
      story.calls.some((call) => call.callId === callId)
    );
  }

  /** The phone that registered a contact, else that of its number. */
  findByContact(number: string, contact: string): Story | undefined {
    return this.#newest((story) =>
      story.number === number &&
      story.attempts.some(({ registered }) => registered?.contact === contact)
    ) ?? this.findByNumber(number);
  }

  /** The newest attempt with that Call-ID, and whose it is. */
  findAttempt(callId: string): { story: Story; attempt: Attempt } | undefined {
    for (const story of this.#stories.values()) {
      const attempt = story.attempts.findLast((one) => one.callId === callId);
      if (attempt !== undefined) return { story, attempt };
    }
    return undefined;
  }

  #newest(isMeant: (story: Story) => boolean): Story | undefined {
    let found: Story | undefined;
    for (const story of this.#stories.values()) {
      if (!isMeant(story)) continue;
      if (found === undefined || story.lastAt >= found.lastAt) found = story;
    }
    return found;
  }

  /** The oldest that has not registered, else the oldest. */
  #forgetOne(): void {
    const stories = [...this.#stories];
    const old = stories.find(([, story]) => !isRegistered(story)) ??
      stories[0];
    if (old !== undefined) this.#stories.delete(old[0]);
  }
}
