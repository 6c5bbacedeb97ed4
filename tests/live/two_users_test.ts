/**
 * The service has a user of its own, and the administrator runs commands as root: whatever root
 * makes in the data directory is the service's, with the server up and down.
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
import { findFreePort } from "./lab_namespace.ts";
import { openLocalPhone } from "./lab_office.ts";
import { Server, type ServerOptions } from "./lab_server.ts";
import { PASSWORD as PAGE_PASSWORD } from "./lab_site.ts";
import {
  asUser,
  listForeign,
  makeServiceDir,
  SERVICE_UID,
  STRANGER_UID,
  USER_NEEDS,
} from "./lab_user.ts";

const NUMBER = "1001";
const PASSWORD = "correct-horse-7";

/** What root does to an office; each line is one command and its input. */
const COMMANDS: readonly (readonly [string, string])[] = [
  ["extension add 1002", ""],
  ["extension passwd 1002", ""],
  ["extension import -", "number,password,name\n1003,,Ann\n"],
  ["extension remove 1002", ""],
  ["extension remove 1003", ""],
  ["extension list", ""],
  ["extension export", ""],
  ["admin passwd --password-stdin", `${PAGE_PASSWORD}\n`],
  ["phone 1001", ""],
  ["calls", ""],
  ["selftest disk config bind", ""],
  ["doctor 1001 --timeout 1", ""],
];

async function runAll(lab: Lab, data: string, round: string): Promise<void> {
  const files = ["report --output", "backup"].map((command, number) =>
    [
      `${command} ${lab.directory}/${round.replaceAll(" ", "-")}-${number}`,
      "",
    ] as const
  );
  for (const [command, input] of [...COMMANDS, ...files]) {
    const args = [...command.split(" "), "--data", data];
    const { code, stderr } = await attemptPbx(lab, args, input);
    // what the checks and the doctor find is not the question here
    const mayFind = /^(?:selftest|doctor)/.test(command);
    assert.ok(code === 0 || (mayFind && code === 1), `${command}: ${stderr}`);
    assert.deepEqual(listForeign(data), [], `${round}: ${command}`);
  }
}

function makeOptions(lab: Lab, data: string): ServerOptions {
  return {
    namespace: null,
    sip: [`127.0.0.1:${findFreePort()}`],
    httpPort: findFreePort(),
    data,
    extensions: { [NUMBER]: PASSWORD },
    prefix: asUser(lab, SERVICE_UID),
  };
}

/** Registers a phone, which makes the server write. */
async function register(lab: Lab, { sip }: ServerOptions): Promise<void> {
  const port = Number(sip[0]!.replace(/^.*:/, ""));
  const phone = openLocalPhone(lab, port, NUMBER, PASSWORD);
  const answer = await phone.register([`<${phone.contact}>;expires=600`]);
  assert.equal(answer?.status, 200, answer?.text ?? "no answer");
}

liveTest(
  "no command of root's leaves a file that the service cannot write",
  USER_NEEDS,
  async (lab) => {
    const data = `${lab.directory}/data`;
    makeServiceDir(data);
    const options = makeOptions(lab, data);
    const server = await Server.start(lab, options);
    await register(lab, options);
    await runAll(lab, data, "while it runs");
    await register(lab, options);

    assert.equal(await server.stop("SIGKILL"), 137);
    await runAll(lab, data, "after it was killed");
    for (const name of ["pbx.db-wal", "pbx.db-shm", "pbx.lock"]) {
      await Deno.remove(`${data}/${name}`).catch(() => {});
    }
    await runAll(lab, data, "with the database alone");
    await server.restart();
    await register(lab, options);
    assert.equal(await server.stop("SIGTERM"), 0);
    assert.deepEqual(listForeign(data), []);
  },
);

