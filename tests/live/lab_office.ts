/**
 * The office that most live tests need: the network, and a server in it with extension 1001.
 * @module
 */

import type { Lab } from "./lab.ts";
import {
  ADDRESS,
  type Network,
  type NetworkOptions,
  type Place,
} from "./lab_network.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { type PhoneOptions, ScriptPhone } from "./lab_phone.ts";
import { type BindingRow, Server } from "./lab_server.ts";
import type { Account } from "./lab_softphone.ts";

export interface Office {
  readonly network: Network;
  readonly server: Server;
}

/** What is typed into every phone. */
export const ACCOUNT: Account = {
  number: "1001",
  password: "correct-horse-7",
  server: ADDRESS.server,
};

/** Where a phone's own socket stands, and the address that the server sees. */
export const PLACES: Readonly<
  Record<Place, { readonly own: string; readonly seen: string }>
> = {
  lan: { own: ADDRESS.lan, seen: ADDRESS.lan },
  nat: { own: ADDRESS.nat, seen: ADDRESS.router },
};

export interface OfficeOptions extends NetworkOptions {
  readonly sip?: readonly string[];
  readonly config?: string;
  /** Extensions besides 1001, number to password. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** Whether the server has no HTTP. */
  readonly isMute?: boolean;
}

/** Opens the office; the lab takes it down. */
export async function openOffice(
  lab: Lab,
  options: OfficeOptions = {},
): Promise<Office> {
  const network = await lab.network(options);
  const server = await Server.start(lab, {
    namespace: network.server,
    sip: options.sip ?? ["0.0.0.0:5060"],
    extensions: {
      [ACCOUNT.number]: ACCOUNT.password,
      ...options.extensions,
    },
    ...(options.config !== undefined && { config: options.config }),
    ...(options.isMute !== undefined && { isMute: options.isMute }),
  });
  return { network, server };
}

/** A phone of our own for extension 1001 at a place of the network. */
export function openPhone(
  network: Network,
  place: Place,
  options: Partial<PhoneOptions> = {},
): ScriptPhone {
  return new ScriptPhone({
    socket: openUdpSocket(network[place], PLACES[place].own),
    server: { host: ADDRESS.server, port: 5060 },
    number: ACCOUNT.number,
    password: ACCOUNT.password,
    ...options,
  });
}

/** A phone of our own on this machine, for a server that listens on its loopback address. */
export function openLocalPhone(
  lab: Lab,
  port: number,
  number: string,
  password: string,
): ScriptPhone {
  const phone = new ScriptPhone({
    socket: openUdpSocket(null, "127.0.0.1"),
    server: { host: "127.0.0.1", port },
    number,
    password,
  });
  lab.onClose(() => phone.close());
  return phone;
}

/** The host of a binding's source address. */
export function sourceHost(binding: BindingRow | undefined): string {
  const source = binding?.source ?? "";
  return source.slice(0, source.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
}
