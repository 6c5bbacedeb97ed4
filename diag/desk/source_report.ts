/**
 * Where refused attempts come from, and which hosts are taken for scanners.
 * @module
 */

import type { HostTrail, Story } from "../story/story.ts";
import type { Suspicion } from "../story/recognise.ts";

export interface SourceReport {
  readonly trail: HostTrail;
  /** Why it is taken for a scanner; null: it is not. */
  readonly suspicion: Suspicion | null;
  /** Phones there of which no verdict is told, because it is taken for a scanner. */
  readonly hidden: readonly Story[];
}

/** Whether there is anything to tell of a host. */
export function isTelling({ trail, suspicion }: SourceReport): boolean {
  return trail.failures > 0 || suspicion !== null;
}

/** Who was refused most often first. */
export function compareSources(a: SourceReport, b: SourceReport): number {
  return b.trail.failures - a.trail.failures || b.trail.lastAt - a.trail.lastAt;
}
