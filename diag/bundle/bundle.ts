/**
 * The help bundle: what is known of a server and its phones, as the files of one archive, without
 * secrets and, where that is wished, without numbers and names. Bounded in octets, and made in
 * small steps, because a server that makes one serves phones meanwhile.
 * @module
 */

import type { WireMessage } from "./bundle_message.ts";
import { MessageCapture } from "./bundle_message.ts";
import { Pseudonyms } from "./bundle_names.ts";
import { describeBundle } from "./bundle_readme.ts";
import { SecretFilter } from "./bundle_secrets.ts";
import { OctetPile } from "./octet_pile.ts";
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

/** How messages and verdicts are written for people, piece by piece. */
export interface BundleTexts {
  messages(messages: readonly WireMessage[]): Iterable<string>;
  verdicts(verdicts: readonly Verdict[]): Iterable<string>;
}

/** Work that may be interrupted wherever it yields. */
export type Steps<T> = Generator<void, T>;

/** One file of the archive. */
export interface BundleEntry {
  readonly name: string;
  readonly octets: Uint8Array;
}

const MOST_FACTS = 6 << 20;
const MOST_MESSAGES = 3 << 20;
const MOST_TEXT = 1 << 20;
/** So much of a long text is cleaned at once. */
const PIECE = 1 << 13;
const SECRET_FIELD = /pass(?:word|wd)|secret|token|ha1/i;
/** Puts the files together; the first one says what the others are. */
export function composeBundle(
  parts: BundleParts,
  hasNumbers: boolean,
  texts: BundleTexts,
): BundleEntry[] {
  const steps = composeInSteps(parts, hasNumbers, texts);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same in steps of some microseconds each. */
export function* composeInSteps(
  parts: BundleParts,
  hasNumbers: boolean,
  texts: BundleTexts,
): Steps<BundleEntry[]> {
  const cleaner = yield* openCleaner(parts, hasNumbers);
  const messages: WireMessage[] = [];
  for (const message of newestOf(parts.messages)) {
    messages.push(cleaner.message(message));
    yield;
  }
  const verdicts: Verdict[] = [];
  for (const verdict of parts.verdicts) {
    verdicts.push(cleaner.value(verdict) as Verdict);
    yield;
  }
  const missing = parts.missing.map((what) => cleaner.text(what));
  const about = { ...parts, missing, hasNumbers };
  const text = (name: string, ...pieces: readonly string[]) =>
    makeEntry(name, pieces);
  const json = (name: string, value: unknown) =>
    text(name, JSON.stringify(value, null, 2) + "\n");
  const clean = (value: unknown, field = "") => cleaner.value(value, field);
  const counters = cutText(parts.counters);
  return [
    yield* text("README.txt", describeBundle(about)),
    yield* makeEntry("verdicts.txt", texts.verdicts(verdicts)),
    yield* makeEntry("verdicts.json", writeList(verdicts)),
    yield* json("checks.json", clean(parts.checks)),
    yield* makeEntry("facts.json", yield* cleanFacts(cleaner, parts.facts)),
    yield* writeCapture(parts.version, messages),
    yield* makeEntry("messages.txt", texts.messages(messages)),
    yield* json("status.json", clean(parts.status)),
    yield* json("extensions.json", clean(parts.extensions, "numbers")),
    yield* json("config.json", clean(parts.config)),
    yield* json("versions.json", clean(parts.versions)),
    yield* text("counters.txt", counters),
    yield* makeEntry(
      "firewall.txt",
      mapPieces(cutText(parts.firewall), (piece) => cleaner.rules(piece)),
    ),
    yield* makeEntry(
      "log.txt",
      mapPieces(cutText(parts.log), (piece) => cleaner.text(piece)),
    ),
  ];
}

/** Numbers are learned before anything is cleaned. */
function* openCleaner(
  parts: BundleParts,
  hasNumbers: boolean,
): Steps<Cleaner> {
  const names = hasNumbers ? null : new Pseudonyms();
  const cleaner = new Cleaner(new SecretFilter(parts.secrets), names);
  yield;
  if (names === null) return cleaner;
  for (const number of parts.extensions) names.of(number);
  for (const { octets } of parts.messages) {
    names.learn(octets);
    yield;
  }
  for (const fact of parts.facts) {
    learnFact(names, fact);
    yield;
  }
  return cleaner;
}

/** Takes out what may not leave. */
class Cleaner {
  readonly #secrets: SecretFilter;
  readonly #names: Pseudonyms | null;

  constructor(secrets: SecretFilter, names: Pseudonyms | null) {
    this.#secrets = secrets;
    this.#names = names;
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

/** The last ones, as many as have room. */
function newestOf(messages: readonly WireMessage[]): readonly WireMessage[] {
  let room = MOST_MESSAGES;
  let first = messages.length;
  while (first > 0 && room >= messages[first - 1]!.octets.length) {
    room -= messages[--first]!.octets.length;
  }
  return messages.slice(first);
}

/** The newest facts, as many as there is room for, as a JSON array with one a line. */
function* cleanFacts(
  cleaner: Cleaner,
  facts: readonly unknown[],
): Steps<string[]> {
  const lines: string[] = [];
  let room = MOST_FACTS;
  for (let i = facts.length - 1; i >= 0; i--) {
    const line = JSON.stringify(cleaner.value(facts[i]));
    room -= line.length;
    if (room < 0) break;
    lines.push(`${line}${lines.length === 0 ? "" : ","}\n`);
    yield;
  }
  return ["[\n", ...lines.reverse(), "]\n"];
}

function* writeList(values: readonly unknown[]): Generator<string> {
  yield "[";
  for (const [i, value] of values.entries()) {
    yield `${i === 0 ? "" : ","}\n${JSON.stringify(value, null, 2)}`;
  }
  yield values.length === 0 ? "]\n" : "\n]\n";
}

function* writeCapture(
  version: string,
  messages: readonly WireMessage[],
): Steps<BundleEntry> {
  const capture = new MessageCapture();
  const pile = new OctetPile();
  pile.addOctets(capture.begin(version));
  for (const message of messages) {
    pile.addOctets(capture.add(message));
    yield;
  }
  return { name: "messages.pcapng", octets: pile.take() };
}

/** The end of a text that is too long, because the newest stands there. */
function cutText(text: string): string {
  return text.length <= MOST_TEXT ? text : text.slice(-MOST_TEXT);
}

/** Changes a text piece by piece; a piece ends with a line that nothing continues. */
function* mapPieces(
  text: string,
  change: (piece: string) => string,
): Generator<string> {
  for (let start = 0; start < text.length;) {
    let end = start + PIECE;
    do {
      end = text.indexOf("\n", end) + 1;
    } while (end > 0 && (text[end] === " " || text[end] === "\t"));
    if (end === 0) end = text.length;
    const piece = text.slice(start, end);
    yield change(
      piece.length <= 2 * PIECE
        ? piece
        : piece.split("\n").map(shortenLine).join("\n"),
    );
    start = end;
  }
}

/** Of a line that no log has the middle is left out, and with it what may be half a hash. */
function shortenLine(line: string): string {
  if (line.length <= PIECE) return line;
  const head = line.slice(0, PIECE / 2).replace(/[0-9a-f]+$/i, "");
  const tail = line.slice(-PIECE / 2).replace(/^[0-9a-f]+/i, "");
  return `${head} … ${tail}`;
}

function* makeEntry(
  name: string,
  pieces: Iterable<string>,
): Steps<BundleEntry> {
  const pile = new OctetPile();
  for (const piece of pieces) {
    pile.addText(piece);
    yield;
  }
  return { name, octets: pile.take() };
}
