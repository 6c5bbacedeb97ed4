/**
 * The questions of a server whether a phone is still there (RFC 3261 §11), and the answers to
 * them.
 * @module
 */

import type { Pinged } from "../../pbx/fact.ts";
import type { ReplayBinding, ReplayBindings } from "./replay_binding.ts";
import type { Exchange } from "./replay_exchange.ts";
import { BoundedMap } from "../bounded_map.ts";
import type { StoryFact } from "../story/story_book.ts";

const MOST_QUESTIONS = 1024;
/** A question is given up after so long (RFC 3261 §17.1.2.2, Timer F). */
const GIVEN_UP_AFTER_MS = 32_000;
/** By then it was sent four times, so that its end need not be in the file. */
const SILENT_AFTER_MS = 4000;

interface Question {
  readonly key: string;
  readonly binding: ReplayBinding;
  readonly at: number;
}

export class ReplayPings {
  readonly #bindings: ReplayBindings;
  readonly #questions = new BoundedMap<Question>(MOST_QUESTIONS);

  constructor(bindings: ReplayBindings) {
    this.#bindings = bindings;
  }

  /** An OPTIONS left; one to a phone that did not register in the file tells nothing. */
  ask(
    key: string,
    { flow, at }: Exchange,
    uri: string,
    facts: StoryFact[],
  ): void {
    const binding = this.#bindings.find(uri, flow.peer);
    if (binding === null) return;
    this.#questions.put(key, { key, binding, at });
    facts.push(pinged("ping-sent", binding, at, 0));
  }

  /** Any answer shows that the phone is there. */
  answer(key: string, at: number, facts: StoryFact[]): void {
    const question = this.#questions.get(key);
    if (question === undefined) return;
    this.#questions.delete(key);
    const afterMs = Math.max(0, at - question.at);
    facts.push(pinged("ping-answered", question.binding, at, afterMs));
  }

  /** Time has passed: what nobody answered. */
  wake(at: number, facts: StoryFact[]): void {
    for (const question of this.#questions.values()) {
      if (at - question.at < GIVEN_UP_AFTER_MS) return;
      this.#questions.delete(question.key);
      const givenUpAt = question.at + GIVEN_UP_AFTER_MS;
      facts.push(pinged("ping-unanswered", question.binding, givenUpAt, 0));
    }
  }

  /** The file is over: what nobody answered, though there was time. */
  end(at: number, facts: StoryFact[]): void {
    this.wake(at, facts);
    for (const question of this.#questions.values()) {
      if (at - question.at < SILENT_AFTER_MS) return;
      facts.push(pinged("ping-unanswered", question.binding, at, 0));
    }
  }
}

function pinged(
  kind: Pinged["kind"],
  { number, contact, flow }: ReplayBinding,
  at: number,
  afterMs: number,
): Pinged {
  return {
    kind,
    at,
    flow,
    stage: "reachable",
    number,
    contact,
    method: "OPTIONS",
    afterMs,
  };
}
