/**
 * The exchange's own numbers: `*43` gives back what a phone says, so that one phone alone proves
 * signalling and sound; `*60` plays a tone.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import {
  accountOf,
  assertEnded,
  openCaller,
  openCalls,
  startPhone,
  talk,
} from "./lab_call.ts";
import { statusOf } from "./lab_caller.ts";
import { secondsOfTones } from "./lab_sound.ts";

const NEEDS = ["namespaces"];
/** Of the phone; the exchange's own is 440 Hz, one second on and one off. */
const OWN_TONE = 700;
const TONE = 440;

for (const program of ["baresip", "linphonec"]) {
  liveTest(
    `${program} behind NAT hears itself at *43 and a tone at *60`,
    [...NEEDS, program],
    async (lab) => {
      const office = await openCalls(lab);
      const phone = await startPhone(
        lab,
        program,
        office.network.nat,
        accountOf("1001", { tone: OWN_TONE }),
      );
      await phone.call("*43");
      await phone.established();
      await talk(office);
      await phone.hangUp();
      const echo = await assertEnded(office, {
        why: "hung-up",
        endedBy: "caller",
      });
      assert.equal(echo.dialled, "*43");
      assert.ok(echo.callerSound.packets > 50, JSON.stringify(echo));
      const heard = phone.heard();
      const [own] = secondsOfTones(heard, [OWN_TONE]);
      assert.ok(own! >= 1, `${own} s of its own tone`);

      await phone.call("*60");
      await phone.established();
      await talk(office);
      await phone.hangUp();
      await assertEnded(office, { why: "hung-up", endedBy: "caller" });
      const { rate, samples } = phone.heard();
      const rest = { rate, samples: samples.subarray(heard.samples.length) };
      const [tone, again] = secondsOfTones(rest, [TONE, OWN_TONE]);
      assert.ok(tone! >= 1, `${tone} s of the tone`);
      assert.ok(again! < 0.5, `${again} s of its own tone`);
    },
  );
}

liveTest(
  "a phone that offers nothing the tone can be made in is refused",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    await using phone = await openCaller(office.network, "lan", "1001");
    const body = "v=0\r\no=- 1 1 IN IP4 192.0.2.20\r\ns=-\r\n" +
      "c=IN IP4 192.0.2.20\r\nt=0 0\r\nm=audio 4000 RTP/AVP 98\r\n" +
      "a=rtpmap:98 unheard-of/8000\r\n";
    const talk = phone.open("*60");
    assert.equal(statusOf(await phone.ask(talk, "INVITE", { body })), 488);
  },
);
