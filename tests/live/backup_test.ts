/**
 * `pbx backup` and `pbx restore` as processes: what a backup holds, what is refused, a full disk,
 * and a server that runs meanwhile.
 * @module
 */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
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
import { type ExtensionRow, Server } from "./lab_server.ts";
import { PASSWORD as PAGE_PASSWORD, setPassword, Site } from "./lab_site.ts";

const NUMBER = "1001";
const PASSWORD = "correct-horse-7";

async function listNumbers(lab: Lab, data: string): Promise<string[]> {
  const args = ["extension", "list", "--json", "--data", data];
  const rows: ExtensionRow[] = JSON.parse(await runPbx(lab, args, ""));
  return rows.map(({ number }) => number);
}

async function addExtension(lab: Lab, data: string, number: string) {
  await runPbx(lab, ["extension", "add", number, "--data", data], "");
}

liveTest(
  "a backup holds everything but the sessions of the page",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const file = `${lab.directory}/backup.db`;
    const config = `${lab.directory}/pbx.toml`;
    Deno.writeTextFileSync(config, 'domain = ["pbx.example"]\n');
    await addExtension(lab, data, NUMBER);
    await setPassword(lab, data, PAGE_PASSWORD);
    const site = await Site.start(lab, data);
    const cookie = await site.signIn(PAGE_PASSWORD);
    assert.equal(await site.statusOf("/", cookie), 200);
    const told = await attemptPbx(lab, [
      ...["backup", file, "--data", data, "--config", config, "--json"],
    ]);
    assert.equal(told.code, 0, told.stderr);
    const { bytes, madeAt, ...rest } = JSON.parse(told.stdout);
    assert.deepEqual(rest, { file, extensions: 1, registrations: 0 });
    assert.ok(Math.abs(Date.parse(madeAt) - Date.now()) < 60_000);
    const { mode, size } = Deno.statSync(file);
    assert.equal(mode! & 0o777, 0o600);
    assert.equal(size, bytes);
    assert.equal(await site.process.end(), 0);

    const restored = `${lab.directory}/restored`;
    const args = ["restore", file, "--data", restored, "--config", config];
    await runPbx(lab, args, "");
    const looked = JSON.parse(
      await runPbx(lab, [...args, "--dry-run", "--json"], ""),
    );
    assert.equal(looked.config.state, "same");
    assert.equal(looked.config.text, 'domain = ["pbx.example"]\n');
    assert.equal(looked.state, "checked");
    const again = await Site.start(lab, restored);
    assert.notEqual(await again.statusOf("/", cookie), 200);
    assert.match(await again.signIn(PAGE_PASSWORD), /^[0-9a-f]{64}$/);
    assert.deepEqual(await listNumbers(lab, restored), [NUMBER]);
  },
);

liveTest(
  "pbx backup replaces nothing but an older backup that it may",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    await addExtension(lab, data, NUMBER);
    const attempt = (...args: string[]) =>
      attemptPbx(lab, ["backup", ...args, "--data", data]);
    const file = `${lab.directory}/backup.db`;
    assert.equal((await attempt(file)).code, 0);
    const first = Deno.readFileSync(file);
    const refused = await attempt(file);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /an older backup[^]*--force/);
    assert.deepEqual(Deno.readFileSync(file), first);
    assert.equal((await attempt(file, "--force")).code, 0);
    assert.notDeepEqual(Deno.readFileSync(file), first);
    const letter = `${lab.directory}/letter.txt`;
    Deno.writeTextFileSync(letter, "Dear Ann\n");
    for (const other of [letter, `${data}/pbx.db`]) {
      const before = Deno.readFileSync(other);
      for (const force of [[], ["--force"]]) {
        const { code, stderr } = await attempt(other, ...force);
        assert.notEqual(code, 0);
        assert.match(stderr, /is there already|a name of the server's own/);
      }
      assert.deepEqual(Deno.readFileSync(other), before);
    }
    const folder = `${lab.directory}/folder`;
    Deno.mkdirSync(folder);
    assert.equal((await attempt(`${folder}/`)).code, 0);
    const [entry] = [...Deno.readDirSync(folder)];
    assert.match(entry!.name, /^pbx-\d{4}-\d\d-\d\d\.db$/);
    for (const place of ["nowhere/x.db", "data/pbx.db.restore"]) {
      const { code, stdout } = await attempt(`${lab.directory}/${place}`);
      assert.notEqual(code, 0, place);
      assert.equal(stdout, "");
    }
    assert.match((await attempt("-", "--json")).stderr, /cannot both/);
    const none = await attemptPbx(lab, [
      ...[
        "backup",
        `${lab.directory}/none.db`,
        "--data",
        `${lab.directory}/none`,
      ],
    ]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /no database in/);
    assert.deepEqual(
      [...Deno.readDirSync(lab.directory)].map(({ name }) => name).toSorted(),
      ["backup.db", "data", "folder", "letter.txt"],
    );
  },
);

