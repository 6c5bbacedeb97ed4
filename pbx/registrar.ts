/**
 * The registrar (RFC 3261 §10.3, RFC 5626 §6, RFC 3327 §5.3): which contacts an extension has.
 * It changes bindings in memory and tells which slots changed; whoever holds it writes those
 * into the journal before the answer leaves.
 * @module
 */

import type { Flow } from "../sip/flow.ts";
import type { Message } from "../sip/message.ts";
import { parseUri } from "../sip/parse_uri.ts";
import { type Refusal, refuse } from "../sip/refusal.ts";
import { equalsUri } from "../sip/uri.ts";
import type { Binding } from "./binding.ts";
import type { BindingTable } from "./binding_table.ts";
import type { Directory } from "./directory.ts";
import type { Registered, Unregistered } from "./fact.ts";
import type { JournalLine, Moment } from "./journal_line.ts";
import {
  readRegistration,
  type RegistrationLimits,
  type RequestedContact,
} from "./registration.ts";

/** A change to one binding that a REGISTER makes, or nothing but its contact. */
interface Step {
  readonly contact: RequestedContact;
  /** The slot that it refreshes, replaces or removes; -1 where it is new. */
  readonly slot: number;
  /** What happens if it is not a removal; `limit`: a removal that makes room. */
  readonly change: "added" | "refreshed" | "replaced" | "limit";
}

/** A REGISTER that was carried out. */
export interface Registration200 {
  readonly kind: "registered";
  readonly facts: readonly (Registered | Unregistered)[];
  /** Slots that were added or refreshed. */
  readonly slots: readonly number[];
  readonly isFetch: boolean;
}

export class Registrar {
  readonly #directory: Directory;
  readonly #bindings: BindingTable;
  readonly #limits: RegistrationLimits;
  /** Slots that are not in the journal yet as they are now; null where the slot is free. */
  readonly changed = new Map<number, Binding | null>();

  constructor(
    directory: Directory,
    bindings: BindingTable,
    limits: RegistrationLimits,
  ) {
    this.#directory = directory;
    this.#bindings = bindings;
    this.#limits = limits;
  }

