/**
 * Under which address a phone finds the server: the name it was given, else the best guess from
 * the machine's own addresses.
 * @module
 */

import type { Config } from "../pbx/config.ts";
import { formatAddress, isLoopback } from "../sip/flow.ts";

/**
 * Writes what belongs into the server field of a phone; the port only where it is not 5060.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { choosePhoneAddress } from "./phone_address.ts";
 * const config = { domains: [], publicAddress: null, sip: [{ host: "0.0.0.0", port: 5080 }] };
 * assert.equal(choosePhoneAddress(config, ["127.0.0.1", "192.0.2.7"]), "192.0.2.7:5080");
 * ```
 */
export function choosePhoneAddress(
  config: Pick<Config, "domains" | "publicAddress" | "sip">,
  localAddresses: readonly string[],
): string {
  const listen = config.sip[0] ?? { host: "0.0.0.0", port: 5060 };
  const host = config.domains[0] ?? config.publicAddress ??
    chooseLocal(listen.host, localAddresses);
  if (listen.port === 5060 || listen.port === 0) return host;
  return formatAddress(host, listen.port);
}

function chooseLocal(
  listenHost: string,
  localAddresses: readonly string[],
): string {
  if (listenHost !== "0.0.0.0" && listenHost !== "::") return listenHost;
  const outside = localAddresses.filter((address) =>
    !isLoopback(address) && !address.toLowerCase().startsWith("fe80:")
  );
  return outside.find((address) => !address.includes(":")) ?? outside[0] ??
    "127.0.0.1";
}
