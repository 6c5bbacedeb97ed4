/**
 * The fault matrix: the server does not run, does not get its port, listens where no
 * phone is, or cannot store what it is told.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { pbxCommand, pbxEnvironment } from "./lab_command.ts";
import { assertHealthy, assertVerdict } from "./lab_doctor.ts";
import {
  assertFault,
  assertMended,
  diagnose,
  placePhone,
  wishOf,
} from "./lab_fault.ts";
import { ADDRESS } from "./lab_network.ts";
import { ACCOUNT, openOffice } from "./lab_office.ts";
import { type Running, until } from "./lab_process.ts";
import { serveArguments, Server, type ServerOptions } from "./lab_server.ts";
import { watchFault } from "./lab_watch.ts";

const SIP = ["0.0.0.0:5060"];
const SERVER_DOWN = {
  code: "server-down",
  stage: "process",
  where: "server",
  command: /\bserve (--config \S+ )?--data \S+$/,
  evidence: /No server runs/,
} as const;

liveTest("server-down: a server that was never started", [
  "namespaces",
  "baresip",
], async (lab) => {
  const network = await lab.network();
  const namespace = network.server;
  const data = `${lab.directory}/data`;
  assertFault(await diagnose(lab, { namespace, data }), SERVER_DOWN);

  const extensions = { [ACCOUNT.number]: ACCOUNT.password };
  const options = { namespace, data, sip: SIP, extensions };
  const server = await Server.start(lab, options);
  const office = { network, server };
  await assertMended(lab, office, placePhone(lab, office, "lan"));
});

liveTest("server-down: a server that was killed", [
  "namespaces",
  "baresip",
], async (lab) => {
  const office = await openOffice(lab);
  const phone = placePhone(lab, office, "nat");
  phone.start();
  await phone.registered();
  await office.server.stop("SIGKILL");
  assertFault(await diagnose(lab, wishOf(office)), SERVER_DOWN);
  await office.server.restart();
  assertHealthy(await diagnose(lab, wishOf(office)));
});

liveTest("config-error: a key that nobody knows", [
  "namespaces",
  "baresip",
], async (lab) => {
  const office = await openOffice(lab);
  const file = `${lab.directory}/mistaken.toml`;
  const lines = ["# office", 'sipp = ["0.0.0.0:5060"]', "rtp = 7\n"];
  await Deno.writeTextFile(file, lines.join("\n"));
  const more = ["--config", file];
  const phone = placePhone(lab, office, "lan");

  // a server that runs has read another file
  const warned = await diagnose(
    lab,
    wishOf(office, { more }),
    () => phone.start(),
  );
  assertVerdict(warned, "ok", ["config-error"]);
  assert.deepEqual(warned.also.map(({ severity }) => severity), ["warning"]);
  const check = warned.checks.find(({ id }) => id === "config");
  assert.equal(check?.state, "fail");

  await office.server.stop("SIGTERM");
  const diagnosis = await diagnose(lab, wishOf(office, { more }));
  assertFault(diagnosis, {
    code: "config-error",
    stage: "process",
    where: "server",
    evidence: new RegExp(`${file}:2\\b[^]*${file}:3\\b`),
    text: new RegExp(`${file}:2\\b[^]*${file}:3\\b`),
  });
  await Deno.writeTextFile(file, 'sip = ["0.0.0.0:5060"]\n');
  assertFault(await diagnose(lab, wishOf(office, { more })), SERVER_DOWN);
});

/** Programs that take the port of SIP, and the address that they take it on. */
const HOLDERS: Readonly<
  Record<string, (lab: Lab, namespace: string) => Running>
> = {
  nc: (lab, namespace) =>
    lab.spawn(namespace, { command: ["nc", "-u", "-l", "-k", "-p", "5060"] }),
  kamailio: (lab, namespace) => {
    const file = `${lab.directory}/kamailio.cfg`;
    const text = [
      "children=1",
      "disable_tcp=yes",
      "log_stderror=yes",
      `listen=udp:${ADDRESS.server}:5060`,
      "request_route { drop; }\n",
    ].join("\n");
    Deno.writeTextFileSync(file, text);
    const command = ["kamailio", "-f", file, "-DD", "-E"];
    return lab.spawn(namespace, { command: [...command, "-m", "16"] });
  },
};

