/**
 * The check `bind`: the server listens, or could listen, where phones get in.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { formatAddress, type TransportName } from "../../sip/flow.ts";
import {
  isLoopbackOnly,
  isWildcard,
  listAddresses,
  lookCommand,
} from "./bound_address.ts";
import {
  type CheckFinding,
  type CheckPhrase,
  FindingNotes,
  say,
} from "./check_finding.ts";

/** One address that was tried while the server is down. */
export interface BindTry extends Address {
  readonly transport: TransportName;
  /** `EADDRINUSE` or what else was said; "" where it could be had. */
  readonly failure: string;
}

export interface BindReading {
  readonly isRunning: boolean;
  readonly listen: readonly Address[];
  /** Of a server that is down; a running one holds its addresses itself. */
  readonly tries: readonly BindTry[];
  /** `net.core.rmem_max` in octets; 0: unknown. */
  readonly receiveBuffer: number;
  /** Whether the server may go beyond that. */
  readonly isBufferFree: boolean;
  readonly isRoot: boolean;
}

const SMALLEST_BUFFER = 1 << 20;

/** Decides. */
export function judgeBind(reading: BindReading): CheckFinding {
  const { listen, tries, receiveBuffer } = reading;
  const notes = new FindingNotes();
  const refused = tries.filter(({ failure }) => failure !== "");
  for (const one of refused) addRefusal(notes, one, reading.isRoot);
  if (refused.length === 0) {
    const key = reading.isRunning ? "bind-listens" : "bind-could";
    notes.add("pass", say(key, { listen: listAddresses(listen) }));
  }
  if (isLoopbackOnly(listen)) {
    const { host, port } = listen[0]!;
    const address = formatAddress(
      host.includes(":") ? "::" : "0.0.0.0",
      port,
    );
    notes.add(
      "fail",
      say("bind-loopback", { listen: listAddresses(listen) }),
      say("bind-fix-loopback", { address }),
    );
  }
  if (
    receiveBuffer > 0 && receiveBuffer < SMALLEST_BUFFER &&
    !reading.isBufferFree
  ) {
    notes.add(
      "warn",
      say("bind-small-buffer", { octets: receiveBuffer }),
      say("bind-fix-buffer"),
    );
  }
  return notes.finding;
}

function addRefusal(notes: FindingNotes, one: BindTry, isRoot: boolean): void {
  const { host, port, failure } = one;
  const values = {
    transport: one.transport.toUpperCase(),
    address: formatAddress(host, port),
    cause: failure,
  };
  const fail = (detail: CheckPhrase, remedy: CheckPhrase) => {
    notes.add("fail", detail, remedy);
  };
  switch (failure) {
    case "EADDRINUSE": {
      const command = lookCommand(one.transport, port, isRoot);
      return fail(
        say("bind-in-use", values),
        say("bind-fix-in-use", { command }),
      );
    }
    case "EADDRNOTAVAIL": {
      const all = isWildcard(host) || !host.includes(":") ? "0.0.0.0" : "::";
      return fail(
        say("bind-no-address", values),
        say("bind-fix-no-address", { address: formatAddress(all, port) }),
      );
    }
    case "EACCES":
    case "EPERM":
      return fail(say("bind-no-right", values), say("bind-fix-no-right"));
    case "EAFNOSUPPORT":
      return fail(say("bind-no-family", values), say("bind-fix-no-family"));
    default:
      return fail(say("bind-failed", values), say("bind-fix-failed"));
  }
}
