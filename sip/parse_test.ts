/**
 * From octets to a message: what reads well, what reads well although it is odd, and which
 * broken requests are answered.
 * @module
 */

import assert from "node:assert/strict";
import { readText, toOctets } from "./octet.ts";
import { parse } from "./parse.ts";
import { read, readBadly, readWell, requestText } from "./sample_test.ts";

function bodyOf(text: string, framing: "datagram" | "stream" = "datagram") {
  const message = readWell(text, framing);
  return readText(message.bytes, message.bodyStart, message.bodyEnd);
}

Deno.test("parse() takes compact forms for the long ones", () => {
  const message = readWell(
    "REGISTER sip:pbx.example SIP/2.0\r\n" +
      "v: SIP/2.0/UDP h;branch=z9hG4bKc\r\nf: <sip:1@h>;tag=x\r\nt: <sip:1@h>\r\n" +
      "i: id\r\nCSEQ: 3 REGISTER\r\nm: <sip:1@h>\r\nl: 2\r\n\r\nab",
  );
  assert.equal(message.branch, "z9hG4bKc");
  assert.equal(message.callId, "id");
  assert.equal(message.cseq, 3);
  assert.equal(message.fromTag, "x");
  assert.equal(message.bodyEnd - message.bodyStart, 2);
});

Deno.test("parse() keeps the order of Via values and takes the topmost for its own", () => {
  const message = readWell(
    requestText({
      "Via": "SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/TCP b;branch=z9hG4bK2",
      "v": "SIP/2.0/UDP c;branch=z9hG4bK3",
    }),
  );
  assert.equal(message.via?.host, "a");
  assert.equal(message.branch, "z9hG4bK1");
  assert.deepEqual(message.values("via"), [
    "SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/TCP b;branch=z9hG4bK2",
    "SIP/2.0/UDP c;branch=z9hG4bK3",
  ]);
});

Deno.test("parse() reads responses", () => {
  const headers = requestText().slice(requestText().indexOf("\r\n"));
  for (
    const [line, status] of [
      ["SIP/2.0 200 OK", 200],
      ["sip/2.0 180 Ringing", 180],
      ["SIP/2.0 100 ", 100],
      ["SIP/2.0 699", 699],
      ["SIP/2.0 404 \xd0\x9d\xd0\xb5\xd1\x82 = \x01", 404],
    ] as const
  ) {
    const message = readWell(line + headers);
    assert.equal(message.isRequest, false);
    assert.equal(message.status, status);
    assert.equal(message.method, "OPTIONS");
  }
});

const GOOD = requestText();

/** Odd, but harmless, and sent by somebody. */
const ODD: readonly (readonly [string, string])[] = [
  ["empty lines before the start line", `\r\n\r\n\n${GOOD}`],
  ["bare LF as the end of a line", GOOD.replaceAll("\r\n", "\n")],
  ["both ends of a line mixed", GOOD.replace("\r\n", "\n")],
  ["blanks before a colon", GOOD.replaceAll(/^([\w-]+): /gm, "$1 \t : ")],
  ["no blank behind a colon", GOOD.replaceAll(/^([\w-]+): /gm, "$1:")],
  ["no Max-Forwards", requestText({ "Max-Forwards": null })],
  ["folded values", GOOD.replaceAll(": ", ":\r\n \t ")],
  ["a folded CSeq", requestText({ "CSeq": "1\r\n OPTIONS" })],
  ["odd but legal token characters", requestText({ "!%*_+`'~.-": "x" })],
  ["an empty value", requestText({ "Subject": "" })],
  ["a value of blanks folded", requestText({ "Subject": "\r\n \r\n\t\r\n " })],
  ["octets that are no UTF-8", requestText({ "Subject": "\xff\xfe" })],
  ["a lower-case version", GOOD.replace("SIP/2.0\r\n", "sip/2.0\r\n")],
];

for (const [what, text] of ODD) {
  Deno.test(`parse() reads ${what}`, () => {
    const message = readWell(text);
    assert.equal(message.callId, "call-1");
    assert.equal(message.cseq, 1);
    assert.equal(message.fromTag, "from1");
    assert.equal(message.via?.port, 5062);
    assert.equal(message.maxForwards, 70);
    assert.equal(message.bodyStart, message.end);
    assert.equal(message.bodyEnd, message.end);
  });
}

