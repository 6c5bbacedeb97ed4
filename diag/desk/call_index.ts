/**
 * Which hosts tell of the same call. A call belongs to the story of the phone that made it, and
 * what the called phone does is told with the way to that phone; so a host's stories cannot be
 * folded from its own facts alone.
 * @module
 */

import type { CallFact, Fact } from "../../pbx/fact.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";

/** What one host tells of one call. */
interface Share {
  /** Facts about the call, and about the INVITE that it began with; in their order. */
  readonly entries: LedgerEntry[];
  /** Whether the call may belong to a phone of this host. */
  mayOwn: boolean;
}

/** Shares by Call-ID. */
type Shares = ReadonlyMap<string, Share>;

const NOTHING: Shares = new Map();

export class CallIndex {
  readonly #shares = new Map<string, Shares>();
  /** Those who tell of a call, by Call-ID. */
  readonly #hosts = new Map<string, Set<string>>();

  /**
   * Takes the facts of a host in the place of those before. Gives the other hosts whose stories
   * this may have changed.
   */
  update(host: string, entries: readonly LedgerEntry[]): Set<string> {
    const before = this.#shares.get(host) ?? NOTHING;
    const now = sharesOf(entries);
    const changed = new Set<string>();
    for (const [callId, share] of now) {
      const old = before.get(callId);
      if (old === undefined) this.#add(callId, host);
      if (old === undefined || !isSame(old, share)) {
        this.#listOwners(callId, host, changed);
      }
    }
    for (const callId of before.keys()) {
      if (now.has(callId)) continue;
      this.#listOwners(callId, host, changed);
      this.#remove(callId, host);
    }
    if (now.size === 0) this.#shares.delete(host);
    else this.#shares.set(host, now);
    return changed;
  }

  /** What other hosts tell of the calls that phones of this host may have made. */
  listOthers(host: string): LedgerEntry[] {
    const entries: LedgerEntry[] = [];
    for (const [callId, { mayOwn }] of this.#shares.get(host) ?? NOTHING) {
      if (!mayOwn) continue;
      for (const other of this.#hosts.get(callId) ?? []) {
        if (other === host) continue;
        entries.push(...this.#shares.get(other)?.get(callId)?.entries ?? []);
      }
    }
    return entries;
  }

  #listOwners(callId: string, host: string, found: Set<string>): void {
    for (const other of this.#hosts.get(callId) ?? []) {
      if (other === host) continue;
      if (this.#shares.get(other)?.get(callId)?.mayOwn) found.add(other);
    }
  }

  #add(callId: string, host: string): void {
    const hosts = this.#hosts.get(callId);
    if (hosts === undefined) this.#hosts.set(callId, new Set([host]));
    else hosts.add(host);
  }

  #remove(callId: string, host: string): void {
    const hosts = this.#hosts.get(callId);
    hosts?.delete(host);
    if (hosts?.size === 0) this.#hosts.delete(callId);
  }
}

/** Without the calls of which there is an INVITE only: they concern nobody else. */
function sharesOf(entries: readonly LedgerEntry[]): Shares {
  const shares = new Map<string, Share>();
  for (const { fact } of entries) {
    if (isOfLiveCall(fact) && !shares.has(fact.callId)) {
      shares.set(fact.callId, { entries: [], mayOwn: false });
    }
  }
  if (shares.size === 0) return NOTHING;
  for (const entry of entries) {
    const { fact } = entry;
    const isLive = isOfLiveCall(fact);
    const callId = isLive ? fact.callId : inviteOf(fact);
    const share = callId === null ? undefined : shares.get(callId);
    if (share === undefined) continue;
    share.entries.push(entry);
    // who sent the INVITE, or is told of as the caller
    if (!isLive || ("side" in fact && fact.side === "caller")) {
      share.mayOwn = true;
    }
  }
  return shares;
}

function isSame(a: Share, b: Share): boolean {
  return a.entries.length === b.entries.length &&
    a.entries.every(({ seq }, i) => seq === b.entries[i]!.seq);
}

/** Whether a fact is about a call that was let in. */
function isOfLiveCall(fact: Fact): fact is CallFact {
  return fact.kind === "call-invited" || fact.kind === "call-answered" ||
    fact.kind === "call-acknowledged" || fact.kind === "media-seen" ||
    fact.kind === "call-ended";
}

/** The Call-ID of an INVITE that came, was challenged or refused; null for other facts. */
function inviteOf(fact: Fact): string | null {
  const isOfRequest = fact.kind === "request-seen" ||
    fact.kind === "challenged" || fact.kind === "refused";
  return isOfRequest && fact.method === "INVITE" ? fact.callId : null;
}
