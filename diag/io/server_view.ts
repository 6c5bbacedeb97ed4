/**
 * The server as the command line finds it, for the scene of a diagnosis: what runs, in which
 * unit, where it listens or would listen.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import type { ServerView } from "../scene.ts";
import { readUnit } from "./unit.ts";

/** What the caller knows already. */
export interface KnownServer {
  readonly config: Config;
  /** The process of the server; 0: none runs on the data directory. */
  readonly pid: number;
  /** Where a running server says that it listens; empty: where it is configured to. */
  readonly listen: readonly Address[];
  /** The address that a STUN server saw; "" for unknown. The configured one counts more. */
  readonly publicAddress: string;
  /** What starts it where no unit does. */
  readonly serveCommand: string;
}

/** Looks at the machine; takes at most about a second. */
export async function readServer(known: KnownServer): Promise<ServerView> {
  const { config, pid } = known;
  const unit = await readUnit(pid);
  const lastError = unit.errors.at(-1) ?? "";
  return {
    isRunning: pid > 0,
    pid,
    unit: unit.unit,
    unitState: unit.state,
    lastError: lastError !== "" || pid > 0 ? lastError : describeEnd(unit),
    startCommand: unit.unit === "" || unit.state === ""
      ? known.serveCommand
      : `systemctl restart ${unit.unit}`,
    listen: known.listen.length > 0 ? known.listen : config.sip,
    localAddresses: listLocalAddresses(),
    publicAddress: config.publicAddress ?? known.publicAddress,
    domains: config.domains,
    rtp: config.rtp,
    contactLimit: config.contactsPerExtension,
  };
}

/** The machine's own addresses, loopback ones too, without their zones. */
export function listLocalAddresses(): string[] {
  const addresses = Deno.networkInterfaces().map(({ address }) =>
    address.replace(/%.*$/, "")
  );
  return [...new Set(addresses)];
}

function describeEnd(
  { result, exitCode }: {
    readonly result: string;
    readonly exitCode: number | null;
  },
): string {
  if (result === "") return "";
  return exitCode === null ? result : `${result}, exit code ${exitCode}`;
}
