/**
 * Which messages a trace shows: all, those of one extension with everything else of the same
 * Call-IDs, or those from and to one address.
 * @module
 */

import { formatIp, parseIp } from "../sip/address_text.ts";
import type { Flow } from "../sip/flow.ts";
import { parseInteger } from "../sip/octet.ts";
import type { MessageView } from "./trace_view.ts";

const MOST_REMEMBERED = 4096;
const NUMBER = /^[^\s@<>";:]{1,64}$/;

/** What is looked for; port 0 means any. */
export type TraceWish =
  | { readonly kind: "all" }
  | { readonly kind: "number"; readonly number: string }
  | { readonly kind: "address"; readonly host: string; readonly port: number };

/**
 * Reads what somebody typed: a number, or an IP address with or without a port; null where it is
 * neither.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readWish } from "./trace_filter.ts";
 * assert.deepEqual(readWish("1001"), { kind: "number", number: "1001" });
 * assert.deepEqual(readWish("[2001:db8::1]:5060"), { kind: "address", host: "2001:db8::1", port: 5060 });
 * ```
 */
export function readWish(text: string): TraceWish | null {
  const [, bracketed, dotted, port] =
    /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d+))?$/.exec(text) ?? [];
  const address = parseIp(bracketed ?? dotted ?? text);
  if (address !== null) {
    const { octets, scope } = address;
    const host = formatIp(octets, 0, octets.length === 4 ? 4 : 16, scope);
    const wanted = port === undefined ? 0 : parseInteger(port, 65535);
    return wanted < 0 ? null : { kind: "address", host, port: wanted };
  }
  return NUMBER.test(text) ? { kind: "number", number: text } : null;
}

export class TraceFilter {
  readonly #wish: TraceWish;
  readonly #callIds = new Remembered();
  /** Contacts that the extension registered: our questions go to these. */
  readonly #contacts = new Remembered();

  constructor(wish: TraceWish) {
    this.#wish = wish;
  }

  accepts(view: MessageView): boolean {
    const wish = this.#wish;
    if (wish.kind === "all") return true;
    if (wish.kind === "address") return this.acceptsPeer(view.message.flow);
    const isNamed = this.#names(view, wish.number);
    if (isNamed) {
      this.#callIds.add(view.callId);
      if (view.isRequest && view.method === "REGISTER") {
        for (const { uri } of view.contacts) this.#contacts.add(uri);
      }
    }
    return isNamed || this.#callIds.has(view.callId);
  }

  /** Whether what is no message of a peer is shown; no number is known of it. */
  acceptsPeer({ host, port }: Pick<Flow, "host" | "port">): boolean {
    const wish = this.#wish;
    if (wish.kind !== "address") return wish.kind === "all";
    return host.replace(/^::ffff:(?=\d+\.)/, "") === wish.host &&
      (wish.port === 0 || port === wish.port);
  }

  #names(view: MessageView, number: string): boolean {
    return view.from === number || view.to === number ||
      view.target === number ||
      view.contacts.some(({ user }) => user === number) ||
      this.#contacts.has(view.targetUri);
  }
}

/** Texts that were seen, the oldest forgotten first. */
class Remembered {
  readonly #texts = new Set<string>();

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  add(text: string): void {
    if (text === "" || text === "*") return;
    this.#texts.delete(text);
    this.#texts.add(text);
    if (this.#texts.size <= MOST_REMEMBERED) return;
    for (const oldest of this.#texts) {
      this.#texts.delete(oldest);
      return;
    }
  }
}
