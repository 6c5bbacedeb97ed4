/**
 * The store on a real file: what it reads back is what it was given, however often rows were
 * cleaned away, and nobody keeps a binding that he got with an old password.
 * @module
 */

import assert from "node:assert/strict";
import type { Binding } from "../../pbx/binding.ts";
import { BindingTable } from "../../pbx/binding_table.ts";
import { Directory } from "../../pbx/directory.ts";
import { type Database, openDatabase } from "../../pbx/io/database.ts";
import { ExtensionStore } from "../../pbx/io/extension_store.ts";
import { Store } from "../../pbx/io/store.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { Chance } from "../torture/chance.ts";

const NOW = { wallMs: 1_800_000_000_000, monotonicMs: 5000 };

/** One run of a server, as far as the store sees it. */
class Run {
  readonly directory = new Directory();
  readonly bindings = new BindingTable();
  readonly database: Database;
  readonly store: Store;
  readonly stale: readonly number[];

  constructor(dataDir: string) {
    this.database = openDatabase(dataDir, { domains: [], create: true });
    this.store = new Store(this.database, this.directory, this.bindings);
    this.stale = this.store.load(NOW, () => 0);
  }

  /** Binds an extension anew, or refreshes the binding that it has. */
  bind(number: string, cseq: number): readonly [number, Binding] {
    const extension = this.directory.find(number);
    const binding = bindingOf(number, cseq);
    const slot = this.directory.firstBinding(extension);
    if (slot >= 0) {
      this.bindings.update(slot, binding);
      return [slot, binding];
    }
    const added = this.bindings.add(extension, -1, binding);
    this.directory.setFirstBinding(extension, added);
    return [added, binding];
  }

  /** Number and CSeq of each binding. */
  list(): string[] {
    const found: string[] = [];
    for (const number of this.directory.numbers()) {
      const extension = this.directory.find(number);
      const slot = this.directory.firstBinding(extension);
      if (slot >= 0) found.push(`${number} ${this.bindings.get(slot).cseq}`);
    }
    return found.sort();
  }

  rows(): number {
    const row = this.database.sql.prepare(
      "SELECT coalesce(sum(entries), 0) AS n FROM journal",
    ).get();
    return Number(row!["n"]);
  }
}

function bindingOf(number: string, cseq: number): Binding {
  return {
    contact: `sip:${number}@192.168.1.20:5062;ob`,
    callId: `call-${number}`,
    userAgent: "MicroSIP/3.21.6 \xe9",
    instance: "",
    path: "",
    host: "198.51.100.7",
    cseq,
    expiresAtMs: NOW.monotonicMs + 300_000,
    grantedSeconds: 300,
    q: 1000,
    regId: 0,
    isBehindNat: true,
    isOutbound: true,
    transport: "udp",
    flowId: 0,
    port: 5062,
    localHost: "192.0.2.1",
    localPort: 5060,
  };
}

/** A data directory with extensions from 1001 on, given back afterwards. */
async function withData(
  count: number,
  work: (dataDir: string, extensions: () => ExtensionStore) => void,
): Promise<void> {
  const dataDir = await Deno.makeTempDir();
  const opened: Database[] = [];
  const extensions = () => {
    opened.push(openDatabase(dataDir, { domains: [], create: true }));
    return new ExtensionStore(opened.at(-1)!);
  };
  try {
    extensions().add(
      Array.from({ length: count }, (_, i) => ({
        number: String(1001 + i),
        name: "",
        password: `pw-${i}`,
      })),
    );
    work(dataDir, extensions);
  } finally {
    for (const database of opened) database.close();
    await Deno.remove(dataDir, { recursive: true });
  }
}

