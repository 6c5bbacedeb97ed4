/**
 * The words for sound, and the estimate of ITU-T G.107.
 * @module
 */

import assert from "node:assert/strict";
import { NO_SOUND } from "../pbx/call/call_record.ts";
import { estimateMos, gradeSound } from "./sound_quality.ts";

function grade(packets: number, lost: number, jitterMs: number): string {
  return gradeSound({ packets, octets: 0, lost, jitterMs });
}

Deno.test("gradeSound() goes by the worse of loss and jitter", () => {
  assert.equal(gradeSound(NO_SOUND), "none");
  assert.equal(grade(100, 100, 200), "short");
  assert.equal(grade(10_000, 0, 0), "good");
  assert.equal(grade(9_910, 90, 29.9), "good");
  assert.equal(grade(9_900, 100, 0), "fair");
  assert.equal(grade(10_000, 0, 30), "fair");
  assert.equal(grade(9_700, 300, 0), "poor");
  assert.equal(grade(10_000, 0, 50), "poor");
});

Deno.test("estimateMos() falls with the loss and never below 1", () => {
  const scores = [0, 1, 3, 5, 10, 20, 50, 100].map((loss) =>
    estimateMos("pcmu/8000", loss)!
  );
  for (let i = 1; i < scores.length; i++) {
    assert.ok(scores[i]! < scores[i - 1]!, String(scores));
  }
  assert.ok(scores.at(-1)! >= 1);
  // R = 93.2 - 95 * 5 / 30.1 = 77.4
  assert.equal(scores[3]?.toFixed(2), "3.92");
  assert.equal(estimateMos("G722/8000", 1), null);
  assert.equal(estimateMos("", 1), null);
});
