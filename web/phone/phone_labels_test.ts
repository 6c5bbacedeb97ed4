import assert from "node:assert/strict";
import { LANGUAGES } from "../../diag/verdict.ts";
import { textsOf } from "../../diag/texts/texts.ts";
import { PHONE_LABELS, showLabel, writeBaresipLine } from "./phone_labels.ts";
import type { PhoneAccount } from "./phone_card.ts";

const ACCOUNT: PhoneAccount = {
  number: "1001",
  name: "Ali",
  server: "pbx.example",
  transport: "udp",
  password: "abc-1.2",
};

Deno.test("showLabel() names MicroSIP's fields as verdicts do", () => {
  const shown = PHONE_LABELS.microsip.map((label) =>
    showLabel(label, "uz").main
  );
  const { codes } = textsOf("uz");
  const text = Object.values(codes).map(({ remedy }) => remedy).join(" ");
  const named = ["SIP-сервер", "Домен", "Логин", "Пароль", "Транспорт"];
  for (const name of named) {
    assert.ok(shown.includes(name), name);
    assert.ok(text.includes(`«${name}»`), name);
  }
});

Deno.test("showLabel() says each label once", () => {
  for (const labels of Object.values(PHONE_LABELS)) {
    for (const language of LANGUAGES) {
      const mains = labels.map((label) => showLabel(label, language).main);
      assert.equal(new Set(mains).size, mains.length);
      for (const label of labels) {
        const { main, beside } = showLabel(label, language);
        assert.notEqual(main, beside);
        if (language === "en") assert.match(main, /^[A-Z][\w -]+$/);
      }
    }
  }
});

Deno.test("writeBaresipLine() leaves out a password that would break the line", () => {
  const line = "<sip:1001@pbx.example>";
  assert.equal(writeBaresipLine(ACCOUNT), `${line};auth_pass=abc-1.2`);
  for (const password of ["a;b", "a b", "a>", "a\nb", null]) {
    assert.equal(writeBaresipLine({ ...ACCOUNT, password }), line);
  }
});
