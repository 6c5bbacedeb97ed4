/**
 * Events in pieces of any size.
 * @module
 */

import assert from "node:assert/strict";
import { EventReader } from "./event_reader.ts";

const STREAM = ': pbx\n\nevent: fact\ndata: {"at":1}\n\n: alive\n\n' +
  'event: message\ndata: {"text":"a\\r\\n\\r\\n"}\n\nevent: fact\ndata: {broken\n\n';

Deno.test("EventReader.push() finds the events, however the stream is cut", () => {
  for (const size of [1, 2, 7, 1000]) {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < STREAM.length; at += size) {
      events.push(...reader.push(STREAM.slice(at, at + size)));
    }
    assert.deepEqual(events, [
      { name: "fact", data: { at: 1 } },
      { name: "message", data: { text: "a\r\n\r\n" } },
      { name: "fact", data: undefined },
    ]);
  }
});
