/**
 * The swap of a staged backup, ended after each of its steps: what is found then is the old office
 * or the new one, whole, and the next start comes to the same end.
 * @module
 */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { stageBackup, writeBackup } from "../../pbx/io/backup_copy.ts";
import { claimDataDir } from "../../pbx/io/data_lock.ts";
import { openDatabase } from "../../pbx/io/database.ts";
import { ExtensionStore } from "../../pbx/io/extension_store.ts";
import { swapSteps } from "../../pbx/io/restore_swap.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { liveTest } from "./lab_case.ts";

const NOTE = { madeAtMs: 0, version: "0.1.0", config: null };

function addTo(data: string, ...numbers: string[]): void {
  const database = openDatabase(data, { domains: [], create: true });
  try {
    const rows = numbers.map((number) => ({ number, name: "", password: "p" }));
    new ExtensionStore(database).add(rows);
  } finally {
    database.close();
  }
}

function numbersIn(data: string): string {
  const database = openDatabase(data, { domains: [], create: false });
  try {
    return new ExtensionStore(database).list().map(({ number }) => number)
      .join();
  } finally {
    database.close();
  }
}

function numbersInFile(path: string): string {
  const sql = new DatabaseSync(path);
  try {
    return sql.prepare("SELECT number FROM extensions ORDER BY number").all()
      .map((row) => row["number"]).join();
  } finally {
    sql.close();
  }
}

/** An office with 1001 in its file and 1002 in its log, as after a fall, and a staged one of 2001. */
function makeStaged(folder: string): string {
  const source = `${folder}/source`;
  addTo(source, "1001");
  const data = `${folder}/data`;
  Deno.mkdirSync(data);
  const database = openDatabase(source, { domains: [], create: false });
  try {
    const row = { number: "1002", name: "", password: "p" };
    new ExtensionStore(database).add([row]);
    for (const name of ["pbx.db", "pbx.db-wal"]) {
      Deno.copyFileSync(`${source}/${name}`, `${data}/${name}`);
    }
  } finally {
    database.close();
  }
  assert.ok(Deno.statSync(`${data}/pbx.db-wal`).size > 0);
  const other = `${folder}/other`;
  addTo(other, "2001");
  writeBackup(other, `${folder}/b.db`, NOTE);
  stageBackup(`${folder}/b.db`, data);
  return data;
}

function countSteps(folder: string): number {
  return [...swapSteps(makeStaged(folder))].length;
}

function fillFolder(folder: string): string {
  Deno.mkdirSync(folder);
  return folder;
}

liveTest(
  "a swap that ends after any step is finished by the next start",
  [],
  (lab) => {
    const all = countSteps(fillFolder(`${lab.directory}/all`));
    assert.ok(all >= 4);
    for (let steps = 0; steps <= all; steps++) {
      for (const isUsed of [false, true]) {
        const folder = fillFolder(`${lab.directory}/${steps}${isUsed}`);
        const data = makeStaged(folder);
        // from an earlier restore
        Deno.writeTextFileSync(`${data}/pbx.db.before-restore`, "earlier");
        const swap = swapSteps(data);
        for (let i = 0; i < steps; i++) assert.equal(swap.next().done, false);
        // a command that comes in between finds the one or the other
        const found = isUsed ? numbersIn(data) : "";
        const expected = steps < all ? "1001,1002" : "2001";
        if (isUsed) assert.equal(found, expected, `${steps}`);
        if (isUsed && steps < all) addTo(data, "1003");
        claimDataDir(data).release();
        assert.equal(numbersIn(data), "2001");
        const kept = `${data}/pbx.db.before-restore`;
        const more = isUsed && steps < all ? ",1003" : "";
        assert.equal(numbersInFile(kept), `1001,1002${more}`, `${steps}`);
        assert.deepEqual(
          [...Deno.readDirSync(data)].map(({ name }) => name).toSorted(),
          ["pbx.db", "pbx.db.before-restore", "pbx.lock"],
        );
      }
    }
    return Promise.resolve();
  },
);

liveTest(
  "a swap keeps a damaged database as it is, with its log",
  [],
  (lab) => {
    const all = countSteps(fillFolder(`${lab.directory}/all`));
    for (let steps = 0; steps < all; steps++) {
      const folder = fillFolder(`${lab.directory}/${steps}`);
      const data = makeStaged(folder);
      Deno.writeTextFileSync(`${data}/pbx.db`, "what the disk has left of it");
      const log = Deno.readFileSync(`${data}/pbx.db-wal`);
      const swap = swapSteps(data);
      for (let i = 0; i < steps; i++) swap.next();
      claimDataDir(data).release();
      assert.equal(numbersIn(data), "2001");
      const kept = `${data}/pbx.db.before-restore`;
      assert.match(Deno.readTextFileSync(kept), /what the disk has left/);
      assert.deepEqual(Deno.readFileSync(`${kept}-wal`), log, `${steps}`);
    }
    return Promise.resolve();
  },
);

liveTest("a swap waits for who has the database open", [], (lab) => {
  const data = makeStaged(fillFolder(`${lab.directory}/open`));
  const database = openDatabase(data, { domains: [], create: false });
  try {
    assert.throws(() => claimDataDir(data), (error) => {
      assert.ok(error instanceof OperatorError);
      assert.match(error.message, /another command works on/);
      return true;
    });
    assert.equal(new ExtensionStore(database).list().length, 2);
  } finally {
    database.close();
  }
  claimDataDir(data).release();
  assert.equal(numbersIn(data), "2001");
  return Promise.resolve();
});