/** What is wrong, where, and what the sender hears. */
const BROKEN: readonly (readonly [string, string, string, number, number])[] = [
  [
    "nothing",
    "",
    "no end of the start line",
    0,
    0,
  ],
  [
    "empty lines only",
    "\r\n\r\n",
    "no end of the start line",
    4,
    0,
  ],
  [
    "a start line without end",
    "OPTIONS sip:h SIP/2.0",
    "no end of the start line",
    0,
    0,
  ],
  [
    "no empty line",
    GOOD.slice(0, -2),
    "no empty line behind the header fields",
    GOOD.length - 2,
    400,
  ],
  [
    "half an empty line",
    GOOD.slice(0, -1),
    "header field without name and colon",
    GOOD.length - 2,
    400,
  ],
  [
    "a header field without end",
    GOOD.slice(0, -4),
    "no end of a header field",
    GOOD.length - 4,
    400,
  ],
  [
    "a header field without colon",
    requestText({ "X": "1" }).replace("X: 1", "X 1"),
    "header field without name and colon",
    GOOD.length,
    400,
  ],
  [
    "a header field without name",
    requestText({ "": "1" }),
    "header field without name and colon",
    GOOD.length - 2,
    400,
  ],
  [
    "a fold in front of the first header field",
    GOOD.replace("Via", " Via"),
    "header field without name and colon",
    GOOD.indexOf("Via") + 1,
    0, // no Via was read, so nobody knows where the answer goes
  ],
  [
    "NUL in the name of a header field",
    requestText({ "X\x00Y": "1" }),
    "header field without name and colon",
    GOOD.length - 1,
    400,
  ],
  [
    "an octet above 0x7f in the name of a header field",
    requestText({ "\xe9": "1" }),
    "header field without name and colon",
    GOOD.length - 2,
    400,
  ],
  [
    "a bare CR in a value",
    requestText({ "X": "a\rVia: b" }),
    "CR without LF in a header field",
    GOOD.length + 2,
    400,
  ],
  [
    "a bare CR in front of the end of a line",
    requestText({ "X": "a\r" }),
    "CR without LF in a header field",
    GOOD.length + 2,
    400,
  ],
];

for (const [name, text, what, at, status] of BROKEN) {
  Deno.test(`parse() refuses ${name}, and says where`, () => {
    const malformed = readBadly(text);
    assert.deepEqual([malformed.what, malformed.at, malformed.status], [
      what,
      at,
      status,
    ]);
    assert.match(malformed.rfc, /^RFC 3261 §\d/);
  });
}

Deno.test("parse() bounds the number of header fields", () => {
  const fill = (count: number) =>
    GOOD.replace(/\r\n$/, "X: 1\r\n".repeat(count) + "\r\n");
  const left = 256 - 6;
  assert.equal(readWell(fill(left)).indexEnd, 256 * 5);
  const malformed = readBadly(fill(left + 1));
  assert.equal(malformed.what, "too many header fields");
  assert.equal(malformed.status, 400);
});

Deno.test("parse() never has an ACK or a response answered", () => {
  const faults: readonly Record<string, string | null>[] = [
    { "CSeq": null },
    { "CSeq": "1 INVITE\r\nCSeq: 1 INVITE" },
    { "Via": "UDP" },
    { "Via": null },
    { "Call-ID": null },
    { "Max-Forwards": "256" },
    { "Content-Length": "99" },
    { "X": "a\rb" },
    { "Y Z": "1" },
  ];
  for (const fault of faults) {
    for (const method of ["ACK", "INVITE"]) {
      const request = requestText(fault, method);
      const isAnswered = method === "INVITE" && fault["Via"] !== null;
      const status = readBadly(request).status;
      assert.equal(status, isAnswered ? 400 : 0, request);
      const response = request.replace(/^.*/, "SIP/2.0 200 OK");
      assert.equal(readBadly(response).status, 0, response);
    }
  }
});

Deno.test("parse() hands over what could be read of a broken request", () => {
  const malformed = readBadly(requestText({ "Max-Forwards": "x" }));
  assert.equal(malformed.message?.method, "OPTIONS");
  assert.equal(malformed.message?.callId, "call-1");
  assert.equal(malformed.message?.via?.port, 5062);
});

Deno.test("parse() tells 505 behind the header fields, which its answer needs", () => {
  const malformed = readBadly(GOOD.replace("SIP/2.0\r\n", "SIP/3.0\r\n"));
  assert.equal(malformed.status, 505);
  assert.equal(malformed.message?.callId, "call-1");
  const worse = readBadly(
    requestText({ "X": "a\rb" }).replace("SIP/2.0\r\n", "SIP/3.0\r\n"),
  );
  assert.equal(worse.status, 400);
});

Deno.test("parse() leaves out what stands behind the body of a datagram", () => {
  const longer = (length: string, body: string) =>
    bodyOf(requestText({ "Content-Length": length }, "OPTIONS", "sip:h", body));
  assert.equal(longer("3", "abc"), "abc");
  assert.equal(longer("3", "abcdef"), "abc");
  assert.equal(longer("0", "abcdef"), "");
  assert.equal(longer("003", "abcdef"), "abc");
  assert.equal(bodyOf(requestText({}, "OPTIONS", "sip:h", "abc")), "abc");
});

Deno.test("parse() wants a Content-Length in a stream", () => {
  const malformed = readBadly(GOOD, "stream");
  assert.equal(malformed.what, "no Content-Length");
  assert.equal(malformed.status, 400);
  const text = requestText({ "l": "2" }, "OPTIONS", "sip:h", "ab");
  assert.equal(bodyOf(text, "stream"), "ab");
});

Deno.test("parse() does not throw at any piece of a message, and looks at nothing else", () => {
  const text = requestText({ "X": "a\r\n b", "Content-Length": "0" });
  for (let end = 0; end < text.length; end++) {
    assert.equal(read(text.slice(0, end)).kind, "malformed", `${end}`);
  }
  // the same octets follow, but do not belong to it
  const octets = toOctets(text + text);
  for (let end = 0; end < text.length; end++) {
    assert.equal(parse(octets, 0, end).kind, "malformed", `${end}`);
  }
  assert.equal(parse(octets, 0, text.length).kind, "message");
  assert.equal(
    parse(octets, text.length, 2 * text.length).kind,
    "message",
  );
});
