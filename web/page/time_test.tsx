/**
 * A moment is written for machines and for people.
 * @module
 */

import assert from "node:assert/strict";
import { Time } from "./time.tsx";

const MS = Date.UTC(2026, 10, 30, 9, 5, 7, 250);

Deno.test("Time writes UTC, with the date as the language does", () => {
  assert.match(
    String(<Time ms={MS} page={{ language: "en" }} />),
    /^<time datetime="2026-11-30T09:05:07\.250Z" ?>2026-11-30 09:05:07 UTC</,
  );
  assert.match(
    String(<Time ms={MS} page={{ language: "ru" }} />),
    />30\.11\.2026 09:05:07 UTC</,
  );
});

Deno.test("Time leaves out the day where only the time counts", () => {
  assert.match(
    String(<Time ms={MS} page={{ language: "uz" }} show="time" />),
    /data-show="time">09:05:07 UTC</,
  );
});

Deno.test("Time writes a dash for what is no moment", () => {
  assert.equal(
    String(<Time ms={NaN} page={{ language: "uz" }} />),
    "<span>–</span>",
  );
});
