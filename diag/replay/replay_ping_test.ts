/**
 * Questions of a server that a capture ends with.
 * @module
 */

import assert from "node:assert/strict";
import { answer, CONTACT, request, Tape } from "./replay_sample_test.ts";

Deno.test("ReplayPings.end() takes four seconds without an answer for silence, and less for nothing", () => {
  const register = request({ headers: [CONTACT] });
  const question = request({
    method: "OPTIONS",
    callId: "ping-1",
    target: "sip:1001@192.0.2.20:5062",
  });
  for (const [seconds, code] of [[3, "ok"], [5, "nat-mapping-expired"]]) {
    const tape = new Tape().phone(register)
      .server(answer(register, 200, "OK", [CONTACT])).wait(10_000)
      .server(question).wait(Number(seconds) * 1000);
    assert.deepEqual(tape.play().codes, [code]);
  }
});
