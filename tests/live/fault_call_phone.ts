/**
 * A phone of our own that speaks: what it says in its messages and what sound it sends are the
 * choice of the test, and so is what is wrong with them.
 * @module
 */

import assert from "node:assert/strict";
import { openCaller } from "./lab_call.ts";
import {
  bodyOf,
  type Caller,
  describeSound,
  type Extra,
  soundAddress,
  statusOf,
  type Talk,
} from "./lab_caller.ts";
import type { Lab } from "./lab.ts";
import type { Place } from "./lab_network.ts";
import { type Office, PLACES } from "./lab_office.ts";
import type { Received } from "./lab_phone.ts";
import { ToneSocket } from "./lab_rtp.ts";

const TONE = 440;

/** One that is registered, until the lab closes. */
export class SpeakingPhone {
  readonly caller: Caller;
  readonly sound: ToneSocket;
  #isOff = false;

  private constructor(caller: Caller, sound: ToneSocket) {
    this.caller = caller;
    this.sound = sound;
  }

  static async open(
    lab: Lab,
    { network }: Office,
    place: Place,
    number: string,
  ): Promise<SpeakingPhone> {
    const caller = await openCaller(network, place, number);
    const sound = new ToneSocket(network[place], PLACES[place].own, TONE);
    const phone = new SpeakingPhone(caller, sound);
    lab.onClose(() => phone.switchOff());
    return phone;
  }

  get number(): string {
    return this.caller.number;
  }

  /** What it says of its sound. */
  describe(direction = "sendrecv", version = 1): string {
    const { host, port } = this.sound;
    return describeSound(host, port, direction, version);
  }

  /** Speaks to where a message of the server says. */
  speak(message: Received): void {
    const { host, port } = soundAddress(bodyOf(message));
    this.sound.speakTo(host, port);
  }

  /** Says nothing to the server. */
  async switchOff(): Promise<void> {
    if (this.#isOff) return;
    this.#isOff = true;
    await Promise.all([this.caller.close(), this.sound.close()]);
  }
}

/** A phone behind the router, and one with the next number in the LAN. */
export async function openPair(
  lab: Lab,
  office: Office,
  number: number,
): Promise<[SpeakingPhone, SpeakingPhone]> {
  return await Promise.all([
    SpeakingPhone.open(lab, office, "nat", `${number}`),
    SpeakingPhone.open(lab, office, "lan", `${number + 1}`),
  ]);
}

/** A call that stands: the side of the phone that called, and of the one that was called. */
export interface Conversation {
  readonly from: Talk;
  readonly to: Talk;
}

/** What the phones of a call do otherwise than phones do. */
export interface Manner {
  /** What the INVITE of the caller has besides the usual. */
  readonly invite?: Extra;
  /** What the called phone answers with. */
  readonly answer?: string;
  /** Numbers of phones that send no sound. */
  readonly silent?: readonly string[];
}

/** One phone calls, the other one takes it, and they speak. */
export async function connect(
  one: SpeakingPhone,
  two: SpeakingPhone,
  { invite: extra = {}, answer, silent = [] }: Manner = {},
): Promise<Conversation> {
  const from = two.caller.inbox.length;
  const talk = one.caller.open(two.number);
  const body = one.describe();
  const answered = one.caller.ask(talk, "INVITE", { body, ...extra });
  const invite = await two.caller.asked("INVITE", from);
  await two.caller.reply(invite, 180);
  await two.caller.reply(invite, 200, { body: answer ?? two.describe() });
  const accepted = await answered;
  assert.equal(statusOf(accepted), 200, one.caller.transcript());
  if (!silent.includes(one.number)) one.speak(accepted!);
  if (!silent.includes(two.number)) two.speak(invite);
  return { from: talk, to: two.caller.accept(invite) };
}

/** One phone calls, and the other one does not take it; gives what the caller hears. */
export async function refuse(
  one: SpeakingPhone,
  two: SpeakingPhone,
  status: number,
  extra: Extra = {},
): Promise<Received | null> {
  const from = two.caller.inbox.length;
  const talk = one.caller.open(two.number);
  const body = one.describe();
  const answered = one.caller.ask(talk, "INVITE", { body, ...extra });
  const invite = await two.caller.asked("INVITE", from);
  await two.caller.reply(invite, status);
  return await answered;
}

/** A phone that holds the call, or takes it back; the other one agrees. */
export async function changeDirection(
  one: SpeakingPhone,
  talk: Talk,
  two: SpeakingPhone,
  said: string,
  agreed: string,
): Promise<void> {
  const from = two.caller.inbox.length;
  const version = talk.cseq + 2;
  const body = one.describe(said, version);
  const answered = one.caller.ask(talk, "INVITE", { body });
  const invite = await two.caller.asked("INVITE", from);
  await two.caller.reply(invite, 200, { body: two.describe(agreed, version) });
  assert.equal(statusOf(await answered), 200, one.caller.transcript());
}

/** A phone ends a call, and both fall silent. */
export async function hangUp(
  one: SpeakingPhone,
  talk: Talk,
  two: SpeakingPhone,
): Promise<void> {
  const from = two.caller.inbox.length;
  const answered = one.caller.ask(talk, "BYE");
  await two.caller.reply(await two.caller.asked("BYE", from), 200);
  assert.equal(statusOf(await answered), 200);
  one.sound.hush();
  two.sound.hush();
}
