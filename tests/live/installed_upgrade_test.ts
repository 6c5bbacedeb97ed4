/**
 * Upgrades of a running office: what phones and records become, what a broken or a false release
 * does to it (nothing), and the way to be rid of it.
 * @module
 */

import assert from "node:assert/strict";
import { publishBroken } from "./lab_broken.ts";
import { makeKey } from "./lab_build.ts";
import { liveTest } from "./lab_case.ts";
import { makeCall, Site } from "./lab_installed.ts";
import { MACHINE_NEEDS } from "./lab_machine.ts";
import { inNamespace } from "./lab_namespace.ts";
import { type Answers, Questions } from "./lab_questions.ts";
import { PROGRAM_NAME } from "./lab_shelf.ts";

const NUMBERS = ["1001", "1002"];
const QUESTIONS_PER_SECOND = 400;
const DATA = ["/var/lib/pbx", "/var/lib/private/pbx"];
const OURS = [
  "/usr/local/bin/pbx",
  "/etc/systemd/system/pbx.service",
  "/etc/systemd/system/pbx.socket",
];

liveTest("install.sh upgrades a running office", MACHINE_NEEDS, async (lab) => {
  const site = await Site.open(lab);
  await site.install();
  for (const number of NUMBERS) await site.add(number);
  const near = await site.phone("lan", "1001");
  const far = await site.phone("nat", "1002");
  await makeCall(near, far);
  await keepsAll(site, "an upgrade", () => upgrade(site));
  await keepsAll(site, "a restart", () => restart(site));
  await keepsAll(site, "other settings", () => takeSettings(site));
  await keepsAll(site, "a version that ends", () => refuseEnding(site));
  await keepsAll(site, "a version that hangs", () => refuseHanging(site));
  await keepsAll(site, "false releases", () => refuseFalse(site));
  await keepsAll(site, "a step back", () => stepBack(site));
  await makeCall(far, near);
  await leaveAndReturn(site);
  await purge(site);
});

/** Whatever happens: the phones stay registered, and the calls on record. */
async function keepsAll(
  site: Site,
  what: string,
  action: () => Promise<void>,
): Promise<void> {
  const before = [await site.contacts(NUMBERS), await site.calls()];
  await action();
  await site.answers(`the server answers after ${what}`);
  const after = [await site.contacts(NUMBERS), await site.calls()];
  assert.deepEqual(after, before, what);
}

/** Does something while hundreds of questions come in every second; none stays unanswered. */
async function losesNothing(
  site: Site,
  action: () => Promise<unknown>,
): Promise<void> {
  const questions = inNamespace(
    site.network.server,
    () => new Questions(5060, QUESTIONS_PER_SECOND),
  );
  let answers: Answers;
  try {
    await questions.next();
    await action();
    await questions.next();
  } finally {
    answers = await questions.end();
  }
  assert.equal(answers.lost, 0, JSON.stringify(answers));
}

async function upgrade(site: Site): Promise<void> {
  const { next } = site.build;
  const pid = await site.pid();
  await site.shelf.publish(next);
  await losesNothing(site, () => site.install());
  const status = await site.status();
  assert.equal(status.version, next.version);
  assert.notEqual(status.pid, pid);
}

/** The same line makes the service read what its administrator has written, and only that. */
async function takeSettings(site: Site): Promise<void> {
  const pid = await site.pid();
  await site.machine.sh(
    `mkdir -p /etc/pbx && echo 'http = "0.0.0.0:8060"' > /etc/pbx/pbx.toml`,
  );
  await site.refuses(/the page has no password yet/);
  assert.equal(await site.pid(), pid);
  await site.machine.sh(`echo 'log_format = "json"' > /etc/pbx/pbx.toml`);
  assert.match(await site.install(), /renewed: settings/);
  const renewed = await site.pid();
  assert.notEqual(renewed, pid);
  assert.match(await site.install(), /nothing to do/);
  assert.equal(await site.pid(), renewed);
  await site.machine.sh("rm /etc/pbx/pbx.toml");
}

async function restart(site: Site): Promise<void> {
  const pid = await site.pid();
  await losesNothing(site, async () => {
    await site.machine.run(["systemctl", "restart", "pbx.service"]);
  });
  assert.notEqual(await site.pid(), pid);
}

