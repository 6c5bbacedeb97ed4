/**
 * The grammar of URIs: what its parts are, and what is no URI.
 * @module
 */

import assert from "node:assert/strict";
import { isIpv4, isIpv6, parseHostPort, parseUri } from "./parse_uri.ts";
import type { SipUri } from "./uri.ts";

const PLAIN: Omit<SipUri, "text"> = {
  kind: "sip",
  scheme: "sip",
  user: null,
  password: null,
  host: "h",
  port: 0,
  parameters: [],
  headers: null,
};

/** Text, and in what it differs from `sip:h`. */
const GOOD: readonly (readonly [string, Partial<SipUri>])[] = [
  ["sip:h", {}],
  ["SIP:H", {}],
  ["sips:h", { scheme: "sips" }],
  ["sip:1001@h", { user: "1001" }],
  ["sip:Alice@Atlanta.COM", { user: "Alice", host: "atlanta.com" }],
  ["sip:%61lice@h", { user: "%61lice" }],
  ["sip:%00%0d%0A@h", { user: "%00%0d%0A" }],
  ["sip:*72#@h", { user: "*72#" }],
  ["sip:a;b=c?d/e+$,&=@h", { user: "a;b=c?d/e+$,&=" }],
  ["sip:alice:secret@h", { user: "alice", password: "secret" }],
  ["sip:alice:@h", { user: "alice", password: "" }],
  ["sip:alice:%40&=+$,@h", { user: "alice", password: "%40&=+$," }],
  ["sip:h:5060", { port: 5060 }],
  ["sip:h:65535", { port: 65535 }],
  ["sip:192.0.2.4", { host: "192.0.2.4" }],
  ["sip:my_pc.local.", { host: "my_pc.local." }],
  ["sip:[2001:DB8::10]", { host: "2001:db8::10" }],
  ["sip:1@[2001:db8::10]:5070", {
    user: "1",
    host: "2001:db8::10",
    port: 5070,
  }],
  ["sip:h;lr", { parameters: [{ name: "lr", value: null }] }],
  ["sip:h;Transport=TCP;ob", {
    parameters: [
      { name: "transport", value: "TCP" },
      { name: "ob", value: null },
    ],
  }],
  ["sip:h;maddr=[::1];p%3d=%22", {
    parameters: [
      { name: "maddr", value: "[::1]" },
      { name: "p%3d", value: "%22" },
    ],
  }],
  ["sip:h?a=b&c=", { headers: "a=b&c=" }],
  ["sip:1@h:5;lr?to=sip:bob%40h", {
    user: "1",
    port: 5,
    parameters: [{ name: "lr", value: null }],
    headers: "to=sip:bob%40h",
  }],
  ["sip:constructor@h;__proto__=1", {
    user: "constructor",
    parameters: [{ name: "__proto__", value: "1" }],
  }],
];

for (const [text, differences] of GOOD) {
  Deno.test(`parseUri() reads ${text}`, () => {
    assert.deepEqual(parseUri(text), { ...PLAIN, text, ...differences });
  });
}

Deno.test("parseUri() looks only at the scheme of other URIs", () => {
  for (
    const [text, scheme] of [
      ["tel:+998901234567;ext=1", "tel"],
      ["TEL:1", "tel"],
      ["urn:service:sos", "urn"],
      ["http://h/?a=b", "http"],
      ["a.b+c-1:x", "a.b+c-1"],
      ["sipx:1@h", "sipx"],
    ] as const
  ) assert.deepEqual(parseUri(text), { kind: "other", scheme, text });
});

