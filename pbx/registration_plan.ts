/**
 * What a REGISTER would change, and whether it may (RFC 3261 §10.3 steps 6 and 7, RFC 5626 §6).
 * Nothing is changed here, so that a refusal leaves everything as it was.
 * @module
 */

import type { Message } from "../sip/message.ts";
import { parseUri } from "../sip/parse_uri.ts";
import { type Refusal, refuse } from "../sip/refusal.ts";
import { equalsUri } from "../sip/uri.ts";
import type { Binding } from "./binding.ts";
import type { BindingTable } from "./binding_table.ts";
import type { Registration, RequestedContact } from "./registration.ts";

/** A change to one binding that a REGISTER makes, or nothing but its contact. */
export interface Step {
  readonly contact: RequestedContact;
  /** The slot that it refreshes, replaces or removes; -1 where it is new. */
  readonly slot: number;
  /** What happens if it is not a removal; `limit`: a removal that makes room. */
  readonly change: "added" | "refreshed" | "replaced" | "limit";
}

/**
 * Plans what a REGISTER asks for.
 *
 * @param slots the extension's bindings, newest first.
 * @param most how many there may be.
 */
export function planRegistration(
  bindings: BindingTable,
  message: Message,
  slots: readonly number[],
  wanted: Registration,
  most: number,
): readonly Step[] | Refusal {
  switch (wanted.kind) {
    case "fetch":
      return [];
    case "remove-all":
      return planRemoveAll(bindings, message, slots);
    case "change":
      return planChange(bindings, message, slots, wanted.contacts, most);
  }
}

function planRemoveAll(
  bindings: BindingTable,
  message: Message,
  slots: readonly number[],
): readonly Step[] | Refusal {
  const steps: Step[] = [];
  for (const slot of slots) {
    const binding = bindings.get(slot);
    const late = refuseLate(bindings, message, slot);
    if (late !== null) return late;
    const contact = removalOf(binding);
    if (contact !== null) steps.push({ contact, slot, change: "refreshed" });
  }
  return steps;
}

function planChange(
  bindings: BindingTable,
  message: Message,
  slots: readonly number[],
  contacts: readonly RequestedContact[],
  most: number,
): readonly Step[] | Refusal {
  const steps: Step[] = [];
  for (const contact of contacts) {
    const match = findMatch(bindings, slots, contact);
    // one request may not change a binding twice: the later mention wins
    const earlier = steps.findIndex((step) =>
      match < 0 ? equalsUri(step.contact.uri, contact.uri) : step.slot === match
    );
    if (earlier >= 0) {
      // a phone that comes with a new contact may remove its old one in the same request
      const other = steps[earlier]!.contact;
      const isOldContact = !equalsUri(other.uri, contact.uri) &&
        other.expiresSeconds > 0 && contact.expiresSeconds === 0;
      if (isOldContact) continue;
      steps.splice(earlier, 1);
    }
    if (match >= 0) {
      const late = refuseLate(bindings, message, match);
      if (late !== null) return late;
    }
    const change = match < 0
      ? "added"
      : isSameContact(bindings, contact, match)
      ? "refreshed"
      : "replaced";
    steps.push({ contact, slot: match, change });
  }
  let count = slots.length;
  for (const { slot, contact } of steps) {
    if (slot < 0 && contact.expiresSeconds > 0) count++;
    if (slot >= 0 && contact.expiresSeconds === 0) count--;
  }
  return count > most ? makeRoom(bindings, slots, steps, count, most) : steps;
}

/** The binding that a contact refreshes, replaces or removes; -1 where there is none. */
function findMatch(
  bindings: BindingTable,
  slots: readonly number[],
  contact: RequestedContact,
): number {
  for (const slot of slots) {
    if (contact.instance === "") break;
    if (isOnePhone(contact, bindings.get(slot))) return slot;
  }
  for (const slot of slots) {
    if (isSameContact(bindings, contact, slot)) return slot;
  }
  return -1;
}

/** RFC 5626 §6: the same instance and reg-id are the same phone, whatever its contact. */
function isOnePhone(
  a: { readonly instance: string; readonly regId: number },
  b: { readonly instance: string; readonly regId: number },
): boolean {
  return a.instance !== "" && a.instance === b.instance && a.regId === b.regId;
}

function isSameContact(
  bindings: BindingTable,
  contact: RequestedContact,
  slot: number,
): boolean {
  if (bindings.isContact(slot, contact.uri.text)) return true;
  const bound = parseUri(bindings.get(slot).contact);
  return bound !== null && equalsUri(contact.uri, bound);
}

/** RFC 3261 §10.3 step 7: within a Call-ID only a higher CSeq may change a binding. */
function refuseLate(
  bindings: BindingTable,
  message: Message,
  slot: number,
): Refusal | null {
  const before = bindings.cseq[slot]!;
  if (message.cseq > before) return null;
  if (message.callId !== bindings.get(slot).callId) return null;
  const detail = `CSeq ${message.cseq}, ${before} was there before`;
  const why = "cseq-out-of-order";
  return refuse(500, "CSeq Out Of Order", "policy", why, detail);
}

/** The oldest phones that do not answer us make room; where all answer, nothing is changed. */
function makeRoom(
  bindings: BindingTable,
  slots: readonly number[],
  steps: readonly Step[],
  count: number,
  most: number,
): readonly Step[] | Refusal {
  const touched = new Set(steps.map((step) => step.slot));
  const room: Step[] = [];
  for (const slot of [...slots].reverse()) {
    if (count - room.length <= most) break;
    if (touched.has(slot) || bindings.missedPings[slot]! < 2) continue;
    const contact = removalOf(bindings.get(slot));
    if (contact !== null) room.push({ contact, slot, change: "limit" });
  }
  if (count - room.length <= most) {
    return [...room, ...steps];
  }
  const detail = `${count} contacts, ${most} allowed`;
  // not 403: a phone would stop for good, and the old bindings expire
  const headers = "Retry-After: 60\r\n";
  return refuse(
    503,
    "Too Many Contacts",
    "policy",
    "contact-limit",
    detail,
    headers,
  );
}

function removalOf(binding: Binding): RequestedContact | null {
  const uri = parseUri(binding.contact);
  if (uri === null || uri.kind !== "sip") return null;
  return { ...binding, uri, expiresSeconds: 0 };
}
