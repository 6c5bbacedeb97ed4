/**
 * A message: its values, folded and not, several of a name, and what is read lazily.
 * @module
 */

import assert from "node:assert/strict";
import { STRIDE } from "./message.ts";
import { readText, toOctets } from "./octet.ts";
import { parse } from "./parse.ts";
import { readBadly, readWell, requestText } from "./sample_test.ts";

const MANY = "OPTIONS sip:pbx.example SIP/2.0\r\n" +
  "v: SIP/2.0/UDP a;branch=z9hG4bK1\r\n" +
  "Subject: first\r\n" +
  "FROM:   \t<sip:1001@pbx.example>;tag=f  \t\r\n" +
  "t: <sip:pbx.example>\r\n" +
  "Via: SIP/2.0/UDP b;branch=z9hG4bK2, SIP/2.0/UDP c\r\n" +
  "i: call\r\n" +
  "CSeq: 7 OPTIONS\r\n" +
  "Supported: one,\r\n  two\r\n\tthree\r\n" +
  "k: four\r\n" +
  "X-Empty:\r\n" +
  "sUbJeCt: second\r\n" +
  "User-Agent: caf\xc3\xa9\r\n" +
  "VIA: SIP/2.0/UDP d\r\n\r\nbody";

Deno.test("Message.value() finds the first of a name, long or compact, without the blanks around it", () => {
  const message = readWell(MANY);
  assert.equal(message.value("from"), "<sip:1001@pbx.example>;tag=f");
  assert.equal(message.value("via"), "SIP/2.0/UDP a;branch=z9hG4bK1");
  assert.equal(message.value("call-id"), "call");
  assert.equal(message.value("contact"), null);
  assert.equal(message.value("user-agent"), "caf\xc3\xa9");
});

Deno.test("Message.values() keeps the order of lines", () => {
  const message = readWell(MANY);
  assert.deepEqual(message.values("via"), [
    "SIP/2.0/UDP a;branch=z9hG4bK1",
    "SIP/2.0/UDP b;branch=z9hG4bK2, SIP/2.0/UDP c",
    "SIP/2.0/UDP d",
  ]);
  assert.deepEqual(message.values("contact"), []);
});

Deno.test("Message.values() unfolds", () => {
  const message = readWell(MANY);
  assert.deepEqual(message.values("supported"), ["one, two three", "four"]);
  const at = message.find("supported");
  assert.ok(message.isFolded(at));
  assert.ok(!message.isFolded(message.find("supported", at)));
  assert.equal(
    readText(message.bytes, message.valueStart(at), message.valueEnd(at)),
    "one,\r\n  two\r\n\tthree",
  );
});

Deno.test("Message.valueOfOther() finds what nobody has a number for", () => {
  const message = readWell(MANY);
  assert.equal(message.valueOfOther("subject"), "first");
  assert.equal(message.valueOfOther("x-empty"), "");
  assert.equal(message.valueOfOther("x-emptyy"), null);
});

Deno.test("Message.find() goes on behind a position and says -1 at the end", () => {
  const message = readWell(MANY);
  const first = message.find("via");
  const second = message.find("via", first);
  const third = message.find("via", second);
  assert.deepEqual([first, second, third], [0, 4 * STRIDE, 12 * STRIDE]);
  assert.equal(message.find("via", third), -1);
  assert.ok(message.has("via"));
  assert.ok(!message.has("contact"));
});

Deno.test("Message reads its parts", () => {
  const message = readWell(requestText(
    {
      "From": '"Ann" <sip:1001@pbx.example>;tag=a',
      "To": "sip:1002@pbx.example;tag=b",
      "User-Agent": "phone/1",
    },
    "BYE",
    "sip:1002@pbx.example",
    "abc",
  ));
  assert.equal(message.requestUri, "sip:1002@pbx.example");
  assert.equal(message.target?.kind, "sip");
  assert.equal(message.fromTag, "a");
  assert.equal(message.toTag, "b");
  assert.equal(message.callId, "call-1");
  assert.equal(message.branch, "z9hG4bKsample");
  assert.equal(message.userAgent, "phone/1");
  assert.equal(message.cseq, 1);
  assert.equal(message.maxForwards, 70);
  assert.equal(
    readText(message.bytes, message.bodyStart, message.bodyEnd),
    "abc",
  );
});

