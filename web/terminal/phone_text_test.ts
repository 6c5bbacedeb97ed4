import assert from "node:assert/strict";
import { PHONE_WORDS } from "../page/words/phone_words.ts";
import type { PhoneAccount } from "../phone/phone_card.ts";
import { createPaint } from "./paint.ts";
import { formatPhone, listFields } from "./phone_text.ts";

const ACCOUNT: PhoneAccount = {
  number: "1001",
  name: "Ali\u001b[2J",
  server: "pbx.example:5080",
  transport: "udp",
  password: "abc",
};

Deno.test("formatPhone() writes the fields under the labels of the phone", () => {
  const text = formatPhone(ACCOUNT, "ru", PHONE_WORDS.ru, createPaint(false));
  assert.ok(text.startsWith("Что ввести в телефон: 1001 Ali\\x1b[2J\n\n"));
  const [microsip = "", linphone = "", yealink = "", ...others] = text.split(
    "\n\n",
  ).slice(1);
  assert.equal(
    microsip,
    `MicroSIP (Windows)
  ${PHONE_WORDS.ru.where.microsip}
  SIP-сервер (SIP Server)              pbx.example:5080
  Имя пользователя (Username)          1001
  Домен (Domain)                       pbx.example:5080
  Логин (Login)                        1001
  Пароль (Password)                    abc
  Отображаемое имя (Display Name)      Ali\\x1b[2J
  Транспорт (Transport)                UDP
  Шифрование медиа (Media Encryption)  Отключено`,
  );
  assert.match(linphone, /^Linphone .*\n.*\n {2}Имя пользователя/);
  assert.match(yealink, /^Yealink .*[^]*\n {2}Server Host {4}pbx\.example\n/);
  assert.match(others[0]!, /^Grandstream /);
  assert.match(
    others[1]!,
    /^baresip .*\n.*\n {2}<sip:1001@pbx\.example:5080>;auth_pass=abc$/,
  );
  assert.match(others[2]!, /^Другой телефон\n.*\n {2}Сервер \(Server\) /);
});

Deno.test("formatPhone() says what became of a password that nobody knows", () => {
  const account = { ...ACCOUNT, name: "", password: null };
  const text = formatPhone(account, "en", PHONE_WORDS.en, createPaint(false));
  assert.match(text, /^ {2}Password +shown when it was made$/m);
  assert.ok(text.includes(PHONE_WORDS.en.noPassword));
  assert.ok(!text.includes("Display Name"));
  const fields = listFields("microsip", account, "en", "Disabled");
  assert.deepEqual(
    fields.find(({ label }) => label === "Password"),
    { label: "Password", value: null },
  );
});
