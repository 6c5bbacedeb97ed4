/**
 * What the kernel lets the server have: open files, and the buffer of a socket.
 * @module
 */

import {
  CAP_NET_ADMIN,
  hasCapability,
  type Limit,
  parseLimit,
} from "../machine/process_file.ts";
import { readReceiveBufferLimit } from "./kernel_reading.ts";

export interface LimitReading {
  /** Files that the server may have open; null: unknown. */
  readonly files: Limit | null;
  /** `net.core.rmem_max` in octets; 0: unknown. */
  readonly receiveBuffer: number;
  /** Whether the server may go beyond it (CAP_NET_ADMIN). */
  readonly isBufferFree: boolean;
}

/** Reads the limits of a process; 0: of this one. Never throws. */
export function readLimits(pid: number): LimitReading {
  const process = pid > 0 ? String(pid) : "self";
  return {
    files: parseLimit(readText(`/proc/${process}/limits`), "Max open files"),
    receiveBuffer: readReceiveBufferLimit(),
    isBufferFree: hasCapability(
      readText(`/proc/${process}/status`),
      CAP_NET_ADMIN,
    ),
  };
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
