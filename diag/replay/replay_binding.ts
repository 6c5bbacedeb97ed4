/**
 * What a 200 to a REGISTER changed (RFC 3261 §10.2.4, §10.3 step 8): the bindings as the file has
 * shown them so far, and the facts of each change.
 * @module
 */

import type { Fact, Unregistered } from "../../pbx/fact.ts";
import type { Flow } from "../../sip/flow.ts";
import type { Message } from "../../sip/message.ts";
import { parseInteger } from "../../sip/octet.ts";
import type { Address } from "../../sip/parse_address.ts";
import { equalsUri, maskPassword, type Uri } from "../../sip/uri.ts";
import {
  type AskedContact,
  type Exchange,
  expiryOf,
} from "./replay_exchange.ts";
import { BoundedMap } from "../bounded_map.ts";

/** A contact of a phone as far as the file shows it. */
export interface ReplayBinding {
  readonly number: string;
  readonly contact: string;
  readonly flow: Flow;
}

const MOST_BINDINGS = 4096;
/** What a registration without any word about its time gets (RFC 3261 §10.2.1.1). */
const USUAL_SECONDS = 3600;

export class ReplayBindings {
  readonly #bindings = new BoundedMap<ReplayBinding>(MOST_BINDINGS);

  /** The binding that a request to that place and URI is for; the newest where several fit. */
  find(uri: string, peer: string): ReplayBinding | null {
    let found: ReplayBinding | null = null;
    for (const binding of this.#bindings.values()) {
      if (binding.flow.peer !== peer) continue;
      if (binding.contact === uri) return binding;
      found = binding;
    }
    return found;
  }

  /** Whether a phone of that number was registered in the file. */
  has(number: string): boolean {
    for (const binding of this.#bindings.values()) {
      if (binding.number === number) return true;
    }
    return false;
  }

  /**
   * A REGISTER was answered with 200.
   *
   * @param isOlder whether the phone was here before the file begins.
   */
  take(
    exchange: Exchange,
    answer: Message,
    at: number,
    isOlder: boolean,
  ): Fact[] {
    const { contacts, number, flow, callId, userAgent } = exchange;
    const granted = answer.contacts;
    const listed = granted === "*" || "fault" in granted ? [] : granted;
    if (contacts === "*") return this.#removeAll(exchange, at);
    if (contacts.length === 0) {
      const bindings = listed.length;
      return [{
        kind: "bindings-fetched",
        at,
        flow,
        stage: "reply",
        number,
        bindings,
      }];
    }
    const common = parseInteger(answer.value("expires") ?? "", 0xffffffff);
    const isSingle = contacts.length === 1 && listed.length === 1;
    const facts: Fact[] = [];
    for (const asked of contacts) {
      const contact = maskPassword(asked.address.uri.text);
      const key = `${number}\n${contact}`;
      if (asked.expiresSeconds === 0) {
        this.#bindings.delete(key);
        facts.push(unregistered(exchange, contact, at));
        continue;
      }
      const line = findListed(listed, asked.address.uri) ??
        (isSingle ? listed[0]! : null);
      const expiresSeconds = secondsOf(line, asked, common);
      const isKnown = this.#bindings.get(key) !== undefined;
      this.#bindings.put(key, { number, contact, flow });
      facts.push({
        kind: "registered",
        at,
        flow,
        stage: "reply",
        number,
        contact,
        change: isKnown || isOlder ? "refreshed" : "added",
        callId,
        expiresSeconds,
        userAgent,
        isBehindNat: isElsewhere(asked.address.uri, flow),
      });
    }
    return facts;
  }

  #removeAll(exchange: Exchange, at: number): Fact[] {
    const facts: Fact[] = [];
    for (const { number, contact } of [...this.#bindings.values()]) {
      if (number !== exchange.number) continue;
      this.#bindings.delete(`${number}\n${contact}`);
      facts.push(unregistered(exchange, contact, at));
    }
    return facts;
  }
}

function isElsewhere(uri: Uri, { host, port }: Flow): boolean {
  return uri.kind === "sip" &&
    (uri.host !== host || (uri.port || 5060) !== port);
}

function unregistered(
  { number, flow }: Exchange,
  contact: string,
  at: number,
): Unregistered {
  return {
    kind: "unregistered",
    at,
    flow,
    stage: "policy",
    number,
    contact,
    why: "by-phone",
  };
}

/** The line of the answer about a contact; servers may add parameters to its URI. */
function findListed(listed: readonly Address[], uri: Uri): Address | null {
  return listed.find((one) => equalsUri(one.uri, uri)) ??
    listed.find((one) => isSamePlace(one.uri, uri)) ?? null;
}

function isSamePlace(a: Uri, b: Uri): boolean {
  return a.kind === "sip" && b.kind === "sip" && a.user === b.user &&
    a.host === b.host && a.port === b.port;
}

function secondsOf(
  line: Address | null,
  asked: AskedContact,
  common: number,
): number {
  const granted = line === null ? -1 : expiryOf(line, common);
  if (granted >= 0) return granted;
  if (common >= 0) return common;
  return asked.expiresSeconds >= 0 ? asked.expiresSeconds : USUAL_SECONDS;
}
