/**
 * What messages say of session timers, well and badly.
 * @module
 */

import assert from "node:assert/strict";
import { type Changes, readWell, requestText } from "./sample_test.ts";
import { readSessionTimer } from "./session_timer.ts";

function timerOf(changes: Changes) {
  return readSessionTimer(readWell(requestText(changes, "INVITE")));
}

Deno.test("readSessionTimer() reads all that there is to say (RFC 4028 §4, §5)", () => {
  assert.deepEqual(
    timerOf({
      "Session-Expires": "1800 ; x=y;Refresher = UAS",
      "Min-SE": "120;z",
      "Supported": "replaces, timer",
    }),
    { seconds: 1800, refresher: "uas", minSeconds: 120, isSupported: true },
  );
  assert.deepEqual(timerOf({}), {
    seconds: 0,
    refresher: "",
    minSeconds: 0,
    isSupported: false,
  });
});

Deno.test("readSessionTimer() knows the compact form, and folded lines", () => {
  assert.equal(timerOf({ "x": "90;refresher=uac" }).seconds, 90);
  assert.equal(timerOf({ "X": "90;refresher=uac" }).refresher, "uac");
  assert.equal(timerOf({ "x": "90\r\n ;refresher=uac" }).refresher, "uac");
});

Deno.test("readSessionTimer() takes for no number what is none", () => {
  for (
    const value of ["", "-1", "1e3", "90s", "0x5a", " ", "4294967296", "9 0"]
  ) {
    assert.equal(timerOf({ "Session-Expires": value }).seconds, 0, value);
    assert.equal(timerOf({ "Min-SE": value }).minSeconds, 0, value);
  }
  const most = timerOf({ "Session-Expires": "4294967295" });
  assert.equal(most.seconds, 4294967295);
});

Deno.test("readSessionTimer() knows no refresher but uac and uas", () => {
  for (const name of ["both", "", "uacs", '"uac"', "uac uas"]) {
    const value = `90;refresher=${name}`;
    assert.equal(timerOf({ "Session-Expires": value }).refresher, "", name);
  }
});

Deno.test("readSessionTimer() finds the option tag in Supported, its compact form and Require", () => {
  for (
    const [changes, isSupported] of [
      [{ "Supported": "100rel,TIMER ,path" }, true],
      [{ "k": "timer" }, true],
      [{ "Supported": "path\r\nSupported: timer" }, true],
      [{ "Require": "timer" }, true],
      [{ "Supported": "timers, x-timer, tim er" }, false],
      [{ "Supported": `${" ,\t".repeat(10_000)}timer!` }, false],
    ] as const satisfies readonly (readonly [Changes, boolean])[]
  ) assert.equal(timerOf(changes).isSupported, isSupported);
});