Deno.test("Store keeps the newest state of each binding in a journal that does not grow", async () => {
  await withData(500, (dataDir) => {
    const run = new Run(dataDir);
    const chance = new Chance(20261123);
    let most = 0;
    for (let round = 1; round <= 2000; round++) {
      const changed = new Map<number, Binding | null>();
      for (let i = 0; i < 20; i++) {
        // some are refreshed all the time, some never again
        const range = round < 100 ? 500 : 40;
        const [slot, binding] = run.bind(
          String(1001 + chance.below(range)),
          round,
        );
        changed.set(slot, binding);
      }
      run.store.commit(changed, NOW);
      most = Math.max(most, run.rows());
    }
    const before = run.list();
    assert.ok(before.length > 450);
    assert.ok(most < 2 * 500 + 4096 + 100, `${most} lines in the journal`);
    run.database.close();
    const next = new Run(dataDir);
    assert.deepEqual(next.list(), before);
    const slot = next.directory.firstBinding(next.directory.find("1001"));
    const { cseq } = next.bindings.get(slot);
    assert.deepEqual(next.bindings.get(slot), bindingOf("1001", cseq));
    next.database.close();
  });
});

Deno.test("Store.readBack() says what the journal holds of slots that could not be written", async () => {
  await withData(2, (dataDir) => {
    const run = new Run(dataDir);
    const [slot, first] = run.bind("1001", 1);
    run.store.commit(new Map([[slot, first]]), NOW);
    const [, second] = run.bind("1001", 2);
    const [other] = run.bind("1002", 1);
    const lines = run.store.readBack(
      new Map<number, Binding | null>([[slot, second], [other, null]]),
      NOW,
    );
    assert.equal(lines.get(slot)?.numbers?.cseq, 1);
    assert.equal(lines.get(other), null);
    run.database.close();
  });
});

Deno.test("Store.load() drops bindings whose password was changed while no server ran", async () => {
  await withData(3, (dataDir, extensions) => {
    const run = new Run(dataDir);
    run.store.noteSeen();
    for (const number of ["1001", "1002", "1003"]) {
      const [slot, binding] = run.bind(number, 1);
      run.store.commit(new Map([[slot, binding]]), NOW);
    }
    run.database.close();
    const store = extensions();
    assert.equal(store.setPassword("1001", "another"), true);
    assert.equal(store.remove("1002"), true);
    store.add([{ number: "1002", name: "", password: "new owner" }]);
    const next = new Run(dataDir);
    assert.deepEqual(next.list(), ["1003 1"]);
    assert.equal(next.stale.length, 2);
    next.database.close();
  });
});

Deno.test("Store.takeChanges() sees what another process did, once", async () => {
  await withData(1, (dataDir, extensions) => {
    const run = new Run(dataDir);
    assert.deepEqual(run.store.takeChanges(), []);
    const store = extensions();
    store.add([{ number: "1002", name: "", password: "x" }]);
    store.remove("1001");
    const changes = run.store.takeChanges();
    assert.deepEqual(
      changes.map(({ number, record }) => [number, record === null]).sort(),
      [["1001", true], ["1002", false]],
    );
    assert.deepEqual(run.store.takeChanges(), []);
    run.database.close();
  });
});

Deno.test("Store.takeChanges() sees what the page does on the same connection", async () => {
  await withData(1, (dataDir) => {
    const run = new Run(dataDir);
    const store = new ExtensionStore(run.database);
    store.add([{ number: "1002", name: "", password: "x" }]);
    const changes = run.store.takeChanges();
    assert.deepEqual(changes.map(({ number }) => number), ["1002"]);
    assert.deepEqual(run.store.takeChanges(), []);
    run.database.close();
  });
});

Deno.test("openDatabase() refuses a damaged file and one of a newer program, with a hint", async () => {
  await withData(1, (dataDir, extensions) => {
    const path = `${dataDir}/pbx.db`;
    const isTold = (error: unknown) =>
      error instanceof OperatorError && error.hint !== "";
    const database = openDatabase(dataDir, { domains: [], create: false });
    database.sql.exec("PRAGMA user_version = 99");
    database.close();
    assert.throws(extensions, isTold);
    Deno.writeTextFileSync(path, "this is no database, but it is long enough");
    for (const rest of ["-wal", "-shm"]) {
      try {
        Deno.removeSync(path + rest);
      } catch { /* there was none */ }
    }
    assert.throws(extensions, isTold);
  });
});
