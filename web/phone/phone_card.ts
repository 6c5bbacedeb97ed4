/**
 * What belongs into a phone: the account that somebody types in, or that a file brings.
 * @module
 */

import { parseHostPort } from "../../sip/parse_uri.ts";
import type { LostName } from "./lost_name.ts";

/** What a phone has to be told. */
export interface PhoneAccount {
  readonly number: string;
  /** Whose it is; "" where nobody said. */
  readonly name: string;
  /** Name or address of the server; with `:port` only where that is not 5060. */
  readonly server: string;
  readonly transport: "udp" | "tcp";
  /** Null where it is not known any more: only its hashes are kept. */
  readonly password: string | null;
  /** The name of the server that phones do not find, so that `server` is another one. */
  readonly lostName?: LostName | null;
}

/** An account that a file can be written for. */
export type WholeAccount = PhoneAccount & { readonly password: string };

/** The files that set a phone up by themselves. */
export const PHONE_FILES = [
  "microsip",
  "linphone",
  "yealink",
  "grandstream",
] as const;
export type PhoneFile = (typeof PHONE_FILES)[number];

/** Where the files of one phone can be fetched. */
export interface PhoneLinks {
  /** For the browser that is signed in. */
  readonly downloads: Readonly<Record<PhoneFile, string>>;
  /**
   * For whoever has the link, once: of MicroSIP and Linphone the file, of Yealink and Grandstream
   * the folder that the phone looks into. Null where nobody outside of this machine reaches the page.
   */
  readonly once: Readonly<Record<PhoneFile, string>> | null;
  /** When they end, in milliseconds since 1970. */
  readonly endMs: number;
  /** How to let others reach the page. */
  readonly opening: PageOpening;
}

/** What makes the page listen where phones reach it. */
export interface PageOpening {
  /** The line in the configuration, and the file. */
  readonly setting: string;
  readonly file: string;
  readonly port: number;
  /** The command that starts the server so, with everything that it was started with. */
  readonly command: string;
}

/** The names of fields in verdicts, and of what is shown here. */
export type AccountValue =
  | "server"
  | "host"
  | "port"
  | "number"
  | "name"
  | "password"
  | "transport";

const USUAL_PORT = 5060;

/**
 * Takes a server apart. An IPv6 address has brackets in it, as a URI needs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { splitServer } from "./phone_card.ts";
 * assert.deepEqual(splitServer("pbx.example:5080"), { host: "pbx.example", port: 5080 });
 * assert.deepEqual(splitServer("2001:db8::1"), { host: "[2001:db8::1]", port: 5060 });
 * ```
 */
export function splitServer(
  server: string,
): { readonly host: string; readonly port: number } {
  const isBareIpv6 = server.indexOf(":") !== server.lastIndexOf(":") &&
    !server.startsWith("[");
  const parsed = parseHostPort(isBareIpv6 ? `[${server}]` : server);
  if (parsed === null) return { host: server, port: USUAL_PORT };
  const { host, port } = parsed;
  return {
    host: host.includes(":") ? `[${host}]` : host,
    port: port === 0 ? USUAL_PORT : port,
  };
}

/** The server as a URI has it: the port only where it is not 5060. */
export function spellServer(server: string): string {
  const { host, port } = splitServer(server);
  return port === USUAL_PORT ? host : `${host}:${port}`;
}

/** The text of one value of an account; null for a password that nobody knows any more. */
export function valueOf(
  account: PhoneAccount,
  value: AccountValue,
): string | null {
  const { host, port } = splitServer(account.server);
  switch (value) {
    case "server":
      return spellServer(account.server);
    case "host":
      return host;
    case "port":
      return String(port);
    case "number":
      return account.number;
    case "name":
      return account.name;
    case "password":
      return account.password;
    case "transport":
      return account.transport.toUpperCase();
  }
}

/** Whether a file can be written. */
export function isWhole(account: PhoneAccount): account is WholeAccount {
  return account.password !== null;
}
