/**
 * Opens every SIP address on UDP and TCP, or none.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { BindError } from "../../sip/io/bind_error.ts";
import { openTcp, type TcpLimits } from "../../sip/io/tcp.ts";
import type { Transport } from "../../sip/io/transport.ts";
import { openUdp } from "../../sip/io/udp.ts";
import { hintBindFailure } from "../terminal/bind_hint.ts";

/** How often a port that the system chose for UDP may be taken on TCP before it is given up. */
const TRIES = 16;

/** Throws an `OperatorError` that names the address and the way out. */
export function openTransports(
  listen: readonly Address[],
  limits: TcpLimits,
): { readonly udp: Transport; readonly tcp: Transport } {
  for (let tries = 1;; tries++) {
    const udp = explainFailure(() => openUdp(listen));
    try {
      const tcp = explainFailure(() => openTcp(udp.listening, limits));
      return { udp, tcp };
    } catch (error) {
      udp.close();
      const isChosen = listen.some(({ port }) => port === 0);
      if (!isChosen || tries === TRIES) throw error;
    }
  }
}

function explainFailure<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof BindError)) throw error;
    throw new OperatorError(error.message, hintBindFailure(error));
  }
}
