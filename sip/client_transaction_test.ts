/**
 * Every state and every event of the client's non-INVITE transaction.
 * @module
 */

import assert from "node:assert/strict";
import {
  type ClientEvent,
  type ClientState,
  openClient,
  stepClient,
} from "./client_transaction.ts";
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
  ClientState,
  Partial<Record<ClientEvent, Transition<ClientState>>>
>;

const EVENTS: Record<ClientEvent, true> = {
  "receive-1xx": true,
  "receive-final": true,
  "timer-E": true,
  "timer-F": true,
  "timer-K": true,
  "transport-error": true,
};

const START_E = { do: "start", timer: "E", afterMs: 500 } as const;
const START_E_SLOWLY = { do: "start", timer: "E", afterMs: 4000 } as const;
const START_F = { do: "start", timer: "F", afterMs: 32_000 } as const;
const START_K = { do: "start", timer: "K", afterMs: 5000 } as const;
const RESTART_E = { do: "restart", timer: "E" } as const;
const STOP_E = { do: "stop", timer: "E" } as const;
const STOP_F = { do: "stop", timer: "F" } as const;

const FINAL = row("completed", PASS, STOP_E, STOP_F, START_K);

const UNRELIABLE: Table = {
  trying: {
    "receive-1xx": row("proceeding", PASS),
    "receive-final": FINAL,
    "timer-E": row("trying", REPEAT, RESTART_E),
    "timer-F": row("terminated", TIMEOUT),
    "transport-error": row("terminated", UNSENT),
  },
  proceeding: {
    "receive-1xx": row("proceeding", PASS),
    "receive-final": FINAL,
    "timer-E": row("proceeding", REPEAT, START_E_SLOWLY),
    "timer-F": row("terminated", TIMEOUT),
    "transport-error": row("terminated", UNSENT),
  },
  completed: {
    "receive-1xx": row("completed"),
    "receive-final": row("completed"),
    "timer-K": row("terminated"),
  },
  terminated: {},
};

const RELIABLE: Table = {
  ...UNRELIABLE,
  trying: {
    "receive-1xx": row("proceeding", PASS),
    "receive-final": row("terminated", PASS),
    "timer-F": row("terminated", TIMEOUT),
    "transport-error": row("terminated", UNSENT),
  },
  proceeding: {
    "receive-1xx": row("proceeding", PASS),
    "receive-final": row("terminated", PASS),
    "timer-F": row("terminated", TIMEOUT),
    "transport-error": row("terminated", UNSENT),
  },
};

Deno.test("openClient() repeats the request on an unreliable transport only", () => {
  assert.deepEqual(openClient(false), row("trying", SEND, START_E, START_F));
  assert.deepEqual(openClient(true), row("trying", SEND, START_F));
});

for (const isReliable of [false, true]) {
  const table = isReliable ? RELIABLE : UNRELIABLE;
  const transport = isReliable ? "a reliable" : "an unreliable";
  Deno.test(`stepClient() has every row of the figure on ${transport} transport`, () => {
    for (const state of Object.keys(table) as ClientState[]) {
      for (const event of Object.keys(EVENTS) as ClientEvent[]) {
        assert.deepEqual(
          stepClient(state, event, isReliable),
          table[state][event] ?? null,
          `${state}, ${event}`,
        );
      }
    }
  });
}
