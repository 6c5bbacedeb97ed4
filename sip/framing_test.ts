/**
 * Framing: whole streams, the same streams in pieces of every size, and what breaks them.
 * @module
 */

import assert from "node:assert/strict";
import { type Frame, Framer, SECTION_LIMIT } from "./framing.ts";
import { readText, toOctets } from "./octet.ts";

const START = "OPTIONS sip:pbx.example SIP/2.0\r\n";

/** A frame as text: the message itself, or its kind. */
function say(frame: Frame): string {
  if (frame.kind === "message") {
    return readText(frame.bytes, frame.start, frame.end);
  }
  return frame.kind === "lost" ? `lost: ${frame.what}` : frame.kind;
}

function takeAll(framer: Framer): string[] {
  const said: string[] = [];
  for (let frame = framer.next(); frame !== null; frame = framer.next()) {
    said.push(say(frame));
  }
  return said;
}

/** Feeds text in pieces whose lengths `nextLength` chooses. */
function feed(text: string, nextLength: () => number): string[] {
  const framer = new Framer();
  const octets = toOctets(text);
  const said: string[] = [];
  for (let at = 0; at < octets.length;) {
    const end = Math.min(octets.length, at + nextLength());
    framer.push(octets.subarray(at, end));
    at = end;
    said.push(...takeAll(framer));
  }
  return said;
}

function feedWhole(text: string): string[] {
  return feed(text, () => text.length);
}

function feedOctets(text: string): string[] {
  return feed(text, () => 1);
}

