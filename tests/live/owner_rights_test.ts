/**
 * A service that somebody has taken over owns the data directory, and root's commands work there:
 * whatever it puts there, they write and delete nothing of others and give nothing of others away.
 * @module
 */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { createServer } from "node:http";
import process from "node:process";
import { writeBackup } from "../../pbx/io/backup_copy.ts";
import { workAsOwner } from "../../pbx/io/owner_rights.ts";
import { STAGED_FILE } from "../../pbx/io/restore_swap.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { attemptPbx, runPbx } from "./lab_command.ts";
import { makeServiceDir, SERVICE_UID } from "./lab_user.ts";

/** Of SQLite's journals (https://sqlite.org/fileformat.html#the_rollback_journal). */
const MAGIC = 0xd9d505f920a163d7n;
const SECTOR = 512;

liveTest(
  "workAsOwner() leaves of root's rights only that to look",
  ["root"],
  (lab) => {
    const data = makeHouse(lab);
    const file = `${lab.directory}/root/file`;
    Deno.writeTextFileSync(file, "root's\n", { mode: 0o600 });
    Deno.symlinkSync(file, `${data}/to-file`);
    Deno.symlinkSync(`${lab.directory}/root/new`, `${data}/to-new`);
    const denied = Deno.errors.PermissionDenied;
    const told = workAsOwner(data, () => {
      for (const name of ["to-file", "to-new"]) {
        const path = `${data}/${name}`;
        assert.throws(() => Deno.writeTextFileSync(path, "x"), denied);
      }
      assert.throws(() => Deno.removeSync(file), denied);
      assert.equal(Deno.readTextFileSync(`${data}/to-file`), "root's\n");
      Deno.writeTextFileSync(`${data}/own`, "");
      // within other work it is the same
      workAsOwner(data, () => Deno.writeTextFileSync(`${data}/own`, "more"));
      assert.throws(() => Deno.removeSync(file), denied);
      return Deno.statSync(`${data}/own`);
    });
    assert.deepEqual([told.uid, told.gid], [SERVICE_UID, SERVICE_UID]);
    assert.throws(() =>
      workAsOwner(data, () => {
        throw new Error("out of it");
      }), /out of it/);
    Deno.writeTextFileSync(`${lab.directory}/root/new`, "");
    assert.equal(Deno.statSync(`${lab.directory}/root/new`).uid, 0);
    assert.deepEqual(readGroups(), GROUPS);
    return Promise.resolve();
  },
);

liveTest(
  "no command of root's deletes what a journal in the data names",
  ["root"],
  async (lab) => {
    const data = makeHouse(lab);
    const victim = `${lab.directory}/root/victim`;
    const good = `${lab.directory}/good.db`;
    const path = `${data}/pbx.db`;
    await runPbx(lab, ["extension", "add", "1001", "--data", data], "");
    await runPbx(lab, ["backup", good, "--data", data], "");
    const commands = [
      "extension list",
      "calls",
      "phone 1001",
      "selftest disk",
      `report --output ${lab.directory}/report`,
      `backup ${lab.directory}/backup`,
      `restore --dry-run ${good}`,
      `restore ${good}`,
    ];
    for (const command of commands) {
      for (const { name } of Deno.readDirSync(data)) {
        Deno.removeSync(`${data}/${name}`);
      }
      Deno.copyFileSync(good, path);
      Deno.writeTextFileSync(victim, "root's\n");
      plantJournal(path, victim);
      const args = [...command.split(" "), "--data", data];
      const { stdout, stderr } = await attemptPbx(lab, args);
      const kept = Deno.readTextFileSync(victim);
      assert.equal(kept, "root's\n", `${command}: ${stdout}${stderr}`);
    }
    // the trap is one
    Deno.copyFileSync(good, path);
    plantJournal(path, victim);
    const sql = new DatabaseSync(path);
    sql.prepare("SELECT count(*) FROM extensions").get();
    sql.close();
    assert.throws(() => Deno.statSync(victim), Deno.errors.NotFound);
  },
);

