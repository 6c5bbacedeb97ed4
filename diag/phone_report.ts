/**
 * What is known of one phone, before it is written in a language.
 * @module
 */

import type { Story } from "./story/story.ts";
import type { Finding, StageState } from "./verdict.ts";

export interface PhoneReport {
  readonly story: Story;
  /** The deepest cause; null where no rule says anything. */
  readonly main: Finding | null;
  readonly also: readonly Finding[];
  readonly stages: readonly StageState[];
}

/** Tells what is known, at most a second old; asking costs next to nothing. */
export interface ReportDesk {
  /** Of every phone but scanners, the one that was active last first. */
  list(): readonly PhoneReport[];
  /** Of the phones of one extension, the one that was active last first. */
  listOf(number: string): readonly PhoneReport[];
}