for (const [program, hold] of Object.entries(HOLDERS)) {
  liveTest(`port-in-use: ${program} sits on the port of SIP`, [
    "namespaces",
    "baresip",
    "ss",
    program,
  ], async (lab) => {
    const network = await lab.network();
    const namespace = network.server;
    const holder = hold(lab, namespace);
    await until(`${program} holds the port`, async () => {
      const held = await lab.run(namespace, ["ss", "-Huln", "sport = :5060"]);
      if (holder.exitCode !== null) throw new Error(holder.output);
      return held.includes(":5060");
    });
    const data = `${lab.directory}/data`;
    const extensions = { [ACCOUNT.number]: ACCOUNT.password };
    const options: ServerOptions = { namespace, data, sip: SIP, extensions };
    await assertNoStart(lab, options, data);

    const diagnosis = await diagnose(lab, { namespace, data });
    // it may have children, of which each holds the same socket
    const [, pid = ""] = /^kill (\d+)$/.exec(
      diagnosis.verdict.remedy.command ?? "",
    ) ?? [];
    assertFault(diagnosis, {
      code: "port-in-use",
      stage: "bind",
      where: "server",
      command: /^kill \d+$/,
      evidence: new RegExp(`UDP.*:5060.*${program} \\(pid ${pid}\\b`),
      text: new RegExp(`UDP port \`5060\`.*${program}`),
    });
    await lab.run(null, ["kill", pid]);
    await holder.wait(10_000);

    const server = await Server.start(lab, options);
    const office = { network, server };
    await assertMended(lab, office, placePhone(lab, office, "nat"));
  });
}

/** The server itself must refuse to start, or the case proves nothing. */
async function assertNoStart(
  lab: Lab,
  options: ServerOptions,
  data: string,
): Promise<void> {
  const command = [...pbxCommand(), ...serveArguments(options, data)];
  const { code, stderr } = await lab.attempt(options.namespace, {
    command,
    env: pbxEnvironment(),
    clearEnv: true,
  });
  assert.equal(code, 1, stderr);
  assert.match(stderr, /5060/);
}

liveTest("bound-to-loopback: a server that listens to its own machine", [
  "namespaces",
  "baresip",
], async (lab) => {
  const office = await openOffice(lab, { sip: ["127.0.0.1:5060"] });
  placePhone(lab, office, "lan").start();
  assertFault(await diagnose(lab, wishOf(office)), {
    code: "bound-to-loopback",
    stage: "bind",
    where: "server",
    evidence: /127\.0\.0\.1:5060[^]*192\.0\.2\.1/,
    text: /sip = \["0\.0\.0\.0:5060"\]/,
  });
});

liveTest("store-failed: the disk of the server is full", [
  "namespaces",
  "baresip",
  "mount",
  "umount",
], async (lab) => {
  const disk = `${lab.directory}/disk`;
  await lab.mountMemory(disk, "4m");
  const network = await lab.network();
  const server = await Server.start(lab, {
    namespace: network.server,
    data: `${disk}/data`,
    sip: SIP,
    extensions: { [ACCOUNT.number]: ACCOUNT.password },
  });
  const office = { network, server };
  await fillUp(`${disk}/ballast`);
  const phone = placePhone(lab, office, "nat");
  await watchFault(lab, office, {
    code: "store-failed",
    stage: "reply",
    where: "server",
    evidence: /`REGISTER` with `503`[^]*full/,
  }, { act: () => phone.start(), offline: "store-failed" });
  await phone.crash();
  await Deno.remove(`${disk}/ballast`);
  await assertMended(lab, office, phone);
});

/** Writes a file until nothing more fits. */
async function fillUp(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  for (const octets of [65536, 4096, 1]) {
    const block = new Uint8Array(octets);
    for (;;) {
      try {
        await file.write(block);
      } catch (error) {
        if (/os error 28/.test(String(error))) break;
        throw error;
      }
    }
  }
}
