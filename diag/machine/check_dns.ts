/**
 * The check `dns`: each configured name leads here, over the kinds of address and the ports where
 * the server listens (RFC 3263 §4).
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { isLoopback } from "../../sip/flow.ts";
import { isPrivate, isPublic } from "../../sip/address_kind.ts";
import type { NameView } from "../scene.ts";
import { type CheckFinding, FindingNotes, say } from "./check_finding.ts";

export interface DnsReading {
  /** Of the configured domains, those that are names. */
  readonly names: readonly NameView[];
  /** The machine's own addresses. */
  readonly localAddresses: readonly string[];
  /** The address that the internet knows; "" for unknown. */
  readonly publicAddress: string;
  readonly listen: readonly Address[];
}

/** Decides. */
export function judgeDns(reading: DnsReading): CheckFinding {
  const notes = new FindingNotes();
  if (reading.names.length === 0) {
    return notes.add("skip", say("dns-none")).finding;
  }
  for (const view of reading.names) judgeName(notes, view, reading);
  return notes.finding;
}

function judgeName(
  notes: FindingNotes,
  view: NameView,
  reading: DnsReading,
): void {
  const { name, ipv4, ipv6, error } = view;
  const own = ownAddresses(reading);
  const ownText = own.join(", ");
  if (ipv4.length === 0 && ipv6.length === 0) {
    if (view.isAsked) {
      notes.add(
        "fail",
        say("dns-no-address", { name, error }),
        say("dns-fix-make", { name, own: own[0] ?? "" }),
      );
    } else {
      notes.add(
        "warn",
        say("dns-silent", { name, error }),
        say("dns-fix-resolver", { name }),
      );
    }
    return;
  }
  const hasIpv6 = reading.listen.some(({ host }) => host.includes(":"));
  const used = hasIpv6 ? [...ipv4, ...ipv6] : ipv4;
  const wrong = used.filter((address) => !own.includes(address));
  if (wrong.length > 0) {
    const addresses = wrong.join(", ");
    if (isBehind(wrong, own, reading)) {
      notes.add(
        "warn",
        say("dns-behind", { name, addresses, own: ownText }),
        say("dns-fix-public", { addresses, first: wrong[0]! }),
      );
    } else {
      notes.add(
        "fail",
        say("dns-wrong", { name, addresses, own: ownText }),
        say("dns-fix-record", { name, own: own[0] ?? "" }),
      );
    }
  } else if (used.length > 0) {
    notes.add("pass", say("dns-right", { name, addresses: used.join(", ") }));
  }
  if (!hasIpv6 && ipv6.length > 0) {
    const port = reading.listen[0]?.port ?? 5060;
    notes.add(
      ipv4.length > 0 ? "warn" : "fail",
      say("dns-ipv6", { name, addresses: ipv6.join(", ") }),
      say("dns-fix-ipv6", { name, port }),
    );
  }
  judgeServices(notes, view, reading);
}

function judgeServices(
  notes: FindingNotes,
  { name, services }: NameView,
  { listen }: DnsReading,
): void {
  const ports = listen.map(({ port }) => port);
  for (const { transport, port } of services) {
    if (ports.includes(port)) continue;
    notes.add(
      "warn",
      say("dns-service", { name, transport: transport.toUpperCase(), port }),
      say("dns-fix-service", { port: ports[0] ?? 5060 }),
    );
  }
}

/** The public one first, then what phones elsewhere may reach; never loopback or link-local. */
function ownAddresses(reading: DnsReading): string[] {
  const local = reading.localAddresses.filter((host) =>
    !isLoopback(host) && !/^fe80:/i.test(host)
  );
  const sorted = local.toSorted((one, other) =>
    Number(isPrivate(one)) - Number(isPrivate(other)) ||
    Number(one.includes(":")) - Number(other.includes(":"))
  );
  const own = reading.publicAddress === ""
    ? sorted
    : [reading.publicAddress, ...sorted];
  return [...new Set(own)];
}

/** Whether the wrong addresses may well be those of a router or a cloud in front of us. */
function isBehind(
  wrong: readonly string[],
  own: readonly string[],
  { publicAddress }: DnsReading,
): boolean {
  return publicAddress === "" && own.every(isPrivate) &&
    wrong.every(isPublic);
}
