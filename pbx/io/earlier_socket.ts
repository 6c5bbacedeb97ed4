/**
 * Phones of an earlier run: over which socket each of them is reached now.
 * @module
 */

import type { Transport } from "../../sip/io/transport.ts";
import type { BindingNumbers } from "../binding.ts";
import { NO_FLOW } from "../binding_table.ts";

/** The number of the socket where the phone was served before; a connection is gone. */
export function findSocket(
  transports: readonly Transport[],
  numbers: BindingNumbers,
): number {
  const { transport, localHost, localPort } = numbers;
  if (transport !== "udp") return NO_FLOW;
  const udp = transports.find(({ name }) => name === "udp");
  const wildcard = localHost.includes(":") ? "::" : "0.0.0.0";
  const found = udp?.listening.findIndex(({ host, port }) =>
    port === localPort && (host === localHost || host === wildcard)
  );
  return found === undefined || found < 0 ? NO_FLOW : found;
}
