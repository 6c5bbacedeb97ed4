/**
 * Via: good values with everything that the grammar allows, and broken ones with the octet.
 * @module
 */

import assert from "node:assert/strict";
import { parseVia, type Via } from "./parse_via.ts";
import { readWell, requestText } from "./sample_test.ts";

/** Parses text as a Via value; the octets of the result count from its start. */
function viaOf(text: string): Via | number {
  const message = readWell(requestText({ "X": `a${text}` }));
  const at = message.indexEnd - 5;
  const start = message.valueStart(at) + 1;
  const via = parseVia(message, start, message.valueEnd(at));
  if (typeof via === "number") return via - start;
  const { rportStart, rportEnd, receivedStart, receivedEnd } = via;
  return {
    ...via,
    rportStart: rportEnd === 0 ? 0 : rportStart - start,
    rportEnd: rportEnd === 0 ? 0 : rportEnd - start,
    receivedStart: receivedEnd === 0 ? 0 : receivedStart - start,
    receivedEnd: receivedEnd === 0 ? 0 : receivedEnd - start,
    end: via.end - start,
  };
}

function goodVia(text: string): Via {
  const via = viaOf(text);
  assert.ok(typeof via !== "number", `breaks at ${via}: ${text}`);
  return via;
}

const PLAIN: Via = {
  transport: "UDP",
  host: "h",
  port: 0,
  sentBy: "h",
  branch: "",
  hasRport: false,
  received: "",
  maddr: "",
  rportStart: 0,
  rportEnd: 0,
  receivedStart: 0,
  receivedEnd: 0,
  end: 0,
};

/** Text, and in what it differs from `SIP/2.0/UDP h`. */
const GOOD: readonly (readonly [string, Partial<Via>])[] = [
  ["SIP/2.0/UDP h", {}],
  ["sip/2.0/udp h", {}],
  ["SIP/2.0/TCP h", { transport: "TCP" }],
  ["SIP/2.0/tls h", { transport: "tls" }],
  ["SIP/2.0/x-odd! h", { transport: "x-odd!" }],
  ["SIP / 2.0 /\tUDP \t h", {}],
  ["SIP\r\n /\r\n 2.0\r\n / UDP\r\n\th", {}],
  ["SIP/2.0/UDP h:1", { port: 1, sentBy: "h:1" }],
  ["SIP/2.0/UDP h:5060", { port: 5060, sentBy: "h:5060" }],
  ["SIP/2.0/UDP h:65535", { port: 65535, sentBy: "h:65535" }],
  ["SIP/2.0/UDP h : 5062 ;branch=b", {
    port: 5062,
    sentBy: "h : 5062",
    branch: "b",
  }],
  ["SIP/2.0/UDP my_pc.Example.COM.", {
    host: "my_pc.Example.COM.",
    sentBy: "my_pc.Example.COM.",
  }],
  ["SIP/2.0/UDP 192.0.2.7:5062", {
    host: "192.0.2.7",
    port: 5062,
    sentBy: "192.0.2.7:5062",
  }],
  ["SIP/2.0/UDP [2001:DB8::9:1]", {
    host: "[2001:DB8::9:1]",
    sentBy: "[2001:DB8::9:1]",
  }],
  ["SIP/2.0/UDP [::1]:5062", {
    host: "[::1]",
    port: 5062,
    sentBy: "[::1]:5062",
  }],
  [
    "SIP/2.0/UDP [::ffff:192.0.2.1]:5",
    { host: "[::ffff:192.0.2.1]", port: 5, sentBy: "[::ffff:192.0.2.1]:5" },
  ],
  ["SIP/2.0/UDP [aF::0:9]", { host: "[aF::0:9]", sentBy: "[aF::0:9]" }],
  ["SIP/2.0/UDP h;branch=z9hG4bK1", { branch: "z9hG4bK1" }],
  ["SIP/2.0/UDP h;BRANCH=Z9hG4bK1", { branch: "Z9hG4bK1" }],
  ["SIP/2.0/UDP h ; branch = b ; ttl = 1", { branch: "b" }],
  ["SIP/2.0/UDP h\r\n ;branch\r\n =\r\n b", { branch: "b" }],
  ["SIP/2.0/UDP h;maddr=224.2.0.1;ttl=16", { maddr: "224.2.0.1" }],
  ["SIP/2.0/UDP h;maddr=[2001:db8::1]", { maddr: "[2001:db8::1]" }],
  ["SIP/2.0/UDP h;maddr=2001:db8::1", { maddr: "2001:db8::1" }],
  ['SIP/2.0/UDP h;x="a;b,c\\"=";branch=b', { branch: "b" }],
  ['SIP/2.0/UDP h;x="\\\\";branch=b', { branch: "b" }],
  ["SIP/2.0/UDP h;x;y;branch=b;z", { branch: "b" }],
  ["SIP/2.0/UDP h;xbranch=1;branchx=2", {}],
  ["SIP/2.0/UDP h;alias;keep;comp=sigcomp", {}],
];

for (const [text, differences] of GOOD) {
  Deno.test(`parseVia() reads ${JSON.stringify(text)}`, () => {
    const expected = { ...PLAIN, end: text.length, ...differences };
    assert.deepEqual(goodVia(text), expected);
  });
}

