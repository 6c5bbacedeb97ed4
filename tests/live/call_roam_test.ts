/**
 * Sound that comes from elsewhere in the middle of a call: the router forgets its mappings and
 * makes new ones, and a stranger who has found the port speaks into the call.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { assertEnded, openCaller, openCalls } from "./lab_call.ts";
import { bodyOf, describeSound, soundAddress, statusOf } from "./lab_caller.ts";
import { ADDRESS } from "./lab_network.ts";
import { until } from "./lab_process.ts";
import { ToneSocket } from "./lab_rtp.ts";
import { secondsOfTones } from "./lab_sound.ts";

const [INSIDE, OUTSIDE, STRANGE] = [440, 880, 1320];
/** More than the relay waits before it follows a phone that has moved. */
const PATIENCE_MS = 10_000;

liveTest(
  "sound follows a phone whose router has made new mappings, and no stranger",
  ["namespaces", "conntrack"],
  async (lab) => {
    const office = await openCalls(lab, { natPorts: "random" });
    const { network } = office;
    await using caller = await openCaller(network, "nat", "1001");
    await using callee = await openCaller(network, "lan", "1002");
    await using inside = new ToneSocket(network.nat, ADDRESS.nat, INSIDE);
    await using outside = new ToneSocket(network.lan, ADDRESS.lan, OUTSIDE);
    await using stranger = new ToneSocket(network.lan, ADDRESS.lan, STRANGE);
    const talk = caller.open("1002");
    const asking = caller.ask(talk, "INVITE", {
      body: describeSound(inside.host, inside.port),
    });
    const invite = await callee.asked("INVITE");
    await callee.reply(invite, 200, {
      body: describeSound(outside.host, outside.port),
    });
    const answer = await asking;
    assert.equal(statusOf(answer), 200);
    const near = soundAddress(bodyOf(answer!));
    const far = soundAddress(bodyOf(invite));
    inside.speakTo(near.host, near.port);
    outside.speakTo(far.host, far.port);
    const heardBy = (phone: ToneSocket, hertz: number) =>
      secondsOfTones(phone.heard(), [hertz])[0]!;
    const both = (seconds: number) => () =>
      heardBy(inside, OUTSIDE) >= seconds &&
      heardBy(outside, INSIDE) >= seconds;
    await until("both hear each other", both(1));

    stranger.speakTo(near.host, near.port);
    const before = [heardBy(inside, OUTSIDE), heardBy(outside, INSIDE)];
    await until("they still do", both(Math.max(...before) + 1));
    stranger.hush();
    assert.equal(stranger.packets, 0);

    const readPort = async () => {
      const table = await lab.run(network.router, ["conntrack", "-L"]);
      const line = new RegExp(`sport=${inside.port} .* dport=(\\d+)`);
      return line.exec(table)?.[1];
    };
    const port = await readPort();
    assert.notEqual(port, undefined);
    await lab.run(network.router, ["conntrack", "-F"]);
    const [left, right] = [heardBy(inside, OUTSIDE), heardBy(outside, INSIDE)];
    await until(
      "both hear each other again",
      () =>
        heardBy(inside, OUTSIDE) >= left + 1 &&
        heardBy(outside, INSIDE) >= right + 1,
      PATIENCE_MS,
    );
    assert.notEqual(await readPort(), port);
    assert.equal(heardBy(outside, STRANGE), 0);
    assert.equal(heardBy(inside, STRANGE), 0);

    // the phone's requests come from elsewhere as well, and still belong to the call
    const bye = callee.inbox.length;
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
    await callee.reply(await callee.asked("BYE", bye), 200);
    await assertEnded(office, { why: "hung-up", endedBy: "caller" });
  },
);
