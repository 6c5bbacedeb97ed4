/**
 * What to type when the server cannot listen on an address.
 * @module
 */

import { formatAddress } from "../../sip/flow.ts";

/** What to do where systemd holds other addresses than those of the configuration. */
export const SOCKET_UNIT_HINT =
  "write the socket unit again, `pbx unit socket > /etc/systemd/system/pbx.socket`, " +
  "then `systemctl daemon-reload` and `systemctl restart pbx.socket pbx.service`";

/** An address that could not be had. */
export interface BindFailure {
  readonly transport: "udp" | "tcp";
  readonly host: string;
  readonly port: number;
  /** The name of the error number (`EADDRINUSE`), or what else the system said. */
  readonly code: string;
}

/**
 * Names the way out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { hintBindFailure } from "./bind_hint.ts";
 * assert.match(
 *   hintBindFailure({ transport: "udp", host: "0.0.0.0", port: 5060, code: "EADDRINUSE" }),
 *   /ss -lunp 'sport = :5060'/,
 * );
 * ```
 */
export function hintBindFailure(failure: BindFailure): string {
  const { transport, host, port, code } = failure;
  const isSix = host.includes(":");
  switch (code) {
    case "EADDRINUSE": {
      const see = `ss -l${
        transport === "udp" ? "u" : "t"
      }np 'sport = :${port}'`;
      const other = formatAddress(host, port < 65526 ? port + 10 : 5060);
      return `See which program it is: ${see}; stop it, or listen elsewhere: --sip ${other}`;
    }
    case "EADDRNOTAVAIL": {
      const all = formatAddress(isSix ? "::" : "0.0.0.0", port);
      return `See its addresses: ip -brief address; or listen on all of them: --sip ${all}`;
    }
    case "EACCES":
    case "EPERM":
      return "Ports below 1024 need root or CAP_NET_BIND_SERVICE; the port of SIP is 5060";
    case "EAFNOSUPPORT":
      return `This machine has no IPv${
        isSix ? 6 : 4
      }: take the address out of \`sip\``;
    default:
      return "Correct the address: --sip HOST:PORT, or `sip` in the configuration";
  }
}
