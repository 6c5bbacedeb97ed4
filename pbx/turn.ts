/**
 * What every step of the office works with: the time, where messages are written, and where facts
 * go. One turn is one batch, or one wake-up.
 * @module
 */

import type { Outbox } from "../sip/outbox.ts";
import type { Fact } from "./fact.ts";
import type { Moment } from "./journal_line.ts";

export interface Turn {
  readonly now: Moment;
  readonly outbox: Outbox;
  readonly facts: Fact[];
}
