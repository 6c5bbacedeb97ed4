/**
 * Whether every language says what English says, in its own letters.
 * @module
 */

import assert from "node:assert/strict";
import type { Language } from "../verdict.ts";
import { chooseLanguage, textsOf } from "./texts.ts";

/** The labels of MicroSIP's Russian window, and what else stands in «…». */
const LABELS = [
  "SIP-сервер",
  "SIP-прокси",
  "Имя пользователя",
  "Домен",
  "Логин",
  "Пароль",
  "Отображаемое имя",
  "Транспорт",
  "Публичный адрес",
  "Шифрование медиа",
  "Отключено",
  "Обновление регистрации",
  "Поддержка соединения",
  "Публиковать присутствие",
  "ICE",
  "STUN-сервер",
  "Кодеки",
  "SIP ALG",
];

/** All texts of a language by name. */
function sayAll(language: Language): ReadonlyMap<string, string> {
  const { codes, phrases } = textsOf(language);
  return new Map([
    ...Object.entries(phrases).map(([key, text]) => [key, text] as const),
    ...Object.entries(codes).flatMap(([code, { title, remedy }]) => [
      [`${code}, title`, title] as const,
      [`${code}, remedy`, remedy] as const,
    ]),
  ]);
}

const english = sayAll("en");
const russian = sayAll("ru");
const uzbek = sayAll("uz");
const translations = [["ru", russian], ["uz", uzbek]] as const;

function findAll(text: string | undefined, pattern: RegExp): string[] {
  return [...(text ?? "").matchAll(pattern)].map(([found]) => found).sort();
}

/** What is left without commands, values and the labels of a Russian window. */
function bare(text: string): string {
  return text.replace(/`[^`]*`|\{\w+\}|«[^»]*»/g, " ");
}

for (const [language, texts] of translations) {
  Deno.test(`textsOf() has in ${language} every text that English has, and no other`, () => {
    assert.deepEqual([...texts.keys()].sort(), [...english.keys()].sort());
  });

  Deno.test(`textsOf() keeps in ${language} the placeholders and commands of English`, () => {
    for (const [key, text] of english) {
      for (const pattern of [/\{[^}]*\}/g, /`[^`]*`/g]) {
        assert.deepEqual(
          findAll(texts.get(key), pattern),
          findAll(text, pattern),
          key,
        );
      }
    }
  });

  Deno.test(`textsOf() says in ${language} something, and not what English says`, () => {
    for (const [key, text] of texts) {
      assert.ok(text !== "" && text === text.trim(), key);
      assert.equal(text.endsWith("."), english.get(key)?.endsWith("."), key);
      assert.ok(!text.includes("  "), key);
      const hasWords = /\p{L}/u.test(bare(english.get(key) ?? ""));
      assert.equal(text !== english.get(key), hasWords, key);
    }
  });

  Deno.test(`textsOf() names in ${language} the fields as the phone's window does`, () => {
    for (const [key, text] of texts) {
      assert.doesNotMatch(bare(text), /[«»"“”„]/, key);
      for (const label of findAll(text, /«[^»]*»/g)) {
        assert.ok(LABELS.includes(label.slice(1, -1)), `${key}: ${label}`);
      }
    }
  });

  Deno.test(`textsOf() mixes in ${language} no Latin and Cyrillic letters in a word`, () => {
    const mixed =
      /\p{Script=Latin}\p{Script=Cyrillic}|\p{Script=Cyrillic}\p{Script=Latin}/u;
    for (const [key, text] of texts) assert.doesNotMatch(text, mixed, key);
  });
}

Deno.test("textsOf() is in Russian with Russian letters", () => {
  for (const [key, text] of russian) {
    assert.doesNotMatch(text, /[\u02BB\u02BCўқғҳЎҚҒҲ]/, key);
    if (!/\p{L}/u.test(bare(english.get(key) ?? ""))) continue;
    assert.match(bare(text), /[а-яё]/i, key);
    for (const [word] of bare(text).matchAll(/[A-Za-z][A-Za-z-]*/g)) {
      const isTerm = /[A-Z]/.test(word) || word === "root" ||
        word === "hosts" || word === "realm";
      assert.ok(isTerm, `${key}: ${word}`);
    }
  }
});

Deno.test("textsOf() is in Uzbek with Latin letters, Russian only in the labels", () => {
  for (const [key, text] of uzbek) {
    assert.doesNotMatch(bare(text), /\p{Script=Cyrillic}/u, key);
    assert.doesNotMatch(bare(text), /['’‘´]/, key);
    assert.doesNotMatch(text, /\p{L}`\p{L}/u, key);
    // U+02BB is the mark of oʻ and gʻ only
    assert.doesNotMatch(text, /[^oOgG]\u02BB|[oO]\u02BC/, key);
    assert.deepEqual(
      findAll(text, /«[^»]*»/g),
      findAll(russian.get(key), /«[^»]*»/g),
      key,
    );
  }
});

Deno.test("chooseLanguage() obeys the argument, then the environment", () => {
  const table: readonly (readonly [
    string | undefined,
    Readonly<Record<string, string>>,
    Language,
  ])[] = [
    ["ru", { LANG: "uz_UZ.UTF-8" }, "ru"],
    ["uz", {}, "uz"],
    ["en", { LC_ALL: "ru_RU.UTF-8" }, "en"],
    ["RU-ru", {}, "ru"],
    [undefined, { LC_ALL: "ru_RU.UTF-8", LANG: "en_US.UTF-8" }, "ru"],
    [undefined, { LC_ALL: "", LC_MESSAGES: "uz_UZ", LANG: "ru" }, "uz"],
    [undefined, { LANG: "uz_UZ@cyrillic" }, "uz"],
    [undefined, { LANG: "uz_UZ.UTF-8" }, "uz"],
    [undefined, { LC_ALL: "C.UTF-8", LANG: "ru_RU.UTF-8" }, "en"],
    [undefined, { LANG: "de_DE.UTF-8" }, "en"],
    [undefined, { LANG: "rue_UA.UTF-8" }, "en"],
    [undefined, {}, "en"],
    ["", { LANG: "ru_RU.UTF-8" }, "ru"],
    ["tlh", { LANG: "ru_RU.UTF-8" }, "ru"],
    ["constructor", {}, "en"],
  ];
  for (const [wanted, environment, language] of table) {
    assert.equal(
      chooseLanguage(wanted, environment),
      language,
      `${wanted} ${JSON.stringify(environment)}`,
    );
  }
});
