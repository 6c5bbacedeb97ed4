import assert from "node:assert/strict";
import { judgeMedia } from "./check_media.ts";

const READING = {
  range: { first: 10000, last: 19999 },
  host: "192.0.2.1",
  ports: [10002, 10004] as const,
  ms: 0.456,
  isFirstHeard: true,
};

Deno.test("judgeMedia() passes a round and names the deaf port", () => {
  const round = judgeMedia(READING, "");
  assert.equal(round.state, "pass");
  assert.equal(round.details[0]?.values["ms"], 0.5);
  const back = judgeMedia({ ...READING, ms: -1 }, "pbx selftest firewall");
  assert.equal(back.state, "fail");
  assert.deepEqual(back.details[0]?.values, {
    from: 10004,
    to: 10002,
    host: "192.0.2.1",
  });
  const forth = judgeMedia({ ...READING, ms: -1, isFirstHeard: false }, "");
  assert.equal(forth.details[0]?.values["from"], 10002);
});

Deno.test("judgeMedia() fails where the range is taken", () => {
  const finding = judgeMedia({ ...READING, ports: null, ms: -1 }, "");
  assert.equal(finding.state, "fail");
  assert.equal(finding.remedies[0]?.key, "media-fix-taken");
});
