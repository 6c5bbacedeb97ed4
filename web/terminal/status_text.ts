/**
 * The state of the running server on one screen for people.
 * @module
 */

import { formatDuration, formatMemory } from "../duration.ts";
import type { ServerStatus } from "../server_status.ts";
import type { Paint } from "./paint.ts";
import { formatTable } from "./table.ts";

/** Writes the screen of `pbx status`. */
export function formatStatus(
  status: ServerStatus,
  dataDir: string,
  paint: Paint,
): string {
  const running = `running for ${
    formatDuration(status.uptimeSeconds)
  }, pid ${status.pid}`;
  const registrations = String(status.registrations);
  return formatTable([
    [{ text: `pbx ${status.version}`, paint: paint.bold }, {
      text: running,
      paint: paint.green,
    }],
    ["sip", `${status.sip.listen.join(", ")} (UDP and TCP)`],
    ["http", spellHttp(status.http)],
    ["data", dataDir],
    ["extensions", String(status.extensions)],
    [
      "registrations",
      status.extensions > 0 && status.registrations === 0
        ? { text: registrations, paint: paint.yellow }
        : registrations,
    ],
    ["calls", String(status.calls)],
    ["memory", formatMemory(status.memoryBytes)],
  ]);
}

function spellHttp({ listen, tls = false }: ServerStatus["http"]): string {
  if (listen === null) return "off";
  return `${tls ? "https" : "http"}://${listen}`;
}
