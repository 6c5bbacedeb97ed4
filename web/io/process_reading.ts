/**
 * What the system says of this process.
 * @module
 */

import process from "node:process";
import type { ProcessReading } from "../metrics/metrics_text.ts";

/** Reads it anew; takes some microseconds. */
export function readProcess(): ProcessReading {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = Deno.memoryUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: rss,
    heapBytes: heapUsed,
    openFiles: countOpenFiles(),
    mostFiles: readFileLimit(),
  };
}

/** Since Linux 6.2 the size of the folder is the number of its entries; before it was 0. */
function countOpenFiles(): number | null {
  try {
    return Deno.statSync("/proc/self/fd").size || null;
  } catch {
    return null;
  }
}

function readFileLimit(): number | null {
  try {
    const limits = Deno.readTextFileSync("/proc/self/limits");
    const soft = /^Max open files +(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
