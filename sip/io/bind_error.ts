/**
 * Why an address could not be listened on: an operator's error, told with the cause.
 * @module
 */

import { formatAddress, type TransportName } from "../flow.ts";

/** An address that cannot be had; nothing that was opened before it is left open. */
export class BindError extends Error {
  readonly transport: TransportName;
  readonly host: string;
  readonly port: number;
  /** The name of the error number, such as `EADDRINUSE`. */
  readonly code: string;

  constructor(
    transport: TransportName,
    host: string,
    port: number,
    code: string,
  ) {
    const address = formatAddress(host, port);
    super(
      `Cannot listen on ${transport.toUpperCase()} \`${address}\`: ${
        CAUSES[code] ?? code
      }`,
    );
    this.name = "BindError";
    this.transport = transport;
    this.host = host;
    this.port = port;
    this.code = code;
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program holds this port",
  EADDRNOTAVAIL: "this machine does not have that address",
  EACCES: "no permission for this port",
  EAFNOSUPPORT: "this machine does not speak that kind of address",
  EINVAL: "not an IP address and a port",
};
