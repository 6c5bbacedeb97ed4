/**
 * Writes a history as fast as it can, and prints each step that is written, until it is killed.
 * @module
 */

import { HistoryStore } from "../../diag/io/history_store.ts";
import { openDatabase } from "../../pbx/io/database.ts";

const [dataDir = "", startText = ""] = Deno.args;
const database = openDatabase(dataDir, { domains: [], create: true });
const store = new HistoryStore(database, (cause) => console.log(cause));
const start = Number(startText);
for (let step = 0;; step++) {
  const at = start + step * 30_000;
  const reading = {
    at,
    seconds: 30,
    registrations: step,
    calls: 0,
    refused: {},
    datagrams: {},
    cpuSeconds: 0,
    memoryBytes: 1,
  };
  const kept = [{ scale: 30, firstMs: at - 3_600_000, lastMs: at }];
  if (store.save([{ scale: 30, reading }], kept)) console.log(`step ${step};`);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
