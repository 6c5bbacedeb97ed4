/**
 * One run of the server, as everything that serves it looks at it.
 * @module
 */

import type { Counters } from "../../diag/counters.ts";
import type { Log } from "../../diag/io/log.ts";
import type { TroubleWatch } from "../../diag/trouble_watch.ts";
import type { Config } from "../../pbx/config.ts";
import type { HistoryClock } from "./history_clock.ts";
import type { ConfigOptions } from "./load_config.ts";
import type { ServeDiagnosis } from "./serve_diagnosis.ts";
import type { ServerParts } from "./server_parts.ts";
import type { Shell } from "./shell.ts";

export interface ServeRun {
  readonly shell: Shell;
  readonly config: Config;
  readonly options: ConfigOptions;
  readonly parts: ServerParts;
  readonly log: Log;
  readonly diagnosis: ServeDiagnosis;
  readonly history: HistoryClock;
  readonly troubles: TroubleWatch;
  readonly counters: Counters;
  /** By the monotonic clock. */
  readonly startedMs: number;
  /** By the wall clock. */
  readonly startedAtMs: number;
  /** Whether phones are being served. */
  isReady(): boolean;
}
