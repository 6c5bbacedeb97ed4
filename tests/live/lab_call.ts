/**
 * An office with a few extensions whose phones call each other: what its record says of the calls,
 * and whether a phone hears the one tone and not the other.
 * @module
 */

import assert from "node:assert/strict";
import type { CallEntry } from "../../web/call_entry.ts";
import { Caller } from "./lab_caller.ts";
import { pbxCommand, pbxEnvironment } from "./lab_command.ts";
import type { Lab } from "./lab.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS, type Network, type Place } from "./lab_network.ts";
import {
  ACCOUNT,
  type Office,
  type OfficeOptions,
  openOffice,
  PLACES,
} from "./lab_office.ts";
import { until } from "./lab_process.ts";
import { type Account, type Softphone, SOFTPHONES } from "./lab_softphone.ts";
import { secondsOfTones, type Sound } from "./lab_sound.ts";

/** The tone of the phone that calls, and of the one that is called. */
export const CALLER_TONE = 440;
export const CALLEE_TONE = 880;

const EXTENSIONS = ["1002", "1003", "1004"];
const RING_SECONDS = 5;
/** A tone that was heard for so long was heard. */
const ENOUGH_SECONDS = 1;

/** What is typed into the phone of an extension. */
export function accountOf(
  number: string,
  change: Partial<Account> = {},
): Account {
  return { ...ACCOUNT, number, password: passwordOf(number), ...change };
}

/** The password of an extension. */
export function passwordOf(number: string): string {
  return number === ACCOUNT.number
    ? ACCOUNT.password
    : `${ACCOUNT.password}-${number}`;
}

export interface CallOffice extends Office {
  /** Runs `pbx` beside the server, where its page is in reach; throws when that fails. */
  readonly ask: (args: readonly string[]) => Promise<string>;
}

/** An office with 1001 to 1004, where a phone rings for five seconds. */
export async function openCalls(
  lab: Lab,
  options: OfficeOptions & { readonly numbers?: readonly string[] } = {},
): Promise<CallOffice> {
  const numbers = options.numbers ?? EXTENSIONS;
  const office = await openOffice(lab, {
    config: `[calls]\nring_seconds = ${RING_SECONDS}\n`,
    ...options,
    extensions: Object.fromEntries(
      numbers.map((number) => [number, passwordOf(number)]),
    ),
  });
  const { network, server } = office;
  const ask = async (args: readonly string[]) => {
    const { code, stdout, stderr } = await lab.attempt(network.server, {
      command: [...pbxCommand(), ...args, "--data", server.data],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    if (code === 0) return stdout;
    throw new Error(`\`pbx ${args.join(" ")}\`: ${stderr}`);
  };
  return { ...office, ask };
}

/** A phone program in a namespace, switched on and registered. */
export async function startPhone(
  lab: Lab,
  program: string,
  namespace: string,
  account: Account,
): Promise<Softphone> {
  const phone = SOFTPHONES[program]!(lab, namespace, account);
  phone.start();
  await phone.registered();
  return phone;
}

/** A phone of our own that is registered. */
export async function openCaller(
  network: Network,
  place: Place,
  number: string,
  parameters = "",
): Promise<Caller> {
  const caller = new Caller({
    socket: openUdpSocket(network[place], PLACES[place].own),
    server: { host: ADDRESS.server, port: 5060 },
    number,
    password: passwordOf(number),
  });
  await caller.register(parameters);
  return caller;
}

/** `calls --json`: those that live first, then the newest first. */
export async function readCalls({ ask }: CallOffice): Promise<CallEntry[]> {
  return JSON.parse(await ask(["calls", "--json"]));
}

/** Waits for a call of the record that is as it should be; fails with the whole record. */
export async function waitForCall(
  office: CallOffice,
  what: string,
  isRight: (call: CallEntry) => boolean,
  timeoutMs = 10_000,
): Promise<CallEntry> {
  let last: CallEntry[] = [];
  try {
    return await until(
      what,
      async () => {
        last = await readCalls(office);
        return last.find(isRight);
      },
      timeoutMs,
      200,
    );
  } catch (error) {
    const record = JSON.stringify(last, null, 1);
    throw new Error(`${String(error)}, the record:\n${record}`);
  }
}

/** How a call ended, as the record has it. */
export interface Ending {
  readonly caller?: string;
  readonly callee?: string;
  readonly why: string;
  readonly endedBy: string;
  readonly status?: number;
}

/** Waits until no call lives, and the newest one ended like that. */
export async function assertEnded(
  office: CallOffice,
  wanted: Ending,
): Promise<CallEntry> {
  let last: CallEntry[] = [];
  const isRight = ({ why, endedBy, status, caller, callee }: CallEntry) =>
    why === wanted.why && endedBy === wanted.endedBy &&
    (wanted.status === undefined || status === wanted.status) &&
    (wanted.caller === undefined || caller.number === wanted.caller) &&
    (wanted.callee === undefined || callee.number === wanted.callee);
  try {
    return await until(
      "the end",
      async () => {
        last = await readCalls(office);
        if (last.some(({ state }) => state !== "ended")) return null;
        return last[0] !== undefined && isRight(last[0]) && last[0];
      },
      8000,
      200,
    );
  } catch (error) {
    const record = JSON.stringify(last.slice(0, 3), null, 1);
    throw new Error(
      `${String(error)} as ${JSON.stringify(wanted)}, the record:\n${record}`,
    );
  }
}

/** Waits until the call that lives has gone on for so many seconds more. */
export async function talk(office: CallOffice, seconds = 3): Promise<void> {
  let since: number | null = null;
  await waitForCall(office, `${seconds} seconds of talk`, (call) => {
    if (call.state !== "answered") return false;
    since ??= call.durationSeconds;
    return call.durationSeconds >= since + seconds;
  }, 15_000);
}

/**
 * Waits until it shows that a phone has heard a tone, and not the other one, after the first
 * `from` samples. What linphonec heard shows once its call is over or on hold.
 */
export async function assertHeard(
  phone: { heard(): Sound },
  hertz: number,
  other: number,
  from = 0,
): Promise<void> {
  let last: number[] = [];
  await until(
    `${hertz} Hz are heard`,
    () => {
      const { rate, samples } = phone.heard();
      const sound = { rate, samples: samples.subarray(from) };
      last = secondsOfTones(sound, [hertz, other]);
      return last[0]! >= ENOUGH_SECONDS;
    },
    8000,
    200,
  ).catch((error) => {
    throw new Error(`${String(error)}, but only ${JSON.stringify(last)}`);
  });
  assert.equal(last[1], 0, `${other} Hz are heard as well: ${last}`);
}

/** Two phones have heard each other, and neither itself. */
export async function assertTalked(
  caller: { heard(): Sound },
  callee: { heard(): Sound },
  from: readonly [caller: number, callee: number] = [0, 0],
): Promise<void> {
  await assertHeard(caller, CALLEE_TONE, CALLER_TONE, from[0]);
  await assertHeard(callee, CALLER_TONE, CALLEE_TONE, from[1]);
}

/** How many sockets for sound the server has open. */
export async function countMediaPorts(
  lab: Lab,
  network: Network,
): Promise<number> {
  const list = await lab.run(network.server, ["ss", "-Huan"]);
  const ports = [...list.matchAll(/:(\d+)\s/g)].map((match) =>
    Number(match[1])
  );
  return ports.filter((port) => port >= 10_000 && port <= 19_999).length;
}
