/**
 * The English texts and what the catalogue promises them.
 * @module
 */

import assert from "node:assert/strict";
import { CODES, entryOf } from "../catalogue.ts";
import { EN } from "./en.ts";

Deno.test("EN asks for no value that the catalogue does not promise", () => {
  for (const code of CODES) {
    const { title, remedy } = EN.codes[code];
    const { values } = entryOf(code);
    for (const [, name] of `${title} ${remedy}`.matchAll(/\{(\w+)\}/g)) {
      assert.ok(values.includes(name!), `${code}: {${name}}`);
    }
  }
});

Deno.test("EN has sentences without a full stop, and balanced back-ticks", () => {
  const { codes, phrases } = EN;
  const texts = Object.values(codes).flatMap(({ title, remedy }) => [
    title,
    remedy,
  ]);
  for (const text of [...texts, ...Object.values(phrases)]) {
    assert.doesNotMatch(text, /[.!]$|^[a-z]|\s\s/, text);
    assert.equal(text.split("`").length % 2, 1, text);
  }
});
