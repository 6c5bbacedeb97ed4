/**
 * Calls that nobody ends: a phone without power, an answer that nobody acknowledges, a session that
 * nobody refreshes (RFC 3261 §13.3.1.4, RFC 4028 §10), and a server that stops. All of them end,
 * are in the record, and give their ports back; registrations outlive them.
 * @module
 */

import assert from "node:assert/strict";
import type { CallEntry } from "../../web/call_entry.ts";
import { liveTest } from "./lab_case.ts";
import {
  accountOf,
  assertTalked,
  CALLEE_TONE,
  CALLER_TONE,
  type CallOffice,
  countMediaPorts,
  openCaller,
  openCalls,
  readCalls,
  startPhone,
  talk,
  waitForCall,
} from "./lab_call.ts";
import { type Caller, describeSound, statusOf } from "./lab_caller.ts";
import { until } from "./lab_process.ts";

const NEEDS = ["namespaces", "baresip", "ss"];
/** Where nobody listens; these calls are about signalling. */
const SOUND = describeSound("192.0.2.20", 9);
const NUMBERS = ["1002", "1003", "1004", "1005", "1006"];

/** Waits for the end of the call from a number to another one. */
function waitForEnd(
  office: CallOffice,
  from: string,
  to: string,
  timeoutMs: number,
): Promise<CallEntry> {
  return waitForCall(
    office,
    `the end of ${from} to ${to}`,
    ({ state, caller, callee }) =>
      state === "ended" && caller.number === from && callee.number === to,
    timeoutMs,
  );
}

/** Rings a phone of our own, which takes the call at once. */
async function connect(
  caller: Caller,
  callee: Caller,
  extra: Parameters<Caller["ask"]>[2] = {},
): Promise<void> {
  const from = callee.inbox.length;
  const answer = caller.ask(caller.open(callee.number), "INVITE", {
    body: SOUND,
    ...extra,
  });
  const invite = await callee.asked("INVITE", from);
  await callee.reply(invite, 200, { body: SOUND });
  assert.equal(statusOf(await answer), 200);
}

liveTest(
  "calls that nobody ends are ended: a phone without power, no ACK, no refresh",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab, { numbers: NUMBERS });
    const { network } = office;
    const idle = await countMediaPorts(lab, network);
    const [one, two] = await Promise.all([
      // linphonec would hang up by itself, after half a minute of silence
      startPhone(lab, "baresip", network.nat, accountOf("1001")),
      startPhone(lab, "baresip", network.lan, accountOf("1002")),
    ]);
    await one.call("1002");
    await two.rings();
    await two.answer();
    await one.established();
    await two.crash();

    await using three = await openCaller(network, "nat", "1003");
    await using four = await openCaller(network, "lan", "1004");
    await using five = await openCaller(network, "nat", "1005");
    await using six = await openCaller(network, "lan", "1006");
    await connect(three, four, { isMute: true });
    await connect(five, six, {
      headers: ["Supported: timer", "Session-Expires: 90;refresher=uac"],
    });

    const unacknowledged = await waitForEnd(office, "1003", "1004", 45_000);
    assert.equal(unacknowledged.why, "no-ack");
    assert.equal(unacknowledged.endedBy, "exchange");
    await Promise.all([three.asked("BYE"), four.asked("BYE")]);
    const repeats = three.inbox.filter(({ status }) => status === 200).length;
    assert.ok(repeats >= 8, `the 200 came ${repeats} times`);

    const gone = await waitForEnd(office, "1001", "1002", 30_000);
    assert.equal(gone.why, "phone-gone");
    await one.ended();

    const stale = await waitForEnd(office, "1005", "1006", 60_000);
    assert.equal(stale.why, "session-timer");
    await Promise.all([five.asked("BYE"), six.asked("BYE")]);
    assert.ok(stale.durationSeconds < 95, `${stale.durationSeconds} s`);
    await until("the ports for sound are free again", async () => {
      return await countMediaPorts(lab, network) === idle;
    });
  },
);

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  liveTest(
    `${signal} of the server in a call: its end is in the record, the phones can call again`,
    NEEDS,
    async (lab) => {
      const office = await openCalls(lab);
      const { network, server } = office;
      const [one, two] = await Promise.all([
        startPhone(
          lab,
          "baresip",
          network.nat,
          accountOf("1001", { tone: CALLER_TONE }),
        ),
        startPhone(
          lab,
          "baresip",
          network.lan,
          accountOf("1002", { tone: CALLEE_TONE }),
        ),
      ]);
      const connectThem = async () => {
        await one.call("1002");
        await two.rings();
        await two.answer();
        await Promise.all([one.established(), two.established()]);
      };
      await connectThem();
      await talk(office, 1);
      const bindings = await server.bindings("1002");
      const code = await server.stop(signal);
      if (signal === "SIGTERM") {
        assert.equal(code, 0, server.process.output);
        await Promise.all([one.ended(), two.ended()]);
      }
      await server.restart();
      const [call] = await readCalls(office);
      assert.equal(call?.state, "ended");
      assert.equal(call.why, "server-stopped");
      assert.equal(call.endedBy, "exchange");
      assert.notEqual(call.answeredAt, null);
      assert.deepEqual(
        (await server.bindings("1002")).map(({ source }) => source),
        bindings.map(({ source }) => source),
      );
      if (signal === "SIGKILL") {
        // the phones do not know yet; the server knows nothing of their dialogs
        await Promise.all([one.hangUp(), two.hangUp()]);
        await until(
          "both have heard of it",
          () => [one, two].every(({ log }) => /SIP\/2\.0 481/.test(log)),
        );
      }
      const [from, others] = [one, two].map((phone) =>
        phone.heard().samples.length
      );
      await connectThem();
      await talk(office);
      await assertTalked(one, two, [from!, others!]);
    },
  );
}
