/**
 * The ledger of facts: the newest ones of each host, so that a host that makes many facts pushes
 * out its own only. Bounded in hosts, facts and octets; hosts from which nobody registered are
 * kept apart, so that strangers do not push out phones, nor a large office a phone that fails. The
 * calls of phones have shelves of their own, so that they push out no registration.
 * @module
 */

import type { Fact } from "../../pbx/fact.ts";
import { copyText } from "../../sip/octet.ts";
import { isOfCall } from "./call_share.ts";
import {
  type LedgerEntry,
  type LedgerLimits,
  Shelf,
  Shelves,
} from "./ledger_shelf.ts";

export type { LedgerEntry, LedgerLimits } from "./ledger_shelf.ts";

const STRANGERS: LedgerLimits = { hosts: 1024, facts: 128, octets: 2 << 20 };
const PHONES: LedgerLimits = { hosts: 1024, facts: 512, octets: 4 << 20 };
const CALLS: LedgerLimits = { hosts: 1024, facts: 512, octets: 4 << 20 };
/** Hosts that were active within so many facts are in no order among each other. */
const FRESH_FACTS = 1024;
const LONGEST_TEXT = 256;

/** Where the facts of a host are put. */
interface Place {
  readonly shelf: Shelf;
  readonly shelves: Shelves;
}

export class Ledger {
  readonly #strangers: Shelves;
  readonly #phones: Shelves;
  /** What phones of the hosts in `#phones` do about calls. */
  readonly #calls: Shelves;
  /** Facts about the server itself. */
  readonly #server = new Shelf();
  #seq = 0;
  #recentHost = "";
  #recent: Place | null = null;
  #recentCalls: (Place & { readonly host: string }) | null = null;

  constructor(
    strangers: LedgerLimits = STRANGERS,
    phones: LedgerLimits = PHONES,
    calls: LedgerLimits = CALLS,
  ) {
    this.#strangers = new Shelves(strangers);
    this.#phones = new Shelves(phones);
    this.#calls = new Shelves(calls);
  }

