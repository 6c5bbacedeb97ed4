/**
 * Writes a finding out in a language, in the shape that the contract promises. What came from the
 * network is escaped and cut before it stands in a sentence.
 * @module
 */

import { cut, escapeText } from "../pbx/quoted.ts";
import type { Stage } from "../sip/stage.ts";
import { type Code, entryOf } from "./catalogue.ts";
import { severityOf, stageOf } from "./ranking.ts";
import { sourceOf } from "./story/standing.ts";
import { lastAttempt, type Story } from "./story/story.ts";
import type { Texts } from "./texts/text.ts";
import type { Finding, Language, Values, Verdict } from "./verdict.ts";

const LONGEST_VALUE = 160;
const LATEST_MS = Date.UTC(9999, 11, 31);

/** Stages that belong to the server and not to a phone. */
const SERVER_STAGES: ReadonlySet<Stage> = new Set(["process", "bind", "dns"]);
const SERVER_CODES: ReadonlySet<Code> = new Set([
  "scanner",
  "receive-buffer-overflow",
]);

/** Throws a TypeError where a value is missing that a text needs. */
export function writeVerdict(
  finding: Finding,
  story: Story,
  language: Language,
  texts: Texts,
): Verdict {
  const { code, values, command = null } = finding;
  const { where, field } = entryOf(code);
  const { title, remedy } = texts.codes[code];
  const isServers = SERVER_STAGES.has(stageOf(finding)) ||
    SERVER_CODES.has(code);
  return {
    code,
    stage: stageOf(finding),
    severity: severityOf(finding),
    extension: isServers ? "" : clean(story.number),
    source: isServers ? "" : clean(sourceOf(story)),
    phone: isServers
      ? ""
      : clean(lastAttempt(story)?.userAgent || story.userAgent),
    title: fillText(title, values),
    evidence: finding.evidence.toSorted((a, b) => a.at - b.at)
      .map(({ at, phrase, values }) => ({
        at: formatTime(at),
        what: fillText(texts.phrases[phrase], values),
      })),
    remedy: { where, field, text: fillText(remedy, values), command },
    lang: language,
  };
}

/**
 * Puts values into the braces of a text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fillText } from "./write_verdict.ts";
 * assert.equal(fillText("no `{number}` here", { number: 1002 }), "no `1002` here");
 * ```
 */
export function fillText(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new TypeError(`no value for {${name}} in: ${text}`);
    }
    return clean(String(value));
  });
}

function clean(text: string): string {
  return cut(escapeText(cut(text, LONGEST_VALUE)), LONGEST_VALUE);
}

function formatTime(at: number): string {
  return new Date(Math.min(Math.max(0, at), LATEST_MS)).toISOString();
}
