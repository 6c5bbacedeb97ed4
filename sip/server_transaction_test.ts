/**
 * Every state and every event of the server's non-INVITE transaction.
 * @module
 */

import assert from "node:assert/strict";
import {
  openServer,
  type ServerEvent,
  type ServerState,
  stepServer,
} from "./server_transaction.ts";
import {
  PASS,
  REPEAT,
  row,
  SEND,
  type Transition,
  UNSENT,
} from "./transaction.ts";

type Table = Record<
  ServerState,
  Partial<Record<ServerEvent, Transition<ServerState>>>
>;

const EVENTS: Record<ServerEvent, true> = {
  "request": true,
  "send-1xx": true,
  "send-final": true,
  "timer-J": true,
  "transport-error": true,
};

const START_J = { do: "start", timer: "J", afterMs: 32_000 } as const;

const UNRELIABLE: Table = {
  trying: {
    "request": row("trying"),
    "send-1xx": row("proceeding", SEND),
    "send-final": row("completed", SEND, START_J),
  },
  proceeding: {
    "request": row("proceeding", REPEAT),
    "send-1xx": row("proceeding", SEND),
    "send-final": row("completed", SEND, START_J),
    "transport-error": row("proceeding", UNSENT),
  },
  completed: {
    "request": row("completed", REPEAT),
    "timer-J": row("terminated"),
    "transport-error": row("completed", UNSENT),
  },
  terminated: {},
};

const RELIABLE: Table = {
  ...UNRELIABLE,
  trying: { ...UNRELIABLE.trying, "send-final": row("terminated", SEND) },
  proceeding: {
    ...UNRELIABLE.proceeding,
    "send-final": row("terminated", SEND),
  },
};

Deno.test("openServer() passes the request and starts nothing", () => {
  assert.deepEqual(openServer(false), row("trying", PASS));
  assert.deepEqual(openServer(true), row("trying", PASS));
});

for (const isReliable of [false, true]) {
  const table = isReliable ? RELIABLE : UNRELIABLE;
  const transport = isReliable ? "a reliable" : "an unreliable";
  Deno.test(`stepServer() has every row of the figure on ${transport} transport`, () => {
    for (const state of Object.keys(table) as ServerState[]) {
      for (const event of Object.keys(EVENTS) as ServerEvent[]) {
        assert.deepEqual(
          stepServer(state, event, isReliable),
          table[state][event] ?? null,
          `${state}, ${event}`,
        );
      }
    }
  });
}

Deno.test("stepServer() answers repeats of a request without its user", () => {
  let transition = stepServer("trying", "send-final", false);
  for (let i = 0; i < 3; i++) {
    transition = stepServer(transition!.state, "request", false);
    assert.deepEqual(transition!.actions, [REPEAT]);
  }
});
