/**
 * Real phones against a real server, in its own network and behind a router that translates
 * addresses: register, refresh, wrong password, unregister, restarts (RFC 3261 §10, RFC 3581).
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import type { Place } from "./lab_network.ts";
import { liveTest } from "./lab_case.ts";
import { ACCOUNT, openOffice, PLACES, sourceHost } from "./lab_office.ts";
import type { Server } from "./lab_server.ts";
import { type Account, SOFTPHONES } from "./lab_softphone.ts";

const PLACE_NAMES: Readonly<Record<Place, string>> = {
  lan: "in the LAN",
  nat: "behind NAT",
};

async function openWithPhone(
  lab: Lab,
  program: string,
  place: Place,
  change: Partial<Account> = {},
) {
  const { network, server } = await openOffice(lab);
  const phone = SOFTPHONES[program]!(lab, network[place], {
    ...ACCOUNT,
    ...change,
  });
  phone.start();
  return { server, phone };
}

/** The only binding of 1001, which must be as `place` shows it to the server. */
async function checkRegistered(server: Server, place: Place) {
  const [row] = await server.list();
  assert.equal(row?.number, ACCOUNT.number);
  assert.equal(row.name, `Phone ${ACCOUNT.number}`);
  assert.equal(row.registered, true);
  assert.equal(row.bindings.length, 1, JSON.stringify(row.bindings));
  const binding = row.bindings[0]!;
  assert.equal(sourceHost(binding), PLACES[place].seen);
  assert.match(binding.contact, /^sips?:/);
  assert.equal(binding.transport.toLowerCase(), "udp");
  assert.ok(
    binding.expiresSeconds > 50 && binding.expiresSeconds <= 60,
    `${binding.expiresSeconds}`,
  );
  return binding;
}

for (const program of Object.keys(SOFTPHONES)) {
  for (const place of Object.keys(PLACES) as Place[]) {
    const title = `${program} ${PLACE_NAMES[place]}`;
    const needs = ["namespaces", program];

    liveTest(
      `${title} registers and is on the list with its source address`,
      needs,
      async (lab) => {
        const { server, phone } = await openWithPhone(lab, program, place);
        await phone.registered();
        const binding = await checkRegistered(server, place);
        assert.match(binding.userAgent.toLowerCase(), new RegExp(phone.name));
      },
    );

    liveTest(
      `${title} refreshes and still has one binding`,
      needs,
      async (lab) => {
        const { server, phone } = await openWithPhone(lab, program, place);
        await phone.registered();
        await phone.refresh();
        await checkRegistered(server, place);
      },
    );

    liveTest(
      `${title} unregisters and is gone from the list`,
      needs,
      async (lab) => {
        const { server, phone } = await openWithPhone(lab, program, place);
        await phone.registered();
        await phone.unregister();
        const [row] = await server.list();
        assert.equal(row?.registered, false);
        assert.deepEqual(row.bindings, []);
      },
    );

    liveTest(
      `${title} with a wrong password gets 403 and is not registered`,
      needs,
      async (lab) => {
        const { server, phone } = await openWithPhone(lab, program, place, {
          password: "wrong",
        });
        assert.equal(await phone.refused(), 403);
        assert.deepEqual(await server.bindings(ACCOUNT.number), []);
      },
    );

    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      liveTest(
        `${title} stays registered over ${signal} of the server`,
        needs,
        async (lab) => {
          const { server, phone } = await openWithPhone(lab, program, place);
          await phone.registered();
          const before = await server.bindings(ACCOUNT.number);
          const code = await server.stop(signal);
          if (signal === "SIGTERM") {
            assert.equal(code, 0, server.process.output);
          }
          await server.restart();
          const after = await server.bindings(ACCOUNT.number);
          assert.equal(after[0]?.source, before[0]?.source);
          await phone.refresh();
          await checkRegistered(server, place);
        },
      );
    }

    liveTest(
      `${title} that crashed and came back leaves one binding`,
      needs,
      async (lab) => {
        const { server, phone } = await openWithPhone(lab, program, place);
        await phone.registered();
        await phone.crash();
        phone.start();
        await phone.registered();
        await checkRegistered(server, place);
      },
    );
  }
}
