/**
 * Spans of time, amounts of memory and numbers, as each language writes them.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";

interface Units {
  readonly seconds: string;
  readonly minutes: string;
  readonly hours: string;
  readonly days: string;
  readonly megabytes: string;
  readonly gigabytes: string;
  /** Between the groups of three digits. */
  readonly group: string;
  readonly decimal: string;
}

/** So that a number is never torn from its unit, nor from its other digits. */
const NO_BREAK = "\u00a0";

const UNITS: Readonly<Record<Language, Units>> = {
  en: {
    seconds: "s",
    minutes: "min",
    hours: "h",
    days: "d",
    megabytes: "MB",
    gigabytes: "GB",
    group: ",",
    decimal: ".",
  },
  ru: {
    seconds: "с",
    minutes: "мин",
    hours: "ч",
    days: "дн.",
    megabytes: "МБ",
    gigabytes: "ГБ",
    group: NO_BREAK,
    decimal: ",",
  },
  uz: {
    seconds: "soniya",
    minutes: "daqiqa",
    hours: "soat",
    days: "kun",
    megabytes: "MB",
    gigabytes: "GB",
    group: NO_BREAK,
    decimal: ",",
  },
};

/**
 * Says a span in its two largest units.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spellDuration } from "./spell.ts";
 * assert.equal(spellDuration(3660, "en"), "1\u00a0h 1\u00a0min");
 * assert.equal(spellDuration(59.9, "uz"), "59\u00a0soniya");
 * ```
 */
export function spellDuration(seconds: number, language: Language): string {
  const units = UNITS[language];
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const say = (count: number, unit: string) =>
    `${spellNumber(count, language)}${NO_BREAK}${unit}`;
  if (whole < 60) return say(whole, units.seconds);
  if (minutes < 60) {
    return `${say(minutes, units.minutes)} ${say(whole % 60, units.seconds)}`;
  }
  if (hours < 24) {
    return `${say(hours, units.hours)} ${say(minutes % 60, units.minutes)}`;
  }
  return `${say(days, units.days)} ${say(hours % 24, units.hours)}`;
}

/**
 * Writes a span as a clock does, where there is little room.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spellClock } from "./spell.ts";
 * assert.equal(spellClock(61.2), "1:01");
 * assert.equal(spellClock(3600), "1:00:00");
 * ```
 */
export function spellClock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  return hours === 0
    ? `${minutes}:${two(whole % 60)}`
    : `${hours}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Says octets in megabytes of 1,000,000, from 1,000 of them on in gigabytes. */
export function spellMemory(bytes: number, language: Language): string {
  const units = UNITS[language];
  const megabytes = Math.round(bytes / 1e6);
  return megabytes < 1000
    ? `${megabytes}${NO_BREAK}${units.megabytes}`
    : `${spellNumber(bytes / 1e9, language, 1)}${NO_BREAK}${units.gigabytes}`;
}

/** Writes a number with its digits in groups of three, and so many decimals. */
export function spellNumber(
  value: number,
  language: Language,
  decimals: number = 0,
): string {
  if (!Number.isFinite(value)) return "–";
  const { group, decimal } = UNITS[language];
  const [whole = "0", part] = Math.abs(value).toFixed(decimals).split(".");
  const isNegative = value < 0 && /[1-9]/.test(whole + (part ?? ""));
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  const text = part === undefined ? grouped : grouped + decimal + part;
  return isNegative ? `−${text}` : text;
}
