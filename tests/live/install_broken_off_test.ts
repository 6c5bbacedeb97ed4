/**
 * `install.sh` that is broken off, by a signal or by a version that is no good: what was on the
 * machine before is there again, at the latest when the line is typed once more.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { SCRIPT } from "./lab_install.ts";
import { type Ended, Machine, MACHINE_NEEDS } from "./lab_machine.ts";
import { until } from "./lab_process.ts";
import { type StandIn, writeStandIn } from "./lab_stand_in.ts";

const GOOD = { version: "0.1.0" } as const;
const BETTER = { version: "0.2.0", form: 2 } as const;
const ENDING = { version: "0.2.1", fault: "ends", form: 3 } as const;
const HANGING = { version: "0.3.0", fault: "hangs", form: 3 } as const;
const MUTE = { version: "0.4.0", fault: "mute", form: 4 } as const;
const WORSE = { version: "0.5.0", fault: "worse" } as const;
const ELSEWHERE = { ...ENDING, version: "0.6.0", port: 5070 } as const;

liveTest("install.sh that is broken off", MACHINE_NEEDS, async (lab) => {
  const desk = await Desk.open(lab);
  await firstIsTakenBack(desk);
  await firstIsKilled(desk);
  await isInstalled(desk, await desk.install(GOOD), GOOD);
  await isTakenBack(desk, await desk.breakOff(HANGING, "TERM"), GOOD);
  await desk.breakOff(HANGING, "KILL");
  await isTakenBack(desk, await desk.install(ENDING), GOOD);
  await desk.breakOff(HANGING, "KILL");
  await isInstalled(desk, await desk.install(BETTER), BETTER);
  await isTakenBack(desk, await desk.install(MUTE), BETTER);
  await isTakenBack(desk, await desk.install(WORSE), BETTER);
  await isTakenBack(desk, await desk.install(ELSEWHERE), BETTER);
  await isRepaired(desk, BETTER);
  await desk.breakOff(HANGING, "KILL");
  const { code, said } = await desk.run("", "--uninstall");
  assert.equal(code, 0, said);
  assert.deepEqual(await desk.list(), ["/etc/pbx", "/var/lib/pbx"], said);
});

/** The machine, and what is typed there. */
class Desk {
  readonly machine: Machine;

  private constructor(machine: Machine) {
    this.machine = machine;
  }

  static async open(lab: Lab): Promise<Desk> {
    const { server } = await lab.network();
    const machine = await Machine.boot(lab, server);
    await machine.write("/root/install.sh", SCRIPT);
    return new Desk(machine);
  }

  run(environment: string, options = ""): Promise<Ended> {
    const line = `${environment} sh install.sh ${options} </dev/null`;
    return this.machine.attempt(["sh", "-c", line], { timeoutMs: 120_000 });
  }

  async install(program: StandIn): Promise<Ended> {
    await this.machine.write("/root/pbx", writeStandIn(program), 0o755);
    return await this.run("PBX_FILE=pbx");
  }

  /** Installs, and ends the script as soon as the new program is in its place. */
  async breakOff(program: StandIn, signal: "TERM" | "KILL"): Promise<Ended> {
    const before = await this.pid();
    const ending = this.install(program);
    await until("the new program is to serve", async () => {
      const pid = await this.pid();
      return pid !== "0" && pid !== before;
    });
    await this.machine.sh(`pkill -${signal} -fx 'sh install.sh ?'`);
    return await ending;
  }

  /** The process that systemd takes for the server's; 0 for none. */
  async pid(): Promise<string> {
    const show = ["systemctl", "show", "-P", "MainPID", "pbx.service"];
    return (await this.machine.run(show)).trim();
  }

  /** What of an installation is there. */
  async list(): Promise<string[]> {
    const found = await this.machine.sh(
      "find /usr/local/bin /etc/systemd/system /etc/pbx /var/lib/pbx " +
        "-name '*pbx*' 2>/dev/null | sort || true",
    );
    return found.split("\n").filter((line) =>
      line !== "" && !/\.wants\/|pbx\.db$/.test(line)
    );
  }
}

async function isInstalled(
  { machine }: Desk,
  { code, said }: Ended,
  { version }: StandIn,
): Promise<void> {
  assert.equal(code, 0, said);
  assert.equal(await machine.run(["pbx", "version"]), `pbx ${version}\n`, said);
  await machine.run(["pbx", "selftest", "loopback"]);
}

/** It says so, and what was there before runs, with its own units and data. */
async function isTakenBack(
  desk: Desk,
  { code, said }: Ended,
  before: StandIn,
): Promise<void> {
  assert.notEqual(code, 0, said);
  assert.match(said, /^error: /m, said);
  assert.match(said, new RegExp(`pbx ${before.version} is back`), said);
  await isInstalled(desk, { code: 0, said, stdout: "", stderr: "" }, before);
  const { machine } = desk;
  const unit = await machine.run(["pbx", "unit", "service"]);
  const written = await machine.run(["cat", "/etc/systemd/system/pbx.service"]);
  assert.equal(written, unit, said);
  assert.equal(
    await machine.run(["cat", "/var/lib/pbx/pbx.db"]),
    `${before.form ?? 1}\n`,
    said,
  );
  const sockets = await machine.run(["ss", "-Hlnu", "sport = :5060"]);
  assert.notEqual(sockets, "", said);
  assert.deepEqual(await desk.list(), [
    "/etc/pbx",
    "/etc/systemd/system/pbx.service",
    "/etc/systemd/system/pbx.socket",
    "/usr/local/bin/pbx",
    "/var/lib/pbx",
  ], said);
}

async function firstIsTakenBack(desk: Desk): Promise<void> {
  for (
    const ended of [
      await desk.install(MUTE),
      await desk.breakOff(HANGING, "TERM"),
    ]
  ) {
    assert.notEqual(ended.code, 0, ended.said);
    assert.match(ended.said, /pbx is not installed/, ended.said);
    assert.deepEqual(await desk.list(), [], ended.said);
  }
}

async function firstIsKilled(desk: Desk): Promise<void> {
  await desk.breakOff(HANGING, "KILL");
  const { code, said } = await desk.install(ENDING);
  assert.notEqual(code, 0, said);
  assert.deepEqual(await desk.list(), [], said);
}

/** What somebody did to it since is put right. */
async function isRepaired(desk: Desk, program: StandIn): Promise<void> {
  const damages = [
    "rm /etc/systemd/system/pbx.service",
    "echo >>/etc/systemd/system/pbx.socket",
    "systemctl disable pbx.socket",
    "systemctl stop pbx.socket pbx.service",
    "cp /usr/local/bin/pbx /root/copy; mv /root/copy /usr/local/bin/pbx",
  ];
  for (const damage of damages) {
    await desk.machine.sh(damage);
    const ended = await desk.install(program);
    await isInstalled(desk, ended, program);
  }
  const before = await desk.pid();
  const { said } = await desk.install(program);
  assert.match(said, /nothing to do/, said);
  assert.equal(await desk.pid(), before, said);
}
