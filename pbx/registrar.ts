/**
 * The registrar (RFC 3261 §10.3, RFC 5626 §6, RFC 3327 §5.3): which contacts an extension has.
 * It changes bindings in memory and tells which slots changed; whoever holds it writes those
 * into the journal before the answer leaves.
 * @module
 */

import type { Flow } from "../sip/flow.ts";
import type { Message } from "../sip/message.ts";
import { type Refusal, refuse } from "../sip/refusal.ts";
import type { Binding } from "./binding.ts";
import type { BindingTable } from "./binding_table.ts";
import type { Directory } from "./directory.ts";
import type { Registered, Unregistered } from "./fact.ts";
import type { JournalLine, Moment } from "./journal_line.ts";
import { maskPassword } from "../sip/uri.ts";
import { planRegistration, type Step } from "./registration_plan.ts";
import {
  listsOption,
  readRegistration,
  type RegistrationLimits,
  type RequestedContact,
} from "./registration.ts";

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
  /** Slots of `changed` that may not come back. */
  readonly #gone = new Set<number>();

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
    const steps = planRegistration(
      this.#bindings,
      message,
      this.slotsOf(extension),
      wanted,
      this.#limits.contacts,
    );
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
    const isFetch = wanted.kind === "fetch";
    return { kind: "registered", facts, slots, isFetch };
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

  /** Removes a binding that nobody asked to remove: it stays removed, whatever the disk says. */
  removeForGood(slot: number): void {
    this.remove(slot);
    this.#gone.add(slot);
  }

  /** Every change is in the journal. */
  confirm(): void {
    this.changed.clear();
    this.#gone.clear();
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
      const isOver = line.numbers.expiresAtMs <= nowMs;
      if (extension < 0 || isOver || this.#gone.has(slot)) {
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
      contact: maskPassword(step.contact.uri.text),
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
    this.#bindings.missedPings[slot] = 0;
    this.changed.set(slot, binding);
    facts.push({
      kind: "registered",
      at: now.wallMs,
      flow,
      stage: "reply",
      number: this.#directory.numberOf(extension),
      contact: maskPassword(binding.contact),
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
