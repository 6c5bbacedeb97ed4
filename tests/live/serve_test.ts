/**
 * `pbx serve` as a process: its start, its files, its HTTP interface, its end, and `pbx status`,
 * which asks it.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import {
  attemptPbx,
  pbxCommand,
  pbxEnvironment,
  runPbx,
} from "./lab_command.ts";
import type { Running } from "./lab_process.ts";

/** A running server with ports of the system's choice. */
async function startServer(
  lab: Lab,
  data: string,
  options: readonly string[] = [],
): Promise<Running> {
  const ports = ["--sip", "127.0.0.1:0", "--http", "127.0.0.1:0"];
  const server = lab.spawn(null, {
    command: [...pbxCommand(), "serve", "--data", data, ...ports, ...options],
    env: pbxEnvironment(),
    clearEnv: true,
  });
  await server.waitFor(/See how it is|HTTP is off/);
  return server;
}

async function readJson<T>(lab: Lab, args: readonly string[]): Promise<T> {
  return JSON.parse(await runPbx(lab, [...args, "--json"], "")) as T;
}

/** Where the API of the server on a data directory is. */
function apiOf(data: string): string {
  const { http } = JSON.parse(Deno.readTextFileSync(`${data}/server.json`));
  return `http://${http}`;
}

liveTest(
  "pbx serve refuses a port that is taken and names the way out",
  [],
  async (lab) => {
    const first = `${lab.directory}/first`;
    await startServer(lab, first);
    const status = ["status", "--data", first];
    const { sip } = await readJson<{ sip: { listen: string[] } }>(lab, status);
    const address = sip.listen[0]!;
    const data = ["--data", `${lab.directory}/data`];
    const args = ["serve", ...data, "--sip", address];
    const { code, stderr } = await attemptPbx(lab, args);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`UDP \`${address}\`.*\n.*ss -lunp`));
  },
);

liveTest(
  "pbx status shows the running server, and only that",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const down = await attemptPbx(lab, ["status", "--data", data]);
    assert.equal(down.code, 1);
    assert.match(down.stderr, /No server is running[^]*serve --data/);
    const server = await startServer(lab, data);
    await runPbx(lab, ["extension", "add", "1001", "--data", data], "");
    const status = await readJson<Record<string, unknown>>(lab, [
      "status",
      "--data",
      data,
    ]);
    assert.deepEqual(Object.keys(status), [
      "version",
      "pid",
      "uptimeSeconds",
      "sip",
      "http",
      "extensions",
      "registrations",
      "calls",
      "memoryBytes",
    ]);
    assert.equal(status["pid"], server.pid);
    const { listen } = status["sip"] as { listen: string[] };
    assert.match(listen.join(), /^127\.0\.0\.1:[1-9]\d*$/);
    assert.match(
      await runPbx(lab, ["status", "--data", data], ""),
      /^registrations +0$/m,
    );
    const listed = await readJson<{ number: string }[]>(lab, [
      "extension",
      "list",
      "--data",
      data,
    ]);
    assert.deepEqual(listed.map(({ number }) => number), ["1001"]);
    server.signal("SIGTERM");
    assert.equal(await server.wait(5000), 0);
    assert.equal((await attemptPbx(lab, ["status", "--data", data])).code, 1);
  },
);

liveTest(
  "pbx serve tells the command line with what it was started",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    await startServer(lab, data, ["--rtp", "23000-23099"]);
    const file = `${data}/server.json`;
    const left = JSON.parse(Deno.readTextFileSync(file));
    assert.equal(left.rtp, "23000-23099");
    assert.match(left.sip.join(), /^127\.0\.0\.1:[1-9]\d*$/);
    const add = (number: string) => {
      const args = ["extension", "add", number, "--data", data];
      return readJson<{ server: string }>(lab, args);
    };
    assert.equal((await add("1001")).server, left.sip[0]);
    // as an older version left it
    const { sip: _sip, rtp: _rtp, ...old } = left;
    Deno.writeTextFileSync(file, JSON.stringify(old));
    assert.doesNotMatch((await add("1002")).server, /:/);
  },
);

liveTest(
  "pbx serve refuses a second server with the pid of the first",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const first = await startServer(lab, data);
    const args = ["serve", "--data", data, "--sip", "127.0.0.1:0"];
    const { code, stderr } = await attemptPbx(lab, args);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`pid ${first.pid}\\b`));
  },
);

liveTest(
  "pbx serve ends with 0 on each signal, and its files with it",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const server = await startServer(lab, data);
      server.signal("SIGHUP");
      await server.waitFor(/SIGHUP changes nothing/);
      server.signal(signal);
      assert.equal(await server.wait(5000), 0, server.output);
      assert.match(server.output, new RegExp(`Stopping for ${signal}`));
      const names = [...Deno.readDirSync(data)].map(({ name }) => name);
      assert.ok(
        !names.includes("server.json") && !names.includes("api-token"),
        names.join(),
      );
    }
  },
);

liveTest("pbx serve opens its API to the token only", [], async (lab) => {
  const data = `${lab.directory}/data`;
  await startServer(lab, data);
  for (const name of ["api-token", "server.json", "pbx.db"]) {
    assert.equal(Deno.statSync(`${data}/${name}`).mode! & 0o777, 0o600, name);
  }
  assert.equal(Deno.statSync(data).mode! & 0o777, 0o700);
  const ask = async (path: string, token: string | null) => {
    const headers: HeadersInit = token === null
      ? {}
      : { "Authorization": `Bearer ${token}` };
    const response = await fetch(`${apiOf(data)}${path}`, { headers });
    return { status: response.status, text: await response.text() };
  };
  assert.deepEqual(await ask("/healthz", null), { status: 200, text: "ok\n" });
  assert.equal((await ask("/readyz", null)).status, 200);
  const token = Deno.readTextFileSync(`${data}/api-token`).trim();
  for (const path of ["/api/v1/status", "/api/v1/extensions"]) {
    assert.equal((await ask(path, null)).status, 401);
    assert.equal((await ask(path, "0".repeat(64))).status, 401);
    assert.equal((await ask(path, token)).status, 200);
  }
});

liveTest(
  "pbx serve serves phones also where HTTP cannot be had",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const address = `127.0.0.1:${taken.addr.port}`;
    const server = await startServer(lab, data, ["--http", address]);
    assert.match(server.output, new RegExp(`HTTP is off, \`${address}\``));
    const { code, stderr } = await attemptPbx(lab, ["status", "--data", data]);
    assert.equal(code, 1);
    assert.match(stderr, /its HTTP interface is off/);
  },
);

liveTest(
  "pbx serve logs JSON lines, with priorities for journald",
  [],
  async (lab) => {
    const server = lab.spawn(null, {
      command: [
        ...pbxCommand(),
        "serve",
        "--data",
        `${lab.directory}/data`,
        "--sip",
        "127.0.0.1:0",
        "--http",
        "off",
      ],
      env: { ...pbxEnvironment(), JOURNAL_STREAM: "8:1" },
      clearEnv: true,
    });
    await server.waitFor(/HTTP is off/);
    server.signal("SIGTERM");
    assert.equal(await server.wait(5000), 0);
    const lines = server.output.trim().split("\n");
    for (const line of lines) {
      assert.match(line, /^<[3-7]>\{/);
      assert.equal(typeof JSON.parse(line.slice(3)), "object");
    }
    assert.match(server.output, /extension add 1001 --data/);
  },
);
