/**
 * When two URIs are the same: the pairs of RFC 3261 §19.1.4 and more, each looked at from both
 * sides.
 * @module
 */

import assert from "node:assert/strict";
import { parseUri } from "./parse_uri.ts";
import {
  equalsUri,
  maskPassword,
  parameterOf,
  unescapeText,
  type Uri,
} from "./uri.ts";

function uri(text: string): Uri {
  const read = parseUri(text);
  assert.ok(read !== null, text);
  return read;
}

const SAME: readonly (readonly [string, string])[] = [
  // the pairs of the RFC
  [
    "sip:%61lice@atlanta.com;transport=TCP",
    "sip:alice@AtLanTa.CoM;Transport=tcp",
  ],
  ["sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"],
  ["sip:carol@chicago.com", "sip:carol@chicago.com;security=on"],
  [
    "sip:carol@chicago.com;newparam=5",
    "sip:carol@chicago.com;security=on",
  ],
  [
    "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
    "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
  ],
  [
    "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
    "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
  ],
  // and more
  ["sip:a@h", "sip:a@h"],
  ["SIP:a@h", "sip:a@H"],
  ["sip:%31001@h", "sip:1001@h"],
  ["sip:%2a72@h", "sip:*72@h"],
  ["sip:a%3bb@h", "sip:a%3Bb@h"],
  ["sip:a:p%61ss@h", "sip:a:pass@h"],
  ["sip:a@[2001:DB8::1]:5060", "sip:a@[2001:db8::1]:5060"],
  ["sip:a@h;transport=%75dp", "sip:a@h;transport=UDP"],
  ["sip:a@h;user=phone", "sip:a@h;USER=Phone"],
  ["sip:a@h;maddr=1.2.3.4;x=1", "sip:a@h;maddr=1.2.3.4;y=2"],
  ["sip:a@h;lr", "sip:a@h"],
  ["sip:a@h;ob", "sip:a@h;OB"],
  ["sip:a@h?Subject=x", "sip:a@h?subject=x"],
  ["sip:a@h?s%75bject=%78", "sip:a@h?subject=x"],
  ["tel:+1", "tel:+1"],
];

const DIFFERENT: readonly (readonly [string, string])[] = [
  // the pairs of the RFC
  [
    "SIP:ALICE@AtLanTa.CoM;Transport=udp",
    "sip:alice@AtLanTa.CoM;Transport=UDP",
  ],
  ["sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"],
  ["sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"],
  ["sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"],
  ["sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"],
  ["sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"],
  [
    "sip:carol@chicago.com;security=on",
    "sip:carol@chicago.com;security=off",
  ],
  // and more
  ["sip:a@h", "sips:a@h"],
  ["sip:a@h", "sip:h"],
  ["sip:a@h", "sip:a:@h"],
  ["sip:a:p@h", "sip:a:P@h"],
  ["sip:a:p@h", "sip:a@h"],
  ["sip:a@h", "sip:a@h."],
  ["sip:a@h:5060", "sip:a@h:5061"],
  ["sips:a@h", "sips:a@h:5061"],
  ["sip:a%3Bb@h", "sip:a;b@h"], // a reserved letter is not its escape
  ["sip:a%40b@h", "sip:a%41b@h"],
  ["sip:%2541@h", "sip:%41@h"], // undone once, not twice
  ["sip:A@h", "sip:%61@h"],
  ["sip:a@h;user=phone", "sip:a@h"],
  ["sip:a@h;ttl=1", "sip:a@h"],
  ["sip:a@h;method=INVITE", "sip:a@h"],
  ["sip:a@h;maddr=h", "sip:a@h"],
  ["sip:a@h;transport=tcp", "sip:a@h"],
  ["sip:a@h;transport=tcp", "sip:a@h;transport=udp"],
  ["sip:a@h;user=ip", "sip:a@h;user=phone"],
  ["sip:a@h;x=1", "sip:a@h;x=2"],
  ["sip:a@h;x=1;y=1", "sip:a@h;y=2;x=1"],
  ["sip:a@h;x", "sip:a@h;x=1"],
  ["sip:a@h?a=1", "sip:a@h?a=2"],
  ["sip:a@h?a=1", "sip:a@h?a=1&b=2"],
  ["sip:a@h?a=1&a=1", "sip:a@h?a=1"],
  ["sip:a@h?a=x", "sip:a@h?a=X"],
  ["tel:+1", "tel:+2"],
  ["tel:1", "sip:1@h"],
];

for (const [pairs, expected] of [[SAME, true], [DIFFERENT, false]] as const) {
  const verb = expected ? "takes for the same" : "tells apart";
  for (const [a, b] of pairs) {
    Deno.test(`equalsUri() ${verb} ${a} and ${b}`, () => {
      assert.equal(equalsUri(uri(a), uri(b)), expected);
      assert.equal(equalsUri(uri(b), uri(a)), expected, "the other way round");
    });
  }
}

Deno.test("equalsUri() takes every URI for the same as itself", () => {
  for (const [a, b] of [...SAME, ...DIFFERENT]) {
    assert.ok(equalsUri(uri(a), uri(a)), a);
    assert.ok(equalsUri(uri(b), uri(b)), b);
  }
});

Deno.test("parameterOf() tells a parameter without a value from one that is not there", () => {
  const parameters = [
    { name: "lr", value: null },
    { name: "x", value: "1" },
    { name: "x", value: "2" },
  ];
  assert.equal(parameterOf(parameters, "lr"), "");
  assert.equal(parameterOf(parameters, "x"), "1");
  assert.equal(parameterOf(parameters, "y"), null);
  assert.equal(parameterOf([], "constructor"), null);
});

Deno.test("unescapeText() undoes escapes once and leaves what is none", () => {
  for (
    const [text, expected] of [
      ["1001", "1001"],
      ["%31001", "1001"],
      ["%2541", "%41"],
      ["%25%34%31", "%41"],
      ["%0d%0A%00", "\r\n\x00"],
      ["%fF%e9", "\xff\xe9"],
      ["%", "%"],
      ["%4", "%4"],
      ["%4g%zz", "%4g%zz"],
      ["a+b", "a+b"],
      ["", ""],
    ] as const
  ) assert.equal(unescapeText(text), expected, text);
});

Deno.test("maskPassword() masks each password of a header field, and nothing else", () => {
  const contact =
    '"a:b@c" <sip:1001:SECRET@192.0.2.7:5062;ob>, <SIPS:1002:SECRET@192.0.2.7>';
  assert.equal(
    maskPassword(contact),
    '"a:b@c" <sip:1001:***@192.0.2.7:5062;ob>, <SIPS:1002:***@192.0.2.7>',
  );
  const plain = '"a:b@c" <sip:1001@192.0.2.7:5062;x=1:2>';
  assert.equal(maskPassword(plain), plain);
});