/** What an answer cuts out, and what it reads as. */
const CUT: readonly (readonly [string, string, string, string])[] = [
  ["SIP/2.0/UDP h;rport", ";rport", "", ""],
  ["SIP/2.0/UDP h;rport;branch=b", ";rport", "", ""],
  ["SIP/2.0/UDP h;RPort=5062;branch=b", ";RPort=5062", "", ""],
  ["SIP/2.0/UDP h; rport = 5062 ;branch=b", "; rport = 5062 ", "", ""],
  [
    "SIP/2.0/UDP h;received=192.0.2.1;branch=b",
    "",
    ";received=192.0.2.1",
    "192.0.2.1",
  ],
  [
    "SIP/2.0/UDP h;received=2001:db8::9:255;rport=9",
    ";rport=9",
    ";received=2001:db8::9:255",
    "2001:db8::9:255",
  ],
  [
    "SIP/2.0/UDP h;rport;x=1;received=[2001:db8::1];branch=b",
    ";rport",
    ";received=[2001:db8::1]",
    "[2001:db8::1]",
  ],
];

Deno.test("parseVia() says where rport and received stand", () => {
  for (const [text, rport, receivedPart, received] of CUT) {
    const via = goodVia(text);
    assert.equal(text.slice(via.rportStart, via.rportEnd), rport, text);
    assert.equal(
      text.slice(via.receivedStart, via.receivedEnd),
      receivedPart,
      text,
    );
    assert.equal(via.received, received, text);
    assert.equal(via.hasRport, rport !== "", text);
  }
});

Deno.test("parseVia() ends at the comma before the next value", () => {
  const text =
    'SIP/2.0/UDP a;x="1,2";branch=b1 , SIP/2.0/TCP b:7;branch=b2,SIP/2.0/TLS c';
  const hosts: string[] = [];
  for (let at = 0; at < text.length;) {
    const via = goodVia(text.slice(at));
    hosts.push(`${via.transport} ${via.host} ${via.port} ${via.branch}`);
    at += via.end;
    if (at < text.length) assert.equal(text[at], ",");
    at++;
  }
  assert.deepEqual(hosts, ["UDP a 0 b1", "TCP b 7 b2", "TLS c 0 "]);
});

/** Text, and the octet at which it breaks the grammar. */
const BROKEN: readonly (readonly [string, number])[] = [
  ["", 0],
  ["UDP h", 0],
  ["SIPS/2.0/UDP h", 0],
  ["SIP 2.0/UDP h", 4],
  ["SIP/3.0/UDP h", 4],
  ["SIP/2/UDP h", 4],
  ["SIP/2.0 UDP h", 8],
  ["SIP/2.0/ /h", 9],
  ["SIP/2.0/UDP", 11],
  ["SIP/2.0/UDP/h", 11],
  ["SIP/2.0/UDP ;branch=b", 12],
  ["SIP/2.0/UDP h h2", 14],
  ["SIP/2.0/UDP h@i", 13],
  ["SIP/2.0/UDP h:", 14],
  ["SIP/2.0/UDP h:0", 14],
  ["SIP/2.0/UDP h:65536", 14],
  ["SIP/2.0/UDP h:5abc", 14],
  ["SIP/2.0/UDP h:-1", 14],
  ["SIP/2.0/UDP h:+5", 14],
  ["SIP/2.0/UDP h:5060:1", 18],
  ["SIP/2.0/UDP [::1", 12],
  ["SIP/2.0/UDP [::g]", 12],
  ["SIP/2.0/UDP [::1;]", 12],
  ["SIP/2.0/UDP [`::1]", 12],
  ["SIP/2.0/UDP [@::1]", 12],
  ["SIP/2.0/UDP [/::1]", 12],
  ["SIP/2.0/UDP [fe80::1%eth0]", 12],
  ["SIP/2.0/UDP 2001:db8::1", 17], // a port has no letters
  ["SIP/2.0/UDP ::1", 12],
  ["SIP/2.0/UDP h;", 14],
  ["SIP/2.0/UDP h;;branch=b", 14],
  ["SIP/2.0/UDP h;=b", 14],
  ["SIP/2.0/UDP h;branch=", 21],
  ["SIP/2.0/UDP h;branch=;rport", 21],
  ["SIP/2.0/UDP h;branch=a b", 23],
  ["SIP/2.0/UDP h;branch=a/b", 22],
  ["SIP/2.0/UDP h;branch=\x00", 21],
  ["SIP/2.0/UDP h;branch=\xe9", 21],
  ['SIP/2.0/UDP h;x="abc', 16],
  ['SIP/2.0/UDP h;x="abc\\"', 16],
  ['SIP/2.0/UDP h;x="abc"d', 21],
];

for (const [text, at] of BROKEN) {
  Deno.test(`parseVia() refuses ${JSON.stringify(text)}`, () => {
    assert.equal(viaOf(text), at);
  });
}

Deno.test("parseVia() breaks within any piece of a value, or reads that piece", () => {
  const whole =
    "SIP/2.0/UDP host:5062;branch=z9hG4bK77;rport=1;received=1.2.3.4";
  for (let length = 0; length <= whole.length; length++) {
    const piece = whole.slice(0, length);
    const via = viaOf(piece);
    if (typeof via === "number") assert.ok(via <= length, piece);
    else assert.equal(via.end, length, piece);
  }
});
