/**
 * The torture messages of RFC 4475 and of RFC 5118, octet by octet in `tests/torture/`, and what
 * this server makes of each: a registrar and user agent server behind UDP, at the level of
 * `parse()` and `examine()`.
 *
 * The bodies of three messages of RFC 5118 are counted right here (ipv6-in-sdp, mult-ip-in-sdp,
 * ipv4-mapped-ipv6): as printed, their Content-Length is wrong, which is not what they are for.
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../sip/examine.ts";
import type { Message } from "../../sip/message.ts";
import { parse } from "../../sip/parse.ts";

/**
 * One line a file: name, section, outcome, and why where the RFC leaves us free: strict in what
 * is dangerous, lax in what is harmless. Outcomes: `accepted`; a status with which the request is
 * refused; `dropped` without an answer.
 */
const TABLE_4475 = `
wsinv       §3.1.1.1   accepted
intmeth     §3.1.1.2   accepted  the 501 comes later, from whoever knows the methods
esc01       §3.1.1.3   accepted
escnull     §3.1.1.4   accepted
esc02       §3.1.1.5   accepted
lwsdisp     §3.1.1.6   accepted
longreq     §3.1.1.7   accepted
dblreq      §3.1.1.8   accepted  the octets behind the body are thrown away
semiuri     §3.1.1.9   accepted
transports  §3.1.1.10  accepted
mpart01     §3.1.1.11  accepted
unreason    §3.1.1.12  accepted
noreason    §3.1.1.13  accepted
badinv01    §3.1.2.1   400
clerr       §3.1.2.2   400
ncl         §3.1.2.3   400
scalar02    §3.1.2.4   400       the CSeq decides
scalarlg    §3.1.2.5   dropped
quotbal     §3.1.2.6   400       where the name ends would be a guess
ltgtruri    §3.1.2.7   400       free, but no phone sends it
lwsruri     §3.1.2.8   400       free; where the URI ends would be a guess
lwsstart    §3.1.2.9   400       free, but no phone sends it, and others read the line otherwise
trws        §3.1.2.10  400       free; one rule for the start line, as for lwsstart
escruri     §3.1.2.11  400       free; headers smuggled in a URI are never harmless
baddate     §3.1.2.12  accepted  nobody here reads the Date of a request
regbadct    §3.1.2.13  400       whose the question mark is would be a guess
badaspec    §3.1.2.14  400       free; the URI is kept and compared as written
baddn       §3.1.2.15  400       free; the comma could as well begin a second address
badvers     §3.1.2.16  505
mismatch01  §3.1.2.17  400
mismatch02  §3.1.2.18  400       free: 400 or 501; the parser does not know which methods exist
bigcode     §3.1.2.19  dropped
badbranch   §3.2.1     accepted  free; falls back to the transaction identifier of RFC 2543
insuf       §3.3.1     400
unkscm      §3.3.2     416
novelsc     §3.3.3     416
unksm2      §3.3.4     400       for a registrar, because the To is no SIP URI
bext01      §3.3.5     420
invut       §3.3.6     415
regaut01    §3.3.7     accepted  the registrar treats it as a request without credentials
multi01     §3.3.8     400
mcl01       §3.3.9     400
bcast       §3.3.10    accepted  dropped later: no transaction waits for it
zeromf      §3.3.11    483       for a user we are a hop, not the end
cparam01    §3.3.12    accepted
cparam02    §3.3.13    accepted
regescrt    §3.3.14    accepted  the Contact is kept as written
sdp01       §3.3.15    406
inv2543     §3.4.1     accepted
`;

const TABLE_5118 = `
ipv6-good                      §4.1   accepted
ipv6-bad                       §4.2   400
port-ambiguous                 §4.3   accepted  5070 is a part of the address
port-unambiguous               §4.4   accepted
via-received-param-with-delim  §4.5   accepted
via-received-param-no-delim    §4.5   accepted
ipv6-in-sdp                    §4.6   accepted
mult-ip-in-header              §4.7   accepted
mult-ip-in-sdp                 §4.8   accepted
ipv4-mapped-ipv6               §4.9   accepted
ipv6-bug-abnf-3-colons         §4.10  400       free; RFC 5954 took the third colon out again
ipv6-correct-abnf-2-colons     §4.10  accepted
`;

/** Where the number of the Content-Length differs from that of the octets on purpose. */
const LENGTH_DIFFERS = ["dblreq", "clerr", "ncl", "mcl01", "inv2543"];

interface Row {
  readonly rfc: string;
  readonly name: string;
  readonly expected: string;
}

function readTable(rfc: string, table: string): Row[] {
  return table.trim().split("\n").map((line) => {
    const [name = "", _section, expected = ""] = line.split(/\s+/);
    return { rfc, name, expected };
  });
}

const ROWS = [
  ...readTable("rfc4475", TABLE_4475),
  ...readTable("rfc5118", TABLE_5118),
];

function octetsOf(rfc: string, name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(
    new URL(`../torture/${rfc}/${name}.dat`, import.meta.url),
  );
}

/** The outcome in the words of the tables, and why. */
function judge(octets: Uint8Array): { outcome: string; why: string } {
  const read = parse(octets, 0, octets.length);
  if (read.kind === "malformed") {
    const why = `parse: ${read.what} at ${read.at}, ${read.rfc}`;
    return { outcome: read.status === 0 ? "dropped" : `${read.status}`, why };
  }
  const refusal = read.isRequest ? examine(read) : null;
  if (refusal === null) return { outcome: "accepted", why: "" };
  const why = `examine: ${refusal.reason}, ${refusal.why}, ${refusal.detail}`;
  return { outcome: `${refusal.status}`, why };
}

