/**
 * Which phones of a number are called (RFC 3261 §16.5): those with a binding that leads somewhere.
 * A crashed phone leaves its binding behind and comes back with another, so one that answers no
 * question any more is called only where no other is there.
 * @module
 */

import type { Flow } from "../../sip/flow.ts";
import { parseUri } from "../../sip/parse_uri.ts";
import type { SipUri } from "../../sip/uri.ts";
import type { Binding } from "../binding.ts";
import { type BindingTable, NO_FLOW } from "../binding_table.ts";
import type { Target } from "./call.ts";

/** A phone that has missed so many questions in a row is taken for gone. */
export const MOST_MISSED = 2;

/** The phone that calls, which is not called itself. */
export interface Calling {
  readonly flow: Flow;
  /** The URI of its Contact; "" where it named none. */
  readonly contact: string;
}

/**
 * Lists the phones, those with the highest q first, the newest first among equals.
 *
 * @param slots of the number's bindings, newest first.
 */
export function listTargets(
  bindings: BindingTable,
  slots: readonly number[],
  caller: Calling | null,
  nowMs: number,
): Target[] {
  const targets: Target[] = [];
  for (const slot of slots) {
    if (bindings.expiresAtMs[slot]! <= nowMs) continue;
    const binding = bindings.get(slot);
    if (binding.flowId === NO_FLOW) continue;
    if (caller !== null && isCaller(caller, binding)) continue;
    targets.push({ slot, q: binding.q });
  }
  const there = targets.filter(({ slot }) =>
    bindings.missedPings[slot]! < MOST_MISSED
  );
  return (there.length > 0 ? there : targets).sort((a, b) => b.q - a.q);
}

/** Whether a binding is the caller's own. All phones behind a proxy have its flow (RFC 3327). */
function isCaller({ flow, contact }: Calling, binding: Binding): boolean {
  const { flowId, host, port, path } = binding;
  if (flow.id !== flowId || flow.host !== host || flow.port !== port) {
    return false;
  }
  return path === "" || isOneContact(contact, binding.contact);
}

/** Two homes behind one proxy may have the same private address, so the user counts as well. */
function isOneContact(first: string, second: string): boolean {
  const [one, other] = [parseUri(first), parseUri(second)];
  if (one?.kind !== "sip" || other?.kind !== "sip") return false;
  const portOf = ({ port }: SipUri) => port || 5060;
  return one.user === other.user && one.host === other.host &&
    portOf(one) === portOf(other);
}
