/**
 * What the page Security shows of the running server.
 * @module
 */

import type { SourceReport } from "../../diag/desk/source_report.ts";
import type { RefusalCount } from "../refusal_count.ts";
import type { BanSource } from "./ban.ts";
import type { PageView } from "./page_view.ts";

/** What a part of the page is told of the one who looks. */
export type Looker = Pick<PageView, "language" | "nowMs">;

export interface RefusalView {
  /** When the server started, in milliseconds since 1970. */
  readonly startedMs: number;
  readonly sinceStart: RefusalCount;
  /** Where the last hour begins. */
  readonly hourMs: number;
  readonly lastHour: RefusalCount;
}

export interface SecuritySource {
  readonly bans: BanSource;
  refusals(nowMs: number): RefusalView;
  /** Who was refused or is taken for a scanner, the most refused first; null: not known yet. */
  sources(): readonly SourceReport[] | null;
  isExtension(number: string): boolean;
}
