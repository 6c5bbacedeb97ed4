/**
 * SIP over UDP (RFC 3261 §18), in the best way that the machine offers.
 * @module
 */

import type { InheritedSocket } from "./inherited_sockets.ts";
import { openLibc } from "./libc.ts";
import type { Transport } from "./transport.ts";
import { DenoUdp } from "./udp_deno.ts";
import { LinuxUdp } from "./udp_linux.ts";

/**
 * Listens on every address given or on none: throws BindError. Port 0 takes a free one, which
 * `listening` then tells. On Linux through the C library, else (or without permission to call
 * it) through Deno's own sockets, which know neither the address written to nor drops, and cannot
 * take one that is inherited.
 */
export function openUdp(
  listen: readonly { readonly host: string; readonly port: number }[],
  wallMs: () => number = Date.now,
  inherited: readonly InheritedSocket[] = [],
): Transport {
  const libc = openLibc();
  return libc === null
    ? new DenoUdp(listen, wallMs)
    : new LinuxUdp(libc, listen, wallMs, inherited);
}
