/**
 * The help bundle: what is known of a server and its phones, as the files of one archive, without
 * secrets and, where that is wished, without numbers and names. Bounded in octets.
 * @module
 */

import type { WireMessage } from "./bundle_message.ts";
import { writeCapture } from "./bundle_message.ts";
import { Pseudonyms } from "./bundle_names.ts";
import { describeBundle } from "./bundle_readme.ts";
import { SecretFilter } from "./bundle_secrets.ts";
import type { SelfTest } from "../check.ts";
import type { Verdict } from "../verdict.ts";

/** What goes in, as it was found. */
export interface BundleParts {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** Versions of the program, of what it runs on, and of the system. */
  readonly versions: Readonly<Record<string, string>>;
  readonly config: unknown;
  /** Null: no server is running, or it cannot be asked. */
  readonly status: unknown;
  /** The numbers that exist. */
  readonly extensions: readonly string[];
  /** The oldest first. */
  readonly facts: readonly unknown[];
  /** The oldest first. */
  readonly messages: readonly WireMessage[];
  readonly verdicts: readonly Verdict[];
  /** Null: they could not be run. */
  readonly checks: SelfTest | null;
  readonly counters: string;
  readonly firewall: string;
  readonly log: string;
  /** What could not be had, a sentence each. */
  readonly missing: readonly string[];
  /** Secrets by their values, for `SecretFilter`. */
  readonly secrets: Iterable<string>;
}

/** How messages and verdicts are written for people. */
export interface BundleTexts {
  messages(messages: readonly WireMessage[]): string;
  verdicts(verdicts: readonly Verdict[]): string;
}

/** One file of the archive. */
export interface BundleEntry {
  readonly name: string;
  readonly octets: Uint8Array;
}

const MOST_FACTS = 6 << 20;
const MOST_MESSAGES = 3 << 20;
const MOST_TEXT = 1 << 20;
const SECRET_FIELD = /pass(?:word|wd)|secret|token|ha1/i;
const encoder = new TextEncoder();

/** Puts the files together; the first one says what the others are. */
export function composeBundle(
  parts: BundleParts,
  hasNumbers: boolean,
  texts: BundleTexts,
): BundleEntry[] {
  const cleaner = new Cleaner(parts, hasNumbers);
  const messages = newestOf(
    parts.messages,
    MOST_MESSAGES,
    ({ octets }) => octets.length,
  ).map((message) => cleaner.message(message));
  const verdicts = cleaner.value(parts.verdicts) as Verdict[];
  const missing = parts.missing.map((what) => cleaner.text(what));
  const about = { ...parts, missing, hasNumbers };
  const entries: BundleEntry[] = [
    textEntry("README.txt", describeBundle(about)),
    textEntry("verdicts.txt", texts.verdicts(verdicts)),
    jsonEntry("verdicts.json", verdicts),
    jsonEntry("checks.json", cleaner.value(parts.checks)),
    listEntry("facts.json", cleaner.facts(parts.facts)),
    {
      name: "messages.pcapng",
      octets: writeCapture(parts.version, messages),
    },
    textEntry("messages.txt", texts.messages(messages)),
    jsonEntry("status.json", cleaner.value(parts.status)),
    jsonEntry("extensions.json", cleaner.value(parts.extensions, "numbers")),
    jsonEntry("config.json", cleaner.value(parts.config)),
    jsonEntry("versions.json", cleaner.value(parts.versions)),
    textEntry("counters.txt", cutText(parts.counters)),
    textEntry("firewall.txt", cleaner.rules(cutText(parts.firewall))),
    textEntry("log.txt", cleaner.text(cutText(parts.log))),
  ];
  return entries;
}

/** Takes out what may not leave. */
class Cleaner {
  readonly #secrets: SecretFilter;
  readonly #names: Pseudonyms | null;

  constructor(parts: BundleParts, hasNumbers: boolean) {
    this.#secrets = new SecretFilter(parts.secrets);
    this.#names = hasNumbers ? null : new Pseudonyms();
    if (this.#names === null) return;
    for (const number of parts.extensions) this.#names.of(number);
    for (const { octets } of parts.messages) this.#names.learn(octets);
    for (const fact of parts.facts) learnFact(this.#names, fact);
  }

  text(text: string): string {
    const hidden = this.#secrets.text(text);
    return this.#names?.text(hidden) ?? hidden;
  }

  /** The rules of a packet filter. */
  rules(text: string): string {
    const hidden = this.#secrets.text(text);
    return this.#names?.comments(hidden) ?? hidden;
  }

  /** Any JSON document; `field` is the name under which it stands. */
  value(value: unknown, field = ""): unknown {
    const hidden = this.#hide(value, "");
    return this.#names?.value(hidden, field) ?? hidden;
  }

  message(message: WireMessage): WireMessage {
    const hidden = this.#secrets.octets(message.octets);
    return { ...message, octets: this.#names?.message(hidden) ?? hidden };
  }

  /** The newest facts, as many as there is room for, as JSON. */
  facts(facts: readonly unknown[]): string[] {
    const lines = facts.map((fact) => JSON.stringify(this.value(fact)));
    return newestOf(lines, MOST_FACTS, ({ length }) => length);
  }

  #hide(value: unknown, field: string): unknown {
    if (typeof value === "string") {
      return SECRET_FIELD.test(field) ? "***" : this.#secrets.text(value);
    }
    if (Array.isArray(value)) {
      return value.map((entry) => this.#hide(entry, field));
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map((
        [name, entry],
      ) => [name, this.#hide(entry, name)]),
    );
  }
}

/** Numbers that no extension has: somebody tried them, or they were called. */
function learnFact(names: Pseudonyms, fact: unknown): void {
  if (typeof fact !== "object" || fact === null) return;
  const { number, callee } = fact as { number?: unknown; callee?: unknown };
  for (const value of [number, callee]) {
    if (typeof value === "string") names.of(value);
  }
}

/** The last ones, as many as have room in `most`. */
function newestOf<T>(
  all: readonly T[],
  most: number,
  sizeOf: (one: T) => number,
): T[] {
  let room = most;
  let first = all.length;
  while (first > 0 && room >= sizeOf(all[first - 1]!)) {
    room -= sizeOf(all[--first]!);
  }
  return all.slice(first);
}

/** The end of a text that is too long, because the newest stands there. */
function cutText(text: string): string {
  return text.length <= MOST_TEXT ? text : text.slice(-MOST_TEXT);
}

function textEntry(name: string, text: string): BundleEntry {
  return { name, octets: encoder.encode(text) };
}

function jsonEntry(name: string, value: unknown): BundleEntry {
  return textEntry(name, JSON.stringify(value, null, 2) + "\n");
}

/** An array, an element a line. */
function listEntry(name: string, lines: readonly string[]): BundleEntry {
  return textEntry(name, `[\n${lines.join(",\n")}\n]\n`);
}
