/**
 * Whether the SIP addresses could be listened on: opens each as the server does, and closes it.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import type { TransportName } from "../../sip/flow.ts";
import { BindError } from "../../sip/io/bind_error.ts";
import { openTcp, type TcpLimits } from "../../sip/io/tcp.ts";
import { openUdp } from "../../sip/io/udp.ts";
import type { BindTry } from "../machine/check_bind.ts";

/** Nobody is let in, so nothing is needed. */
const LIMITS: TcpLimits = {
  connections: 1,
  perHost: 1,
  idleMs: 1000,
  strangerMs: 1000,
  queueOctets: 1024,
};

/** Tries each address over UDP and TCP. */
export function tryToBind(listen: readonly Address[]): BindTry[] {
  return listen.flatMap((address) => [
    tryOne("udp", address, () => openUdp([address])),
    tryOne("tcp", address, () => openTcp([address], LIMITS)),
  ]);
}

function tryOne(
  transport: TransportName,
  { host, port }: Address,
  open: () => { close(): void },
): BindTry {
  try {
    open().close();
    return { transport, host, port, failure: "" };
  } catch (error) {
    const failure = error instanceof BindError
      ? error.code
      : error instanceof Error
      ? error.message
      : String(error);
    return { transport, host, port, failure };
  }
}
