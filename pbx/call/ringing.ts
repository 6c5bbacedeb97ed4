/**
 * From the INVITE of a caller to the phone that takes the call: which phones ring (RFC 3261 §16.6,
 * by q and all of a q at once), what of their answers the caller hears (§16.7), and who wins.
 * @module
 */

import {
  confirmDialog,
  type Dialog,
  openDialogByRequest,
  requestUri,
} from "../../sip/dialog.ts";
import type { Flow } from "../../sip/flow.ts";
import type { Message } from "../../sip/message.ts";
import { copyText } from "../../sip/octet.ts";
import { parseSdp, type SessionDescription } from "../../sip/sdp.ts";
import type { BindingTable } from "../binding_table.ts";
import type { Reply } from "../reply.ts";
import type { Turn } from "../turn.ts";
import { betterFailure, passOnFailure } from "./best_answer.ts";
import type { Call } from "./call.ts";
import type { CallBook } from "./call_book.ts";
import type { CallEnding } from "./call_ending.ts";
import { tellAnswered, tellInvited } from "./call_facts.ts";
import { type CallSound, codecOf, mediaOfferOf } from "./call_sound.ts";
import { readGrantedTimer, startTimer, timerHeaders } from "./call_timer.ts";
import { type CallWire, knowsUpdate } from "./call_wire.ts";
import { type InviteUse, Leg } from "./leg.ts";
import { descriptionOf } from "./message_body.ts";
import type { OwnAddress } from "./own_address.ts";
import { escapeUser } from "./own_address.ts";
import { listTargets, MOST_MISSED } from "./targets.ts";

export interface RingingParts {
  readonly book: CallBook;
  readonly wire: CallWire;
  readonly sound: CallSound;
  readonly ending: CallEnding;
  readonly own: OwnAddress;
  readonly bindings: BindingTable;
  /** The slots of an extension's bindings, newest first. */
  readonly slotsOf: (number: string) => readonly number[];
  readonly ringSeconds: number;
  readonly sessionSeconds: number;
}

/** A path of our own phones is short. */
const MOST_ROUTES = 8;
const LONGEST_AGENT = 128;

/** Whoever waits for a call that began with a transfer. */
export interface TransferEars {
  tellProgress(call: Call, status: number, turn: Turn): void;
  answered(
    call: Call,
    partner: Leg,
    sdp: SessionDescription | null,
    turn: Turn,
  ): void;
  failed(call: Call, status: number, turn: Turn): void;
}

export class Ringing {
  readonly #parts: RingingParts;
  #sessions = 0;

  constructor(parts: RingingParts) {
    this.#parts = parts;
  }

  /** Makes a dialog of a caller's INVITE; null where it names no usable Contact. */
  openCaller(
    call: Call,
    reply: Reply,
    number: string,
    localTag: string,
  ): Leg | null {
    const { message, flow } = reply;
    const dialog = openDialogByRequest(message, localTag);
    if (dialog === null) return null;
    const leg = new Leg(
      call,
      "caller",
      true,
      number,
      copyText(message.userAgent, LONGEST_AGENT),
      dialog,
      flow,
      ++this.#sessions,
    );
    leg.knowsUpdate = knowsUpdate(message);
    return leg;
  }

  /** Rings the phones of an extension; the caller's first words are in `call.caller.said`. */
  ring(call: Call, number: string, turn: Turn): void {
    const { bindings, slotsOf, ringSeconds } = this.#parts;
    call.callee = number;
    const nowMs = turn.now.monotonicMs;
    const { caller } = call;
    const calling = caller === null
      ? null
      : { flow: caller.flow, contact: caller.dialog.target };
    const slots = slotsOf(number);
    call.waiting.push(...listTargets(bindings, slots, calling, nowMs));
    call.ringUntilMs = nowMs + ringSeconds * 1000;
    if (call.waiting.length === 0) {
      return this.#fail(call, 480, "exchange", "unreachable", turn);
    }
    this.#ringNext(call, turn);
  }

  /** The time for taking the call is over. */
  giveUp(call: Call, turn: Turn): void {
    call.ringUntilMs = 0;
    call.waiting.length = 0;
    for (const fork of call.forks) this.#parts.ending.drop(fork, turn);
    const status = call.hasRung ? 480 : passOnFailure(call.bestStatus || 408);
    this.#fail(call, status, "callee", "unanswered", turn);
  }

  /** An answer of a phone that was asked to ring. */
  receive(use: InviteUse, response: Message, turn: Turn): void {
    const { leg } = use;
    const { status } = response;
    if (status >= 200 && status < 300) this.#take(use, response, turn);
    else if (leg.state !== "setup") return;
    else if (status >= 300) this.#lose(leg, status, response, turn);
    else if (status > 100) this.#progress(leg, response, turn);
  }

  /** Nobody answered there. */
  fail(leg: Leg, turn: Turn): void {
    if (leg.state === "setup") this.#lose(leg, 408, null, turn);
  }