const BROKEN: readonly string[] = [
  "",
  "sip",
  "sip:",
  ":h",
  "1sip:h",
  " sip:h",
  "sip:h ",
  "sip: h",
  "sip:@h",
  "sip:1@",
  "sip::pw@h",
  "sip:a@b@c",
  "sip:a b@h",
  "sip:a<@h",
  'sip:a"@h',
  "sip:a[@h",
  "sip:\u0430@h",
  "sip:\xe9@h",
  "sip:a%@h",
  "sip:a%4@h",
  "sip:a%4g@h",
  "sip:a\x00@h",
  "sip:a\r\n@h",
  "sip:a:b;c@h",
  "sip:a:b:c@h",
  "sip:h:",
  "sip:h:0",
  "sip:h:65536",
  "sip:h:5060x",
  "sip:h:-1",
  "sip:h:+1",
  "sip:h: 5060",
  "sip:h:5060:5061",
  "sip:h%31",
  "sip:-h",
  "sip:h-",
  "sip:h-.",
  "sip:.h",
  "sip:h..",
  "sip:.",
  "sip:1.2.3",
  "sip:1.2.3.4.5",
  "sip:256.1.1.1",
  "sip:01.2.3.4",
  "sip:1.2.3.4.",
  "sip:12345",
  "sip:h!",
  "sip:2001:db8::1",
  "sip:[2001:db8::1",
  "sip:2001:db8::1]",
  "sip:[::1]x",
  "sip:[::1]:",
  "sip:[]",
  "sip:[h]",
  "sip:[1.2.3.4]",
  "sip:[fe80::1%25eth0]",
  "sip:h;",
  "sip:h;;lr",
  "sip:h;=1",
  "sip:h;a=",
  "sip:h;a=b=c",
  "sip:h;a=%4",
  'sip:h;a="b"',
  "sip:h;a b",
  "sip:h?",
  "sip:h?a=b@",
  "sip:h?a=%",
  "sip:h?a b",
  "sip:h?a=b;c",
  "tel:",
  "tel:1 2",
  "tel:1>",
  "tel:\xe9",
  "t_l:1",
];

for (const text of BROKEN) {
  Deno.test(`parseUri() refuses ${JSON.stringify(text)}`, () => {
    assert.equal(parseUri(text), null);
  });
}

Deno.test("parseHostPort() takes the brackets off and lowers the host", () => {
  assert.deepEqual(parseHostPort("PBX:5060"), { host: "pbx", port: 5060 });
  assert.deepEqual(parseHostPort("[::A]"), { host: "::a", port: 0 });
  assert.equal(parseHostPort(""), null);
});

Deno.test("isIpv4() wants four parts up to 255 without leading zeros", () => {
  for (const text of ["0.0.0.0", "1.2.3.4", "255.255.255.255", "192.0.2.199"]) {
    assert.ok(isIpv4(text), text);
  }
  for (
    const text of [
      "",
      "1.2.3",
      "1.2.3.",
      ".1.2.3",
      "1..2.3",
      "1.2.3.4.",
      "1.2.3.4.5",
      "256.0.0.1",
      "1.2.3.260",
      "00.1.2.3",
      "1.2.3.04",
      "1.2.3.4x",
      " 1.2.3.4",
      "1.2.3.4\n",
      "-1.2.3.4",
      "1.2.3.0x4",
    ]
  ) assert.ok(!isIpv4(text), JSON.stringify(text));
});

Deno.test("isIpv6() counts groups and allows one gap", () => {
  for (
    const text of [
      "::",
      "::1",
      "1::",
      "2001:db8::9:1",
      "2001:DB8::9:1",
      "1:2:3:4:5:6:7:8",
      "1:2:3:4:5:6:7::",
      "::2:3:4:5:6:7:8",
      "::ffff:192.0.2.1",
      "1:2:3:4:5:6:192.0.2.1",
      "64:ff9b::192.0.2.33",
      "fe80::1",
    ]
  ) assert.ok(isIpv6(text), text);
  for (
    const text of [
      "",
      ":",
      ":::",
      "1",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4::5:6:7:8",
      "1::2::3",
      "1:::2",
      ":1::2",
      "1::2:",
      "12345::",
      "g::",
      "::192.0.2",
      "::192.0.2.256",
      "192.0.2.1::",
      "::192.0.2.1:1",
      "1:2:3:4:5:6:7:192.0.2.1",
      "[::1]",
      "::1%eth0",
      " ::1",
      "0".repeat(46),
    ]
  ) assert.ok(!isIpv6(text), text);
});
