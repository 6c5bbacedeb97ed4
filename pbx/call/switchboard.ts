/**
 * The switchboard: a back-to-back user agent (RFC 3261 §6). Each phone of a call has a dialog with
 * us; this is where messages of calls come in, and where they find the call that they belong to.
 *
 *     INVITE ------> ringing ---- takes ----> bridge <---- requests inside dialogs
 *                       |                       |  ^
 *                  pickup, services           REFER |
 *                                               v   |
 *                                            transfer
 *
 * @module
 */

import type { Flow } from "../../sip/flow.ts";
import type { Message } from "../../sip/message.ts";
import type { TokenMint } from "../../sip/token_mint.ts";
import type { SipUri } from "../../sip/uri.ts";
import type { BindingTable } from "../binding_table.ts";
import type { Fact } from "../fact.ts";
import type { MediaCounts, MediaRelay } from "../media/media_relay.ts";
import type { Reply } from "../reply.ts";
import type { Responder } from "../responder.ts";
import type { Turn } from "../turn.ts";
import { Bridge, isGone } from "./bridge.ts";
import type { Call } from "./call.ts";
import { CallBook } from "./call_book.ts";
import { CallEnding } from "./call_ending.ts";
import type { CallDialog } from "./call_dialog.ts";
import type { CallRecord } from "./call_record.ts";
import { CallSound } from "./call_sound.ts";
import { CallWatch } from "./call_watch.ts";
import { CallWire, type RequestUse } from "./call_wire.ts";
import { OwnAddress } from "./own_address.ts";
import { PageMessages } from "./page_message.ts";
import { dialledBy, Incoming } from "./incoming.ts";
import { Ringing } from "./ringing.ts";
import { Transfers } from "./transfer.ts";

export interface SwitchboardParts {
  readonly responder: Responder;
  readonly tokens: TokenMint;
  readonly bindings: BindingTable;
  readonly relay: MediaRelay;
  readonly publicAddress: string | null;
  /** The slots of an extension's bindings, newest first. */
  readonly slotsOf: (number: string) => readonly number[];
  readonly isExtension: (number: string) => boolean;
  /** Numbers that somebody may have meant. */
  readonly nearest: (number: string) => readonly string[];
  readonly isOurs: (uri: SipUri, flow: Flow) => boolean;
  readonly limits: CallLimits;
}

export interface CallLimits {
  /** At a time. */
  readonly calls: number;
  readonly ringSeconds: number;
  readonly sessionSeconds: number;
}

/** The machine there says that nobody has the port (ICMP). */
const ECONNREFUSED = 111;

export class Switchboard {
  readonly #parts: SwitchboardParts;
  readonly #book = new CallBook();
  readonly #wire: CallWire;
  readonly #ending: CallEnding;
  readonly #ringing: Ringing;
  readonly #incoming: Incoming;
  readonly #transfers: Transfers;
  readonly #bridge: Bridge;
  readonly #watch: CallWatch;
  readonly #pages: PageMessages;

