/**
 * The values of what a check has seen, as each language writes them: numbers, amounts of memory
 * and the time. What a number means, its name says.
 * @module
 */

import type { CheckTexts } from "../texts/checks_en.ts";

const LATEST_MS = Date.UTC(9999, 11, 31);

/** Writes one value; texts stay as they are. */
export function writeValue(
  name: string,
  value: string | number,
  texts: CheckTexts,
): string {
  if (typeof value === "string") return value;
  switch (name) {
    case "freeOctets":
      return writeOctets(value, texts);
    case "timeMs":
      return `${writeTime(value).slice(11, 19)} UTC`;
    case "dateMs":
      return `${writeTime(value).slice(0, 19).replace("T", " ")} UTC`;
    default:
      return String(value).replace(".", texts.decimal);
  }
}

/** `83 GB`, in units of 1000, as the pages write it. */
function writeOctets(octets: number, { octets: units, decimal }: CheckTexts) {
  let value = octets / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 10 ? value.toFixed(1) : String(Math.round(value));
  return `${digits.replace(".", decimal)} ${units[unit]}`;
}

function writeTime(ms: number): string {
  return new Date(Math.min(Math.max(0, ms), LATEST_MS)).toISOString();
}
