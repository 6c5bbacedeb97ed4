/**
 * Records through shared memory, in order and without loss, and who must be woken.
 * @module
 */

import assert from "node:assert/strict";
import { CommandRing, RECORD_WORDS } from "./command_ring.ts";

function newRings(): [CommandRing, CommandRing] {
  const memory = new SharedArrayBuffer(CommandRing.octets);
  return [new CommandRing(memory, 0), new CommandRing(memory, 0)];
}

Deno.test("CommandRing.push() refuses what finds no room, and loses nothing", () => {
  const [writer, reader] = newRings();
  const record = new Uint32Array(RECORD_WORDS);
  let written = 0;
  let read = 0;
  for (let round = 0; round < 5; round++) {
    for (;; written++) {
      record.fill(written);
      if (!writer.push(record)) break;
    }
    assert.ok(written - read >= 1000);
    for (let i = 0; i < 700; i++) {
      assert.ok(reader.take(record));
      assert.deepEqual([...record], Array(RECORD_WORDS).fill(read++));
    }
  }
  while (reader.take(record)) assert.equal(record[5], read++);
  assert.equal(read, written);
});

Deno.test("CommandRing.mustWake() asks once for each time that the worker sleeps", () => {
  const [writer, reader] = newRings();
  const record = new Uint32Array(RECORD_WORDS);
  assert.equal(writer.mustWake(), false, "it is awake");
  assert.equal(reader.fallAsleep(), true);
  assert.equal(writer.mustWake(), true);
  assert.equal(writer.mustWake(), false);
  reader.wakeUp();
  writer.push(record);
  assert.equal(reader.fallAsleep(), false, "there is something to do");
  reader.take(record);
  assert.equal(reader.fallAsleep(), true);
  reader.wakeUp();
  assert.equal(writer.mustWake(), false);
});

Deno.test("CommandRing.end() keeps the worker from sleeping", () => {
  const [writer, reader] = newRings();
  writer.end();
  assert.equal(reader.isEnding(), true);
  assert.equal(reader.fallAsleep(), false);
});

Deno.test("CommandRing.isAnswered() says whether the worker went round since", () => {
  const memory = new SharedArrayBuffer(CommandRing.octets);
  const main = new CommandRing(memory, 0);
  const worker = new CommandRing(memory, 0);
  assert.equal(main.isAnswered(), true);
  main.ask();
  assert.equal(main.isAnswered(), false);
  worker.fallAsleep();
  assert.equal(main.isAnswered(), true);
  main.ask();
  worker.wakeUp();
  assert.equal(main.isAnswered(), false);
});