  /** Keeps a fact; null where it tells nothing that the facts before did not. */
  add(fact: Fact): LedgerEntry | null {
    // an answer that was waited for has a fact of its own
    if (fact.kind === "response-seen" && fact.isExpected) return null;
    const entry = { seq: ++this.#seq, fact: detach(fact) };
    if (!("flow" in fact)) {
      this.#server.add(entry, 64);
      return entry;
    }
    const { host } = fact.flow;
    const { shelf, shelves } = isOfCall(fact) && this.#phones.byHost.has(host)
      ? this.#turnToCalls(host)
      : this.#turnTo(host, fact.kind === "registered");
    if (isSameSign(shelf.last?.fact, fact)) {
      shelf.replaceLast(entry);
      return entry;
    }
    const { facts } = shelves.limits;
    shelves.octets += fact.kind === "media-seen"
      ? shelf.addSound(entry, fact, facts)
      : shelf.add(entry, facts);
    if (shelves.octets > shelves.limits.octets) {
      shelves.trim();
      this.#recentHost = "";
      this.#recentCalls = null;
    }
    return entry;
  }

  /** All facts that are kept, in their order. */
  entries(): LedgerEntry[] {
    const found = [...this.#server.entries];
    for (const { byHost } of [this.#strangers, this.#phones, this.#calls]) {
      for (const { entries } of byHost.values()) {
        for (const entry of entries) found.push(entry);
      }
    }
    return found.sort((a, b) => a.seq - b.seq);
  }

  /** Every host of which something is kept; some may come twice. */
  *hosts(): Generator<string> {
    yield* this.#strangers.byHost.keys();
    yield* this.#phones.byHost.keys();
    // their host may have left the other shelves
    yield* this.#calls.byHost.keys();
  }

  /** How many facts of a host are kept. */
  countOf(host: string): number {
    const shelf = this.#phones.byHost.get(host) ??
      this.#strangers.byHost.get(host);
    const calls = this.#calls.byHost.get(host);
    return (shelf?.entries.length ?? 0) + (calls?.entries.length ?? 0);
  }

  /** The facts about the server itself, in their order. */
  serverEntries(): LedgerEntry[] {
    return this.#server.entries.toSorted((a, b) => a.seq - b.seq);
  }

  /** The facts of one host, in their order. */
  entriesOf(host: string): LedgerEntry[] {
    const shelf = this.#phones.byHost.get(host) ??
      this.#strangers.byHost.get(host);
    const calls = this.#calls.byHost.get(host);
    return [...shelf?.entries ?? [], ...calls?.entries ?? []]
      .sort((a, b) => a.seq - b.seq);
  }

  /** The shelf of a host's calls, which becomes the one that was active last. */
  #turnToCalls(host: string): Place {
    const recent = this.#recentCalls;
    if (recent !== null && recent.host === host) return recent;
    const shelves = this.#calls;
    let shelf = shelves.byHost.get(host);
    if (shelf === undefined || this.#seq - shelf.movedAt >= FRESH_FACTS) {
      shelf = shelves.drop(host) ?? new Shelf();
      shelf.movedAt = this.#seq;
      shelves.put(host, shelf);
      if (shelves.byHost.size > shelves.limits.hosts) shelves.trim();
    }
    const place = { host, shelf, shelves };
    this.#recentCalls = place;
    return place;
  }

  /** The shelf of a host, which becomes the one that was active last. */
  #turnTo(
    host: string,
    hasRegistered: boolean,
  ): Place {
    const recent = this.#recent;
    if (
      recent !== null && host === this.#recentHost &&
      (!hasRegistered || recent.shelves === this.#phones)
    ) return recent;
    this.#recentHost = host;
    this.#recent = this.#findFresh(host, hasRegistered) ??
      this.#moveToEnd(host, hasRegistered);
    return this.#recent;
  }

  /** A shelf that was put behind the others a moment ago may stay where it is. */
  #findFresh(
    host: string,
    hasRegistered: boolean,
  ): Place | null {
    const isFresh = (shelf: Shelf | undefined): shelf is Shelf =>
      shelf !== undefined && this.#seq - shelf.movedAt < FRESH_FACTS;
    const phone = this.#phones.byHost.get(host);
    if (isFresh(phone)) return { shelf: phone, shelves: this.#phones };
    if (phone !== undefined || hasRegistered) return null;
    const stranger = this.#strangers.byHost.get(host);
    return isFresh(stranger)
      ? { shelf: stranger, shelves: this.#strangers }
      : null;
  }

  #moveToEnd(
    host: string,
    hasRegistered: boolean,
  ): Place {
    const known = this.#phones.drop(host);
    const isPhone = known !== undefined || hasRegistered;
    const shelf = known ?? this.#strangers.drop(host) ?? new Shelf();
    const shelves = isPhone ? this.#phones : this.#strangers;
    shelf.movedAt = this.#seq;
    shelves.put(host, shelf);
    if (shelves.byHost.size > shelves.limits.hosts) shelves.trim();
    return { shelf, shelves };
  }
}

/** Signs of life that follow each other: the newest one is enough. */
function isSameSign(last: Fact | undefined, fact: Fact): boolean {
  return fact.kind === "datagram-seen" && fact.class === "keepalive" &&
    last?.kind === "datagram-seen" && last.class === "keepalive" &&
    last.flow === fact.flow;
}

function own(text: string): string {
  return copyText(text, LONGEST_TEXT);
}

/**
 * The texts of a fact point into the text of the message, and keep it alive. A request counts as
 * much, and so do the facts that follow it; where no request is kept, the texts are copied.
 */
function detach(fact: Fact): Fact {
  switch (fact.kind) {
    case "malformed-seen": {
      const { what, method, userAgent } = fact;
      return {
        ...fact,
        what: own(what),
        method: own(method),
        userAgent: own(userAgent),
      };
    }
    case "retransmission-seen": {
      const { method, callId, branch } = fact;
      return {
        ...fact,
        method: own(method),
        callId: own(callId),
        branch: own(branch),
      };
    }
    case "response-seen": {
      const { method, callId } = fact;
      return { ...fact, method: own(method), callId: own(callId) };
    }
    default:
      return fact;
  }
}
