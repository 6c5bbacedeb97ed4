/**
 * The bindings as people and scripts see them.
 * @module
 */

import { formatAddress } from "../../sip/flow.ts";
import { maskPassword } from "../../sip/uri.ts";
import type { BindingTable } from "../binding_table.ts";
import type { Directory } from "../directory.ts";
import type { BindingRow } from "./extension_store.ts";

/** A binding of the running server, with what is in no database. */
export interface LiveBinding extends BindingRow {
  /** Whether the phone names another address than it writes from. */
  readonly isBehindNat: boolean;
  /** Whether the phone keeps its way open itself (RFC 5626 §4.4.1). */
  readonly isOutbound: boolean;
  /** Our questions since it registered, and how many of the last ones got no answer. */
  readonly pingsSent: number;
  readonly missedPings: number;
}

/** Those of one extension, the newest first, or of all, at most so many; without those that are over. */
export function listBindings(
  directory: Directory,
  bindings: BindingTable,
  nowMs: number,
  number?: string,
  most = Infinity,
): LiveBinding[] {
  const rows: LiveBinding[] = [];
  for (const slot of listSlots(directory, bindings, number)) {
    const binding = bindings.get(slot);
    if (binding.expiresAtMs <= nowMs) continue;
    if (rows.length >= most) break;
    rows.push({
      number: directory.numberOf(bindings.extension[slot]!),
      contact: maskPassword(binding.contact),
      source: formatAddress(binding.host, binding.port),
      transport: binding.transport,
      expiresSeconds: Math.ceil((binding.expiresAtMs - nowMs) / 1000),
      userAgent: binding.userAgent,
      isBehindNat: binding.isBehindNat,
      isOutbound: binding.isOutbound,
      pingsSent: bindings.pingsSent[slot]!,
      missedPings: bindings.missedPings[slot]!,
    });
  }
  return rows;
}

function* listSlots(
  directory: Directory,
  bindings: BindingTable,
  number: string | undefined,
): Generator<number> {
  if (number === undefined) {
    for (let slot = 0; slot < bindings.used; slot++) {
      if (bindings.isLive(slot)) yield slot;
    }
    return;
  }
  const extension = directory.find(number);
  if (extension < 0) return;
  let slot = directory.firstBinding(extension);
  for (; slot >= 0; slot = bindings.next[slot]!) yield slot;
}
