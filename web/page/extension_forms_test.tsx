import assert from "node:assert/strict";
import { LANGUAGES } from "../../diag/verdict.ts";
import {
  askApp,
  makeSampleApp,
  PAGE,
  SampleOffice,
  sendForm,
} from "../phone/sample_phone_test.ts";
import { addExtensionForms } from "./extension_forms.tsx";
import { EXTENSIONS_WORDS } from "./words/extensions_words.ts";

const WORDS = EXTENSIONS_WORDS.en;

function open(page = PAGE) {
  const office = new SampleOffice();
  const app = makeSampleApp(page);
  addExtensionForms(app, {
    desk: office.desk,
    extensions: () => office.list(),
    find: (number) => office.find(number),
  });
  return { office, app };
}

/** The value of a field of a form. */
function valueOf(html: string, name: string): string | undefined {
  const input = new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(html)?.[0];
  return /value="([^"]*)"/.exec(input ?? "")?.[1];
}

Deno.test("the form for a new extension proposes the next number, or the one that is asked for", async () => {
  const { app } = open();
  const html = await (await askApp(app, "/extensions/new")).text();
  assert.equal(valueOf(html, "number"), "1003");
  const asked = await askApp(app, "/extensions/new?number=77");
  assert.equal(valueOf(await asked.text(), "number"), "77");
  const odd = await askApp(app, "/extensions/new?number=%22%3E");
  assert.equal(valueOf(await odd.text(), "number"), "1003");
});

Deno.test("POST /extensions adds, and leads to where the phone is connected", async () => {
  const { office, app } = open();
  const own = { number: " 1003 ", name: " Vali ", password: "geheim 1" };
  const response = await sendForm(app, "/extensions", own);
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "/extensions/1003/connect");
  assert.deepEqual(office.extensions.get("1003"), {
    name: "Vali",
    password: "geheim 1",
  });
  await sendForm(app, "/extensions", { number: "1004" });
  assert.equal(office.extensions.get("1004")?.password, "generated");
});

Deno.test("POST /extensions tells what is wrong at the field, and keeps what was typed", async () => {
  const { office, app } = open();
  const cases = [
    [{ number: "1001", name: "<i>", password: "" }, "number-taken", "number"],
    [{ number: "10 1", name: "<i>", password: "" }, "wrong-number", "number"],
    [
      { number: "1005", name: "<i>", password: "1005" },
      "weak-password",
      "password",
    ],
    [
      { number: "1234567", name: "<i>", password: "1234567" },
      "weak-password",
      "password",
    ],
  ] as const;
  for (const [fields, why, at] of cases) {
    const response = await sendForm(app, "/extensions", fields);
    assert.equal(response.status, 400);
    const html = await response.text();
    assert.ok(html.includes(`id="${at}-error">${WORDS.errors[why]}<`), why);
    assert.equal(html.split('aria-invalid="true"').length, 2);
    assert.equal(valueOf(html, "number"), fields.number);
    assert.equal(valueOf(html, "name"), "&lt;i&gt;");
    assert.equal(valueOf(html, "password"), "");
  }
  assert.equal(office.extensions.size, 2);
});

Deno.test("a password of one's own is asked for again, and none is made in its place", async () => {
  const { office, app } = open();
  const taken = { number: "1001", name: "", password: "geheim 1" };
  const html = await (await sendForm(app, "/extensions", taken)).text();
  assert.ok(!html.includes("geheim 1"));
  assert.ok(html.includes(WORDS.passwordAgain));
  assert.match(html, /<input[^>]* name="password"[^>]* required/);
  assert.equal(valueOf(html, "own-password"), "1");
  const without = { number: "1003", "own-password": "1", password: "" };
  const refused = await sendForm(app, "/extensions", without);
  assert.equal(refused.status, 400);
  const again = await refused.text();
  assert.ok(again.includes(WORDS.errors["no-password"]));
  assert.match(again, /<input[^>]* name="password"[^>]* autofocus/);
  assert.equal(office.extensions.has("1003"), false);
  await sendForm(app, "/extensions", { ...without, password: "geheim 1" });
  assert.equal(office.extensions.get("1003")?.password, "geheim 1");
  const weak = { password: "123" };
  const change = await sendForm(app, "/extensions/1002/password", weak);
  assert.equal(valueOf(await change.text(), "own-password"), "1");
  const empty = { password: "", "own-password": "1" };
  const kept = await sendForm(app, "/extensions/1002/password", empty);
  assert.equal(kept.status, 400);
  assert.equal(office.extensions.get("1002")?.password, "secret-2");
});

Deno.test("the forms of an extension change it, and 404 says that it is gone", async () => {
  const { office, app } = open();
  for (const form of ["password", "edit", "remove"]) {
    const response = await askApp(app, `/extensions/1002/${form}`);
    assert.equal(response.status, 200);
    const html = await response.text();
    assert.ok(!html.includes("<b>Olim"));
    assert.ok(html.includes(`action="/extensions/1002/${form}"`));
    assert.equal((await askApp(app, `/extensions/1/${form}`)).status, 404);
    assert.equal(
      (await sendForm(app, `/extensions/1/${form}`, {})).status,
      404,
    );
  }
  const password = await sendForm(app, "/extensions/1001/password", {});
  assert.equal(password.headers.get("location"), "/extensions/1001/connect");
  assert.equal(office.extensions.get("1001")?.password, "generated");
  const name = await sendForm(app, "/extensions/1001/edit", { name: "Vali" });
  assert.equal(name.headers.get("location"), "/extensions/1001");
  assert.equal(office.extensions.get("1001")?.name, "Vali");
  const wrong = await sendForm(app, "/extensions/1001/edit", { name: "a!" });
  assert.equal(wrong.status, 400);
  assert.equal(valueOf(await wrong.text(), "name"), "a!");
  const removed = await sendForm(app, "/extensions/1001/remove", {});
  assert.equal(removed.headers.get("location"), "/extensions");
  assert.equal(office.extensions.has("1001"), false);
});

Deno.test("a form that is too long is not read", async () => {
  const { office, app } = open();
  const response = await sendForm(app, "/extensions", {
    number: "1003",
    name: "x".repeat(20_000),
  });
  assert.equal(response.status, 413);
  assert.equal(office.extensions.size, 2);
});

Deno.test("the forms speak each language", async () => {
  for (const language of LANGUAGES) {
    const { app } = open({ ...PAGE, language });
    const html = await (await askApp(app, "/extensions/new")).text();
    assert.ok(html.includes(EXTENSIONS_WORDS[language].passwordHint));
    assert.doesNotMatch(html, /\{\w+\}/);
  }
});
