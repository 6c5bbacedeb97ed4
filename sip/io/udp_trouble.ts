/**
 * The facts of the UDP transports on their way to the diagnosis: a bounded list.
 * @module
 */

import type { SipFact, TransportTrouble } from "../fact.ts";
import type { Flow } from "../flow.ts";
import { errnoName } from "./libc.ts";

const FACTS_LIMIT = 256;

/** What has gone wrong since the last `take()`. */
export class UdpTrouble {
  #facts: TransportTrouble[] = [];
  #skipped = 0;
  readonly #wallMs: () => number;

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
  }

  add(
    flow: Flow,
    what: TransportTrouble["what"],
    count: number,
    detail: string,
  ): void {
    if (this.#facts.length >= FACTS_LIMIT) {
      this.#skipped++;
      return;
    }
    const stage = what === "kernel-drops" ? "socket" : "transport";
    this.#facts.push({
      kind: "transport-trouble",
      at: this.#wallMs(),
      flow,
      stage,
      what,
      count,
      detail,
    });
  }

  addErrno(flow: Flow, what: TransportTrouble["what"], errno: number): void {
    this.add(flow, what, errno, errnoName(errno));
  }

  /** Hands over the facts; the last one says how many more there were. */
  take(): SipFact[] {
    const facts = this.#facts;
    const last = facts.at(-1);
    if (last === undefined) return [];
    if (this.#skipped > 0) {
      facts[facts.length - 1] = {
        ...last,
        detail: `${last.detail}, and ${this.#skipped} more`,
      };
    }
    this.#facts = [];
    this.#skipped = 0;
    return facts;
  }
}
