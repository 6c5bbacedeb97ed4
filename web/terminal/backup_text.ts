/**
 * What a backup holds, in words.
 * @module
 */

/** How much there is. */
export interface Counts {
  readonly extensions: number;
  readonly registrations: number;
}

/** What a backup holds. */
export interface BackupView extends Counts {
  /** Milliseconds since 1970; null where it is a database that was kept. */
  readonly madeAtMs: number | null;
  readonly version: string;
  readonly hasPassword: boolean;
  readonly hasConfig: boolean;
}

/**
 * One line about how much there is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatCounts } from "./backup_text.ts";
 * assert.equal(formatCounts({ extensions: 2, registrations: 1 }), "extensions: 2, phones registered: 1");
 * ```
 */
export function formatCounts({ extensions, registrations }: Counts): string {
  return `extensions: ${extensions}, phones registered: ${registrations}`;
}

/** What is in a backup, and since when. */
export function formatBackup(file: string, backup: BackupView): string {
  const { madeAtMs, version, hasPassword, hasConfig } = backup;
  const made = madeAtMs === null
    ? "a database that was kept"
    : `made ${spellMoment(madeAtMs)}${
      version === "" ? "" : ` by pbx ${version}`
    }`;
  const also = [
    hasPassword ? "the password of the page" : "no password of the page",
    ...(hasConfig ? ["pbx.toml"] : []),
  ];
  return `${file}: ${made}; ${formatCounts(backup)}; ${also.join(", ")}`;
}

/**
 * A moment to the minute, in UTC.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spellMoment } from "./backup_text.ts";
 * assert.equal(spellMoment(0), "1970-01-01 00:00 UTC");
 * ```
 */
export function spellMoment(ms: number): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return "at no known time";
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