liveTest("pbx backup - writes to standard output", [], async (lab) => {
  const data = `${lab.directory}/data`;
  const temporary = `${lab.directory}/temporary`;
  Deno.mkdirSync(temporary);
  await addExtension(lab, data, NUMBER);
  const { success, stdout } = await new Deno.Command(pbxCommand()[0]!, {
    args: [...pbxCommand().slice(1), "backup", "-", "--data", data],
    env: { ...pbxEnvironment(), TMPDIR: temporary },
    clearEnv: true,
    stderr: "null",
  }).output();
  assert.ok(success);
  const file = `${lab.directory}/file.db`;
  Deno.writeFileSync(file, stdout);
  const other = `${lab.directory}/other`;
  await runPbx(lab, ["restore", file, "--data", other], "");
  assert.deepEqual(await listNumbers(lab, other), [NUMBER]);
  assert.deepEqual([...Deno.readDirSync(temporary)], []);
});

liveTest(
  "a full disk leaves no half backup, and no half restore",
  ["root", "mount", "umount"],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const table = Array.from({ length: 4000 }, (_, i) => `${10_000 + i},,`);
    await runPbx(
      lab,
      ["extension", "import", "-", "--data", data],
      `number,password,name\n${table.join("\n")}\n`,
    );
    const disk = `${lab.directory}/disk`;
    await lab.mountMemory(disk, "400k");
    const made = await attemptPbx(lab, [
      ...["backup", `${disk}/b.db`, "--data", data],
    ]);
    assert.equal(made.code, 1, made.stdout);
    assert.match(made.stderr, /The backup is not made: disk full/);
    assert.deepEqual([...Deno.readDirSync(disk)], []);

    const file = `${lab.directory}/b.db`;
    await runPbx(lab, ["backup", file, "--data", data], "");
    const small = `${disk}/data`;
    await addExtension(lab, small, NUMBER);
    const restored = await attemptPbx(lab, ["restore", file, "--data", small]);
    assert.equal(restored.code, 1, restored.stdout);
    assert.match(restored.stderr, /Nothing is restored: disk full/);
    assert.deepEqual(await listNumbers(lab, small), [NUMBER]);
    assert.deepEqual(
      [...Deno.readDirSync(small)].map(({ name }) => name),
      ["pbx.db"],
    );
  },
);

liveTest(
  "pbx restore takes nothing that is no whole backup",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    await addExtension(lab, data, NUMBER);
    const file = `${lab.directory}/b.db`;
    await runPbx(lab, ["backup", file, "--data", data], "");
    const whole = Deno.readFileSync(file);
    const write = (name: string, octets: Uint8Array) => {
      const path = `${lab.directory}/${name}`;
      Deno.writeFileSync(path, octets);
      return path;
    };
    const torn = whole.slice();
    torn.fill(0x55, 4096, whole.length - 4096);
    const newer = whole.slice();
    new DataView(newer.buffer).setUint32(60, 99);
    const foreign = `${lab.directory}/foreign.db`;
    const sql = new DatabaseSync(foreign);
    sql.exec("CREATE TABLE letters (text TEXT); PRAGMA user_version = 1;");
    sql.close();
    const running = `${lab.directory}/running`;
    await addExtension(lab, running, NUMBER);
    Deno.writeFileSync(`${running}/pbx.db-wal`, new Uint8Array(40));
    const cases: readonly [string, number, RegExp][] = [
      [write("torn", torn), 1, /cannot be restored/],
      [write("short", whole.subarray(0, 8192)), 1, /cannot be restored/],
      [write("empty", new Uint8Array()), 1, /it is no database/],
      [
        write("text", new TextEncoder().encode("x".repeat(999))),
        1,
        /no database/,
      ],
      [write("newer", newer), 78, /of a newer pbx: its layout is 99/],
      [foreign, 1, /cannot be restored/],
      [`${running}/pbx.db`, 1, /a database in use/],
      [`${lab.directory}/nothing`, 1, /no such file/],
    ];
    for (const [path, expected, what] of cases) {
      const { code, stdout, stderr } = await attemptPbx(lab, [
        ...["restore", path, "--data", data],
      ]);
      assert.equal(code, expected, path + stderr);
      assert.match(stderr, what);
      assert.equal(stdout, "");
      assert.deepEqual(
        [...Deno.readDirSync(data)].map(({ name }) => name),
        ["pbx.db"],
      );
    }
  },
);

