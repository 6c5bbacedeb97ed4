/**
 * No secret leaves in a bundle, in whatever text it stands.
 * @module
 */

import assert from "node:assert/strict";
import { toOctets } from "../../sip/octet.ts";
import { SecretFilter } from "./bundle_secrets.ts";

const HASH = "0123456789abcdef0123456789abcdef";
const TOKEN = HASH + "fedcba9876543210fedcba9876543210";

Deno.test("SecretFilter hides parameters in any text and keeps the length", () => {
  const filter = new SecretFilter([]);
  const texts = [
    'Authorization: Digest username="1", response="SECRET", cnonce="SECRET"\r\n',
    "sip:1001:SECRET@192.0.2.7",
    'said response="SECRET" again',
    String.raw`{"head":"cnonce=\"SECRET\""}`,
    '{"cnonce":"SECRET","password":"SECRET"}',
    "auth_pass=SECRET;regint=60",
    "GET / Authorization: Bearer SECRETSECRETSECRET",
    `{"message":"Setup token: SECRET-SECRET-SECRET"}`,
  ];
  for (const text of texts) {
    const hidden = filter.text(text);
    assert.doesNotMatch(hidden, /SECRET/, text);
    assert.equal(hidden.length, text.length, text);
  }
});

Deno.test("SecretFilter hides known hashes wherever they stand", () => {
  const filter = new SecretFilter([HASH, TOKEN, "short"]);
  for (
    const text of [HASH, `x=${HASH.toUpperCase()};`, `ab${HASH}cd`, TOKEN]
  ) {
    assert.match(filter.text(text), /\*{32}/, text);
    assert.doesNotMatch(filter.text(text), /0123456789abcdef/i, text);
  }
  assert.equal(filter.text(HASH.slice(1)), HASH.slice(1));
  assert.equal(filter.text("a short word"), "a short word");
});

Deno.test("SecretFilter leaves what diagnosis needs", () => {
  const filter = new SecretFilter([HASH]);
  const texts = [
    'WWW-Authenticate: Digest realm="pbx", nonce="00000003", algorithm=MD5',
    "The password of `1001` is wrong",
    '{"field":"password","code":"wrong-password"}',
    "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK0123456789abcdef",
  ];
  for (const text of texts) assert.equal(filter.text(text), text);
});

Deno.test("SecretFilter keeps octets that are no text", () => {
  assert.deepEqual(
    new SecretFilter([]).octets(toOctets("sip:1:a@b \xff\x00")),
    toOctets("sip:1:*@b \xff\x00"),
  );
});