liveTest(
  "a copy never follows a link that took the place of its file",
  ["root"],
  async (lab) => {
    const data = makeHouse(lab);
    const home = `${lab.directory}/home`;
    makeServiceDir(home);
    await runPbx(lab, ["extension", "add", "1001", "--data", data], "");
    const target = `${home}/backup.db`;
    const note = { madeAtMs: 0, version: "0", config: null };
    writeBackup(data, target, note);
    assert.equal(Deno.statSync(target).uid, SERVICE_UID);
    // the moment between the making of a file and its opening by SQLite
    for (const folder of [data, home]) {
      const goal = `${lab.directory}/root/made`;
      Deno.symlinkSync(goal, `${folder}/${STAGED_FILE}.part`);
      const sql = new DatabaseSync(`${data}/pbx.db`);
      assert.throws(
        () =>
          workAsOwner(
            folder,
            () =>
              sql.prepare("VACUUM INTO ?").run(`${folder}/${STAGED_FILE}.part`),
          ),
        /unable to open/,
      );
      sql.close();
      assert.throws(() => Deno.lstatSync(goal), Deno.errors.NotFound);
    }
  },
);

liveTest(
  "root's commands send no other file in the place of the token",
  ["root"],
  async (lab) => {
    const data = makeHouse(lab);
    const secret = `${lab.directory}/root/secret`;
    Deno.writeTextFileSync(secret, "one-line-of-roots\n", { mode: 0o600 });
    const asked: (string | undefined)[] = [];
    const stranger = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.end("{}");
    });
    await new Promise<void>((done) => stranger.listen(0, "127.0.0.1", done));
    const { port } = stranger.address() as { port: number };
    Deno.writeTextFileSync(
      `${data}/server.json`,
      JSON.stringify({ pid: process.pid, http: `127.0.0.1:${port}` }),
    );
    const token = `${data}/api-token`;
    const ask = async () => {
      await attemptPbx(lab, ["status", "--data", data]);
      return asked.splice(0);
    };
    try {
      Deno.writeTextFileSync(token, `${"0a".repeat(32)}\n`);
      assert.deepEqual(await ask(), [`Bearer ${"0a".repeat(32)}`]);
      Deno.removeSync(token);
      Deno.symlinkSync(secret, token);
      assert.deepEqual(await ask(), []);
      Deno.removeSync(token);
      // nobody would ever write into it
      await lab.run(null, ["mkfifo", token]);
      assert.deepEqual(await ask(), []);
    } finally {
      stranger.close();
    }
  },
);

const GROUPS = readGroups();

function readGroups(): string | undefined {
  return /^Groups:.*$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[0];
}

/** A folder of root's with the data of the service in it, and beside it one where root alone comes. */
function makeHouse(lab: Lab): string {
  Deno.mkdirSync(`${lab.directory}/private`, { mode: 0o700 });
  Deno.mkdirSync(`${lab.directory}/root`, { mode: 0o700 });
  const data = `${lab.directory}/private/data`;
  makeServiceDir(data);
  return data;
}

/**
 * A journal beside a database that looks as if its program had been killed in a change over several
 * databases: SQLite ends that change, and deletes the file that the journal names.
 */
function plantJournal(path: string, victim: string): void {
  const database = Deno.readFileSync(path);
  // no write-ahead log
  database.fill(1, 18, 20);
  Deno.writeFileSync(path, database);
  const pageOctets = new DataView(database.buffer).getUint16(16);
  const name = new TextEncoder().encode(victim);
  const journal = new Uint8Array(SECTOR + 4 + name.length + 4 + 4 + 8);
  const view = new DataView(journal.buffer);
  view.setBigUint64(0, MAGIC);
  view.setUint32(12, 1);
  view.setUint32(16, database.length / pageOctets);
  view.setUint32(20, SECTOR);
  view.setUint32(24, pageOctets);
  view.setUint32(SECTOR, 0x40000000 / pageOctets + 1);
  journal.set(name, SECTOR + 4);
  const end = SECTOR + 4 + name.length;
  view.setUint32(end, name.length);
  view.setUint32(end + 4, name.reduce((sum, octet) => sum + octet, 0));
  view.setBigUint64(end + 8, MAGIC);
  Deno.writeFileSync(`${path}-journal`, journal);
  for (const file of [path, `${path}-journal`]) {
    Deno.chownSync(file, SERVICE_UID, SERVICE_UID);
  }
}
