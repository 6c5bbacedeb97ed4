/**
 * The first lines of a server that starts: where it listens, where its data is, and what to type
 * next.
 * @module
 */

import { formatAddress, isLoopback } from "../../sip/flow.ts";

/** What the first lines tell. */
export interface Startup {
  readonly version: string;
  /** What to type in place of `pbx`. */
  readonly invocation: string;
  readonly sip: readonly { readonly host: string; readonly port: number }[];
  /** Where HTTP listens, or `null` where it does not. */
  readonly http: string | null;
  readonly dataDir: string;
  /** `--data` and `--config` as they were given, to be repeated in other commands. */
  readonly dataOptions: string;
  readonly extensions: number;
  readonly registrations: number;
  /** The machine's own addresses, for listeners on all of them. */
  readonly localAddresses: readonly string[];
}

/** One line for each thing to know; the first is the one that says the server is up. */
export function describeStartup(startup: Startup): string[] {
  const { invocation, dataOptions } = startup;
  const lines = [`pbx ${startup.version} is running`];
  for (const { host, port } of startup.sip) {
    lines.push(
      `SIP listens on ${formatAddress(host, port)}, UDP and TCP${
        reachableAt(host, port, startup)
      }`,
    );
  }
  lines.push(`Data is in ${startup.dataDir}`);
  lines.push(
    `Extensions: ${startup.extensions}, phones registered: ${startup.registrations}`,
  );
  lines.push(
    `Add an extension: ${invocation} extension add 1001${dataOptions}`,
  );
  lines.push(
    startup.http === null
      ? "HTTP is off: `pbx status` cannot ask this server"
      : `See how it is: ${invocation} status${dataOptions}, or http://${startup.http}/healthz`,
  );
  return lines;
}

/** For a listener on all addresses, those under which phones elsewhere can find it. */
function reachableAt(host: string, port: number, startup: Startup): string {
  if (host !== "0.0.0.0" && host !== "::") return "";
  const addresses = startup.localAddresses.filter((address) =>
    !isLoopback(address) && !address.toLowerCase().startsWith("fe80:") &&
    (host === "::" || !address.includes(":"))
  );
  if (addresses.length === 0) return "";
  const own = addresses.map((address) => formatAddress(address, port));
  return ` (${own.join(", ")})`;
}