Deno.test("Message has empty parts where header fields are missing or bad", () => {
  const message = readWell(requestText({ "From": "?", "To": "<sip:a@b>" }));
  assert.ok("fault" in message.from);
  assert.equal(message.fromTag, "");
  assert.equal(message.toTag, "");
  assert.equal(message.userAgent, "");
  assert.deepEqual(message.contacts, []);
  assert.equal(
    readWell(requestText({}, "OPTIONS", "sip:")).target,
    null,
  );
});

Deno.test("Message has what could be read of a broken request, and empty parts for the rest", () => {
  const cut = readBadly(
    requestText({ "User-Agent": "phone/1\xe9", "X": "a\rb", "Y": "1" }),
  ).message!;
  assert.equal(cut.callId, "call-1");
  assert.equal(cut.fromTag, "from1");
  assert.equal(cut.userAgent, "phone/1\xe9");
  assert.equal(cut.branch, "", "nobody has looked at Via yet");
  const missing = readBadly(
    requestText({ "Call-ID": null, "From": "<sip:1@h>" }),
  ).message!;
  assert.equal(missing.callId, "");
  assert.equal(missing.fromTag, "");
  assert.equal(missing.branch, "z9hG4bKsample");
});

Deno.test("Message.contacts joins lines and lists in order", () => {
  const one = readWell(
    requestText({
      "Contact": '"a, b" <sip:1@h>;q=0.5, <sip:2@h>',
      "m": "sip:3@h;expires=5",
    }),
  ).contacts;
  assert.ok(one !== "*" && !("fault" in one));
  assert.deepEqual(one.map((address) => address.uri.text), [
    "sip:1@h",
    "sip:2@h",
    "sip:3@h",
  ]);
});

Deno.test("Message.contacts knows the asterisk only alone", () => {
  const contacts = (changes: Record<string, string>) =>
    readWell(requestText(changes)).contacts;
  assert.equal(contacts({ "Contact": "*" }), "*");
  for (
    const changes of [
      { "Contact": "*", "m": "<sip:1@h>" },
      { "Contact": "*, <sip:1@h>" },
      { "Contact": "<*>" },
      { "Contact": "*;expires=0" },
      { "Contact": "" },
      { "Contact": "<sip:1@h>", "m": "<sip:2@h" },
    ] as Record<string, string>[]
  ) {
    const found = contacts(changes);
    assert.ok(found !== "*" && "fault" in found, JSON.stringify(changes));
  }
});

Deno.test("Message keeps octets that are not ASCII, as UTF-16 units", () => {
  const message = readWell(
    requestText({
      "From": '"\xd0\x90\xff" <sip:1@h>;tag=x',
      "Call-ID": "\xe9",
    }),
  );
  assert.ok(!("fault" in message.from));
  assert.equal(message.from.displayName, "\xd0\x90\xff");
  assert.equal(message.callId, "\xe9");
  assert.ok(!message.isAscii);
  assert.ok(readWell(requestText({}, "OPTIONS", "sip:h", "\xff")).isAscii);
  assert.ok(!readWell(requestText({}, "OPTIONS", "sip:h\xff")).isAscii);
});

Deno.test("Message may be read with the index of an earlier one", () => {
  const index: number[] = [];
  const long = toOctets(MANY);
  const first = parse(long, 0, long.length, "datagram", index);
  assert.ok(first.kind === "message");
  const short = toOctets(requestText());
  const second = parse(short, 0, short.length, "datagram", index);
  assert.ok(second.kind === "message");
  assert.equal(second.index, index);
  assert.equal(second.values("via").length, 1);
  assert.equal(second.valueOfOther("subject"), null);
  assert.equal(second.find("supported"), -1);
});
