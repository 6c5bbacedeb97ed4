/**
 * By which Call-IDs the messages of a call are found, while it lives and when it is over.
 * @module
 */

import assert from "node:assert/strict";
import { headerValues } from "../sample_test.ts";
import { CallBook } from "./call_book.ts";
import { Call } from "./call.ts";
import { CallDesk, sdpOf } from "./sample_call_test.ts";

function callIdOf(text: string): string {
  return headerValues(text, "Call-ID")[0]!;
}

Deno.test("Switchboard.dialogsOf() names the caller's dialog and that of every phone that rang", () => {
  const desk = new CallDesk();
  const caller = desk.phone("1001", "198.51.100.7");
  const first = desk.phone("1002", "198.51.100.8", 5062);
  const second = desk.phone("1002", "198.51.100.9", 5064);
  const call = caller.call("1002", sdpOf("10.0.0.7", 4444));
  const own = callIdOf(caller.last);
  const invites = [first, second].map((phone) => phone.takeOnly(/^INVITE/));
  const [one, other] = invites.map(callIdOf);
  const { switchboard } = desk.office;
  const { id } = switchboard.list()[0]!;
  const expected = [
    { side: "caller", callId: own },
    { side: "callee", callId: one },
    { side: "callee", callId: other },
  ];
  const list = () =>
    switchboard.dialogsOf(id)?.toSorted((a, b) =>
      expected.findIndex(({ callId }) => callId === a.callId) -
      expected.findIndex(({ callId }) => callId === b.callId)
    );
  assert.notEqual(one, own);
  assert.deepEqual(list(), expected);
  second.answer(invites[1]!, 200, sdpOf("10.0.0.8", 5555));
  call.accepted();
  assert.deepEqual(list(), expected);
  call.bye();
  desk.pass(1000);
  assert.deepEqual(switchboard.list(), []);
  assert.deepEqual(list(), expected);
  assert.equal(switchboard.dialogsOf("nobody"), null);
});

Deno.test("CallBook.dialogsOf() forgets the calls that ended longest ago", () => {
  const book = new CallBook();
  for (let i = 0; i < 1000; i++) {
    const call = new Call(`c${i}`, `id${i}`, "1001", "1002", i);
    book.begin(call);
    book.end(call);
  }
  assert.equal(book.dialogsOf("c0"), null);
  assert.deepEqual(book.dialogsOf("c999"), [
    { side: "caller", callId: "id999" },
  ]);
});
