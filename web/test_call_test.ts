import assert from "node:assert/strict";
import { TestCallWatch } from "./test_call.ts";

const RINGING = { id: "a", answeredAt: 0 };
const ANSWERED = { id: "a", answeredAt: 1000 };

/** Sound that came for so many seconds, fifty packets in each. */
function countsAfter(seconds: number, silentMs = 10) {
  const packets = 50 * seconds;
  return { packets, sent: packets, lost: 1, jitterMs: 2.345, silentMs };
}

const NO_SOUND = { packets: 0, sent: 0, lost: 0, jitterMs: 0, silentMs: 4000 };

Deno.test("take() tells the rates of both directions, and what is lost", () => {
  const watch = new TestCallWatch();
  assert.equal(watch.take(null, null, 0), null);
  assert.equal(watch.take(RINGING, NO_SOUND, 500)?.state, "ringing");
  assert.equal(watch.take(ANSWERED, countsAfter(0), 1000)?.fromRate, 0);
  assert.deepEqual(watch.take(ANSWERED, countsAfter(1), 2000), {
    state: "answered",
    fromRate: 50,
    toRate: 50,
    lossPercent: 2,
    jitterMs: 2.3,
    isHeard: true,
    isSettled: false,
  });
  // asked again too soon, it says the same
  assert.equal(watch.take(ANSWERED, countsAfter(1), 2100)?.fromRate, 50);
  assert.equal(watch.take(ANSWERED, countsAfter(3), 4000)?.fromRate, 50);
});

Deno.test("take() says that nothing comes only after a while", () => {
  const watch = new TestCallWatch();
  const early = watch.take(ANSWERED, NO_SOUND, 2000);
  assert.deepEqual([early?.isHeard, early?.isSettled], [false, false]);
  const late = watch.take(ANSWERED, NO_SOUND, 4000);
  assert.deepEqual([late?.isHeard, late?.isSettled], [false, true]);
  const gone = watch.take(ANSWERED, countsAfter(3, 1600), 6000);
  assert.equal(gone?.isHeard, false);
});

Deno.test("take() remembers whether a call was heard that has ended", () => {
  const heard = new TestCallWatch();
  heard.take(ANSWERED, countsAfter(0), 1000);
  heard.take(ANSWERED, countsAfter(2), 3000);
  const ended = heard.take(null, null, 4000);
  assert.deepEqual([ended?.state, ended?.isHeard], ["ended", true]);
  assert.equal(heard.take(null, null, 9000), ended);
  const silent = new TestCallWatch();
  silent.take(ANSWERED, NO_SOUND, 1000);
  assert.equal(silent.take(null, null, 2000)?.isHeard, false);
});

Deno.test("take() begins anew with another call, and with counts that begin anew", () => {
  const watch = new TestCallWatch();
  watch.take(ANSWERED, countsAfter(4), 5000);
  watch.take(ANSWERED, countsAfter(5), 6000);
  assert.equal(watch.take(ANSWERED, countsAfter(0), 7000)?.fromRate, 0);
  watch.take(ANSWERED, countsAfter(9), 8000);
  const other = { id: "b", answeredAt: 8500 };
  assert.equal(watch.take(other, countsAfter(1), 9500)?.fromRate, 0);
  watch.take({ id: "c", answeredAt: 0 }, null, 10_000);
  assert.equal(watch.take(null, null, 11_000), null);
});
