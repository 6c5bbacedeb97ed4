/**
 * MESSAGE outside of calls (RFC 3428): text from one extension to all phones of another. It
 * arrived when one of them took it.
 * @module
 */

import { requestUri } from "../../sip/dialog.ts";
import type { BindingTable } from "../binding_table.ts";
import type { Reply } from "../reply.ts";
import type { Held, Responder } from "../responder.ts";
import type { Turn } from "../turn.ts";
import { betterFailure, passOnFailure } from "./best_answer.ts";
import type { CallWire } from "./call_wire.ts";
import { bodyOf, isBodyTooLong } from "./message_body.ts";
import { escapeUser, type OwnAddress } from "./own_address.ts";
import { listTargets } from "./targets.ts";

/** One text on its way. */
interface Page {
  readonly sender: string;
  readonly held: Held;
  waiting: number;
  bestStatus: number;
}

export interface PageParts {
  readonly wire: CallWire;
  readonly own: OwnAddress;
  readonly responder: Responder;
  readonly bindings: BindingTable;
  readonly slotsOf: (number: string) => readonly number[];
  readonly isExtension: (number: string) => boolean;
}

const MOST_PAGES = 4096;
/** Texts of one extension that wait for an answer. */
const MOST_OF_ONE = 16;

export class PageMessages {
  readonly #parts: PageParts;
  readonly #pages = new Map<number, Page>();
  #made = 0;

  constructor(parts: PageParts) {
    this.#parts = parts;
  }

  /** Sends a text on; its sender is known. */
  send(reply: Reply, sender: string, number: string): void {
    const { wire, responder, bindings, isExtension, slotsOf } = this.#parts;
    const { message, now } = reply;
    const held = responder.hold(reply, wire.nextToken());
    const body = bodyOf(message);
    if (isBodyTooLong(message)) return wire.answer(held, reply, 413);
    if (body === undefined) return wire.answer(held, reply, 400);
    if (!isExtension(number)) return wire.answer(held, reply, 404);
    const slots = listTargets(
      bindings,
      slotsOf(number),
      // a text names no Contact (RFC 3428 §4)
      { flow: reply.flow, contact: "" },
      now.monotonicMs,
    );
    const isFull = wire.isCrowded || this.#pages.size >= MOST_PAGES ||
      this.#countOf(sender) >= MOST_OF_ONE;
    if (isFull) return wire.answer(held, reply, 503, "Retry-After: 10\r\n");
    if (slots.length === 0) return wire.answer(held, reply, 480);
    const id = ++this.#made;
    this.#pages.set(id, { sender, held, waiting: slots.length, bestStatus: 0 });
    const hops = message.maxForwards - 1;
    for (const { slot } of slots) {
      this.#sendTo(slot, id, sender, number, body, hops, reply);
    }
  }

  #countOf(sender: string): number {
    let count = 0;
    for (const page of this.#pages.values()) {
      if (page.sender === sender) count++;
    }
    return count;
  }

  /** A phone has answered; 0: it has not. */
  conclude(id: number, status: number, turn: Turn): void {
    const page = this.#pages.get(id);
    if (page === undefined) return;
    page.waiting--;
    if (status >= 200 && status < 300) page.waiting = 0;
    else page.bestStatus = betterFailure(page.bestStatus, status || 408);
    if (page.waiting > 0) return;
    this.#pages.delete(id);
    const isTaken = status >= 200 && status < 300;
    // a 408 would come too late for any sender (RFC 4320 §4.2)
    const failure = passOnFailure(page.bestStatus);
    const told = isTaken ? 200 : failure === 408 ? 480 : failure;
    this.#parts.wire.answer(page.held, turn, told);
  }

  #sendTo(
    slot: number,
    id: number,
    sender: string,
    number: string,
    body: { readonly type: string; readonly text: string },
    hops: number,
    turn: Turn,
  ): void {
    const { bindings, own, wire } = this.#parts;
    const { contact, path } = bindings.get(slot);
    const flow = bindings.flowOf(slot);
    const host = own.hostPortFor(flow);
    const identity = `<sip:${escapeUser(sender)}@${host}>`;
    const target = {
      uri: requestUri(contact),
      from: identity,
      to: `<sip:${escapeUser(number)}@${host}>`,
      routes: path === "" ? "" : `Route: ${path}\r\n`,
    };
    const headers = `P-Asserted-Identity: ${identity}\r\n`;
    const use = { kind: "page", id } as const;
    wire.requestOutside(
      flow,
      "MESSAGE",
      target,
      use,
      turn,
      headers,
      body,
      hops,
    );
  }
}
