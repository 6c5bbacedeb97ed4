/**
 * Every state and every event of the server's INVITE transaction.
 * @module
 */

import assert from "node:assert/strict";
import {
  type InviteServerEvent,
  type InviteServerState,
  openInviteServer,
  stepInviteServer,
} from "./invite_server_transaction.ts";
import {
  PASS,
  REPEAT,
  row,
  SEND,
  TIMEOUT,
  type Transition,
  UNSENT,
} from "./transaction.ts";

type Table = Record<
  InviteServerState,
  Partial<Record<InviteServerEvent, Transition<InviteServerState>>>
>;

const EVENTS: Record<InviteServerEvent, true> = {
  "request": true,
  "ack": true,
  "send-1xx": true,
  "send-2xx": true,
  "send-300+": true,
  "timer-G": true,
  "timer-H": true,
  "timer-I": true,
  "timer-L": true,
  "transport-error": true,
};

const START_G = { do: "start", timer: "G", afterMs: 500 } as const;
const START_H = { do: "start", timer: "H", afterMs: 32_000 } as const;
const START_I = { do: "start", timer: "I", afterMs: 5000 } as const;
const START_L = { do: "start", timer: "L", afterMs: 32_000 } as const;
const RESTART_G = { do: "restart", timer: "G" } as const;
const STOP_G = { do: "stop", timer: "G" } as const;
const STOP_H = { do: "stop", timer: "H" } as const;

const UNRELIABLE: Table = {
  proceeding: {
    "request": row("proceeding", REPEAT),
    "send-1xx": row("proceeding", SEND),
    "send-2xx": row("accepted", SEND, START_L),
    "send-300+": row("completed", SEND, START_G, START_H),
    "transport-error": row("proceeding", UNSENT),
  },
  completed: {
    "request": row("completed", REPEAT),
    "ack": row("confirmed", STOP_G, STOP_H, START_I),
    "timer-G": row("completed", REPEAT, RESTART_G),
    "timer-H": row("terminated", TIMEOUT),
    "transport-error": row("completed", UNSENT),
  },
  confirmed: {
    "request": row("confirmed"),
    "ack": row("confirmed"),
    "timer-I": row("terminated"),
  },
  accepted: {
    "request": row("accepted"),
    "ack": row("accepted", PASS),
    "send-2xx": row("accepted", SEND),
    "timer-L": row("terminated"),
    "transport-error": row("accepted", UNSENT),
  },
  terminated: {},
};

const RELIABLE: Table = {
  ...UNRELIABLE,
  proceeding: {
    ...UNRELIABLE.proceeding,
    "send-300+": row("completed", SEND, START_H),
  },
  completed: {
    "request": row("completed", REPEAT),
    "ack": row("terminated"),
    "timer-H": row("terminated", TIMEOUT),
    "transport-error": row("completed", UNSENT),
  },
};

Deno.test("openInviteServer() passes the INVITE and leaves the 100 to its user", () => {
  assert.deepEqual(openInviteServer(false), row("proceeding", PASS));
  assert.deepEqual(openInviteServer(true), row("proceeding", PASS));
});

for (const isReliable of [false, true]) {
  const table = isReliable ? RELIABLE : UNRELIABLE;
  const transport = isReliable ? "a reliable" : "an unreliable";
  Deno.test(`stepInviteServer() has every row of the figure on ${transport} transport`, () => {
    for (const state of Object.keys(table) as InviteServerState[]) {
      for (const event of Object.keys(EVENTS) as InviteServerEvent[]) {
        assert.deepEqual(
          stepInviteServer(state, event, isReliable),
          table[state][event] ?? null,
          `${state}, ${event}`,
        );
      }
    }
  });
}

Deno.test("stepInviteServer() keeps repeats of an answered INVITE from its user", () => {
  const accepted = stepInviteServer("proceeding", "send-2xx", false)!;
  const repeated = stepInviteServer(accepted.state, "request", false)!;
  assert.deepEqual(repeated, row("accepted"));
});
