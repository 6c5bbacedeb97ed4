/**
 * How calls end: who is told, what is kept of them, and that nothing of them is left behind.
 * @module
 */

import { confirmDialog, type Dialog } from "../../sip/dialog.ts";
import { formatAddress } from "../../sip/flow.ts";
import type { Message } from "../../sip/message.ts";
import type { Turn } from "../turn.ts";
import type { Call } from "./call.ts";
import type { CallBook } from "./call_book.ts";
import { tellAnswered, tellEnded, tellSound } from "./call_facts.ts";
import {
  type CallEnd,
  type CallEnder,
  type CallParty,
  type CallRecord,
  type CallSound as CallSoundRecord,
  NO_SOUND,
} from "./call_record.ts";
import type { MediaCounts } from "../media/media_relay.ts";
import type { CallSound } from "./call_sound.ts";
import type { CallWire } from "./call_wire.ts";
import { Leg } from "./leg.ts";

const NOBODY: CallParty = {
  number: "",
  source: "",
  transport: "",
  userAgent: "",
  through: "",
};

export class CallEnding {
  readonly #book: CallBook;
  readonly #wire: CallWire;
  readonly #sound: CallSound;

  constructor(book: CallBook, wire: CallWire, sound: CallSound) {
    this.#book = book;
    this.#wire = wire;
    this.#sound = sound;
  }

  /** The caller hears that nobody takes the call, and the call is over. */
  refuse(
    call: Call,
    status: number,
    by: CallEnder,
    why: CallEnd,
    turn: Turn,
    detail = "",
  ): void {
    const { caller } = call;
    const headers = status === 503 ? "Retry-After: 10\r\n" : "";
    call.status = status;
    if (caller !== null && caller.held !== null && call.transfer === null) {
      this.#wire.answer(caller.held, turn, status, headers);
      tellAnswered(caller, status, null, turn, { detail });
      this.#clear(caller, turn);
    }
    this.end(call, by, why, turn);
  }

  /**
   * A call is over.
   *
   * @param gone a phone that knows it already, or that now talks to somebody else.
   */
  end(
    call: Call,
    by: CallEnder,
    why: CallEnd,
    turn: Turn,
    ...gone: readonly Leg[]
  ): void {
    if (call.isOver) return;
    call.isOver = true;
    call.endedAt = turn.now.wallMs;
    call.endedBy = by;
    call.why = why;
    const { caller, answerer } = call;
    call.record = this.record(call);
    call.offer = null;
    call.waiting.length = 0;
    for (const fork of call.forks) {
      if (fork !== answerer) this.drop(fork, turn);
    }
    const legs = [caller, answerer].filter((leg) => leg !== null);
    if (call.answeredAt > 0) {
      for (const leg of legs) {
        this.#tellLast(leg, turn);
      }
    }
    for (const leg of legs) {
      if (!gone.includes(leg) && leg.call === call) this.hangUp(leg, turn);
    }
    for (const { transferring } of legs) {
      // nobody waits any more for the partner that was to be called
      if (transferring?.caller?.call !== call) continue;
      this.end(transferring, "caller", "cancelled", turn);
    }
    const about = caller ?? answerer;
    if (about !== null) tellEnded(call, about, by, why, turn);
    this.#book.end(call);
  }

  /** A phone that rings need not ring any more. */
  drop(fork: Leg, turn: Turn): void {
    if (fork.state !== "setup") return;
    this.#clear(fork, turn);
  }

  /** The call has another answer already, or is over: a 2xx is taken politely and ended. */
  sendAway(leg: Leg, response: Message, turn: Turn): void {
    const stray: Dialog = { ...leg.dialog, remoteTag: "" };
    if (!confirmDialog(stray, response)) return;
    const { call, number, userAgent, flow, sessionId } = leg;
    const ghost = new Leg(
      call,
      "callee",
      false,
      number,
      userAgent,
      stray,
      flow,
      sessionId,
    );
    ghost.ackCseq = response.cseq;
    this.#wire.acknowledge(ghost, turn);
    this.#wire.request(ghost, "BYE", { kind: "plain" }, turn, "");
  }

