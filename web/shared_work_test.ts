/**
 * Work that many ask for at once.
 * @module
 */

import assert from "node:assert/strict";
import { shareWork } from "./shared_work.ts";

Deno.test("shareWork() works once for all who ask meanwhile, and anew for who comes later", async () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const work = shareWork((key: string) => {
    begun.push(key);
    return new Promise<number>((resolve) =>
      ends.push(() => resolve(begun.length))
    );
  });
  const together = [work("en"), work("en"), work("uz"), work("en")];
  assert.deepEqual(begun, ["en", "uz"]);
  ends.forEach((end) => end());
  assert.deepEqual(await Promise.all(together), [2, 2, 2, 2]);
  const later = work("en");
  assert.deepEqual(begun, ["en", "uz", "en"]);
  ends.at(-1)!();
  assert.equal(await later, 3);
});

Deno.test("shareWork() tells all of a failure, and tries again", async () => {
  let tries = 0;
  const work = shareWork((_: string) =>
    tries++ === 0 ? Promise.reject(new Error("broken")) : Promise.resolve(tries)
  );
  const together = [work("en"), work("en")];
  await assert.rejects(together[0]!, /broken/);
  await assert.rejects(together[1]!, /broken/);
  assert.equal(await work("en"), 2);
});
