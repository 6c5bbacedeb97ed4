/** @module */

import assert from "node:assert/strict";
import { formatVerification } from "./verify_text.ts";

Deno.test("formatVerification() says which file is not as it was released", () => {
  const text = formatVerification({
    ok: false,
    fault: null,
    files: [
      { file: "a", state: "same", sha256: "1" },
      { file: "b", state: "different", sha256: "1", expected: "2" },
      { file: "c", state: "unlisted" },
      { file: "d\u001b", state: "unreadable", why: "it is not there" },
    ],
  });
  assert.doesNotMatch(text, /`a`/);
  assert.match(text, /^pbx: `b` .*SHA-256 is 1, .* 2$/m);
  assert.match(text, /^pbx: `c` is not in the list$/m);
  assert.match(text, /^pbx: `d\\x1b` cannot be read: it is not there$/m);
});

Deno.test("formatVerification() tells a missing key from a wrong signature", () => {
  const said = (code: "unset" | "wrong" | "list") =>
    formatVerification({ ok: false, fault: { code, what: "x" }, files: [] });
  assert.match(said("unset"), /knows no key/);
  assert.match(said("wrong"), /not signed by the key/);
  assert.match(said("list"), /is signed, but it cannot be read/);
});
