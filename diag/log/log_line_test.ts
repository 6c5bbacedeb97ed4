/**
 * Lines of the log as JSON and for people.
 * @module
 */

import assert from "node:assert/strict";
import {
  formatJson,
  formatPretty,
  type LogLine,
  withPriority,
} from "./log_line.ts";

const LINE: LogLine = {
  level: "warning",
  at: 0,
  message: "From `a`",
  properties: { kind: "refused", source: "a", count: 3 },
};

Deno.test("formatJson() writes one object on one line", () => {
  const text = formatJson(LINE);
  assert.equal(
    text,
    '{"time":"1970-01-01T00:00:00.000Z","level":"warning","message":"From `a`","kind":"refused","source":"a","count":3}\n',
  );
});

Deno.test("formatJson() takes any value, and keeps its own names", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const properties = {
    level: "mine",
    error: new TypeError("bad"),
    big: 5n,
    circle,
    at: NaN,
    none: undefined,
  };
  const document = JSON.parse(formatJson({ ...LINE, at: NaN, properties }));
  assert.equal(document.level, "warning");
  assert.equal(
    JSON.parse(
      formatJson({ ...LINE, properties: { error: new TypeError("bad") } }),
    ).error.message,
    "bad",
  );
});

Deno.test("formatJson() and formatPretty() send no terminal a control character", () => {
  const evil = "\u001b[2J\u009b2J\u007f\u2028\u202e\n";
  const line = { ...LINE, message: evil, properties: { userAgent: evil } };
  for (const text of [formatJson(line), formatPretty(line, false)]) {
    assert.match(text, /^[^\u0000-\u001f\u007f-\u009f\u2028\u202e]*\n$/);
  }
  assert.equal(JSON.parse(formatJson(line)).userAgent, evil);
});

Deno.test("formatPretty() shows the values that the message leaves out", () => {
  assert.match(
    formatPretty(LINE, false),
    /^\d\d:\d\d:\d\d warning From `a` count=3\n$/,
  );
  assert.match(formatPretty(LINE, true), /\u001b\[33mwarning/);
});

Deno.test("withPriority() begins with the level of syslog", () => {
  const format = withPriority(() => "x\n");
  const levels = ["error", "warning", "info", "debug"] as const;
  assert.deepEqual(levels.map((level) => format({ ...LINE, level })), [
    "<3>x\n",
    "<4>x\n",
    "<6>x\n",
    "<7>x\n",
  ]);
});
