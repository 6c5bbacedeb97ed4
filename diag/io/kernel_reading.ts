/**
 * Reads the kernel's counters of datagrams, and the limit of a socket's buffer. Those of the network
 * are read under the process itself, which is all that a confined service sees of `/proc`.
 * @module
 */

import {
  type KernelCounters,
  readCounters,
} from "../machine/kernel_counters.ts";
import { listUdpSocketsOf } from "./port_owners.ts";

/**
 * One reading; the difference of two is a `KernelView` (`growthOf`). Null where the kernel shows
 * none, as on another system than Linux.
 *
 * @param serverPid whose sockets are looked at for drops; 0: nobody's.
 */
export async function readKernelCounters(
  serverPid: number,
): Promise<KernelCounters | null> {
  const snmp = readText("/proc/self/net/snmp");
  if (snmp === null) return null;
  let drops = 0;
  if (serverPid > 0) {
    const sockets = await listUdpSocketsOf(serverPid);
    for (const socket of sockets) drops += socket.drops;
  }
  return readCounters(
    snmp,
    readText("/proc/self/net/snmp6") ?? "",
    drops,
    readReceiveBufferLimit(),
  );
}

/** `net.core.rmem_max` in octets; 0 where it cannot be read, as inside some containers. */
export function readReceiveBufferLimit(): number {
  const text = readText("/proc/sys/net/core/rmem_max")?.trim() ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

function readText(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}
