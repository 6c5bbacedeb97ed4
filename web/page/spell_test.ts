/**
 * Every language writes spans, memory and numbers in its own way.
 * @module
 */

import assert from "node:assert/strict";
import { spellDuration, spellMemory, spellNumber } from "./spell.ts";

/** As people read it: with ordinary spaces. */
function plain(text: string): string {
  return text.replaceAll("\u00a0", " ");
}

Deno.test("spellDuration() says the two largest units in each language", () => {
  const seconds = [0, 61, 3660, 2 * 86400 + 3600];
  const spell = (language: "en" | "ru" | "uz") =>
    seconds.map((span) => plain(spellDuration(span, language)));
  assert.deepEqual(spell("en"), ["0 s", "1 min 1 s", "1 h 1 min", "2 d 1 h"]);
  assert.deepEqual(spell("ru"), [
    "0 с",
    "1 мин 1 с",
    "1 ч 1 мин",
    "2 дн. 1 ч",
  ]);
  assert.deepEqual(spell("uz"), [
    "0 soniya",
    "1 daqiqa 1 soniya",
    "1 soat 1 daqiqa",
    "2 kun 1 soat",
  ]);
});

Deno.test("spellDuration() makes nothing of what is no span", () => {
  assert.equal(plain(spellDuration(-5, "en")), "0 s");
  assert.equal(plain(spellDuration(NaN, "en")), "0 s");
});

Deno.test("spellMemory() goes from megabytes to gigabytes", () => {
  assert.equal(plain(spellMemory(78_400_000, "en")), "78 MB");
  assert.equal(plain(spellMemory(1_250_000_000, "ru")), "1,3 ГБ");
  assert.equal(plain(spellMemory(999_600_000, "uz")), "1,0 GB");
});

Deno.test("spellNumber() groups digits and writes decimals", () => {
  assert.equal(spellNumber(999, "en"), "999");
  assert.equal(spellNumber(1234567, "en"), "1,234,567");
  assert.equal(plain(spellNumber(1234567.25, "ru", 1)), "1 234 567,3");
  assert.equal(spellNumber(-12, "uz"), "−12");
  assert.equal(spellNumber(-0.2, "en"), "0");
  assert.equal(spellNumber(NaN, "en"), "–");
});