liveTest(
  "pbx restore puts pbx.toml back only where there is none",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const config = `${lab.directory}/etc/pbx.toml`;
    const file = `${lab.directory}/b.db`;
    const text = 'domain = ["pbx.example"]\n';
    Deno.mkdirSync(`${lab.directory}/etc`);
    Deno.writeTextFileSync(config, text);
    const where = ["--data", data, "--config", config];
    await runPbx(lab, ["extension", "add", NUMBER, ...where], "");
    await runPbx(lab, ["backup", file, ...where], "");
    Deno.writeTextFileSync(config, 'domain = ["other.example"]\n');
    const kept = await runPbx(lab, ["restore", file, ...where], "");
    assert.match(kept, /stays as it is; the one in the backup is another/);
    assert.match(Deno.readTextFileSync(config), /other/);
    Deno.removeSync(`${lab.directory}/etc`, { recursive: true });
    const looked = await runPbx(
      lab,
      ["restore", file, ...where, "--dry-run"],
      "",
    );
    assert.match(looked, /would be put back\nNothing is changed/);
    assert.throws(() => Deno.statSync(config), Deno.errors.NotFound);
    const written = await runPbx(lab, ["restore", file, ...where], "");
    assert.match(written, /is put back/);
    assert.equal(Deno.readTextFileSync(config), text);
  },
);

liveTest(
  "a server that runs takes a restored backup at its next start",
  [],
  async (lab) => {
    const port = findFreePort();
    const server = await Server.start(lab, {
      namespace: null,
      sip: [`127.0.0.1:${port}`],
      httpPort: findFreePort(),
      extensions: { [NUMBER]: PASSWORD },
    });
    const phone = openLocalPhone(lab, port, NUMBER, PASSWORD);
    const register = async (seconds: number) => {
      const answer = await phone.register([
        `<${phone.contact}>;expires=${seconds}`,
      ]);
      assert.equal(answer?.status, 200);
    };
    await register(600);
    const file = `${lab.directory}/b.db`;
    await runPbx(lab, ["backup", file, "--data", server.data], "");
    await register(0);
    await addExtension(lab, server.data, "1002");
    const told = await server.cli(["restore", file]);
    assert.match(told, /extensions: 1, phones registered: 1/);
    assert.match(
      told,
      new RegExp(`when it starts again: kill ${server.process.pid}, then: `),
    );
    // it goes on with what it has
    assert.deepEqual(await listNumbers(lab, server.data), [NUMBER, "1002"]);
    assert.equal(await server.stop("SIGKILL"), 137);
    await server.restart();
    assert.deepEqual(await listNumbers(lab, server.data), [NUMBER]);
    assert.equal((await server.bindings(NUMBER)).length, 1);
    await register(600);
    assert.equal(await server.stop("SIGTERM"), 0);
    await server.cli(["restore", `${server.data}/pbx.db.before-restore`]);
    assert.deepEqual(await listNumbers(lab, server.data), [NUMBER, "1002"]);
  },
);

liveTest("a backup is whole while phones register", [], async (lab) => {
  const port = findFreePort();
  const server = await Server.start(lab, {
    namespace: null,
    sip: [`127.0.0.1:${port}`],
    httpPort: findFreePort(),
    extensions: { [NUMBER]: PASSWORD },
  });
  const phone = openLocalPhone(lab, port, NUMBER, PASSWORD);
  let isOver = false;
  let count = 0;
  const registering = (async () => {
    while (!isOver) {
      const answer = await phone.register([`<${phone.contact}>;expires=600`]);
      assert.equal(answer?.status, 200);
      count++;
    }
  })();
  for (let i = 0; i < 3; i++) {
    const before = count;
    const file = `${lab.directory}/b${i}.db`;
    await server.cli(["backup", file]);
    assert.ok(count > before, "the server answers meanwhile");
    const look = ["restore", file, "--dry-run", "--json"];
    const { extensions, registrations } = JSON.parse(await server.cli(look));
    assert.deepEqual([extensions, registrations], [1, 1]);
  }
  isOver = true;
  await registering;
});