function accept(rfc: string, name: string): Message {
  const octets = octetsOf(rfc, name);
  const read = parse(octets, 0, octets.length);
  assert.equal(read.kind, "message", `${name}.dat`);
  return read as Message;
}

for (const { rfc, name, expected } of ROWS) {
  Deno.test(`parse() and examine() of ${rfc}/${name}.dat: ${expected}`, () => {
    const { outcome, why } = judge(octetsOf(rfc, name));
    assert.equal(
      outcome,
      expected,
      `${name}.dat is ${outcome}, not ${expected} (${why})`,
    );
  });
}

Deno.test("the torture messages are all there, with the bodies that they announce", () => {
  for (const rfc of ["rfc4475", "rfc5118"]) {
    const files = [
      ...Deno.readDirSync(new URL(`../torture/${rfc}`, import.meta.url)),
    ];
    assert.deepEqual(
      files.map((file) => file.name).sort(),
      ROWS.filter((row) => row.rfc === rfc).map((row) => `${row.name}.dat`)
        .sort(),
    );
  }
  assert.equal(ROWS.length, 49 + 12);
  for (
    const { rfc, name } of ROWS.filter(({ name }) =>
      !LENGTH_DIFFERS.includes(name)
    )
  ) {
    const text = new TextDecoder("latin1").decode(octetsOf(rfc, name));
    const border = text.indexOf("\r\n\r\n") + 4;
    const length = /\r\n(?:content-length|l)[ \t]*:[ \t]*(\d+)/i.exec(text)
      ?.[1];
    assert.equal(text.length - border, Number(length), `${name}.dat`);
  }
});

Deno.test("parse() reads folds, odd case and leading zeros of wsinv", () => {
  const message = accept("rfc4475", "wsinv");
  assert.equal(message.method, "INVITE");
  assert.equal(message.cseq, 9);
  assert.equal(message.maxForwards, 68);
  assert.equal(message.callId, "wsinv.ndaksdj@192.0.2.1");
  assert.equal(message.branch, "390skdjuw");
  assert.equal(message.via?.host, "192.0.2.2");
  assert.equal(message.values("via").length, 2);
  assert.equal(message.bodyEnd - message.bodyStart, 150);
  assert.equal(
    message.valueOfOther("newfangledheader"),
    "newfangled value continued newfangled value",
  );
});

Deno.test("parse() takes percent signs in method and header names for what they are", () => {
  assert.equal(
    accept("rfc4475", "intmeth").method,
    "!interesting-Method0123456789_*+`.%indeed'~",
  );
  const message = accept("rfc4475", "esc02");
  assert.equal(message.method, "RE%47IST%45R");
  assert.equal(message.values("contact").length, 2);
});

Deno.test("parse() keeps escaped NULs and both Contacts of escnull", () => {
  const message = accept("rfc4475", "escnull");
  assert.equal(message.value("to"), "sip:null-%00-null@example.com");
  assert.deepEqual(message.values("contact"), [
    "<sip:%00@host5.example.com>",
    "<sip:%00%00@host5.example.com>",
  ]);
});

Deno.test("parse() takes the REGISTER of dblreq and nothing of the INVITE behind it", () => {
  const message = accept("rfc4475", "dblreq");
  assert.equal(message.method, "REGISTER");
  assert.equal(message.bodyEnd, message.bodyStart);
  assert.equal(message.callId, "dblreq.0ha0isndaksdj99sdfafnl3lk233412");
  assert.equal(message.values("via").length, 1);
});

Deno.test("parse() keeps all 34 Vias of longreq in order", () => {
  const vias = accept("rfc4475", "longreq").values("via");
  assert.equal(vias.length, 34);
  assert.deepEqual(
    vias.slice(0, 33),
    Array.from(
      { length: 33 },
      (_, i) => `SIP/2.0/TCP sip${33 - i}.example.com`,
    ),
  );
});

Deno.test("parse() leaves the NULs in the body of mpart01", () => {
  const message = accept("rfc4475", "mpart01");
  const body = message.bytes.subarray(message.bodyStart, message.bodyEnd);
  assert.equal(body.length, 553);
  assert.ok(body.includes(0));
});

Deno.test("parse() reads responses with an odd reason phrase and with none", () => {
  for (
    const [name, status] of [["unreason", 200], ["noreason", 100]] as const
  ) {
    const message = accept("rfc4475", name);
    assert.equal(message.isRequest, false);
    assert.equal(message.status, status);
    assert.equal(message.method, "INVITE");
  }
});

Deno.test("examine() names both unknown extensions of bext01 in Unsupported", () => {
  const refusal = examine(accept("rfc4475", "bext01"));
  assert.equal(refusal?.status, 420);
  assert.match(
    refusal.headers,
    /^Unsupported: nothingSupportsThis, ?nothingSupportsThisEither\b/m,
  );
});

Deno.test("examine() says in invut what content would do", () => {
  assert.match(
    examine(accept("rfc4475", "invut"))?.headers ?? "",
    /^Accept: /m,
  );
});

Deno.test("parse() reads `received` with and without brackets", () => {
  const address = /^\[?2001:db8::9:255\]?$/;
  for (
    const name of [
      "via-received-param-with-delim",
      "via-received-param-no-delim",
    ]
  ) {
    const message = accept("rfc5118", name);
    assert.match(message.via?.received ?? "", address, name);
    assert.equal(message.via?.host, "[2001:db8::9:1]", name);
  }
});
