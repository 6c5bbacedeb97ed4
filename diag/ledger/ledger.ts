/**
 * The ledger of facts: the newest ones of each host, so that a host that makes many facts pushes
 * out its own only. Bounded in hosts, facts and octets; hosts from which nobody registered are
 * kept apart, so that strangers do not push out phones, nor a large office a phone that fails.
 * @module
 */

import type { Fact } from "../../pbx/fact.ts";
import { copyText } from "../../sip/octet.ts";

/** A fact with its place in the order of all facts. */
export interface LedgerEntry {
  /** Grows by one with each fact, from 1. */
  readonly seq: number;
  readonly fact: Fact;
}

export interface LedgerLimits {
  readonly hosts: number;
  /** Of one host. */
  readonly facts: number;
  /** Of all hosts of a class, counted as their memory. */
  readonly octets: number;
}

const STRANGERS: LedgerLimits = { hosts: 1024, facts: 128, octets: 2 << 20 };
const PHONES: LedgerLimits = { hosts: 1024, facts: 512, octets: 4 << 20 };
/** Hosts that were active within so many facts are in no order among each other. */
const FRESH_FACTS = 1024;
/** What a fact takes without its texts, roughly. */
const FACT_OCTETS = 240;
const LONGEST_TEXT = 256;

/** The newest facts of one host, in a ring. */
class Shelf {
  readonly entries: LedgerEntry[] = [];
  /** Where the oldest stands, once the ring is full. */
  #oldest = 0;
  octets = 0;
  /** The number of all facts when the shelf was put behind the others. */
  movedAt = 0;

  get last(): LedgerEntry | undefined {
    const { length } = this.entries;
    return this.entries[(this.#oldest + length - 1) % length];
  }

  /** Adds an entry; gives by how much the memory grew. */
  add(entry: LedgerEntry, most: number): number {
    const before = this.octets;
    this.octets += octetsOf(entry.fact);
    if (this.entries.length < most) {
      // the ring was full when less was allowed
      this.entries.push(...this.entries.splice(0, this.#oldest), entry);
      this.#oldest = 0;
    } else {
      this.octets -= octetsOf(this.entries[this.#oldest]!.fact);
      this.entries[this.#oldest] = entry;
      this.#oldest = (this.#oldest + 1) % most;
    }
    return this.octets - before;
  }

  /** Puts a newer entry in the place of the last one, which said the same. */
  replaceLast(entry: LedgerEntry): void {
    const { length } = this.entries;
    this.entries[(this.#oldest + length - 1) % length] = entry;
  }
}

/** The shelves of one class of hosts. */
class Shelves {
  readonly limits: LedgerLimits;
  /** In the order of their last activity. */
  readonly byHost = new Map<string, Shelf>();
  octets = 0;

  constructor(limits: LedgerLimits) {
    this.limits = limits;
  }

  drop(host: string): Shelf | undefined {
    const shelf = this.byHost.get(host);
    if (shelf === undefined) return undefined;
    this.byHost.delete(host);
    this.octets -= shelf.octets;
    return shelf;
  }

  put(host: string, shelf: Shelf): void {
    this.byHost.set(host, shelf);
    this.octets += shelf.octets;
  }

  trim(): void {
    const { hosts, octets } = this.limits;
    for (const host of this.byHost.keys()) {
      if (this.byHost.size <= hosts && this.octets <= octets) return;
      if (this.byHost.size === 1) return;
      this.drop(host);
    }
  }
}

export class Ledger {
  readonly #strangers: Shelves;
  readonly #phones: Shelves;
  /** Facts about the server itself. */
  readonly #server = new Shelf();
  #seq = 0;
  #recentHost = "";
  #recent: { shelf: Shelf; shelves: Shelves } | null = null;

  constructor(
    strangers: LedgerLimits = STRANGERS,
    phones: LedgerLimits = PHONES,
  ) {
    this.#strangers = new Shelves(strangers);
    this.#phones = new Shelves(phones);
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
    const { shelf, shelves } = this.#turnTo(
      fact.flow.host,
      fact.kind === "registered",
    );
    if (isSameSign(shelf.last?.fact, fact)) {
      shelf.replaceLast(entry);
      return entry;
    }
    shelves.octets += shelf.add(entry, shelves.limits.facts);
    if (shelves.octets > shelves.limits.octets) {
      shelves.trim();
      this.#recentHost = "";
    }
    return entry;
  }

  /** All facts that are kept, in their order. */
  entries(): LedgerEntry[] {
    const found = [...this.#server.entries];
    for (const { byHost } of [this.#strangers, this.#phones]) {
      for (const { entries } of byHost.values()) {
        for (const entry of entries) found.push(entry);
      }
    }
    return found.sort((a, b) => a.seq - b.seq);
  }

  /** The facts of one host, in their order. */
  entriesOf(host: string): LedgerEntry[] {
    const shelf = this.#phones.byHost.get(host) ??
      this.#strangers.byHost.get(host);
    return [...shelf?.entries ?? []].sort((a, b) => a.seq - b.seq);
  }

  /** The shelf of a host, which becomes the one that was active last. */
  #turnTo(
    host: string,
    hasRegistered: boolean,
  ): { shelf: Shelf; shelves: Shelves } {
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
  ): { shelf: Shelf; shelves: Shelves } | null {
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
  ): { shelf: Shelf; shelves: Shelves } {
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

function octetsOf(fact: Fact): number {
  if (fact.kind === "malformed-seen") {
    return FACT_OCTETS + fact.what.length + fact.userAgent.length;
  }
  if (fact.kind === "retransmission-seen") {
    return FACT_OCTETS + fact.callId.length + fact.branch.length;
  }
  if (fact.kind === "response-seen") return FACT_OCTETS + fact.callId.length;
  if (fact.kind === "request-seen") return FACT_OCTETS + fact.octets;
  if (fact.kind === "refused") return FACT_OCTETS + 2 * fact.detail.length;
  return FACT_OCTETS;
}
