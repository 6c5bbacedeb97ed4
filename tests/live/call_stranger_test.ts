/**
 * Who may call: nobody without a password, by no door (Request-URI, Route, an invented To tag, a
 * dialog of others), and nobody under a name that is not his own (RFC 3261 §22, RFC 3325).
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { openCaller, openCalls, passwordOf, readCalls } from "./lab_call.ts";
import {
  Caller,
  describeSound,
  type Extra,
  headerOf,
  statusOf,
  type Talk,
} from "./lab_caller.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS, type Network } from "./lab_network.ts";

const NEEDS = ["namespaces"];
/** Where nobody listens; these calls are about signalling. */
const SOUND = describeSound("192.0.2.20", 9);
const CHALLENGES = [401, 407];

/** A phone that is not registered. */
function openStranger(
  network: Network,
  number: string,
  password: string,
): Caller {
  return new Caller({
    socket: openUdpSocket(network.nat, ADDRESS.nat),
    server: { host: ADDRESS.server, port: 5060 },
    number,
    password,
  });
}

/** The status of the first answer, to a request without credentials. */
async function knock(
  stranger: Caller,
  method: string,
  extra: Extra,
  change: Partial<Talk> = {},
): Promise<number> {
  const talk = { ...stranger.open("1002"), ...change };
  const from = stranger.inbox.length;
  await stranger.send(talk, method, extra);
  const answer = await stranger.next(
    (message) => headerOf(message, "Call-ID") === talk.callId,
    from,
    3000,
  );
  return statusOf(answer);
}

liveTest(
  "a stranger gets through by no door, and nothing rings",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    await using callee = await openCaller(network, "lan", "1002");
    await using stranger = openStranger(network, "1001", "wrong");
    const body = SOUND;
    const doors: readonly (readonly [string, Extra, Partial<Talk>?])[] = [
      ["INVITE", { body }],
      ["INVITE", { body, uri: `sip:1002@${callee.address}` }],
      ["INVITE", { body, uri: "sip:1002@198.51.100.99:5060" }],
      ["INVITE", { body, headers: [`Route: <sip:${callee.address};lr>`] }],
      ["INVITE", { body, headers: ["P-Asserted-Identity: <sip:1001@pbx>"] }],
      ["INVITE", { body, uri: "sip:*43@192.0.2.1" }],
      ["INVITE", { body, uri: "sip:**@192.0.2.1" }],
      ["MESSAGE", {
        body: "hello",
        headers: ["Content-Type: text/plain"],
      }],
      ["REFER", { headers: ["Refer-To: <sip:1003@192.0.2.1>"] }],
      ["INFO", {}],
      ["UPDATE", { body }],
      ["NOTIFY", { headers: ["Event: refer"] }],
      ["BYE", {}],
    ];
    const before = callee.inbox.length;
    for (const [method, extra] of doors) {
      const status = await knock(stranger, method, extra);
      const text = `${method} ${JSON.stringify(extra)}`;
      assert.ok(status >= 400 && status < 500, `${status}: ${text}`);
      if (method === "INVITE" && extra.uri?.includes("99:") !== true) {
        assert.ok(
          CHALLENGES.includes(status) || status === 404,
          `${status}: ${text}`,
        );
      }
    }
    for (const method of ["INVITE", "BYE", "REFER", "INFO", "UPDATE"]) {
      const remoteTag = "invented";
      const status = await knock(stranger, method, { body }, { remoteTag });
      assert.equal(status, 481, method);
    }
    // with a wrong password it is over at once
    const talk = stranger.open("1002");
    assert.equal(statusOf(await stranger.ask(talk, "INVITE", { body })), 403);
    const arrived = callee.inbox.slice(before)
      .filter(({ text }) => !text.startsWith("OPTIONS "));
    assert.deepEqual(arrived, []);
    assert.deepEqual(await readCalls(office), []);
  },
);

liveTest(
  "a call bears the name of the extension that proved itself",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    await using callee = await openCaller(network, "lan", "1002");
    await using caller = await openCaller(network, "nat", "1001");
    await using liar = openStranger(network, "1003", passwordOf("1003"));
    const false_ = { ...liar.open("1002"), local: "sip:1001@192.0.2.1" };
    const refused = await liar.ask(false_, "INVITE", { body: SOUND });
    assert.equal(statusOf(refused), 403);

    const talk = caller.open("1002");
    const headers = ["P-Asserted-Identity: <sip:1004@192.0.2.1>"];
    const answer = caller.ask(talk, "INVITE", { body: SOUND, headers });
    const invite = await callee.asked("INVITE");
    assert.match(headerOf(invite, "From"), /sip:1001@192\.0\.2\.1/);
    assert.match(headerOf(invite, "P-Asserted-Identity"), /sip:1001@/);
    assert.ok(!invite.text.includes("1004"), invite.text);
    assert.ok(!invite.text.includes(ADDRESS.nat), invite.text);
    assert.ok(!/authorization/i.test(invite.text), invite.text);
    await callee.reply(invite, 200, { body: SOUND });
    const accepted = await answer;
    assert.equal(statusOf(accepted), 200);
    assert.ok(!accepted!.text.includes(callee.address), accepted!.text);

    // a stranger who has seen the dialog but not all of its tags
    await using stranger = openStranger(network, "1001", "wrong");
    const forged = { ...talk, localTag: "guess", cseq: 50 };
    assert.equal(statusOf(await stranger.ask(forged, "BYE")), 481);
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
  },
);

liveTest(
  "requests that go round in circles or are out of order are refused",
  NEEDS,
  async (lab) => {
    const office = await openCalls(lab);
    const { network } = office;
    await using callee = await openCaller(network, "lan", "1002");
    await using caller = await openCaller(network, "nat", "1001");
    const call = async (extra: Extra) =>
      statusOf(
        await caller.ask(caller.open("1002"), "INVITE", {
          body: SOUND,
          ...extra,
        }),
      );
    assert.equal(await call({ maxForwards: 0 }), 483);
    assert.equal(await call({ headers: ["Require: unheard-of"] }), 420);
    assert.equal(
      await call({ body: "x", headers: ["Content-Type: text/plain"] }),
      415,
    );
    assert.equal(await call({ body: "nonsense" }), 488);

    const talk = caller.open("1002");
    const answer = caller.ask(talk, "INVITE", { body: SOUND, maxForwards: 1 });
    const invite = await callee.asked("INVITE");
    assert.equal(headerOf(invite, "Max-Forwards"), "0");
    await callee.reply(invite, 200, { body: SOUND });
    assert.equal(statusOf(await answer), 200);
    const late = { ...talk, cseq: 0 };
    assert.equal(statusOf(await caller.ask(late, "INFO", { cseq: 1 })), 500);
    assert.equal(statusOf(await caller.ask(talk, "BYE")), 200);
  },
);