  /** The machine of a phone says that the phone is gone (RFC 3261 §18.4): no use in waiting. */
  failPeer(flow: Flow, turn: Turn): void {
    const { book, bindings } = this.#parts;
    for (const call of book.calls.values()) {
      if (call.answerer !== null) continue;
      for (const leg of call.forks) {
        const { client, slot, flow: own } = leg;
        if (leg.state !== "setup" || client?.hasProvisional !== false) continue;
        if (own.peer !== flow.peer || own.id !== flow.id) continue;
        if (bindings.isLive(slot)) bindings.missedPings[slot] = MOST_MISSED;
        this.#parts.ending.drop(leg, turn);
        tellAnswered(leg, 0, null, turn);
        this.#decide(leg, 503, turn);
      }
    }
  }

  /** Rings all phones of the highest q that is left; false where none is. */
  #ringNext(call: Call, turn: Turn): boolean {
    const slots = this.#parts.slotsOf(call.callee);
    while (call.waiting.length > 0) {
      const { q } = call.waiting[0]!;
      while (call.waiting[0]?.q === q) {
        const { slot } = call.waiting.shift()!;
        // the binding may have ended meanwhile, and its slot be another number's
        if (slots.includes(slot)) this.#ringOne(call, slot, turn);
      }
      if (call.isOver || hasRinging(call)) return true;
    }
    return false;
  }

  #ringOne(call: Call, slot: number, turn: Turn): void {
    const { bindings, book, wire, sound, own, sessionSeconds } = this.#parts;
    const { contact, path, userAgent } = bindings.get(slot);
    const flow = bindings.flowOf(slot);
    const host = own.hostPortFor(flow);
    const from = nameOf(call);
    const identity = `<sip:${escapeUser(call.number)}@${host}>`;
    const dialog: Dialog = {
      callId: wire.nextToken(),
      localTag: wire.nextToken(),
      remoteTag: "",
      local: `${from}${identity}`,
      remote: `<sip:${escapeUser(call.callee)}@${host}>`,
      target: requestUri(contact),
      routes: path === "" ? [] : path.split(/,\s*(?=<)/).slice(0, MOST_ROUTES),
      localCseq: 0,
      remoteCseq: -1,
    };
    const leg = new Leg(
      call,
      "callee",
      false,
      call.callee,
      userAgent,
      dialog,
      flow,
      ++this.#sessions,
    );
    const { offer } = call;
    const sdp = offer === null ? "" : sound.tell(leg, offer);
    if (sdp === null) {
      sound.close(leg);
      return this.#fail(call, 503, "exchange", "error", turn);
    }
    leg.slot = slot;
    call.forks.push(leg);
    book.add(leg);
    const headers = `P-Asserted-Identity: ${identity}\r\n` +
      timerHeaders(sessionSeconds);
    const before = turn.outbox.position;
    leg.opened = wire.invite(leg, "ring", turn, headers, sdp, call.hops);
    const octets = turn.outbox.position - before;
    tellInvited(leg, octets, mediaOfferOf(offer), turn);
  }

  /** A phone rings, or sends sound before it takes the call. */
  #progress(leg: Leg, response: Message, turn: Turn): void {
    const { book, wire, sound } = this.#parts;
    const { call } = leg;
    const { status } = response;
    if (status === 180) call.hasRung = true;
    if (call.ringingAt === 0) {
      call.ringingAt = turn.now.wallMs;
      book.note(call);
    }
    if (call.transfer !== null) {
      return this.#transfers?.tellProgress(call, status, turn);
    }
    const { caller } = call;
    if (caller === null || caller.held === null) return;
    const sdp = descriptionOf(response);
    let body = "";
    if (sdp !== null && sdp !== "broken" && (call.early ?? leg) === leg) {
      call.early = leg;
      body = sound.cross(leg, caller, sdp, true) ?? "";
    }
    if (body === "" && status === call.toldStatus) return;
    call.toldStatus = status;
    const headers = caller.held.routes + wire.contactHeader(caller);
    wire.answer(caller.held, turn, status, headers, body);
  }

  /** A phone takes the call, or thinks that it does. */
  #take(use: InviteUse, response: Message, turn: Turn): void {
    const { wire, ending } = this.#parts;
    const { leg } = use;
    const { call } = leg;
    const isKnown = leg.isUp && leg.dialog.remoteTag === response.toTag;
    if (isKnown) {
      // our ACK was lost; where it waits for the caller's, it is still to come
      if (leg.state === "up") wire.acknowledge(leg, turn);
      return;
    }
    if (leg.state !== "setup" || call.answerer !== null || call.isOver) {
      return ending.sendAway(leg, response, turn);
    }
    leg.ackCseq = response.cseq;
    leg.client = null;
    if (!confirmDialog(leg.dialog, response)) {
      return this.#lose(leg, 500, null, turn);
    }
    call.answerer = leg;
    call.offer = null;
    call.answeredAt = turn.now.wallMs;
    for (const fork of call.forks) if (fork !== leg) ending.drop(fork, turn);
    call.waiting.length = 0;
    call.ringUntilMs = 0;
    leg.knowsUpdate = knowsUpdate(response);
    startTimer(
      leg,
      readGrantedTimer(response, this.#parts.sessionSeconds),
      this.#parts.sessionSeconds,
      turn.now.monotonicMs,
    );
    this.#connect(use, response, turn);
  }

  #connect(use: InviteUse, response: Message, turn: Turn): void {
    const { book, wire, sound } = this.#parts;
    const { leg } = use;
    const { call } = leg;
    const read = descriptionOf(response);
    // what it said while it rang holds (RFC 3261 §13.2.1)
    const sdp = read !== null && read !== "broken" ? read : parseSdp(leg.said);
    tellAnswered(leg, 200, mediaOfferOf(sdp), turn);
    call.codec = codecOf(sdp);
    book.note(call);
    if (call.transfer !== null) {
      leg.state = "up";
      wire.acknowledge(leg, turn);
      return this.#transfers?.answered(call, leg, sdp, turn);
    }
    const caller = call.caller!;
    const body = sdp === null ? "" : sound.cross(leg, caller, sdp, true);
    if (body === null) {
      leg.state = "up";
      wire.acknowledge(leg, turn);
      return this.#parts.ending.refuse(call, 503, "exchange", "error", turn);
    }
    leg.peer = caller;
    caller.peer = leg;
    leg.state = use.isLateOffer ? "answered" : "up";
    if (leg.state === "up") wire.acknowledge(leg, turn);
    caller.isAnswerInAck = use.isLateOffer;
    sound.restart(leg);
    sound.restart(caller);
    this.accept(caller, body, mediaOfferOf(sdp), turn);
  }

  /** The caller hears that his call was taken. */
  accept(
    caller: Leg,
    body: string,
    offer: ReturnType<typeof mediaOfferOf>,
    turn: Turn,
  ): void {
    const { book, wire } = this.#parts;
    const { held, call } = caller;
    if (held === null) return;
    book.setups.delete(caller.setupKey);
    caller.setupKey = "";
    call.status = 200;
    const headers = held.routes + wire.contactHeaders(caller) +
      caller.timerAnswer;
    wire.answer(held, turn, 200, headers, body);
    const nowMs = turn.now.monotonicMs;
    caller.awaitAck(nowMs);
    startTimer(caller, caller.timer, this.#parts.sessionSeconds, nowMs);
    book.unacknowledged.add(caller);
    tellAnswered(caller, 200, offer, turn);
  }

  /** A phone refuses, or nothing was heard of it. */
  #lose(
    leg: Leg,
    status: number,
    response: Message | null,
    turn: Turn,
  ): void {
    const { book, sound } = this.#parts;
    leg.state = "over";
    leg.client = null;
    sound.close(leg);
    book.remove(leg);
    if (response !== null) leg.call.isRefused = true;
    const said = response === null ? null : descriptionOf(response);
    const offer = said === "broken" ? null : mediaOfferOf(said);
    tellAnswered(leg, response === null ? 0 : status, offer, turn);
    this.#decide(leg, status, turn);
  }

  /** One phone less may take the call. */
  #decide(leg: Leg, status: number, turn: Turn): void {
    const { ending } = this.#parts;
    const { call } = leg;
    if (call.early === leg) call.early = null;
    if (call.isOver || call.answerer !== null) return;
    call.bestStatus = betterFailure(call.bestStatus, status);
    if (status >= 600) {
      call.waiting.length = 0;
      for (const fork of call.forks) ending.drop(fork, turn);
    }
    if (hasRinging(call) || this.#ringNext(call, turn)) return;
    const told = passOnFailure(call.bestStatus);
    const why = call.isRefused ? "refused" : "unreachable";
    this.#fail(call, told, "callee", why, turn);
  }

  #fail(
    call: Call,
    status: number,
    by: "callee" | "exchange",
    why: "refused" | "unanswered" | "unreachable" | "error",
    turn: Turn,
  ): void {
    if (call.transfer !== null) this.#transfers?.failed(call, status, turn);
    this.#parts.ending.refuse(call, status, by, why, turn);
  }

  #transfers: TransferEars | null = null;

  /** Calls that begin with a transfer tell their progress there. */
  setTransfers(transfers: TransferEars): void {
    this.#transfers = transfers;
  }
}

function hasRinging({ forks }: Call): boolean {
  return forks.some(({ state }) => state === "setup");
}

/** The caller's name as his phone says it, in quotes and with a blank; "" where there is none. */
function nameOf({ caller }: Call): string {
  const name = caller?.displayName ?? "";
  return name === "" ? "" : `"${name.replace(/["\\]/g, "\\$&")}" `;
}
