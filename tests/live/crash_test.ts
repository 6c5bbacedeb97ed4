/**
 * Kill -9 in a storm of registrations: whatever a phone got a 200 for is on the list after the
 * restart. A request that was in flight may or may not have been carried out.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { findFreePort, openUdpSocket } from "./lab_namespace.ts";
import { ScriptPhone } from "./lab_phone.ts";
import { Server } from "./lab_server.ts";

const ROUNDS = 5;
const PHONES = 200;
const SEED = 20_260_726;

/** A phone of the storm: its contact as last acknowledged, and what it may have become since. */
interface StormPhone {
  readonly phone: ScriptPhone;
  acknowledged: string | null;
  /** The states that unanswered requests may have made. */
  readonly inFlight: Set<string | null>;
  requests: number;
}

/** One storm: it is over when `answers` has come down to zero and the server is dead. */
interface Storm {
  answersLeft: number;
  isOver: boolean;
  readonly enough: () => void;
}

/** Mulberry32: the same moments in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function openStormPhone(number: string, port: number): StormPhone {
  const phone = new ScriptPhone({
    socket: openUdpSocket(null, "127.0.0.1"),
    server: { host: "127.0.0.1", port },
    number,
    password: `secret-${number}`,
  });
  return { phone, acknowledged: null, inFlight: new Set(), requests: 0 };
}

/**
 * Registers a new contact in place of the old one, again and again (every eighth time none), until
 * the storm is over; gives what a phone was told in place of a 200.
 */
async function rage(one: StormPhone, storm: Storm): Promise<string | null> {
  while (!storm.isOver) {
    const turn = ++one.requests;
    const old = one.acknowledged;
    const added = old !== null && turn % 8 === 0
      ? null
      : one.phone.contact.replace("@", `-${turn}@`);
    const contacts = [
      ...(added === null ? [] : [`<${added}>;expires=3600`]),
      ...(old === null ? [] : [`<${old}>;expires=0`]),
    ];
    one.inFlight.add(added);
    const response = await one.phone.register(contacts, 10_000);
    if (response === null) return storm.isOver ? null : "no answer";
    if (response.status !== 200) return response.text;
    one.acknowledged = added;
    one.inFlight.clear();
    if (--storm.answersLeft === 0) storm.enough();
  }
  return null;
}

/** Kills the server after so many 200s; gives what phones were told in place of a 200. */
async function killInStorm(
  server: Server,
  phones: readonly StormPhone[],
  answers: number,
): Promise<string[]> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const storm = { answersLeft: answers, isOver: false, enough: resolve };
  const raging = Promise.all(phones.map((one) => rage(one, storm)));
  // A phone that ends before the storm is over ends it: nobody waits for ever.
  await Promise.race([promise, raging]);
  server.process.signal("SIGKILL");
  await server.process.exited;
  storm.isOver = true;
  for (const { phone } of phones) phone.abandon();
  return (await raging).filter((complaint) => complaint !== null);
}

/** Compares the list with what the phones know; then takes over what the list says. */
async function compare(
  server: Server,
  phones: readonly StormPhone[],
): Promise<string[]> {
  const rows = new Map(
    (await server.list()).map((row) => [row.number, row.bindings]),
  );
  return phones.flatMap((one) => {
    const contacts = (rows.get(one.phone.number) ?? []).map(({ contact }) =>
      contact
    );
    const found = contacts[0] ?? null;
    const isRight = contacts.length <= 1 &&
      (found === one.acknowledged || one.inFlight.has(found));
    const told =
      `${one.phone.number}: told \`${one.acknowledged}\`, in flight ` +
      `${JSON.stringify([...one.inFlight])}, found ${JSON.stringify(contacts)}`;
    one.acknowledged = found;
    one.inFlight.clear();
    return isRight ? [] : [told];
  });
}

liveTest(
  "nothing acknowledged is lost by kill -9 in a storm",
  [],
  async (lab: Lab) => {
    const port = findFreePort();
    const numbers = Array.from(
      { length: PHONES },
      (_, index) => `${2000 + index}`,
    );
    const server = await Server.start(lab, {
      namespace: null,
      sip: [`127.0.0.1:${port}`],
      httpPort: findFreePort(),
      config: "[nat]\nping_seconds = 0\n",
      logLevel: "warning",
      extensions: Object.fromEntries(
        numbers.map((number) => [number, `secret-${number}`]),
      ),
    });
    const phones = numbers.map((number) => openStormPhone(number, port));
    lab.onClose(async () => {
      await Promise.all(phones.map(({ phone }) => phone.close()));
    });
    const random = seededRandom(SEED);
    for (let round = 1; round <= ROUNDS; round++) {
      const answers = 1 + Math.floor(random() * 4 * PHONES);
      const where = `seed ${SEED}, round ${round}, ${answers} answers`;
      assert.deepEqual(await killInStorm(server, phones, answers), [], where);
      await server.restart();
      assert.deepEqual(await compare(server, phones), [], where);
    }
  },
);
