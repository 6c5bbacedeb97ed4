import assert from "node:assert/strict";
import { LANGUAGES } from "../verdict.ts";
import { CHECK_TEXTS, say, writePhrase } from "./check_finding.ts";
import { writeValue } from "./check_value.ts";

Deno.test("writeValue() writes numbers, memory and time as the language does", () => {
  const at = Date.UTC(2026, 10, 30, 20, 59, 51);
  const first = "1970-01-01 00:00:00 UTC";
  const table = [
    ["ms", 0.4, "0.4", "0,4", "0,4"],
    ["port", 5060, "5060", "5060", "5060"],
    ["cause", "1.5 of it", "1.5 of it", "1.5 of it", "1.5 of it"],
    ["freeOctets", 82.7e9, "83 GB", "83 ГБ", "83 GB"],
    ["freeOctets", 2.1e6, "2.1 MB", "2,1 МБ", "2,1 MB"],
    ["freeOctets", 0, "0.0 kB", "0,0 кБ", "0,0 kB"],
    ["timeMs", at, "20:59:51 UTC", "20:59:51 UTC", "20:59:51 UTC"],
    ["dateMs", 0, first, first, first],
  ] as const;
  for (const [name, value, en, ru, uz] of table) {
    const texts = { en, ru, uz };
    for (const language of LANGUAGES) {
      assert.equal(
        writeValue(name, value, CHECK_TEXTS[language]),
        texts[language],
        `${name} ${language}`,
      );
    }
  }
});

Deno.test("writePhrase() writes the values of a sentence in its language", () => {
  const phrase = say("disk-write", { ms: 2.5 });
  assert.match(writePhrase(phrase, CHECK_TEXTS.ru), /2,5 мс/);
  assert.match(writePhrase(phrase, CHECK_TEXTS.en), /2\.5 ms/);
});
