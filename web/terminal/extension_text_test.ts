/**
 * Extensions as JSON and as text.
 * @module
 */

import assert from "node:assert/strict";
import {
  formatCredentials,
  formatExtension,
  formatExtensionList,
} from "./extension_text.ts";
import { joinBindings } from "../extension_entry.ts";
import { createPaint } from "./paint.ts";

const PLAIN = createPaint(false);
const BINDING = {
  contact: "sip:1002@192.168.1.20:37989;ob",
  source: "198.51.100.7:5060",
  transport: "udp",
  expiresSeconds: 290,
  userAgent: "MicroSIP/3.21.6",
};

Deno.test("joinBindings() has exactly the fields of the contract", () => {
  const entries = joinBindings(
    [{ number: "1001", name: "Ann" }, { number: "1002", name: "" }],
    [{ number: "1002", ...BINDING }, { number: "1009", ...BINDING }],
  );
  assert.deepEqual(entries, [
    { number: "1001", name: "Ann", registered: false, bindings: [] },
    { number: "1002", name: "", registered: true, bindings: [BINDING] },
  ]);
});

Deno.test("formatExtensionList() gives each phone a line", () => {
  const text = formatExtensionList(
    joinBindings(
      [{ number: "1001", name: "Ann" }, { number: "1002", name: "Bob" }],
      [
        { number: "1002", ...BINDING },
        { number: "1002", ...BINDING, source: "192.0.2.4:5062" },
      ],
    ),
    PLAIN,
  );
  assert.equal(
    text,
    `NUMBER  NAME  STATE       SOURCE                 EXPIRES     PHONE
1001    Ann   no phone
1002    Bob   registered  198.51.100.7:5060 udp  4 min 50 s  MicroSIP/3.21.6
              registered  192.0.2.4:5062 udp     4 min 50 s  MicroSIP/3.21.6
`,
  );
});

Deno.test("formatExtension() lets no escape sequence of a phone through", () => {
  const number = "1002\x1b[2J";
  const entry = joinBindings(
    [{ number, name: "\x1b]0;title\x07" }],
    [{ number, ...BINDING, userAgent: "\x1b[2J", contact: "\x9b1m" }],
  )[0]!;
  const text = formatExtension(entry, PLAIN) +
    formatExtensionList([entry], PLAIN);
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.match(text, /\\x1b\[2J/);
});

Deno.test("formatCredentials() shows a password only where it was made", () => {
  const given = { number: "1001", name: "", server: "192.0.2.1" };
  const made = formatCredentials({ ...given, password: "k3n5" }, PLAIN);
  assert.match(made, /server.*192\.0\.2\.1\n.*1001\n.*password +k3n5\n/);
  assert.match(made, /shown only now/);
  const own = formatCredentials({ ...given, password: null }, PLAIN);
  assert.match(own, /the one you gave/);
  assert.doesNotMatch(own, /shown only now/);
});
