/**
 * Opens every SIP address on UDP and TCP, or none; on the sockets that systemd holds for us where
 * there are some.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { BindError } from "../../sip/io/bind_error.ts";
import { takeInherited } from "../../sip/io/inherited_sockets.ts";
import { openTcp, type TcpLimits } from "../../sip/io/tcp.ts";
import type { Transport } from "../../sip/io/transport.ts";
import { openUdp } from "../../sip/io/udp.ts";
import { hintBindFailure, SOCKET_UNIT_HINT } from "../terminal/bind_hint.ts";

/** How often a port that the system chose for UDP may be taken on TCP before it is given up. */
const TRIES = 16;

/** What is open, and what was handed over in vain. */
export interface OpenTransports {
  readonly udp: Transport;
  readonly tcp: Transport;
  /** Sockets that were handed over and are for no address of ours, in words. */
  readonly unused: readonly string[];
}

/**
 * Throws an `OperatorError` that names the address and the way out.
 *
 * @param descriptors those that were handed over to this process.
 */
export function openTransports(
  listen: readonly Address[],
  limits: TcpLimits,
  descriptors: readonly number[] = [],
): OpenTransports {
  const { sockets, unused } = takeInherited(descriptors, listen);
  const explain = <T>(open: () => T) => explainFailure(open, unused);
  for (let tries = 1;; tries++) {
    const udp = explain(() => openUdp(listen, Date.now, sockets));
    try {
      const tcp = explain(() => openTcp(udp.listening, limits, sockets));
      return { udp, tcp, unused };
    } catch (error) {
      udp.close();
      const isChosen = listen.some(({ port }) => port === 0);
      if (!isChosen || sockets.length > 0 || tries === TRIES) throw error;
    }
  }
}

function explainFailure<T>(open: () => T, unused: readonly string[]): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof BindError)) throw error;
    // systemd goes on holding what it handed over in vain
    const hint = error.code === "EADDRINUSE" && unused.length > 0
      ? `systemd holds ${unused.join(", ")}: ${SOCKET_UNIT_HINT}`
      : hintBindFailure(error);
    throw new OperatorError(error.message, hint);
  }
}
