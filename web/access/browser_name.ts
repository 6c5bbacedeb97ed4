/**
 * The name of a browser from its User-Agent header, in short, for the list of sessions.
 * @module
 */

import { cut, escapeText } from "../../pbx/quoted.ts";

/** In the order in which they must be asked: most browsers claim to be some of the others too. */
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ["Edge", /\bEdgA?(?:iOS)?\/(\d+)/],
  ["Opera", /\bOPR\/(\d+)/],
  ["Yandex Browser", /\bYaBrowser\/(\d+)/],
  ["Samsung Internet", /\bSamsungBrowser\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/],
  ["Safari", /\bVersion\/(\d+)[\d.]* .*\bSafari\//],
  ["curl", /^curl\/(\d+)/],
];

const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ["Windows", /\bWindows\b/],
  ["Android", /\bAndroid\b/],
  ["iOS", /\b(?:iPhone|iPad|iPod)\b/],
  ["macOS", /\bMac OS X\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Linux", /\bLinux\b/],
];

const LONGEST = 60;

/**
 * Says what browser it is, and on which system.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeBrowser } from "./browser_name.ts";
 * const agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
 * assert.equal(describeBrowser(agent), "Firefox 140, Windows");
 * assert.equal(describeBrowser("Lynx/2.9\u001b[2J"), "Lynx/2.9\\x1b[2J");
 * ```
 */
export function describeBrowser(userAgent: string): string {
  const agent = userAgent.slice(0, 512);
  for (const [name, pattern] of BROWSERS) {
    const version = pattern.exec(agent)?.[1];
    if (version === undefined) continue;
    const system = SYSTEMS.find(([, test]) => test.test(agent))?.[0];
    const browser = `${name} ${version.slice(0, 4)}`;
    return system === undefined ? browser : `${browser}, ${system}`;
  }
  return cut(escapeText(agent), LONGEST);
}
