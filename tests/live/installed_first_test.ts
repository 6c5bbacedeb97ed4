/**
 * One line on a fresh Debian: phones register and call, root and everybody else can use the
 * commands, and the service is there again after a kill and after a reboot of the machine.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { makeCall, NOBODY, Site } from "./lab_installed.ts";
import { MACHINE_NEEDS } from "./lab_machine.ts";
import { until } from "./lab_process.ts";

const NUMBERS = ["1001", "1002"];
/** Of 10; 0 is a program that can do nothing. */
const MOST_EXPOSURE = 1.6;

liveTest("install.sh on a fresh machine", MACHINE_NEEDS, async (lab) => {
  const site = await Site.open(lab);
  await useBeforeInstalling(site);
  await installFirst(site);
  await site.add("1002");
  const near = await site.phone("lan", "1001");
  const far = await site.phone("nat", "1002");
  await makeCall(far, near);
  await assertOwned(site);
  await installAgain(site);
  await askAsNobody(site);
  await assertConfined(site);
  await restoreBackup(site);
  await changeWhileStopped(site);
  await killServer(site);
  await rebootMachine(site);
  await makeCall(
    await site.phone("lan", "1001"),
    await site.phone("nat", "1002"),
  );
  await assertOwned(site);
  await assertQuiet(site);
});

/** Root tries the program before it is installed: its data folder belongs to root then. */
async function useBeforeInstalling(site: Site): Promise<void> {
  const { machine, build } = site;
  await machine.put(build.old.file, "/root/pbx");
  const { code, said } = await site.type(
    "echo correct-horse-7 | ./pbx extension add 1001 --password-stdin",
  );
  assert.equal(code, 0, said);
}

async function installFirst(site: Site): Promise<void> {
  const said = await site.install();
  const { version, pid } = await site.status();
  assert.equal(version, site.build.old.version, said);
  assert.equal(pid, await site.pid(), said);
  const admin = await site.json<
    { readonly url: string | null; readonly setupToken: string | null }
  >(["admin", "setup"]);
  assert.ok(admin.url && said.includes(admin.url), said);
  assert.ok(admin.setupToken && said.includes(admin.setupToken), said);
  assert.match(said, /pbx extension add/, said);
  const page = await site.machine.sh(
    `curl -fsSL --max-time 10 ${new URL("/", admin.url)}`,
  );
  assert.match(page, /<html/i, page);
  const { machine } = site;
  const enabled = ["systemctl", "is-enabled", "pbx.service", "pbx.socket"];
  assert.equal(await machine.run(enabled), "enabled\nenabled\n");
  const { code, said: checks } = await machine.attempt(["pbx", "selftest"]);
  assert.equal(code, 0, checks);
}

async function installAgain(site: Site): Promise<void> {
  const [files, pid, asked] = [
    await site.files(),
    await site.pid(),
    site.shelf.asked.length,
  ];
  const said = await site.install();
  assert.match(said, /nothing to do/, said);
  assert.deepEqual(await site.files(), files, said);
  assert.equal(await site.pid(), pid, said);
  const downloads = site.shelf.asked.slice(asked);
  assert.ok(!downloads.some((path) => /pbx-linux/.test(path)), `${downloads}`);
}

/** No file in the data folder belongs to anybody but the service. */
async function assertOwned(site: Site): Promise<void> {
  const { machine } = site;
  const owner = await machine.run(["stat", "-L", "-c", "%u", "/var/lib/pbx"]);
  assert.notEqual(owner.trim(), "0", "the data folder belongs to root");
  const strangers = await machine.sh(
    `find /var/lib/pbx/ ! -user ${owner.trim()} -ls`,
  );
  assert.equal(strangers, "");
}

/** What everybody may do works; what needs root says so, with the line to type. */
async function askAsNobody(site: Site): Promise<void> {
  const ask = (line: string) => site.type(line, { uid: NOBODY });
  const version = await ask("pbx version");
  assert.equal(version.said, `pbx ${site.build.old.version}\n`);
  const unit = await ask("pbx unit");
  assert.match(unit.stdout, /^DynamicUser=yes$/m, unit.said);
  for (const line of ["pbx status", "pbx extension list", "pbx calls"]) {
    const { code, said } = await ask(line);
    assert.notEqual(code, 0, `${line}: ${said}`);
    assert.notEqual(code, 70, `${line}: ${said}`);
    assert.match(said, /\b(?:sudo|root)\b/, `${line}: ${said}`);
  }
}

async function assertConfined(site: Site): Promise<void> {
  const report = await site.machine.run(
    ["systemd-analyze", "security", "--no-pager", "pbx.service"],
  );
  const exposure = /exposure level for pbx\.service: ([\d.]+)/.exec(report);
  assert.ok(Number(exposure?.[1]) <= MOST_EXPOSURE, report);
}

/** A backup of the running server, and the way back to it. */
async function restoreBackup(site: Site): Promise<void> {
  const contacts = await site.contacts(NUMBERS);
  const calls = await site.calls();
  assert.equal(calls.length, 1);
  await site.pbx(["backup", "/root/office.backup"]);
  const rights = ["stat", "-c", "%a %U", "/root/office.backup"];
  assert.equal(await site.machine.run(rights), "600 root\n");
  await site.add("1003");
  await site.pbx(["extension", "remove", "1002"]);
  const said = await site.pbx(["restore", "/root/office.backup"]);
  await site.answers(`the restored server answers: ${said}`);
  const list = await site.json<{ readonly number: string }[]>(
    ["extension", "list"],
  );
  assert.deepEqual(list.map(({ number }) => number), NUMBERS);
  assert.deepEqual(await site.contacts(NUMBERS), contacts);
  assert.deepEqual(await site.calls(), calls);
  await assertOwned(site);
}

/** Root's commands write the data of a service that does not run. */
async function changeWhileStopped(site: Site): Promise<void> {
  const { machine } = site;
  await machine.run(["systemctl", "stop", "pbx.socket", "pbx.service"]);
  await site.add("1004");
  await assertOwned(site);
  await machine.run(["systemctl", "start", "pbx.socket", "pbx.service"]);
  await site.answers("the server answers after a change without it");
  await site.phone("lan", "1004");
}

async function killServer(site: Site): Promise<void> {
  const pid = await site.pid();
  const contacts = await site.contacts(NUMBERS);
  await site.machine.run(["kill", "-KILL", `${pid}`]);
  assert.notEqual(await site.answers("the server is back"), pid);
  assert.deepEqual(await site.contacts(NUMBERS), contacts);
}

async function rebootMachine(site: Site): Promise<void> {
  const contacts = await site.contacts(NUMBERS);
  await site.machine.reboot();
  await site.answers("the server answers after a reboot");
  assert.deepEqual(await site.contacts(NUMBERS), contacts);
}

/** The journal of the whole test holds no error, and the server still answers. */
async function assertQuiet(site: Site): Promise<void> {
  const errors = await site.machine.run([
    ...["journalctl", "--no-pager", "--quiet", "-o", "cat", "-p", "err"],
    ...["-u", "pbx.service", "-u", "pbx.socket"],
  ]);
  assert.equal(errors, "");
  const lines = await site.machine.journal("pbx.service", 1000);
  assert.doesNotMatch(lines, /"level":"(?:error|fatal)"|\bERR\b|permission/i);
  await until("all services run", async () => {
    const state = await site.machine.attempt(["systemctl", "--failed", "-q"]);
    return state.said === "";
  });
}
