/**
 * CPU time of this process, user and kernel, all of its threads: what other work on the machine
 * moves least.
 * @module
 */

import process from "node:process";

/** Microseconds of CPU that the process has used. */
export function readCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
