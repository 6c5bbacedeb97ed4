import assert from "node:assert/strict";
import { type DiskReading, judgeDisk } from "./check_disk.ts";

const MEBI = 1 << 20;
const READING: DiskReading = {
  directory: "/var/lib/pbx",
  isMade: true,
  freeOctets: 2048 * MEBI,
  allOctets: 8192 * MEBI,
  freeFiles: 1000,
  writeMs: 1.26,
  writeFailure: "",
  isForbidden: false,
  database: "ok",
};

function judge(change: Partial<DiskReading>) {
  const { state, details, remedies } = judgeDisk(
    { ...READING, ...change },
    "/var/lib/pbx",
    "sudo pbx selftest disk",
  );
  return {
    state,
    details: details.map(({ key }) => key),
    remedies: remedies.map(({ key }) => key),
  };
}

Deno.test("judgeDisk() passes a disk with room and a sound database", () => {
  assert.deepEqual(judge({}), {
    state: "pass",
    details: ["disk-free", "disk-write", "disk-sound"],
    remedies: [],
  });
  const fresh = { isMade: false, writeMs: -1, database: "", freeFiles: -1 };
  assert.deepEqual(judge(fresh).details, ["disk-unmade", "disk-free"]);
  const { details } = judgeDisk(READING, "/var/lib/pbx", "");
  assert.equal(details[0]?.values["freeOctets"], 2048 * MEBI);
});

Deno.test("judgeDisk() warns early and fails when it is too late", () => {
  assert.equal(judge({ freeOctets: 99 * MEBI }).state, "warn");
  assert.equal(judge({ allOctets: 400_000 * MEBI }).state, "warn");
  assert.equal(judge({ freeOctets: 9 * MEBI }).state, "fail");
  assert.equal(judge({ freeFiles: 5 }).state, "warn");
  assert.equal(judge({ freeFiles: 0 }).state, "fail");
});

Deno.test("judgeDisk() fails where nothing can be written or the database is broken", () => {
  const full = judge({ writeMs: -1, writeFailure: "ENOSPC" });
  assert.equal(full.state, "fail");
  assert.deepEqual(full.remedies, ["disk-fix-refuses"]);
  const broken = judge({ database: "row 7 missing from index" });
  assert.equal(broken.state, "fail");
  assert.deepEqual(broken.remedies, ["disk-fix-damaged"]);
});

Deno.test("judgeDisk() skips a directory that it may not look into", () => {
  const finding = judge({
    writeMs: -1,
    writeFailure: "EACCES",
    isForbidden: true,
    database: "",
  });
  assert.equal(finding.state, "skip");
  assert.deepEqual(finding.remedies, ["disk-fix-forbidden"]);
});
