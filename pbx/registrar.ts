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
  readonly isReplacement: boolean;
}

type BindingFact =
  | Omit<Registered, "at" | "flow">
  | Omit<Unregistered, "at" | "flow">;

/** A REGISTER that was carried out. */
export interface Registration200 {
  readonly kind: "registered";
  readonly facts: readonly BindingFact[];
  readonly isFetch: boolean;
}

export class Registrar {
  readonly #directory: Directory;
  readonly #bindings: BindingTable;
  readonly #limits: RegistrationLimits;
  /** Slots that are not in the journal yet as they are now. */
  readonly changed = new Set<number>();

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
    nowMs: number,
  ): Registration200 | Refusal {
    this.#expire(extension, nowMs);
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
      return { kind: "registered", facts: [], isFetch: true };
    }
    const steps = wanted.kind === "remove-all"
      ? this.#planRemoveAll(message, extension)
      : this.#plan(message, extension, wanted.contacts);
    if ("kind" in steps) return steps;
    const facts = steps.map((step) =>
      this.#carryOut(step, message, extension, flow, nowMs)
    );
    return {
      kind: "registered",
      facts: facts.filter((fact) => fact !== null),
      isFetch: false,
    };
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
    this.changed.add(slot);
  }

  /** Removes what has expired, of one extension. The sweep tells about it; here nobody asks. */
  #expire(extension: number, nowMs: number): void {
    let slot = this.#directory.firstBinding(extension);
    while (slot >= 0) {
      const next = this.#bindings.next[slot]!;
      if (this.#bindings.expiresAtMs[slot]! <= nowMs) this.remove(slot);
      slot = next;
    }
  }

  #planRemoveAll(
    message: Message,
    extension: number,
  ): readonly Step[] | Refusal {
    const steps: Step[] = [];
    for (const slot of this.slotsOf(extension)) {
      const binding = this.#bindings.get(slot);
      const late = refuseLate(message, binding);
      if (late !== null) return late;
      const contact = removalOf(binding);
      if (contact !== null) steps.push({ contact, slot, isReplacement: false });
    }
    return steps;
  }

  #plan(
    message: Message,
    extension: number,
    contacts: readonly RequestedContact[],
  ): readonly Step[] | Refusal {
    const slots = this.slotsOf(extension);
    const bound = slots.map((slot) => ({
      slot,
      binding: this.#bindings.get(slot),
    }));
    const steps: Step[] = [];
    let count = slots.length;
    for (const contact of contacts) {
      const match = bound.find(({ binding }) =>
        isSamePhone(contact, binding)
      ) ??
        bound.find(({ binding }) => isSameContact(contact, binding));
      // one request may not change a binding twice: the later mention wins
      const earlier = steps.findIndex((step) =>
        match === undefined
          ? equalsUri(step.contact.uri, contact.uri)
          : step.slot === match.slot
      );
      if (earlier >= 0) steps.splice(earlier, 1);
      if (match !== undefined) {
        const late = refuseLate(message, match.binding);
        if (late !== null) return late;
      } else if (contact.expiresSeconds > 0 && earlier < 0) {
        count++;
      }
      if (match !== undefined && contact.expiresSeconds === 0) count--;
      const isReplacement = match !== undefined &&
        !isSameContact(contact, match.binding);
      steps.push({ contact, slot: match?.slot ?? -1, isReplacement });
    }
    return count > this.#limits.contacts
      ? this.#makeRoom(slots, steps, count)
      : steps;
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
      if (contact !== null) room.push({ contact, slot, isReplacement: true });
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

  #carryOut(
    step: Step,
    message: Message,
    extension: number,
    flow: Flow,
    nowMs: number,
  ): BindingFact | null {
    const { contact, slot } = step;
    const number = this.#directory.numberOf(extension);
    if (contact.expiresSeconds === 0) {
      if (slot < 0) return null;
      this.remove(slot);
      const why = step.isReplacement ? "limit" : "by-phone";
      return {
        kind: "unregistered",
        stage: "policy",
        number,
        contact: contact.uri.text,
        why,
      };
    }
    const binding = makeBinding(contact, message, flow, nowMs);
    let change: Registered["change"] = "added";
    let changedSlot = slot;
    if (slot < 0) {
      const first = this.#directory.firstBinding(extension);
      changedSlot = this.#bindings.add(extension, first, binding);
      this.#directory.setFirstBinding(extension, changedSlot);
    } else {
      change = step.isReplacement ? "replaced" : "refreshed";
      this.#bindings.update(slot, binding);
      if (this.#directory.firstBinding(extension) !== slot) {
        this.#moveToFront(extension, slot);
      }
    }
    this.changed.add(changedSlot);
    return {
      kind: "registered",
      stage: "reply",
      number,
      contact: binding.contact,
      change,
      callId: binding.callId,
      expiresSeconds: contact.expiresSeconds,
      userAgent: binding.userAgent,
      isBehindNat: binding.isBehindNat,
    };
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

/** RFC 5626 §6: the same instance and reg-id are the same phone, whatever its contact. */
function isSamePhone(contact: RequestedContact, binding: Binding): boolean {
  return contact.instance !== "" && contact.instance === binding.instance &&
    contact.regId === binding.regId;
}

function isSameContact(contact: RequestedContact, binding: Binding): boolean {
  if (contact.uri.text === binding.contact) return true;
  const bound = parseUri(binding.contact);
  return bound !== null && equalsUri(contact.uri, bound);
}

/** RFC 3261 §10.3 step 7: within a Call-ID only a higher CSeq may change a binding. */
function refuseLate(message: Message, binding: Binding): Refusal | null {
  if (message.callId !== binding.callId || message.cseq > binding.cseq) {
    return null;
  }
  const detail = `CSeq ${message.cseq}, ${binding.cseq} was there before`;
  return refuse(
    500,
    "CSeq Out Of Order",
    "policy",
    "cseq-out-of-order",
    detail,
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
