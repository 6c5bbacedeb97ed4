/**
 * What the page Security shows of the running server.
 * @module
 */

import type { SourceReport } from "../../diag/desk/source_report.ts";
import type { Lockout } from "../access/login_limiter.ts";
import { type Ban, type BanSource, joinBans } from "../page/ban.ts";
import type { SecuritySource } from "../page/security_source.ts";
import {
  COUNT_EVERY_MS,
  countRefusals,
  RefusalHour,
  type Refusals,
} from "../refusal_count.ts";

export interface SecurityParts {
  /** The sign-in of the page. */
  readonly logins: {
    list(nowMs: number): readonly Lockout[];
    release(source: string): boolean;
  };
  readonly reports: {
    readonly isFresh: boolean;
    sources(): readonly SourceReport[];
  };
  readonly exchange: { isExtension(number: string): boolean };
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  counters(): Refusals;
}

/** The source, which counts in the background until it is stopped. */
export interface OpenSecurity extends SecuritySource {
  stop(): void;
}

export function openSecuritySource(parts: SecurityParts): OpenSecurity {
  const { logins, reports, exchange, startedMs, counters } = parts;
  const hour = new RefusalHour(startedMs);
  const timer = setInterval(
    () => hour.mark(countRefusals(counters()), Date.now()),
    COUNT_EVERY_MS,
  );
  return {
    bans: joinBans([bansOfPage(logins)]),
    refusals: (nowMs) => {
      const sinceStart = countRefusals(counters());
      const { sinceMs, count } = hour.since(sinceStart, nowMs);
      return { startedMs, sinceStart, hourMs: sinceMs, lastHour: count };
    },
    sources: () => {
      const found = reports.sources();
      return reports.isFresh ? found : null;
    },
    isExtension: (number) => exchange.isExtension(number),
    stop: () => clearInterval(timer),
  };
}

function bansOfPage(logins: SecurityParts["logins"]): BanSource {
  return {
    list: (nowMs) => logins.list(nowMs).map(readLockout),
    release: (source) => logins.release(source),
  };
}

function readLockout({ source, why, sinceMs, untilMs }: Lockout): Ban {
  const kind = why === "metrics" ? "metrics" : "page";
  return { source, kind, why, since: sinceMs, until: untilMs, numbers: [] };
}
