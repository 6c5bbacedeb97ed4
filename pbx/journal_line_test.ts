/**
 * Bindings as lines of text.
 * @module
 */

import assert from "node:assert/strict";
import { type Binding, splitTexts } from "./binding.ts";
import {
  formatFreeLine,
  formatLine,
  type Moment,
  parseLine,
  slotOfLine,
} from "./journal_line.ts";
import { makeBinding } from "./sample_test.ts";

/** The binding that a line holds. */
function readBinding(line: string, now: Moment): Binding {
  const read = parseLine(line, now);
  const texts = splitTexts(read?.texts ?? "");
  assert.ok(read?.numbers && texts, line);
  return { ...read.numbers, ...texts };
}

const NOW = { wallMs: 1_800_000_000_000, monotonicMs: 100_000 };

Deno.test("parseLine() reads what formatLine() wrote", () => {
  const variants: readonly Partial<Binding>[] = [
    {},
    { instance: "<urn:uuid:1>", regId: 2, path: "<sip:p;lr>", q: 250 },
    { isBehindNat: false, isOutbound: true, transport: "tcp", flowId: 77 },
    { host: "2001:db8::7", localHost: "2001:db8::1", userAgent: "" },
    { contact: "sip:1@h;x=%09", userAgent: 'A; (b) "c" \xc3\xa9' },
    { callId: "-", cseq: 0, q: 0 },
  ];
  for (const variant of variants) {
    const binding = makeBinding(variant);
    const line = formatLine(9, "1001", binding, NOW);
    assert.ok(line.endsWith("\n"));
    const text = line.slice(0, -1);
    assert.equal(slotOfLine(text), 9);
    assert.deepEqual(readBinding(text, NOW), binding);
    assert.equal(parseLine(text, NOW)?.slot, 9);
    assert.equal(parseLine(text, NOW)?.number, "1001");
  }
});

Deno.test("parseLine() reads a free slot", () => {
  const line = formatFreeLine(12).slice(0, -1);
  assert.deepEqual(parseLine(line, NOW), {
    slot: 12,
    number: "",
    numbers: null,
    texts: "",
  });
  assert.equal(slotOfLine(line), 12);
});

Deno.test("parseLine() counts the time between writing and reading", () => {
  const line = formatLine(0, "1001", makeBinding(), NOW).slice(0, -1);
  // another process: its monotonic clock starts anew
  const later = { wallMs: NOW.wallMs + 100_000, monotonicMs: 5 };
  assert.equal(readBinding(line, later).expiresAtMs, 5 + 200_000);
  const afterwards = { wallMs: NOW.wallMs + 400_000, monotonicMs: 5 };
  assert.ok(readBinding(line, afterwards).expiresAtMs <= 5);
});

Deno.test("parseLine() never gives more than was granted, though the wall clock was set back", () => {
  const line = formatLine(0, "1001", makeBinding(), NOW).slice(0, -1);
  const jumped = { wallMs: NOW.wallMs - 86_400_000, monotonicMs: 5000 };
  assert.equal(readBinding(line, jumped).expiresAtMs, 5000 + 300_000);
});

Deno.test("formatLine() rounds up, so that a restart takes nothing away", () => {
  const binding = makeBinding({ expiresAtMs: NOW.monotonicMs + 299_001 });
  const line = formatLine(0, "1001", binding, NOW).slice(0, -1);
  const read = readBinding(line, NOW).expiresAtMs - NOW.monotonicMs;
  assert.ok(read >= 299_001 && read <= 300_000, String(read));
});

Deno.test("parseLine() takes no line that is cut off in its numbers, or without a slot", () => {
  const line = formatLine(9, "1001", makeBinding(), NOW).slice(0, -1);
  const fields = line.split("\t");
  for (let length = 0; length < 13; length++) {
    const text = fields.slice(0, length).join("\t");
    assert.equal(parseLine(text, NOW), null, text);
  }
  const wrong = ["x\t-", "-1\t-", "9\t+", ` ${line}`, "99999999999\t-", "9-"];
  for (const text of wrong) assert.equal(parseLine(text, NOW), null, text);
  for (const text of ["", "9", "x\t-", " 9\t-"]) {
    assert.equal(slotOfLine(text), -1, text);
  }
});
