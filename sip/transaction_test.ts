/**
 * What holds for all four transactions: walks every path through their figures with the timers
 * that would run, and looks for dead ends.
 * @module
 */

import assert from "node:assert/strict";
import {
  type ClientEvent,
  openClient,
  stepClient,
} from "./client_transaction.ts";
import {
  type InviteClientEvent,
  openInviteClient,
  stepInviteClient,
} from "./invite_client_transaction.ts";
import {
  type InviteServerEvent,
  openInviteServer,
  stepInviteServer,
} from "./invite_server_transaction.ts";
import {
  openServer,
  type ServerEvent,
  stepServer,
} from "./server_transaction.ts";
import { type TimerName, type Transition } from "./transaction.ts";

interface Machine {
  readonly name: string;
  readonly open: (isReliable: boolean) => Transition<string>;
  readonly step: (
    state: string,
    event: string,
    isReliable: boolean,
  ) => Transition<string> | null;
  /** What can happen besides timers. */
  readonly events: readonly string[];
  /** States that may last as long as the transaction user or the peer likes. */
  readonly patient: readonly string[];
}

const MACHINES: readonly Machine[] = [
  {
    name: "server",
    open: openServer,
    step: stepServer as Machine["step"],
    events: [
      "request",
      "send-1xx",
      "send-final",
      "transport-error",
    ] satisfies ServerEvent[],
    patient: ["trying", "proceeding"],
  },
  {
    name: "client",
    open: openClient,
    step: stepClient as Machine["step"],
    events: [
      "receive-1xx",
      "receive-final",
      "transport-error",
    ] satisfies ClientEvent[],
    patient: [],
  },
  {
    name: "INVITE server",
    open: openInviteServer,
    step: stepInviteServer as Machine["step"],
    events: [
      "request",
      "ack",
      "send-1xx",
      "send-2xx",
      "send-300+",
      "transport-error",
    ] satisfies InviteServerEvent[],
    patient: ["proceeding"],
  },
  {
    name: "INVITE client",
    open: openInviteClient,
    step: stepInviteClient as Machine["step"],
    events: [
      "receive-1xx",
      "receive-2xx",
      "receive-300+",
      "transport-error",
    ] satisfies InviteClientEvent[],
    patient: ["proceeding"],
  },
];

/** The timers that run after a transition, without the one that has just fired. */
function runningAfter(
  before: ReadonlySet<TimerName>,
  fired: TimerName | null,
  transition: Transition<string>,
): Set<TimerName> {
  const running = new Set(before);
  if (fired !== null) running.delete(fired);
  for (const action of transition.actions) {
    if (action.do === "start" || action.do === "restart") {
      running.add(action.timer);
    }
    if (action.do === "restart") {
      assert.equal(action.timer, fired, "restarts only what fired");
    }
    if (action.do === "stop") running.delete(action.timer);
    if (action.do === "start") {
      assert.ok(action.afterMs > 0, "a timer of 0 is no timer");
    }
  }
  return transition.state === "terminated" ? new Set() : running;
}

for (const machine of MACHINES) {
  for (const isReliable of [false, true]) {
    const transport = isReliable ? "a reliable" : "an unreliable";
    Deno.test(`step() of the ${machine.name} never gets stuck on ${transport} transport`, () => {
      const opened = machine.open(isReliable);
      const waiting = [{
        state: opened.state,
        running: runningAfter(new Set(), null, opened),
      }];
      const seen = new Set<string>();
      for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
        const name = `${here.state} with timers ${
          [...here.running].sort().join(" ")
        }`;
        if (seen.has(name)) continue;
        seen.add(name);
        if (here.state === "terminated") continue;
        assert.ok(
          here.running.size > 0 || machine.patient.includes(here.state),
          name,
        );
        for (const timer of here.running) {
          const transition = machine.step(
            here.state,
            `timer-${timer}`,
            isReliable,
          );
          assert.ok(
            transition !== null,
            `${name}: nothing waits for timer ${timer}`,
          );
          const running = runningAfter(here.running, timer, transition);
          waiting.push({ state: transition.state, running });
        }
        for (const event of machine.events) {
          const transition = machine.step(here.state, event, isReliable);
          if (transition === null) continue;
          waiting.push({
            state: transition.state,
            running: runningAfter(here.running, null, transition),
          });
        }
      }
      assert.ok([...seen].some((name) => name.startsWith("terminated")));
    });
  }
}

Deno.test("step() returns the same constant each time, so nothing is allocated", () => {
  for (const machine of MACHINES) {
    for (const isReliable of [false, true]) {
      assert.equal(machine.open(isReliable), machine.open(isReliable));
      const state = machine.open(isReliable).state;
      for (const event of machine.events) {
        assert.equal(
          machine.step(state, event, isReliable),
          machine.step(state, event, isReliable),
        );
      }
    }
  }
});
