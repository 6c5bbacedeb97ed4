/**
 * What `/proc/PID/limits` and `/proc/PID/status` tell of a process: how many files it may open,
 * who runs it, what it may do.
 *
 *     Limit                     Soft Limit           Hard Limit           Units
 *     Max open files            1024                 524288               files
 *
 * @module
 */

export interface Limit {
  /** Infinity: unlimited. */
  readonly soft: number;
  readonly hard: number;
}

/** The number of the capability that lets a process have a larger buffer than others. */
export const CAP_NET_ADMIN = 12;

/**
 * Finds one limit by its name; null where it is not there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseLimit } from "./process_file.ts";
 * const text = "Max open files            1024                 unlimited            files\n";
 * assert.deepEqual(parseLimit(text, "Max open files"), { soft: 1024, hard: Infinity });
 * ```
 */
export function parseLimit(text: string, name: string): Limit | null {
  const line = text.split("\n").find((line) => line.startsWith(`${name} `));
  const found = /^ +(\d+|unlimited) +(\d+|unlimited)(?: |$)/.exec(
    line?.slice(name.length) ?? "",
  );
  if (found === null) return null;
  const toNumber = (word: string) =>
    word === "unlimited" ? Infinity : Number(word);
  return { soft: toNumber(found[1]!), hard: toNumber(found[2]!) };
}

/** Whether the process may do what the capability (its number) lets it do. */
export function hasCapability(status: string, capability: number): boolean {
  const mask = /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(status)?.[1];
  return mask !== undefined &&
    (BigInt(`0x${mask}`) >> BigInt(capability) & 1n) === 1n;
}