  /** Carries a REGISTER out, whole or not at all. The sender is known to own the extension. */
  register(
    message: Message,
    extension: number,
    flow: Flow,
    now: Moment,
  ): Registration200 | Refusal {
    const wanted = readRegistration(message, flow, this.#limits);
    if (wanted.kind === "refusal") return wanted;
    if (message.has("path") && !listsOption(message, "path")) {
      const headers = "Require: path\r\n";
      return refuse(
        421,
        "Extension Required",
        "policy",
        "extension-required",
        "path",
        headers,
      );
    }
    if (wanted.kind === "fetch") {
      return { kind: "registered", facts: [], slots: [], isFetch: true };
    }
    const steps = wanted.kind === "remove-all"
      ? this.#planRemoveAll(message, extension)
      : this.#plan(message, extension, wanted.contacts);
    if ("kind" in steps) return steps;
    const facts: (Registered | Unregistered)[] = [];
    const slots: number[] = [];
    for (const step of steps) {
      if (step.contact.expiresSeconds > 0) {
        slots.push(this.#bind(step, message, extension, flow, now, facts));
      } else if (step.slot >= 0) {
        this.#unbind(step, flow, now, facts);
      }
    }
    return { kind: "registered", facts, slots, isFetch: false };
  }

  /** The Contact header fields of an answer: every binding with the time that remains. */
  contactHeaders(extension: number, nowMs: number): string {
    let headers = "";
    for (const slot of this.slotsOf(extension)) {
      const binding = this.#bindings.get(slot);
      const left = Math.max(
        1,
        Math.round((binding.expiresAtMs - nowMs) / 1000),
      );
      headers += `Contact: <${binding.contact}>;expires=${left}`;
      if (binding.q !== 1000) headers += `;q=${binding.q / 1000}`;
      if (binding.instance !== "") {
        headers += `;+sip.instance="${binding.instance}"`;
      }
      if (binding.regId !== 0) headers += `;reg-id=${binding.regId}`;
      headers += "\r\n";
    }
    return headers;
  }

  /** The slots of an extension's bindings, newest first. */
  slotsOf(extension: number): number[] {
    const slots: number[] = [];
    let slot = this.#directory.firstBinding(extension);
    for (; slot >= 0; slot = this.#bindings.next[slot]!) slots.push(slot);
    return slots;
  }

  /** Removes a binding, wherever it stands. */
  remove(slot: number): void {
    const extension = this.#bindings.extension[slot]!;
    this.#unlink(extension, slot);
    this.#bindings.remove(slot);
    this.changed.set(slot, null);
  }

  /** Those of an extension's bindings that have expired and are still there. */
  expiredSlots(extension: number, nowMs: number): number[] {
    return this.slotsOf(extension).filter((slot) =>
      this.#bindings.expiresAtMs[slot]! <= nowMs
    );
  }

  /**
   * Undoes changes that could not be written: puts every changed slot back to what the journal
   * says of it.
   *
   * @param lines for each changed slot its line; null where the slot was free.
   */
  restore(lines: ReadonlyMap<number, JournalLine | null>, nowMs: number): void {
    const bindings = this.#bindings;
    for (const slot of lines.keys()) {
      if (!bindings.isLive(slot)) continue;
      this.#unlink(bindings.extension[slot]!, slot);
      bindings.remove(slot);
    }
    this.changed.clear();
    for (const [slot, line] of lines) {
      if (line === null || line.numbers === null) continue;
      const extension = this.#directory.find(line.number);
      if (extension < 0 || line.numbers.expiresAtMs <= nowMs) {
        // that it is gone has still to be written
        this.changed.set(slot, null);
        continue;
      }
      bindings.put(slot, extension, line.numbers, line.texts);
      bindings.next[slot] = this.#directory.firstBinding(extension);
      this.#directory.setFirstBinding(extension, slot);
    }
    bindings.collectFree();
  }

  #planRemoveAll(
    message: Message,
    extension: number,
  ): readonly Step[] | Refusal {
    const steps: Step[] = [];
    for (const slot of this.slotsOf(extension)) {
      const binding = this.#bindings.get(slot);
      const late = this.#refuseLate(message, slot);
      if (late !== null) return late;
      const contact = removalOf(binding);
      if (contact !== null) steps.push({ contact, slot, change: "refreshed" });
    }
    return steps;
  }

  #plan(
    message: Message,
    extension: number,
    contacts: readonly RequestedContact[],
  ): readonly Step[] | Refusal {
    const slots = this.slotsOf(extension);
    const steps: Step[] = [];
    for (const contact of contacts) {
      const match = this.#findMatch(slots, contact);
      // one request may not change a binding twice: the later mention wins
      const earlier = steps.findIndex((step) =>
        match < 0
          ? equalsUri(step.contact.uri, contact.uri)
          : step.slot === match
      );
      if (earlier >= 0) steps.splice(earlier, 1);
      if (match >= 0) {
        const late = this.#refuseLate(message, match);
        if (late !== null) return late;
      }
      const change = match < 0
        ? "added"
        : this.#isSameContact(contact, match)
        ? "refreshed"
        : "replaced";
      steps.push({ contact, slot: match, change });
    }
    let count = slots.length;
    for (const { slot, contact } of steps) {
      if (slot < 0 && contact.expiresSeconds > 0) count++;
      if (slot >= 0 && contact.expiresSeconds === 0) count--;
    }
    return count > this.#limits.contacts
      ? this.#makeRoom(slots, steps, count)
      : steps;
  }

  /** The binding that a contact refreshes, replaces or removes; -1 where there is none. */
  #findMatch(slots: readonly number[], contact: RequestedContact): number {
    for (const slot of slots) {
      if (contact.instance !== "" && this.#isSamePhone(contact, slot)) {
        return slot;
      }
    }
    for (const slot of slots) {
      if (this.#isSameContact(contact, slot)) return slot;
    }
    return -1;
  }

  /** RFC 5626 §6: the same instance and reg-id are the same phone, whatever its contact. */
  #isSamePhone(contact: RequestedContact, slot: number): boolean {
    const binding = this.#bindings.get(slot);
    return contact.instance === binding.instance &&
      contact.regId === binding.regId;
  }