  /** Ends the dialog with one phone. */
  hangUp(leg: Leg, turn: Turn): void {
    if (leg.state === "over") return;
    if (leg.state === "setup") {
      if (leg.held !== null) this.#wire.answer(leg.held, turn, 487);
      return this.#clear(leg, turn);
    }
    if (leg.state === "answered" && leg.isIncoming && !leg.isAcknowledged) {
      // the BYE has to wait for the ACK of our 2xx (RFC 3261 §15)
      leg.wantsBye = true;
      leg.peer = null;
      this.#sound.close(leg);
      return;
    }
    this.sayBye(leg, turn);
  }

  /** Sends the BYE of a dialog, which is over with it. */
  sayBye(leg: Leg, turn: Turn): void {
    if (leg.state === "over") return;
    // its 2xx waits for the ACK of the other phone, which does not come any more
    const owesAck = leg.state === "answered" && leg.held === null;
    if (owesAck) this.#wire.acknowledge(leg, turn);
    if (leg.held !== null) this.#wire.answer(leg.held, turn, 487);
    this.#wire.request(leg, "BYE", { kind: "plain" }, turn, "");
    this.#clear(leg, turn);
  }

  /** The phone has ended its dialog itself. */
  forget(leg: Leg, turn: Turn): void {
    this.#clear(leg, turn);
  }

  /** The record of a call as it is now. */
  record(call: Call): CallRecord {
    if (call.record !== null) return call.record;
    const [caller, callee] = partiesOf(call);
    return {
      id: call.id,
      state: call.isOver
        ? "ended"
        : call.answeredAt > 0
        ? "answered"
        : "ringing",
      caller,
      callee,
      dialled: call.dialled,
      startedAt: call.startedAt,
      ringingAt: call.ringingAt,
      answeredAt: call.answeredAt,
      endedAt: call.endedAt,
      endedBy: call.endedBy,
      why: call.why,
      status: call.status,
      codec: call.codec,
      callerSound: this.#soundOf(call, call.caller),
      calleeSound: this.#soundOf(call, call.answerer),
    };
  }

  /** What the relay counts of the phone that made a call; null where it relays nothing. */
  callerCounts({ caller }: Call): MediaCounts | null {
    return caller === null ? null : this.#sound.counts(caller);
  }

  #soundOf(call: Call, leg: Leg | null): CallSoundRecord {
    const counts = leg === null || call.answeredAt === 0
      ? null
      : this.#sound.counts(leg);
    if (counts === null) return NO_SOUND;
    const { packets, octets, lost, jitterMs } = counts;
    return { packets, octets, lost, jitterMs };
  }

  #tellLast(leg: Leg, turn: Turn): void {
    const counts = this.#sound.counts(leg);
    if (counts === null) return;
    tellSound(leg, counts, turn);
  }

  #clear(leg: Leg, turn: Turn): void {
    leg.state = "over";
    // a phone that has said that it is working on it need not ever answer
    const { client } = leg;
    if (client !== null) {
      this.#wire.invites.cancel(client, turn.now.monotonicMs, turn.outbox);
    }
    if (leg.opened !== null) this.#wire.invites.release(leg.opened);
    leg.opened = null;
    if (leg.peer?.peer === leg) leg.peer.peer = null;
    leg.peer = null;
    leg.held = null;
    leg.timerDueMs = 0;
    this.#sound.close(leg);
    this.#book.remove(leg);
  }
}

function partiesOf(call: Call): readonly [CallParty, CallParty] {
  const { caller, answerer, callee, number } = call;
  const callerParty = caller === null
    ? { ...NOBODY, number }
    : partyOf(caller, number);
  const calleeParty = answerer === null
    ? { ...NOBODY, number: callee }
    : partyOf(answerer, answerer.number);
  return [callerParty, calleeParty];
}

function partyOf({ flow, userAgent }: Leg, number: string): CallParty {
  return {
    number,
    source: flow.peer,
    transport: flow.transport,
    userAgent,
    through: formatAddress(flow.localHost, flow.localPort),
  };
}
