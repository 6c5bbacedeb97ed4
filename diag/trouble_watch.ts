/**
 * What is wrong with the server itself, as its own facts tell: a journal that cannot be written
 * until it is told that it was, and a relay for sound whose worker failed.
 * @module
 */

import type { Fact } from "../pbx/fact.ts";
import { NO_MORE_CALLS } from "../pbx/media/media_relay.ts";

export interface ServerTrouble {
  /** `relay-replaced`: another worker goes on. */
  readonly kind: "store-failed" | "relay-failed" | "relay-replaced";
  /** Since when, in milliseconds since 1970. */
  readonly at: number;
  /** The cause, as the fact has it. */
  readonly detail: string;
}

/** A worker that failed and was replaced is told for so long. */
const REPLACED_MS = 15 * 60_000;

export class TroubleWatch {
  #store: ServerTrouble | null = null;
  #relay: ServerTrouble | null = null;

  /** Takes each fact; cheap for those that tell nothing of it. */
  add(fact: Fact): void {
    switch (fact.kind) {
      case "store-failed":
        this.#store = {
          kind: "store-failed",
          at: this.#store?.at ?? fact.at,
          detail: fact.detail,
        };
        return;
      case "store-recovered":
        this.#store = null;
        return;
      case "relay-failed": {
        const isOver = fact.detail.includes(NO_MORE_CALLS);
        const kind = isOver ? "relay-failed" : "relay-replaced";
        this.#relay = { kind, at: fact.at, detail: fact.detail };
      }
    }
  }

  /** What is wrong now. */
  list(nowMs: number): readonly ServerTrouble[] {
    const relay = this.#relay;
    const isPast = relay?.kind === "relay-replaced" &&
      nowMs - relay.at > REPLACED_MS;
    return [this.#store, isPast ? null : relay].filter((one) => one !== null);
  }
}