  #isSameContact(contact: RequestedContact, slot: number): boolean {
    if (this.#bindings.isContact(slot, contact.uri.text)) return true;
    const bound = parseUri(this.#bindings.get(slot).contact);
    return bound !== null && equalsUri(contact.uri, bound);
  }

  /** RFC 3261 §10.3 step 7: within a Call-ID only a higher CSeq may change a binding. */
  #refuseLate(message: Message, slot: number): Refusal | null {
    const before = this.#bindings.cseq[slot]!;
    if (message.cseq > before) return null;
    if (message.callId !== this.#bindings.get(slot).callId) return null;
    const detail = `CSeq ${message.cseq}, ${before} was there before`;
    const why = "cseq-out-of-order";
    return refuse(500, "CSeq Out Of Order", "policy", why, detail);
  }

  /** The oldest phones that do not answer us make room; where all answer, nothing is changed. */
  #makeRoom(
    slots: readonly number[],
    steps: readonly Step[],
    count: number,
  ): readonly Step[] | Refusal {
    const touched = new Set(steps.map((step) => step.slot));
    const room: Step[] = [];
    for (const slot of [...slots].reverse()) {
      if (count - room.length <= this.#limits.contacts) break;
      if (touched.has(slot) || this.#bindings.missedPings[slot]! < 2) continue;
      const contact = removalOf(this.#bindings.get(slot));
      if (contact !== null) room.push({ contact, slot, change: "limit" });
    }
    if (count - room.length <= this.#limits.contacts) {
      return [...room, ...steps];
    }
    const detail = `${count} contacts, ${this.#limits.contacts} allowed`;
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

  #unbind(
    step: Step,
    flow: Flow,
    now: Moment,
    facts: (Registered | Unregistered)[],
  ): void {
    const number = this.#directory.numberOf(
      this.#bindings.extension[step.slot]!,
    );
    this.remove(step.slot);
    facts.push({
      kind: "unregistered",
      at: now.wallMs,
      flow,
      stage: "policy",
      number,
      contact: step.contact.uri.text,
      why: step.change === "limit" ? "limit" : "by-phone",
    });
  }

  #bind(
    step: Step,
    message: Message,
    extension: number,
    flow: Flow,
    now: Moment,
    facts: (Registered | Unregistered)[],
  ): number {
    const { contact, change } = step;
    const binding = makeBinding(contact, message, flow, now.monotonicMs);
    let { slot } = step;
    const first = this.#directory.firstBinding(extension);
    if (slot < 0) {
      slot = this.#bindings.add(extension, first, binding);
      this.#directory.setFirstBinding(extension, slot);
    } else {
      this.#bindings.update(slot, binding);
      if (first !== slot) this.#moveToFront(extension, slot);
    }
    this.changed.set(slot, binding);
    facts.push({
      kind: "registered",
      at: now.wallMs,
      flow,
      stage: "reply",
      number: this.#directory.numberOf(extension),
      contact: binding.contact,
      change: change === "refreshed" || change === "replaced"
        ? change
        : "added",
      callId: binding.callId,
      expiresSeconds: contact.expiresSeconds,
      userAgent: binding.userAgent,
      isBehindNat: binding.isBehindNat,
    });
    return slot;
  }

  #moveToFront(extension: number, slot: number): void {
    this.#unlink(extension, slot);
    this.#bindings.next[slot] = this.#directory.firstBinding(extension);
    this.#directory.setFirstBinding(extension, slot);
  }

  #unlink(extension: number, slot: number): void {
    const { next } = this.#bindings;
    let at = this.#directory.firstBinding(extension);
    if (at === slot) {
      this.#directory.setFirstBinding(extension, next[slot]!);
      return;
    }
    for (; at >= 0; at = next[at]!) {
      if (next[at] !== slot) continue;
      next[at] = next[slot]!;
      return;
    }
  }
}

/** Whether the request says that it speaks an extension (RFC 3261 §20.37). */
function listsOption(message: Message, option: string): boolean {
  return message.values("supported").some((value) =>
    value.split(",").some((tag) => tag.trim().toLowerCase() === option)
  );
}

function removalOf(binding: Binding): RequestedContact | null {
  const uri = parseUri(binding.contact);
  if (uri === null || uri.kind !== "sip") return null;
  return { ...binding, uri, expiresSeconds: 0 };
}

/** No text of a binding holds a character that could end a line of the journal. */
function clean(text: string, longest: number): string {
  return text.slice(0, longest).replace(/[\x00-\x1f\x7f]/g, " ");
}

function makeBinding(
  contact: RequestedContact,
  message: Message,
  flow: Flow,
  nowMs: number,
): Binding {
  const path = message.has("path") ? message.values("path").join(", ") : "";
  return {
    contact: contact.uri.text,
    callId: clean(message.callId, 512),
    cseq: message.cseq,
    expiresAtMs: nowMs + contact.expiresSeconds * 1000,
    grantedSeconds: contact.expiresSeconds,
    q: contact.q,
    userAgent: clean(message.userAgent, 128),
    instance: clean(contact.instance, 256),
    regId: contact.regId,
    path: clean(path, 1024),
    isBehindNat: contact.isBehindNat && path === "",
    isOutbound: contact.isOutbound,
    transport: flow.transport,
    flowId: flow.id,
    host: flow.host,
    port: flow.port,
    localHost: flow.localHost,
    localPort: flow.localPort,
  };
}