  constructor(parts: SwitchboardParts) {
    this.#parts = parts;
    const { responder, tokens, relay, bindings, slotsOf, limits } = parts;
    const { isOurs, isExtension } = parts;
    const { ringSeconds, sessionSeconds } = limits;
    const own = new OwnAddress(parts.publicAddress);
    const wire = new CallWire(responder, tokens, own);
    const sound = new CallSound(relay, own);
    const book = this.#book;
    const ending = new CallEnding(book, wire, sound);
    const shared = { book, wire, sound, ending, responder, sessionSeconds };
    const ringing = new Ringing({
      ...shared,
      own,
      bindings,
      slotsOf,
      ringSeconds,
    });
    const transfers = new Transfers({
      ...shared,
      ringing,
      isOurs,
      isExtension,
    });
    ringing.setTransfers(transfers);
    this.#incoming = new Incoming({ ...shared, ...parts, ringing });
    this.#wire = wire;
    this.#ending = ending;
    this.#ringing = ringing;
    this.#transfers = transfers;
    this.#bridge = new Bridge({ ...shared, transfers });
    const { slotsOf: slots } = parts;
    this.#watch = new CallWatch({ ...shared, ringing, bridge: this.#bridge });
    this.#pages = new PageMessages({
      wire,
      own,
      responder,
      bindings,
      isExtension,
      slotsOf: slots,
    });
  }

  /** How many calls live. */
  get size(): number {
    return this.#book.calls.size;
  }

  /** How many dialogs live; a call that is over may have one for a moment longer. */
  get dialogs(): number {
    return this.#book.legs.size;
  }

  /** An INVITE that opens a call; its sender is known. */
  invite(reply: Reply, number: string): void {
    this.#incoming.invite(reply, number);
  }

  /** A MESSAGE outside of calls; its sender is known. */
  message(reply: Reply, sender: string): void {
    this.#pages.send(reply, sender, dialledBy(reply.message));
  }

  /**
   * Whose phone a request inside a dialog comes from, if it comes from another host than before:
   * anybody at all could move a call there who overheard it. Null where it has not moved.
   */
  findMoved(message: Message, flow: Flow): string | null {
    const leg = this.#book.find(message);
    return leg === null || leg.flow.host === flow.host ? null : leg.number;
  }

  /** A request that names a dialog; false where there is no such dialog. */
  receive(reply: Reply): boolean {
    const leg = this.#book.find(reply.message);
    if (leg === null) return false;
    if (reply.message.method === "REFER") this.#transfers.receive(leg, reply);
    else this.#bridge.receive(leg, reply);
    return true;
  }

  /** An ACK that belongs to no failure. */
  acknowledge(message: Message, turn: Turn): void {
    const leg = this.#book.find(message);
    if (leg !== null) this.#bridge.acknowledge(leg, message, turn);
  }

  /** A CANCEL (RFC 3261 §9.2); false where no INVITE waits for its answer. */
  cancel(reply: Reply): boolean {
    const key = reply.key.replace(/\|CANCEL$/, "|INVITE");
    const leg = this.#book.setups.get(key);
    if (leg === undefined || leg.state !== "setup" || leg.held === null) {
      return false;
    }
    const held = this.#parts.responder.hold(reply, leg.dialog.localTag);
    this.#wire.answer(held, reply, 200);
    this.#ending.refuse(leg.call, 487, "caller", "cancelled", reply);
    return true;
  }

  /** An answer; false where it belongs to no request of ours. */
  receiveAnswer(response: Message, turn: Turn): boolean {
    const nowMs = turn.now.monotonicMs;
    const { invites, requests } = this.#wire;
    if (response.method === "INVITE" || response.method === "CANCEL") {
      const found = invites.receive(response, nowMs, turn.outbox);
      if (found === null) return false;
      const use = found.about;
      if (!found.passes || use === null) return true;
      if (use.purpose === "ring") this.#ringing.receive(use, response, turn);
      else this.#bridge.receiveAnswer(use, response, turn);
      return true;
    }
    const outcome = requests.receive(response, nowMs, turn.outbox);
    if (outcome === null) return false;
    if (outcome !== "absorbed") {
      this.#conclude(outcome.about, outcome.status, response, turn);
    }
    return true;
  }

  /** Time has passed. */
  wake(turn: Turn): void {
    const nowMs = turn.now.monotonicMs;
    for (const use of this.#wire.invites.wake(nowMs, turn.outbox)) {
      this.#failInvite(use, turn);
    }
    for (const { about } of this.#wire.requests.wake(nowMs, turn.outbox)) {
      this.#conclude(about, 0, null, turn);
    }
    this.#watch.wake(turn);
  }

  /** What a transport tells: that a connection, or the phone at an address, is gone. */
  hear(fact: Fact, turn: Turn): void {
    const isTrouble = fact.kind === "transport-trouble";
    if (!isTrouble && fact.kind !== "connection-closed") return;
    const { flow } = fact;
    if (flow.transport === "tcp") {
      if (!isTrouble || fact.what === "send-failed") this.#failFlow(flow, turn);
    } else if (isTrouble && fact.count === ECONNREFUSED) {
      this.#ringing.failPeer(flow, turn);
    }
  }

  /** Ends a call that lives; false where there is none of that name. */
  hangUp(id: string, turn: Turn): boolean {
    const call = this.#book.calls.get(id);
    if (call === undefined) return false;
    this.#stop(call, "operator", turn);
    return true;
  }

  /** The server stops: nobody is left in a call that nobody carries. */
  stop(turn: Turn): void {
    for (const call of [...this.#book.calls.values()]) {
      this.#stop(call, "server-stopped", turn);
    }
  }

  /** The calls that live, the oldest first. */
  list(): CallRecord[] {
    return [...this.#book.calls.values()].map((call) =>
      this.#ending.record(call)
    );
  }

  /** What is counted now of the phone that made a call; null where no such call is relayed. */
  countsOf(id: string): MediaCounts | null {
    const call = this.#book.calls.get(id);
    return call === undefined ? null : this.#ending.callerCounts(call);
  }

  /** The dialogs of a call that lives or ended lately; null where it is not remembered. */
  dialogsOf(id: string): readonly CallDialog[] | null {
    return this.#book.dialogsOf(id);
  }

  /** The records that changed since the last time. */
  takeRecords(): CallRecord[] {
    return this.#book.takeChanged().map((call) => this.#ending.record(call));
  }

  #stop(call: Call, why: "operator" | "server-stopped", turn: Turn): void {
    const status = why === "operator" ? 480 : 503;
    if (call.answeredAt === 0) this.#transfers.failed(call, status, turn);
    if (call.caller?.held && call.answeredAt === 0 && call.transfer === null) {
      this.#ending.refuse(call, status, "exchange", why, turn);
    } else this.#ending.end(call, "exchange", why, turn);
  }

  /** A connection is gone: what went over it has failed. */
  #failFlow(flow: Flow, turn: Turn): void {
    for (const use of this.#wire.invites.failFlow(flow)) {
      this.#failInvite(use, turn);
    }
    for (const { about } of this.#wire.requests.failFlow(flow)) {
      this.#conclude(about, 0, null, turn);
    }
  }

  #failInvite(use: Parameters<Ringing["receive"]>[0], turn: Turn): void {
    if (use.purpose === "ring") this.#ringing.fail(use.leg, turn);
    else this.#bridge.fail(use, 408, turn);
  }

  /** What became of a request of ours that is no INVITE; status 0: nobody answered. */
  #conclude(
    use: RequestUse,
    status: number,
    response: Message | null,
    turn: Turn,
  ): void {
    switch (use.kind) {
      case "plain":
        return;
      case "page":
        return this.#pages.conclude(use.id, status, turn);
      case "relay":
        this.#bridge.passAnswer(use.held, use.leg, status, response, turn);
        break;
      case "refresh":
        if (response !== null && status < 300) {
          this.#bridge.restartTimer(use.leg, response, turn);
        }
        break;
      case "check":
        use.leg.isAsked = false;
    }
    const { leg } = use;
    if (!isGone(status) || leg.state !== "up" || leg.call.isOver) return;
    const why = use.kind === "refresh" ? "session-timer" : "phone-gone";
    this.#ending.end(leg.call, "exchange", why, turn);
  }
}
