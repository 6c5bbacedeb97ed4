/**
 * Scenes from what is at hand: the empty one, in which everything is unknown, and what the facts
 * of a server tell about its clock.
 * @module
 */

import type { ClockView, Scene } from "./scene.ts";
import type { StoryFact } from "./story/story_book.ts";

/** A scene of which nothing is known but the time. */
export function makeScene(now: number, known: Partial<Scene> = {}): Scene {
  return {
    now,
    since: now,
    isOver: false,
    isOffline: false,
    name: "",
    isNameTyped: false,
    configFaults: [],
    server: null,
    ports: null,
    names: [],
    wire: null,
    firewall: null,
    kernel: null,
    clock: null,
    extensions: null,
    noise: { hosts: 0, tries: 0, userAgents: [], lastAt: 0 },
    others: [],
    ...known,
  };
}

/** What the last jump of the clock was, as the server told it; null where none is known. */
export function clockOf(facts: Iterable<StoryFact>): ClockView | null {
  let clock: ClockView | null = null;
  for (const fact of facts) {
    if (fact.kind !== "clock-jumped") continue;
    const jumpedSeconds = Number.parseFloat(fact.detail);
    if (!Number.isFinite(jumpedSeconds)) continue;
    clock = { jumpedSeconds, jumpedAt: fact.at };
  }
  return clock;
}
