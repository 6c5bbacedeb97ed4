import assert from "node:assert/strict";
import { type Check, CHECK_IDS } from "../../diag/check.ts";
import { createPaint } from "./paint.ts";
import {
  formatCheck,
  formatProgress,
  formatSummary,
  readCheckIds,
} from "./selftest_text.ts";

const PLAIN = createPaint(false);
const CHECK: Check = {
  id: "port",
  state: "fail",
  title: "SIP port",
  detail: "UDP `0.0.0.0:5060` is held by nc (pid 12)",
  remedy: "Stop it: `kill 12`\nOr wait",
  durationMs: 3,
};

Deno.test("formatCheck() puts the remedies below, each on its line", () => {
  assert.equal(
    formatCheck(CHECK, PLAIN),
    "✗ port      SIP port: UDP `0.0.0.0:5060` is held by nc (pid 12)\n" +
      "            → Stop it: `kill 12`\n" +
      "            → Or wait\n",
  );
  const { remedy: _remedy, ...fine } = { ...CHECK, state: "pass" as const };
  const text = formatCheck({ ...fine, id: "loopback" }, PLAIN);
  assert.ok(text.startsWith("✓ loopback  SIP port: "));
  assert.equal(text.split("\n").length, 2);
});

Deno.test("formatCheck() paints only the mark and the title", () => {
  const text = formatCheck(CHECK, createPaint(true));
  assert.ok(text.startsWith("\x1b[31m✗\x1b[39m port"));
});

Deno.test("formatSummary() tells the worst", () => {
  const summary = (...states: Check["state"][]) =>
    formatSummary(
      {
        ok: true,
        checks: states.map((state) => ({ ...CHECK, state })),
      },
      "en",
      PLAIN,
    );
  assert.equal(summary("pass", "skip"), "\nAll is well.\n");
  assert.equal(summary("pass", "warn"), "\nIt works; warnings: 1.\n");
  assert.equal(
    summary("fail", "warn", "fail"),
    "\nChecks that failed: 2 of 3.\n",
  );
});

Deno.test("formatProgress() names what is under way and fits a line", () => {
  const text = formatProgress(["bind", "dns"], new Set(["bind"]), "en");
  assert.equal(text, "checking 1/2: dns");
  assert.ok(formatProgress(CHECK_IDS, new Set(), "uz").length <= 78);
});

Deno.test("readCheckIds() puts them in order and tells unknown ones", () => {
  assert.deepEqual(readCheckIds([]), { ids: CHECK_IDS, unknown: [] });
  assert.deepEqual(readCheckIds(["dns", "bind", "dns"]).ids, ["bind", "dns"]);
  assert.deepEqual(readCheckIds(["dns", "dsn"]).unknown, ["dsn"]);
});
