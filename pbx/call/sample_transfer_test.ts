/**
 * What the tests of transfers have in common.
 * @module
 */

import { headerValues } from "../sample_test.ts";
import {
  bodyOf,
  CallDesk,
  portOf,
  type SimCall,
  type SimPhone,
  talk,
} from "./sample_call_test.ts";

/** 1001 talks to 1002, who called or was called; 1003 is there. */
export function makeThree() {
  const desk = new CallDesk({ numbers: ["1001", "1002", "1003", "1004"] });
  const referrer = desk.phone("1001", "198.51.100.7");
  const moved = desk.phone("1002", "198.51.100.8");
  const partner = desk.phone("1003", "198.51.100.9");
  const { call, invite } = talk(referrer, moved);
  return { desk, referrer, moved, partner, call, invite };
}

export function refer(call: SimCall, to: string): void {
  call.request("REFER", "", [`Refer-To: <sip:${to}>`]);
}

/** The statuses that a referrer was told so far; each NOTIFY is answered. */
export function toldTo(phone: SimPhone): string[] {
  const told = [];
  for (;;) {
    const at = phone.inbox.findIndex((text) => /^NOTIFY/.test(text));
    if (at < 0) return told;
    const [notify = ""] = phone.inbox.splice(at, 1);
    const [state = ""] = headerValues(notify, "Subscription-State");
    const fragment = bodyOf(notify).split(" ", 2)[1];
    told.push(`${fragment} ${state.split(";", 1)[0]}`);
    phone.answer(notify, 200);
  }
}

/** Whether what comes from one phone goes to the other, and back. */
export function hear(desk: CallDesk, one: string, other: string): boolean {
  const ends = [one, other].map((text) => desk.relay.at(portOf(text))?.id);
  const [a = -1, b = -2] = ends;
  return desk.relay.ways.get(a) === b && desk.relay.ways.get(b) === a;
}

/** The referrer's two dialogs, as it writes them into Replaces. */
export function replacing(call: SimCall): string {
  const tags = `to-tag=${call.toTag};from-tag=f${call.callId}`;
  return encodeURIComponent(`${call.callId};${tags}`);
}
