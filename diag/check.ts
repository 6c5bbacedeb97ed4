/**
 * What the program tries by itself, as `pbx selftest` shows it; the shape is part of the
 * contract.
 * @module
 */

/** The checks, in the order in which they are shown. */
export const CHECK_IDS = [
  "config",
  "bind",
  "port",
  "loopback",
  "register",
  "dns",
  "route",
  "firewall",
  "media",
  "clock",
  "disk",
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** `warn`: works, will hurt; `skip`: could not be tried, the detail says why. */
export type CheckState = "pass" | "fail" | "warn" | "skip";

export interface Check {
  readonly id: CheckId;
  readonly state: CheckState;
  /** What was tried, in the language that was asked for. */
  readonly title: string;
  /** What was seen. */
  readonly detail: string;
  /** What to type, or what to change, where something is wrong. */
  readonly remedy?: string;
  readonly durationMs: number;
}

/** All of a run. */
export interface SelfTest {
  readonly ok: boolean;
  readonly checks: readonly Check[];
}