/** A small generator of numbers from 0 to 1 (mulberry32), so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

const MESSAGES: readonly string[] = [
  `${START}Content-Length: 0\r\n\r\n`,
  `${START}l:0\r\n\r\n`,
  `${START}CONTENT-LENGTH   :\t 4 \r\nTo: a\r\n\r\nbody`,
  `${START}Content-Length:\r\n 5\r\nTo: <sip:a>\r\n\t;tag=x\r\n\r\n\r\n\r\n!`,
  `${START}To: a\nL: 3\n\nabc`,
  `SIP/2.0 200 OK\r\nContent-Length: 25\r\n\r\nOPTIONS sip:inside SIP/2.0`
    .slice(0, -1),
  `${START}Content-Length: 0002\r\nContent-Length: 2\r\n\r\n\0\xff`,
  `${START}List: 1\r\nLength: 2\r\nContent-Lengths: 3\r\nx-l: 4\r\nl: 1\r\n\r\n.`,
  `OPTIONS sip:pbx.example sip/7.0 \r\nl: 0\r\n\r\n`,
  `${START}Subject: ${"x".repeat(9000)}\r\nl: 20000\r\n\r\n${
    "b".repeat(20_000)
  }`,
];

Deno.test("Framer finds messages that came in one piece", () => {
  assert.deepEqual(feedWhole(MESSAGES.join("")), MESSAGES);
});

Deno.test("Framer finds the same messages octet by octet", () => {
  assert.deepEqual(feedOctets(MESSAGES.join("")), MESSAGES);
});

Deno.test("Framer finds messages and keep-alives in pieces of any length", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    let text = "";
    const expected: string[] = [];
    for (let i = 0; i < 12; i++) {
      const message = MESSAGES[Math.floor(random() * MESSAGES.length)]!;
      const emptyLines = Math.floor(random() * 5);
      text += "\r\n".repeat(emptyLines) + message;
      for (let pair = 0; pair < Math.floor(emptyLines / 2); pair++) {
        expected.push("ping");
      }
      if (emptyLines % 2 === 1) expected.push("pong");
      expected.push(message);
    }
    const longest = 1 + Math.floor(random() ** 4 * 8192);
    const said = feed(text, () => 1 + Math.floor(random() * longest));
    assert.deepEqual(said, expected, `seed ${seed}`);
  }
});

Deno.test("Framer keeps all messages of a piece until the next piece comes", () => {
  const framer = new Framer();
  framer.push(toOctets(MESSAGES.slice(0, 3).join("") + "OPT"));
  const frames = [framer.next(), framer.next(), framer.next()];
  assert.equal(framer.next(), null);
  assert.equal(framer.waiting, 3);
  assert.deepEqual(frames.map((frame) => say(frame!)), MESSAGES.slice(0, 3));
});

const KEEP_ALIVES: readonly (readonly [string, readonly string[]])[] = [
  ["\r\n\r\n", ["ping"]],
  ["\n\n", ["ping"]],
  ["\r\n", []],
  ["\r", []],
  ["\r\n\r", []],
  ["\r\n\r\n\r\n\r\n", ["ping", "ping"]],
  [`\r\n${MESSAGES[0]}`, ["pong", MESSAGES[0]!]],
  [`\r\n\r\n\r\n${MESSAGES[0]}`, ["ping", "pong", MESSAGES[0]!]],
];

Deno.test("Framer tells a ping from a pong by what follows", () => {
  for (const [text, expected] of KEEP_ALIVES) {
    assert.deepEqual(feedWhole(text), expected, JSON.stringify(text));
    assert.deepEqual(feedOctets(text), expected, JSON.stringify(text));
  }
});

const LIMIT = `no number of 0 to ${SECTION_LIMIT}`;
const BROKEN: readonly (readonly [text: string, what: string])[] = [
  [`${START}To: a\r\n\r\n`, "no Content-Length, which a stream needs"],
  [`${START}Content-Length: -1\r\n\r\n`, `Content-Length is ${LIMIT}: \`-1\``],
  [`${START}Content-Length: +1\r\n\r\n`, `Content-Length is ${LIMIT}: \`+1\``],
  [
    `${START}Content-Length: 0x10\r\n\r\n`,
    `Content-Length is ${LIMIT}: \`0x10\``,
  ],
  [
    `${START}Content-Length: 1e3\r\n\r\n`,
    `Content-Length is ${LIMIT}: \`1e3\``,
  ],
  [
    `${START}Content-Length: 1, 1\r\n\r\n`,
    `Content-Length is ${LIMIT}: \`1, 1\``,
  ],
  [
    `${START}Content-Length: 1\r\n 2\r\n\r\n`,
    `Content-Length is ${LIMIT}: \`1.. 2\``,
  ],
  [`${START}Content-Length:\r\n\r\n`, `Content-Length is ${LIMIT}: \`\``],
  [
    `${START}Content-Length: 65537\r\n\r\n`,
    `Content-Length is ${LIMIT}: \`65537\``,
  ],
  [
    `${START}l: ${"9".repeat(400)}\r\n\r\n`,
    `Content-Length is ${LIMIT}: \`${"9".repeat(40)}\``,
  ],
  [
    `${START}l: 1\r\nContent-Length: 2\r\n\r\n`,
    "Content-Length twice: `1` and `2`",
  ],
  ["GET / HTTP/1.1\r\n", "first line is no SIP start line: `GET / HTTP/1.1`"],
  ["\x80\x00\x01", "first line is no SIP start line: `.`"],
  ["SSH-2.0-x\r", "first line is no SIP start line: `SSH-2.0-x.`"],
  [" OPTIONS", "first line is no SIP start line: ` `"],
  ["\x16\x03\x01\x02", "TLS ClientHello"],
  ["\x16\x01", "first line is no SIP start line: `..`"],
  ["\rX", "carriage return without line feed"],
  [
    START + "x".repeat(SECTION_LIMIT),
    `header section is over ${SECTION_LIMIT} octets`,
  ],
  [
    "x".repeat(SECTION_LIMIT + 1),
    `header section is over ${SECTION_LIMIT} octets`,
  ],
  [
    `${START}${"x: y\r\n".repeat(12_000)}l: 0\r\n\r\n`,
    `header section is over ${SECTION_LIMIT} octets`,
  ],
];

Deno.test("Framer says why it cannot go on", () => {
  for (const [text, what] of BROKEN) {
    for (const prefix of ["", MESSAGES[2]!]) {
      const expected = prefix === ""
        ? [`lost: ${what}`]
        : [prefix, `lost: ${what}`];
      assert.deepEqual(
        feedWhole(prefix + text),
        expected,
        JSON.stringify(text.slice(0, 80)),
      );
      assert.deepEqual(
        feedOctets(prefix + text),
        expected,
        JSON.stringify(text.slice(0, 80)),
      );
    }
  }
});

Deno.test("Framer ignores whatever follows once it is lost", () => {
  const framer = new Framer();
  framer.push(toOctets("\x16\x03"));
  assert.equal(framer.next()?.kind, "lost");
  framer.push(toOctets(MESSAGES[0]!));
  assert.equal(framer.next(), null);
  assert.equal(framer.waiting, 0);
});

Deno.test("Framer accepts sections of exactly the limit", () => {
  const rest = "\r\nl: 65536\r\n\r\n";
  const header = START + "S: " +
    "x".repeat(SECTION_LIMIT - START.length - 3 - rest.length) + rest;
  const message = header + "b".repeat(SECTION_LIMIT);
  assert.equal(header.length, SECTION_LIMIT);
  assert.deepEqual(feedWhole(message), [message]);
});

Deno.test("Framer survives streams of random octets", () => {
  const pieces = [
    ...MESSAGES.slice(0, 9),
    "\r\n",
    "\r",
    "\n",
    "l: 7\r\n",
    "\0",
    " ",
    "SIP/2.0",
    ":",
  ];
  for (let seed = 1; seed <= 500; seed++) {
    const random = seeded(seed);
    let text = "";
    for (let i = 0; i < 20; i++) {
      const piece = pieces[Math.floor(random() * pieces.length)]!;
      text += piece.slice(Math.floor(random() ** 8 * piece.length));
    }
    const whole = feedWhole(text);
    assert.deepEqual(feedOctets(text), whole, `seed ${seed}`);
    if (whole.at(-1)?.startsWith("lost")) continue;
    const taken = whole.filter((said) => said !== "ping" && said !== "pong")
      .join("");
    assert.ok(text.length >= taken.length, `seed ${seed}`);
  }
});
