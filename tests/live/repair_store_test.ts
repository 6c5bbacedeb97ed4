/**
 * The exchange tries to write its journal when somebody asks it to, and tells what came of it.
 * @module
 */

import assert from "node:assert/strict";
import { TroubleWatch } from "../../diag/trouble_watch.ts";
import type { Config } from "../../pbx/config.ts";
import { resolveConfig } from "../../pbx/config.ts";
import type { Fact } from "../../pbx/fact.ts";
import { openDatabase } from "../../pbx/io/database.ts";
import { Exchange } from "../../pbx/io/exchange.ts";
import { NoMediaRelay } from "../../pbx/io/media_relay_none.ts";

function makeConfig(data: string): Config {
  const result = resolveConfig({
    options: { data },
    environment: {},
    file: null,
    isRoot: false,
  });
  if ("faults" in result) throw new Error(JSON.stringify(result.faults));
  return result.config;
}

Deno.test("Exchange.retryStore() writes the journal, and says whether that worked", () => {
  const dataDir = Deno.makeTempDirSync();
  const database = openDatabase(dataDir, { domains: [], create: true });
  const watch = new TroubleWatch();
  const facts: Fact[] = [];
  const exchange = new Exchange({
    database,
    transports: [],
    config: makeConfig(dataDir),
    clock: { wallMs: () => 1000, monotonicMs: () => performance.now() },
    random: (octets) => crypto.getRandomValues(new Uint8Array(octets)),
    localAddresses: [],
    relay: new NoMediaRelay(),
    calls: { save: () => {}, prune: () => 0 },
    onFacts: (told) => {
      for (const fact of told) {
        facts.push(fact);
        watch.add(fact);
      }
    },
    onTraffic: () => {},
  });
  try {
    assert.ok(exchange.retryStore());
    assert.deepEqual(facts, []);
    database.sql.exec("PRAGMA query_only = ON");
    assert.equal(exchange.retryStore(), false);
    assert.deepEqual(watch.list(1000).map(({ kind }) => kind), [
      "store-failed",
    ]);
    database.sql.exec("PRAGMA query_only = OFF");
    assert.ok(exchange.retryStore());
    assert.deepEqual(watch.list(1000), []);
    assert.deepEqual(facts.map(({ kind }) => kind), [
      "store-failed",
      "store-recovered",
    ]);
    assert.equal(exchange.ping("1001", true), 0);
  } finally {
    exchange.stop();
    database.close();
    Deno.removeSync(dataDir, { recursive: true });
  }
});
