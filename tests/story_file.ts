/**
 * A story written by hand: who there is, what is known of the server, what happened when, a line
 * of dashes, and what the verdict must be.
 *
 *     who phone 198.51.100.7:40001 number=1002 agent=MicroSIP/3.21.6
 *     0.0 phone REGISTER
 *     0.0 phone 401
 *     0.1 phone REGISTER auth
 *     0.1 phone 403 why=wrong-password
 *     now 5
 *     ---
 *     wrong-password auth error
 *
 * Times are seconds since the beginning of the story. Empty lines, and lines that begin with `#`,
 * say nothing. `story_scene.ts` reads the lines about the server, `story_fact.ts` those with a time.
 * @module
 */

import { type Code, CODES } from "../diag/catalogue.ts";
import type { Scene } from "../diag/scene.ts";
import type { StoryFact } from "../diag/story/story_book.ts";
import { FactReader } from "./story_fact.ts";
import { SceneReader } from "./story_scene.ts";

/** When every story begins, in milliseconds since 1970. */
export const BEGIN_MS = Date.UTC(2026, 0, 12, 8, 0, 0);

/** A line in words: flags stand alone, values behind an equals sign, with quotes for blanks. */
export interface Line {
  readonly words: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

export interface Expected {
  /** `CODE stage severity`, or `none`. */
  readonly main: string;
  /** `CODE severity`, sorted. */
  readonly also: readonly string[];
}

export interface StoryFile {
  readonly facts: readonly StoryFact[];
  readonly scene: Partial<Scene> & { readonly now: number };
  /** The extension that is asked about; "" for whoever shows up. */
  readonly asked: string;
  readonly expected: Expected;
}

/** What a story is about, by the name of its file; null where it is misnamed. */
export function nameOf(
  file: string,
): { readonly code: Code; readonly isNegative: boolean } | null {
  const match = /^(.+?)(-not)?(?:-\d+)?\.txt$/.exec(file);
  const code = CODES.find((one) => one === match?.[1]);
  return code === undefined
    ? null
    : { code, isNegative: match![2] !== undefined };
}

/** Reads a story; throws a SyntaxError that names the line. */
export function parseStory(text: string): StoryFile {
  const facts = new FactReader();
  const scene = new SceneReader();
  const expected: string[] = [];
  let isExpected = false;
  for (const [index, written] of text.split("\n").entries()) {
    const line = written.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (/^-{3,}$/.test(line)) isExpected = true;
    else if (isExpected) expected.push(line);
    else {
      try {
        const read = readLine(line);
        if (/^\d/.test(line) || read.words[0] === "who") facts.read(read);
        else scene.read(read);
      } catch (error) {
        throw new SyntaxError(`line ${index + 1}: ${line}`, { cause: error });
      }
    }
  }
  const [main = ""] = expected;
  const also = expected.slice(1).map((line) => line.replace(/^also /, ""));
  if (main === "") throw new SyntaxError("nothing is expected");
  return {
    facts: facts.list(),
    scene: scene.scene(),
    asked: scene.asked,
    expected: { main, also: also.sort() },
  };
}

function readLine(line: string): Line {
  const words: string[] = [];
  const values: Record<string, string> = {};
  for (const [word] of line.matchAll(/(?:"[^"]*"|[^\s"])+/g)) {
    const [, name, value] = /^([a-z]\w*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) words.push(unquote(word));
    else values[name] = unquote(value!);
  }
  return { words, values };
}

function unquote(text: string): string {
  return text.replaceAll('"', "");
}

/** A time of a story as milliseconds since 1970. */
export function timeOf(seconds: string | undefined): number {
  const number = Number(seconds);
  if (seconds === undefined || !Number.isFinite(number)) {
    throw new SyntaxError(`no time: ${seconds}`);
  }
  return BEGIN_MS + Math.round(number * 1000);
}

/** `host:port` in two parts. */
export function splitPlace(place: string): { host: string; port: number } {
  const at = place.lastIndexOf(":");
  const port = Number(place.slice(at + 1));
  if (at < 0 || !Number.isInteger(port)) {
    throw new SyntaxError(`no host:port: ${place}`);
  }
  return { host: place.slice(0, at).replace(/^\[|\]$/g, ""), port };
}

/** A list with commas; empty for nothing. */
export function listOf(text: string | undefined): string[] {
  return text === undefined || text === "" ? [] : text.split(",");
}
