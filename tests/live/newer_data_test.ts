/**
 * The data of a newer version is refused with a clear word and with exit code 78, and no file of it
 * is touched; only a backup of an older one can take its place. The data of an older version are
 * brought forward by the server alone: who tries a new program beside the old one leaves them.
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS, NEWEST_LAYOUT } from "../../pbx/migrations.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { attemptPbx, runPbx } from "./lab_command.ts";
import { PASSWORD } from "./lab_site.ts";

const NEWER = 99;

/** Every file with all that could be seen of it had somebody written. */
function look(directory: string): Record<string, unknown> {
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name);
  return Object.fromEntries(
    names.toSorted().map((name) => {
      const path = `${directory}/${name}`;
      const { mode, mtime, ino } = Deno.statSync(path);
      const hash = createHash("sha256").update(Deno.readFileSync(path));
      return [name, [mode, mtime?.getTime(), ino, hash.digest("hex")]];
    }),
  );
}

/** The files of an office of a newer version; the layout is said in the file or only in its log. */
async function makeNewer(
  lab: Lab,
  where: "file" | "log",
): Promise<string> {
  const source = `${lab.directory}/${where}-source`;
  const data = `${lab.directory}/${where}`;
  await runPbx(lab, ["extension", "add", "1001", "--data", source], "");
  Deno.mkdirSync(data, { mode: 0o700 });
  const sql = new DatabaseSync(`${source}/pbx.db`);
  try {
    sql.exec(
      `UPDATE settings SET value = '9.8.7' WHERE key = 'layout-by';
       PRAGMA wal_checkpoint(TRUNCATE);
       PRAGMA user_version = ${NEWER};`,
    );
    if (where === "file") sql.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    // as it lies there when the machine loses its power
    for (const name of ["pbx.db", "pbx.db-wal"]) {
      const octets = Deno.readFileSync(`${source}/${name}`);
      if (octets.length > 0) Deno.writeFileSync(`${data}/${name}`, octets);
    }
  } finally {
    sql.close();
  }
  Deno.chmodSync(`${data}/pbx.db`, 0o640);
  return data;
}

const COMMANDS: readonly (readonly [string, string])[] = [
  ["serve --sip 127.0.0.1:0 --http off", ""],
  ["extension list", ""],
  ["extension add 1002", ""],
  ["extension import -", "number,password,name\n1003,,\n"],
  ["extension export", ""],
  ["calls", ""],
  ["admin passwd --password-stdin", `${PASSWORD}\n`],
  ["backup OUT", ""],
];

liveTest(
  "the data of a newer version is refused, and nothing of it is touched",
  [],
  async (lab) => {
    for (const where of ["file", "log"] as const) {
      const data = await makeNewer(lab, where);
      const before = look(data);
      assert.equal("pbx.db-wal" in before, where === "log");
      for (const [command, input] of COMMANDS) {
        const args = command.replace("OUT", `${lab.directory}/out`).split(" ");
        const { code, stdout, stderr } = await attemptPbx(
          lab,
          [...args, "--data", data],
          input,
        );
        assert.equal(code, 78, `${command}: ${stdout}${stderr}`);
        assert.equal(stdout, "");
        assert.match(stderr, /was made by a newer pbx \(9\.8\.7\)/, command);
        assert.match(stderr, /its layout is 99, and pbx \S+ knows \d\n/);
        assert.match(stderr, /pbx upgrade 9\.8\.7/);
        assert.deepEqual(look(data), before, `${where}: ${command}`);
      }
      for (const command of ["selftest disk config", "phone 1001"]) {
        await attemptPbx(lab, [...command.split(" "), "--data", data]);
        assert.deepEqual(look(data), before, `${where}: ${command}`);
      }
      assert.throws(() => Deno.statSync(`${lab.directory}/out`));
    }
  },
);

liveTest(
  "a backup of an older version takes the place of newer data",
  [],
  async (lab) => {
    const old = `${lab.directory}/old`;
    const file = `${lab.directory}/backup`;
    await runPbx(lab, ["extension", "add", "1007", "--data", old], "");
    await runPbx(lab, ["backup", file, "--data", old], "");
    for (const where of ["file", "log"] as const) {
      const data = await makeNewer(lab, where);
      const before = look(data);
      const args = ["restore", file, "--data", data];
      const looked = await runPbx(lab, [...args, "--dry-run"], "");
      assert.match(looked, /data that this program cannot read/);
      assert.deepEqual(look(data), before);
      await runPbx(lab, args, "");
      const list = ["extension", "list", "--json", "--data", data];
      const rows = JSON.parse(await runPbx(lab, list, ""));
      assert.deepEqual(rows.map((row: { number: string }) => row.number), [
        "1007",
      ]);
      // what was there is whole, with what stood in its log
      const kept = new DatabaseSync(`${data}/pbx.db.before-restore`);
      try {
        const row = kept.prepare("PRAGMA user_version").get();
        assert.equal(row?.["user_version"], NEWER);
      } finally {
        kept.close();
      }
    }
  },
);

liveTest(
  "the checks of a new version leave the data of an older one",
  [],
  async (lab) => {
    const data = `${lab.directory}/older`;
    Deno.mkdirSync(data, { mode: 0o700 });
    const older = NEWEST_LAYOUT - 1;
    const sql = new DatabaseSync(`${data}/pbx.db`);
    lab.onClose(() => sql.close());
    for (const step of MIGRATIONS.slice(0, older)) sql.exec(step);
    sql.exec(`PRAGMA journal_mode = WAL; PRAGMA user_version = ${older};`);
    const config = `${lab.directory}/open.toml`;
    Deno.writeTextFileSync(config, 'http = "0.0.0.0:8060"\n');
    const args = ["selftest", "config", "--config", config, "--data", data];
    const { code, stdout } = await attemptPbx(lab, args);
    assert.equal(code, 1, stdout);
    assert.match(stdout, /open\.toml: http: .*has no password yet/);
    const readLayout = () =>
      sql.prepare("PRAGMA user_version").get()!["user_version"];
    assert.equal(readLayout(), older);
    sql.exec("INSERT INTO settings VALUES ('admin', 'a hash')");
    assert.equal((await attemptPbx(lab, args)).code, 0);
    assert.equal(readLayout(), older);
  },
);
