/**
 * The check `port`: the SIP ports belong to this server, or are free for it; a program that holds
 * one is named with what stops it.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { formatAddress, type TransportName } from "../../sip/flow.ts";
import type { PortHolder, PortView } from "../scene.ts";
import {
  clashes,
  describeHolder,
  listAddresses,
  lookCommand,
  stopCommand,
} from "./bound_address.ts";
import type { BindTry } from "./check_bind.ts";
import { type CheckFinding, FindingNotes, say } from "./check_finding.ts";

export interface PortReading {
  /** 0: the server is down. */
  readonly serverPid: number;
  readonly listen: readonly Address[];
  readonly ports: PortView;
  /** Of a server that is down. */
  readonly tries: readonly BindTry[];
  readonly isRoot: boolean;
}

const TRANSPORTS: readonly TransportName[] = ["udp", "tcp"];

/** Decides. */
export function judgePort(reading: PortReading): CheckFinding {
  const { listen, tries, serverPid } = reading;
  const notes = new FindingNotes();
  const ours: Address[] = [];
  const free: Address[] = [];
  const hidden: Address[] = [];
  for (const address of listen) {
    const taken = TRANSPORTS.filter((transport) => {
      const one = tries.find((one) =>
        one.transport === transport && isSame(one, address)
      );
      return one?.failure === "EADDRINUSE";
    });
    if (serverPid === 0) {
      if (taken.length === 0) free.push(address);
      for (const transport of taken) {
        addForeign(notes, reading, address, transport);
      }
      continue;
    }
    const unheld = TRANSPORTS.filter((transport) =>
      !holdersOf(reading, address, transport).some(({ isOurs }) => isOurs)
    );
    if (unheld.length === 0) ours.push(address);
    for (const transport of unheld) {
      const isForeign = holdersOf(reading, address, transport).length > 0;
      if (isForeign) addForeign(notes, reading, address, transport);
      else if (!hidden.includes(address)) hidden.push(address);
    }
  }
  const list = (addresses: readonly Address[]) => ({
    listen: listAddresses(addresses),
  });
  if (ours.length > 0) {
    notes.add("pass", say("port-ours", { ...list(ours), pid: serverPid }));
  }
  if (free.length > 0) notes.add("pass", say("port-free", list(free)));
  if (hidden.length > 0) notes.add("skip", say("port-hidden", list(hidden)));
  return notes.finding;
}

function holdersOf(
  { ports }: PortReading,
  address: Address,
  transport: TransportName,
): PortHolder[] {
  return ports.holders.filter((holder) =>
    holder.transport === transport && clashes(address, holder)
  );
}

function addForeign(
  notes: FindingNotes,
  reading: PortReading,
  wanted: Address,
  transport: TransportName,
): void {
  const { isRoot } = reading;
  const { port } = wanted;
  const holders = holdersOf(reading, wanted, transport)
    .filter(({ isOurs }) => !isOurs);
  const known = holders.filter(({ pid }) => pid > 0);
  const name = transport.toUpperCase();
  if (known.length === 0) {
    const address = formatAddress(holders[0]?.host ?? wanted.host, port);
    notes.add(
      "fail",
      say("port-unseen", { transport: name, address }),
      say("port-fix-look", { command: lookCommand(transport, port, isRoot) }),
    );
  }
  for (const holder of known) {
    const address = formatAddress(holder.host, port);
    const other = formatAddress(wanted.host, port < 65526 ? port + 10 : 5060);
    notes.add(
      "fail",
      say("port-foreign", {
        transport: name,
        address,
        holder: describeHolder(holder),
      }),
      say("port-fix-stop", { command: stopCommand(holder, isRoot), other }),
    );
  }
}

function isSame(one: Address, other: Address): boolean {
  return one.host === other.host && one.port === other.port;
}
