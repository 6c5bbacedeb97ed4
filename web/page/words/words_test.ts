/**
 * The words of every page: complete in each language, with the same braces everywhere, in their own
 * letters, and without English that was left over.
 * @module
 */

import assert from "node:assert/strict";
import { LANGUAGES } from "../../../diag/verdict.ts";
import { ACCESS_WORDS } from "./access_words.ts";
import { ADD_WORDS } from "./add_words.ts";
import { CALL_WORDS } from "./call_words.ts";
import { CALLS_WORDS } from "./calls_words.ts";
import { EXTENSION_WORDS } from "./extension_words.ts";
import { EXTENSIONS_WORDS } from "./extensions_words.ts";
import { FRAME_WORDS } from "./frame_words.ts";
import { HELP_WORDS } from "./help_words.ts";
import { LADDER_WORDS } from "./ladder_words.ts";
import { LIVE_WORDS } from "./live_words.ts";
import { PHONE_WORDS } from "./phone_words.ts";
import { REFUSAL_WORDS } from "./refusal_words.ts";
import { REPAIR_WORDS } from "./repair_words.ts";
import { SECURITY_WORDS } from "./security_words.ts";
import { STAGE_WORDS } from "./stage_words.ts";
import { STATUS_WORDS } from "./status_words.ts";
import { TROUBLE_WORDS } from "./trouble_words.ts";
import { VERDICT_WORDS } from "./verdict_words.ts";

const ALL = {
  ACCESS_WORDS,
  ADD_WORDS,
  CALL_WORDS,
  CALLS_WORDS,
  EXTENSION_WORDS,
  EXTENSIONS_WORDS,
  FRAME_WORDS,
  HELP_WORDS,
  LADDER_WORDS,
  LIVE_WORDS,
  PHONE_WORDS,
  REFUSAL_WORDS,
  REPAIR_WORDS,
  SECURITY_WORDS,
  STAGE_WORDS,
  STATUS_WORDS,
  TROUBLE_WORDS,
  VERDICT_WORDS,
};

/** Names of things, protocols and units, which are the same everywhere. */
const NAMES =
  /\b(?:ACK|API|CSV|DNS|G\.\d{3}|Grandstream|HTTPS?|ICE|IP|ITU-T|JavaScript|Linphone|Linux|MicroSIP|MOS|NAT|OpenAPI|Prometheus|QR|RTP|SIP|SRTP|SSH|STUN|TCP|TLS|UDP|Windows|Wireshark|Yealink|baresip|pbx|pcapng|root)\b/g;
/** What is typed as it stands, and the windows of phones that speak English everywhere. */
const QUOTED =
  /\{\w+\}|`[^`]+`|https?:\/\/\S*|~[\w./]+|[A-Z]\w+(?: \w+)* → [A-Z]\w+(?: → [A-Z]\w+|[\w ]*\b)*|Add Account|Remote configuration|Setup token|Third-party SIP account|Config (?:Server Path|Upgrade Via)|Server URL|Auto Provision Now|Import CFG|\bEnter\b|\bn[12]\b/g;
/** What stands in a phone's window, which is Russian for who speaks Uzbek. */
const WINDOW = new Set(["Отключено"]);
/** Words that Uzbek has from the same source, and units. */
const SAME = new Set(["jitter", "login", "ms", "port", "server", "transport"]);
/** Words that stand in every English sentence, and in no Uzbek one. */
const ENGLISH =
  /\b(?:the|of|and|with|from|is|are|not|phone|number|password)\b/i;

/** Every text under its place. */
function listTexts(words: unknown, path = ""): [string, string][] {
  if (typeof words === "string") return [[path, words]];
  return Object.entries(words as Record<string, unknown>)
    .flatMap(([key, value]) => listTexts(value, `${path}.${key}`));
}

function bracesOf(text: string): string {
  return (text.match(/\{\w+\}/g) ?? []).sort().join();
}

/** What of a text is words of a language. */
function wordsOf(text: string): string {
  return text.replace(QUOTED, " ").replace(NAMES, " ");
}

for (const [name, words] of Object.entries(ALL)) {
  Deno.test(`${name} say the same in every language`, () => {
    const english = new Map(listTexts(words.en));
    for (const language of LANGUAGES) {
      const texts = listTexts(words[language]);
      const places = texts.map(([path]) => path);
      assert.deepEqual(places.sort(), [...english.keys()].sort(), language);
      for (const [path, text] of texts) {
        assert.notEqual(text.trim(), "", `${language}${path}`);
        assert.equal(text, text.trim(), `${language}${path}`);
        const expected = bracesOf(english.get(path)!);
        assert.equal(bracesOf(text), expected, `${language}${path}`);
      }
    }
  });

  Deno.test(`${name} are written in their own letters`, () => {
    for (const [path, text] of listTexts(words.ru)) {
      assert.doesNotMatch(wordsOf(text), /[a-z]/i, `ru${path}: ${text}`);
    }
    for (const [path, text] of listTexts(words.uz)) {
      if (WINDOW.has(text)) continue;
      assert.doesNotMatch(wordsOf(text), /['’‘а-яё]/i, `uz${path}: ${text}`);
      assert.doesNotMatch(wordsOf(text), ENGLISH, `uz${path}: ${text}`);
      // oʻ and gʻ have U+02BB, the stop has U+02BC
      assert.doesNotMatch(
        text,
        /[og]\u02bc|[^og]\u02bb/i,
        `uz${path}: ${text}`,
      );
    }
    for (const [path, text] of listTexts(words.en)) {
      assert.doesNotMatch(text, /[а-яё\u02bb\u02bc]/i, `en${path}: ${text}`);
    }
  });

  Deno.test(`${name} leave no English in the other languages`, () => {
    const russian = new Map(listTexts(words.ru));
    const uzbek = new Map(listTexts(words.uz));
    for (const [path, text] of listTexts(words.en)) {
      const isOnlyNames = !/[a-z]{2}/i.test(wordsOf(text));
      if (isOnlyNames || SAME.has(wordsOf(text).trim().toLowerCase())) continue;
      assert.notEqual(russian.get(path), text, `ru${path}`);
      assert.notEqual(uzbek.get(path), text, `uz${path}`);
    }
  });
}
