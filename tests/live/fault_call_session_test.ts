/**
 * The fault matrix: a call that ended because a phone did not renew it (RFC 4028 §10). Who asks
 * right after it is told so.
 * @module
 */

import assert from "node:assert/strict";
import { connect, openPair } from "./fault_call_phone.ts";
import { readVerdicts } from "./lab_api.ts";
import { assertEnded, openCalls, waitForCall } from "./lab_call.ts";
import { liveTest } from "./lab_case.ts";
import { assertVerdict } from "./lab_doctor.ts";
import { assertMended, diagnose, wishOf } from "./lab_fault.ts";

/** The shortest that a phone may ask for (RFC 4028 §4). */
const SESSION = ["Supported: timer", "Session-Expires: 90;refresher=uac"];

liveTest(
  "a call that nobody renews ends, and the doctor tells why right after it",
  ["namespaces"],
  async (lab) => {
    const office = await openCalls(lab);
    const [one, two] = await openPair(lab, office, 1001);
    await connect(one, two, { invite: { headers: SESSION } });
    await waitForCall(
      office,
      "the end of the call",
      ({ state }) => state === "ended",
      70_000,
    );
    one.sound.hush();
    two.sound.hush();
    await assertEnded(office, { why: "session-timer", endedBy: "exchange" });
    const [told] = (await readVerdicts(lab, office))
      .filter(({ extension }) => extension === "1001");
    assert.equal(told?.code, "session-timeout");
    assert.match(told.title, /`1` minutes/);

    // they are registered for a minute
    await Promise.all([one.caller.register(), two.caller.register()]);
    const found = await diagnose(lab, wishOf(office));
    assertVerdict(found, "ok", ["session-timeout"]);
    const [remark, ...others] = found.also;
    assert.deepEqual(others, []);
    assert.equal(remark?.severity, "error");
    assert.match(remark.evidence[0]!.what, /after `\d\d` seconds/);

    await assertMended(lab, office, {
      start: async () => {
        await connect(one, two);
      },
    });
  },
);