async function refuseEnding(site: Site): Promise<void> {
  const broken = await publishBroken(site, "ends");
  const before = await site.files();
  const said = await site.refuses(/the new version has a fault/);
  assert.match(said, new RegExp(`pbx ${broken.version}`), said);
  await site.answers("the old version answers");
  assert.equal((await site.status()).version, site.build.next.version, said);
  assert.deepEqual(namesOf(await site.files()), namesOf(before), said);
}

async function refuseHanging(site: Site): Promise<void> {
  await publishBroken(site, "hangs");
  const said = await site.refuses(/does not answer/);
  await site.answers("the old version answers");
  assert.equal((await site.status()).version, site.build.next.version, said);
}

/** None of them touches anything. */
async function refuseFalse(site: Site): Promise<void> {
  const { shelf, build, machine } = site;
  const untouched = async (words: RegExp) => {
    const before = [await site.files(), await site.pid()];
    const said = await site.refuses(words);
    assert.deepEqual([await site.files(), await site.pid()], before, said);
  };
  const folder = await shelf.publish(build.old);
  // rightly signed, but not the latest one
  await untouched(/PBX_VERSION=/);
  const program = await Deno.open(`${folder}/${PROGRAM_NAME}`, {
    append: true,
  });
  await program.write(new Uint8Array(1));
  program.close();
  await untouched(/SHA256SUMS/);
  const stranger = await makeKey(site.lab, `${site.lab.directory}/stranger`);
  await shelf.publish({ ...build.old, key: stranger });
  await untouched(/signature/);
  await shelf.publish(build.old);
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, "\n", { append: true });
  await untouched(/signature/);
  await Deno.remove(`${folder}/SHA256SUMS.sig`);
  await untouched(/SHA256SUMS\.sig/);
  // where no ssh-keygen is, the program that is installed knows the signer
  await machine.sh("mv /usr/bin/ssh-keygen /root/");
  await shelf.publish({ ...build.old, key: stranger });
  await untouched(/sign/);
  await machine.sh("mv /root/ssh-keygen /usr/bin/");
}

/** `pbx upgrade VERSION` is the same line, typed by the program itself. */
async function stepBack(site: Site): Promise<void> {
  const { old } = site.build;
  await site.shelf.publish(old);
  const { code, said } = await site.type(`pbx upgrade ${old.tag}`, {
    env: { PBX_BASE_URL: site.shelf.url },
  });
  assert.equal(code, 0, said);
  await site.answers(said);
  assert.equal((await site.status()).version, old.version, said);
}

async function leaveAndReturn(site: Site): Promise<void> {
  const { machine } = site;
  const calls = await site.calls();
  const said = await site.install("", "--uninstall");
  assert.match(said, /data/, said);
  await assertGone(site, OURS);
  const listening = await machine.run(["ss", "-Hlntu", "sport = :5060"]);
  assert.equal(listening, "", said);
  const asked = site.shelf.asked.length;
  await machine.put(site.build.old.file, "/opt/pbx-good");
  await site.install("PBX_FILE=/opt/pbx-good");
  const downloads = site.shelf.asked.slice(asked);
  assert.deepEqual(downloads, ["/latest/download/install.sh"]);
  assert.deepEqual(await site.calls(), calls);
  const contacts = await site.contacts(NUMBERS);
  assert.ok(contacts.every((contact) => contact !== ""), `${contacts}`);
}

async function purge(site: Site): Promise<void> {
  await site.install("", "--purge");
  await assertGone(site, [...OURS, ...DATA, "/etc/pbx"]);
  const rest = (await site.files()).filter((line) => /pbx/.test(line));
  const isOurs = (line: string) => !line.startsWith("/opt/pbx-good ");
  assert.deepEqual(rest.filter(isOurs), []);
}

async function assertGone(site: Site, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { code } = await site.machine.attempt(["test", "-e", path]);
    assert.equal(code, 1, `\`${path}\` is still there`);
  }
}

function namesOf(files: readonly string[]): string[] {
  return files.map((line) => line.slice(0, line.indexOf(" ")));
}
