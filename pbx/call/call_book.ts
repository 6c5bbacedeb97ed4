/**
 * The calls that live now, their dialogs, and which records are not written yet.
 * @module
 */

import type { Message } from "../../sip/message.ts";
import type { Call } from "./call.ts";
import { type CallDialog, listDialogs } from "./call_dialog.ts";
import type { Leg } from "./leg.ts";

/** Calls that are over whose dialogs are remembered; more messages than theirs are not kept. */
const MOST_ENDED = 512;

export class CallBook {
  readonly #calls = new Map<string, Call>();
  /** How many of them each extension makes. */
  readonly #made = new Map<string, number>();
  /** By the tag that we gave to the dialog. */
  readonly legs = new Map<string, Leg>();
  /** The callers that wait for an answer, by the name of their INVITE transaction. */
  readonly setups = new Map<string, Leg>();
  /** Those that wait for an ACK. */
  readonly unacknowledged = new Set<Leg>();
  readonly #changed = new Set<Call>();
  /** The dialogs of the calls that ended last, by identifier. */
  readonly #ended = new Map<string, readonly CallDialog[]>();

  /** The calls by their identifiers, the oldest first. */
  get calls(): ReadonlyMap<string, Call> {
    return this.#calls;
  }

  /** How many calls of an extension live. */
  callsOf(number: string): number {
    return this.#made.get(number) ?? 0;
  }

  begin(call: Call): void {
    this.#calls.set(call.id, call);
    this.#made.set(call.number, this.callsOf(call.number) + 1);
    this.note(call);
  }

  end(call: Call): void {
    if (!this.#calls.delete(call.id)) return;
    const left = this.callsOf(call.number) - 1;
    if (left > 0) this.#made.set(call.number, left);
    else this.#made.delete(call.number);
    this.note(call);
    this.#ended.set(call.id, listDialogs(call));
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > MOST_ENDED) this.#ended.delete(oldest!);
  }

  /** The dialogs of a call that lives or ended lately; null where it is not remembered. */
  dialogsOf(id: string): readonly CallDialog[] | null {
    const call = this.#calls.get(id);
    return call === undefined ? this.#ended.get(id) ?? null : listDialogs(call);
  }

  /** The record of a call is not written as it is now. */
  note(call: Call): void {
    this.#changed.add(call);
  }

  /** Nothing of a call is to be written, because it became a part of another one. */
  forget(call: Call): void {
    this.end(call);
    this.#changed.delete(call);
  }

  /** The calls that changed since the last time. */
  takeChanged(): Call[] {
    if (this.#changed.size === 0) return [];
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  /** The dialog that a request belongs to (RFC 3261 §12.2.2); null where there is none. */
  find(message: Message): Leg | null {
    const leg = this.legs.get(message.toTag);
    if (leg === undefined) return null;
    const { callId, remoteTag } = leg.dialog;
    return callId === message.callId && remoteTag === message.fromTag
      ? leg
      : null;
  }

  /** A dialog by what another phone knows of it (RFC 3891 §3); null where there is none. */
  findReplaced(
    callId: string,
    localTag: string,
    remoteTag: string,
  ): Leg | null {
    const leg = this.legs.get(localTag);
    if (leg === undefined || leg.dialog.callId !== callId) return null;
    return leg.dialog.remoteTag === remoteTag ? leg : null;
  }

  add(leg: Leg): void {
    this.legs.set(leg.dialog.localTag, leg);
  }

  remove(leg: Leg): void {
    this.legs.delete(leg.dialog.localTag);
    if (leg.setupKey !== "") this.setups.delete(leg.setupKey);
    this.unacknowledged.delete(leg);
  }
}
