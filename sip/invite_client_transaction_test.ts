/**
 * Every state and every event of the client's INVITE transaction.
 * @module
 */

import assert from "node:assert/strict";
import {
  type InviteClientEvent,
  type InviteClientState,
  openInviteClient,
  stepInviteClient,
} from "./invite_client_transaction.ts";
import {
  ACKNOWLEDGE,
  PASS,
  REPEAT,
  row,
  SEND,
  TIMEOUT,
  type Transition,
  UNSENT,
} from "./transaction.ts";

type Table = Record<
  InviteClientState,
  Partial<Record<InviteClientEvent, Transition<InviteClientState>>>
>;

const EVENTS: Record<InviteClientEvent, true> = {
  "receive-1xx": true,
  "receive-2xx": true,
  "receive-300+": true,
  "timer-A": true,
  "timer-B": true,
  "timer-D": true,
  "timer-M": true,
  "transport-error": true,
};

const START_A = { do: "start", timer: "A", afterMs: 500 } as const;
const START_B = { do: "start", timer: "B", afterMs: 32_000 } as const;
const START_D = { do: "start", timer: "D", afterMs: 32_000 } as const;
const START_M = { do: "start", timer: "M", afterMs: 32_000 } as const;
const RESTART_A = { do: "restart", timer: "A" } as const;
const STOP_A = { do: "stop", timer: "A" } as const;
const STOP_B = { do: "stop", timer: "B" } as const;

const UNRELIABLE: Table = {
  calling: {
    "receive-1xx": row("proceeding", PASS, STOP_A, STOP_B),
    "receive-2xx": row("accepted", PASS, STOP_A, STOP_B, START_M),
    "receive-300+": row(
      "completed",
      ACKNOWLEDGE,
      PASS,
      STOP_A,
      STOP_B,
      START_D,
    ),
    "timer-A": row("calling", REPEAT, RESTART_A),
    "timer-B": row("terminated", TIMEOUT),
    "transport-error": row("terminated", UNSENT),
  },
  proceeding: {
    "receive-1xx": row("proceeding", PASS),
    "receive-2xx": row("accepted", PASS, START_M),
    "receive-300+": row("completed", ACKNOWLEDGE, PASS, START_D),
  },
  completed: {
    "receive-300+": row("completed", ACKNOWLEDGE),
    "timer-D": row("terminated"),
    "transport-error": row("terminated", UNSENT),
  },
  accepted: {
    "receive-2xx": row("accepted", PASS),
    "timer-M": row("terminated"),
  },
  terminated: {},
};

const RELIABLE: Table = {
  ...UNRELIABLE,
  calling: {
    "receive-1xx": row("proceeding", PASS, STOP_A, STOP_B),
    "receive-2xx": row("accepted", PASS, STOP_A, STOP_B, START_M),
    "receive-300+": row("terminated", ACKNOWLEDGE, PASS),
    "timer-B": row("terminated", TIMEOUT),
    "transport-error": row("terminated", UNSENT),
  },
  proceeding: {
    ...UNRELIABLE.proceeding,
    "receive-300+": row("terminated", ACKNOWLEDGE, PASS),
  },
};

Deno.test("openInviteClient() repeats the INVITE on an unreliable transport only", () => {
  assert.deepEqual(
    openInviteClient(false),
    row("calling", SEND, START_A, START_B),
  );
  assert.deepEqual(openInviteClient(true), row("calling", SEND, START_B));
});

for (const isReliable of [false, true]) {
  const table = isReliable ? RELIABLE : UNRELIABLE;
  const transport = isReliable ? "a reliable" : "an unreliable";
  Deno.test(`stepInviteClient() has every row of the figure on ${transport} transport`, () => {
    for (const state of Object.keys(table) as InviteClientState[]) {
      for (const event of Object.keys(EVENTS) as InviteClientEvent[]) {
        assert.deepEqual(
          stepInviteClient(state, event, isReliable),
          table[state][event] ?? null,
          `${state}, ${event}`,
        );
      }
    }
  });
}

Deno.test("stepInviteClient() passes the 2xx of every branch to its user", () => {
  const first = stepInviteClient("calling", "receive-2xx", false)!;
  const second = stepInviteClient(first.state, "receive-2xx", false)!;
  assert.deepEqual(second.actions, [PASS]);
});
