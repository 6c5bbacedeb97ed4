/**
 * A REGISTER whose sender is known: it is carried out, told and answered; and the end of bindings
 * for reasons that are not the phone's.
 * @module
 */

import type { Message } from "../sip/message.ts";
import { printable } from "../sip/octet.ts";
import type { Refusal } from "../sip/refusal.ts";
import { maskPassword } from "../sip/uri.ts";
import { type Authenticated, forbidden } from "./authenticator.ts";
import type { BindingTable } from "./binding_table.ts";
import type { Directory } from "./directory.ts";
import type { Moment } from "./journal_line.ts";
import type { Pinger } from "./pinger.ts";
import type { Registrar } from "./registrar.ts";
import { extensionHeaders } from "./registration.ts";
import { numberOf, type Reply } from "./reply.ts";
import type { Responder } from "./responder.ts";
import type { Turn } from "./turn.ts";

export type RemovalReason =
  | "expired"
  | "extension-removed"
  | "password-changed"
  | "forgotten";

export interface RegistrationParts {
  readonly directory: Directory;
  readonly bindings: BindingTable;
  readonly registrar: Registrar;
  readonly responder: Responder;
  readonly pinger: Pinger;
}

export class RegistrationService {
  readonly #parts: RegistrationParts;
  #dateSecond = 0;
  #date = "";

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
  }

  /** Carries a REGISTER out and answers it. */
  serve(reply: Reply, sender: Authenticated): void {
    const { registrar, responder, pinger, bindings } = this.#parts;
    const { message, flow, now } = reply;
    const nowMs = now.monotonicMs;
    const number = reply.claimedNumber;
    const other = findOther(message, number, sender);
    if (other !== null) return responder.refuse(reply, other);
    for (const slot of registrar.expiredSlots(sender.extension, nowMs)) {
      this.removeBinding(slot, "expired", reply);
    }
    const outcome = registrar.register(message, sender.extension, flow, now);
    if (outcome.kind === "refusal") return responder.refuse(reply, outcome);
    for (const fact of outcome.facts) reply.facts.push(fact);
    for (const slot of outcome.slots) {
      pinger.schedule(slot, bindings.pingsSent[slot] === 0, nowMs);
    }
    if (outcome.isFetch) {
      reply.facts.push({
        kind: "bindings-fetched",
        at: now.wallMs,
        flow,
        stage: "reply",
        number,
        bindings: registrar.slotsOf(sender.extension).length,
      });
    }
    const headers = registrar.contactHeaders(sender.extension, nowMs) +
      extensionHeaders(message) + this.#dateHeader(now);
    // a mere question may see what is not written yet
    const isPromise = outcome.facts.length > 0 ||
      registrar.slotsOf(sender.extension).some((slot) =>
        registrar.changed.has(slot)
      );
    responder.accept(reply, headers, isPromise);
  }

  /** Ends a binding for a reason that is not the phone's. */
  removeBinding(slot: number, why: RemovalReason, { now, facts }: Turn): void {
    const { bindings, directory, registrar } = this.#parts;
    const number = directory.numberOf(bindings.extension[slot]!);
    const contact = maskPassword(bindings.get(slot).contact);
    const flow = bindings.flowOf(slot);
    registrar.removeForGood(slot);
    facts.push({
      kind: "unregistered",
      at: now.wallMs,
      flow,
      stage: "policy",
      number,
      contact,
      why,
    });
  }

  #dateHeader(now: Moment): string {
    const second = Math.floor(now.wallMs / 1000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#date = `Date: ${new Date(now.wallMs).toUTCString()}\r\n`;
    }
    return this.#date;
  }
}

/** Whoever is authenticated owns one AOR, his own (RFC 3261 §10.3 step 4). */
function findOther(
  message: Message,
  number: string,
  sender: Authenticated,
): Refusal | null {
  if (sender.number !== number) {
    return forbidden("login-differs", `login \`${sender.number}\``);
  }
  const from = numberOf(message, "from");
  return from === number
    ? null
    : forbidden("third-party", `From \`${printable(from, 64)}\``);
}