liveTest(
  "a server that root runs by hand leaves the data to the service",
  USER_NEEDS,
  async (lab) => {
    const data = `${lab.directory}/data`;
    makeServiceDir(data);
    const options = makeOptions(lab, data);
    const { prefix: _prefix, ...byHand } = options;
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const server = await Server.start(lab, {
        ...byHand,
        extensions: signal === "SIGTERM" ? { [NUMBER]: PASSWORD } : {},
      });
      await register(lab, options);
      assert.deepEqual(listForeign(data), []);
      await server.stop(signal);
    }
    // as an older version, or a copy by hand, has left them
    for (const name of ["pbx.db", "pbx.db-wal", "pbx.db-shm"]) {
      Deno.chownSync(`${data}/${name}`, 0, 0);
    }
    await runPbx(lab, ["extension", "list", "--data", data], "");
    assert.deepEqual(listForeign(data), []);
    await Server.start(lab, { ...options, extensions: {} });
    await register(lab, options);
    assert.deepEqual(listForeign(data), []);
  },
);

liveTest(
  "root makes and gives away nothing through a link of the service's",
  ["root"],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const victim = `${lab.directory}/victim`;
    for (const name of ["pbx.db", "pbx.db-wal", "pbx.lock"]) {
      makeServiceDir(data);
      Deno.symlinkSync(victim, `${data}/${name}`);
      const args = name === "pbx.lock"
        ? ["serve", "--sip", "127.0.0.1:0", "--http", "off"]
        : ["extension", "add", "1001"];
      const { code } = await attemptPbx(lab, [...args, "--data", data]);
      assert.notEqual(code, 0, name);
      assert.throws(() => Deno.lstatSync(victim), Deno.errors.NotFound, name);
      Deno.removeSync(data, { recursive: true });
    }
    makeServiceDir(data);
    Deno.writeTextFileSync(victim, "kept\n", { mode: 0o600 });
    Deno.linkSync(victim, `${data}/pbx.db`);
    await attemptPbx(lab, ["extension", "list", "--data", data]);
    assert.equal(Deno.statSync(victim).uid, 0);
    assert.equal(Deno.readTextFileSync(victim), "kept\n");
  },
);

liveTest(
  "who is neither root nor the owner is told to use sudo",
  USER_NEEDS,
  async (lab) => {
    const home = `${lab.directory}/home`;
    Deno.mkdirSync(home);
    Deno.chownSync(home, STRANGER_UID, STRANGER_UID);
    // a machine with the service, seen by nobody else
    const machine = "mount -t tmpfs none /var/lib && mkdir -m 700 /var/lib/pbx";
    const attempt = (args: readonly string[]) =>
      lab.attempt(null, {
        command: [
          ...asUser(lab, STRANGER_UID, machine),
          ...pbxCommand(),
          ...args,
        ],
        env: { ...pbxEnvironment(), HOME: home },
        clearEnv: true,
      });
    const refused = [
      "status",
      "extension list",
      "extension add 1001",
      "calls",
      "doctor",
      "admin setup",
      "backup x.db",
      "restore x.db",
    ];
    for (const command of refused) {
      const { code, stdout, stderr } = await attempt(command.split(" "));
      assert.equal(code, 1, command);
      assert.equal(stdout, "");
      assert.match(stderr, /The data of the service is in `\/var\/lib\/pbx`/);
      assert.match(stderr, new RegExp(`: sudo \\S.* ${command}\\n`));
    }
    assert.deepEqual([...Deno.readDirSync(home)], []);
    for (const free of ["version", "--help", "completion bash"]) {
      const { code, stderr } = await attempt(free.split(" "));
      assert.equal(code, 0, `${free}: ${stderr}`);
    }
    const tried = await attempt(["selftest", "config", "loopback", "--json"]);
    assert.ok(JSON.parse(tried.stdout).checks.length > 0, tried.stderr);
    const own = ["extension", "add", "1001", "--data", `${home}/own`];
    const made = await attempt(own);
    assert.equal(made.code, 0, made.stderr);
  },
);
