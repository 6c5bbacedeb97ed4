/**
 * Throws damaged, odd and hostile messages at `parse()` and `examine()`. Everything comes from
 * seeds that are fixed here and named in each failure, so that a run can be repeated.
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../sip/examine.ts";
import type { HeaderName } from "../../sip/header_name.ts";
import type { Malformed } from "../../sip/malformed.ts";
import type { Message } from "../../sip/message.ts";
import { parse } from "../../sip/parse.ts";
import { parseCredentials } from "../../sip/parse_credentials.ts";
import { Chance } from "../torture/chance.ts";
import { generate, type Generated } from "../torture/generate.ts";
import { mutate } from "../torture/mutate.ts";
import { makePhoneMessages } from "../torture/phone_messages.ts";

const SEEDS = [1, 20060501, 4475, 5118];
const MUTATIONS_A_SEED = 5000;
const GENERATED_A_SEED = 1500;
/** Far above what 64 KB take where the work is linear, far below what they take where it is not. */
const MOST_MS = 300;

const NAMES: readonly HeaderName[] = [
  "via",
  "from",
  "to",
  "call-id",
  "cseq",
  "contact",
  "max-forwards",
  "content-length",
  "content-type",
  "expires",
  "authorization",
  "require",
  "supported",
  "accept",
  "user-agent",
  "route",
  "path",
  "date",
];

type Octets = Uint8Array<ArrayBuffer>;

function readSamples(): Octets[] {
  const samples = makePhoneMessages();
  for (const rfc of ["rfc4475", "rfc5118"]) {
    const folder = new URL(`../torture/${rfc}/`, import.meta.url);
    const names = [...Deno.readDirSync(folder)].map((file) => file.name).sort();
    for (const name of names) {
      samples.push(Deno.readFileSync(new URL(name, folder)));
    }
  }
  return samples;
}

/** Asks a message for everything that can be asked, and holds what comes out to its promises. */
function ask(message: Message): void {
  assert.ok(message.via !== null, "no Via");
  assert.ok(message.method !== "", "no method");
  assert.ok(
    message.cseq >= 0 && message.cseq <= 0x7fffffff,
    "CSeq out of range",
  );
  assert.ok(
    message.maxForwards >= 0 && message.maxForwards <= 255,
    "hops out of range",
  );
  assert.ok(message.start <= message.bodyStart, "body before the message");
  assert.ok(message.bodyStart <= message.bodyEnd, "body ends before it begins");
  assert.ok(message.bodyEnd <= message.end, "body behind the message");
  for (const name of NAMES) {
    const values = message.values(name);
    assert.equal(message.has(name), values.length > 0);
    assert.equal(message.value(name), values[0] ?? null);
    for (const value of values) {
      assert.doesNotMatch(value, /[\r\n]/, `line end in ${name}`);
      if (name === "authorization") {
        const at = message.find(name);
        parseCredentials(
          message,
          message.valueStart(at),
          message.valueEnd(at),
        );
      }
    }
  }
  message.valueOfOther("x-new");
  const {
    callId,
    userAgent,
    branch,
    from,
    to,
    fromTag,
    toTag,
    contacts,
    target,
  } = message;
  assert.doesNotMatch(callId + userAgent + branch + fromTag + toTag, /[\r\n]/);
  assert.ok(from !== undefined && to !== undefined);
  assert.ok(contacts !== undefined && target !== undefined);
}

function checkMalformed(fault: Malformed, length: number): void {
  assert.ok(
    fault.at >= 0 && fault.at <= length,
    `position ${fault.at} of ${length}`,
  );
  assert.ok(
    fault.status === 0 || (fault.status >= 400 && fault.status <= 699),
    "status",
  );
  assert.match(fault.what, /^[\x20-\x7e]+$/, "what");
  assert.match(fault.rfc, /^RFC \d+ §/, "rfc");
  if (fault.status > 0) {
    assert.ok(fault.message?.isRequest, "an answer to no request");
  }
}

/** Reads, examines and asks; returns what came out in one line. */
function judge(bytes: Uint8Array, start: number, end: number): string {
  const read = parse(bytes, start, end);
  if (read.kind === "malformed") {
    checkMalformed(read, end - start);
    if (read.message !== null) read.message.values("via");
    return `${read.status} ${read.at} ${read.what}`;
  }
  ask(read);
  const refusal = examine(read);
  if (refusal === null) {
    return `${read.method} ${read.callId} ${read.cseq} ${read.branch}`;
  }
  assert.ok(refusal.status >= 400 && refusal.status <= 699, "status");
  assert.match(refusal.reason, /^[\x20-\x7e]+$/, "reason");
  assert.match(refusal.headers, /^(?:[\w-]+: [\x20-\x7e]*\r\n)*$/, "headers");
  return `${refusal.status} ${refusal.reason} ${refusal.detail}`;
}

function show(octets: Uint8Array): string {
  return JSON.stringify(
    new TextDecoder("latin1").decode(octets.slice(0, 3000)),
  );
}

function repeat(count: number, test: (chance: Chance) => Octets): void {
  for (const seed of SEEDS) {
    for (let round = 0; round < count; round++) {
      const chance = new Chance(seed * 65536 + round);
      let octets: Octets | null = null;
      try {
        octets = test(chance);
        judge(octets, 0, octets.length);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        const message = octets === null ? "" : ` of ${show(octets)}`;
        throw new Error(`seed ${seed} round ${round}: ${text}${message}`, {
          cause: error,
        });
      }
    }
  }
}

Deno.test("parse() and examine() survive damaged messages", () => {
  const samples = readSamples();
  repeat(MUTATIONS_A_SEED, (chance) => mutate(samples, chance));
});

Deno.test("parse() looks neither before nor behind its message, and changes nothing", () => {
  const samples = readSamples();
  const before = new TextEncoder().encode(
    "INVITE sip:x SIP/2.0\r\nCall-ID: before\r\n",
  );
  const behind = new TextEncoder().encode('\r\nCall-ID: behind\r\n\r\n\n: <>"');
  for (let round = 0; round < 3000; round++) {
    const octets = mutate(samples, new Chance(round));
    const memory = new Uint8Array([...before, ...octets, ...behind]);
    const copy = memory.slice();
    const alone = judge(octets, 0, octets.length);
    const amid = judge(memory, before.length, before.length + octets.length);
    assert.equal(amid, alone, `round ${round}: ${show(octets)}`);
    assert.deepEqual(memory, copy, `round ${round}`);
  }
});

function checkGenerated(made: Generated, read: Message | Malformed): void {
  if (read.kind === "malformed") assert.fail(`${read.what} at ${read.at}`);
  assert.equal(read.isRequest, made.isRequest);
  assert.equal(read.method, made.method);
  assert.equal(read.requestUri, made.isRequest ? made.requestUri : "");
  assert.equal(read.status, made.status);
  assert.equal(read.callId, made.callId);
  assert.equal(read.cseq, made.cseq);
  assert.equal(read.branch, made.branch);
  assert.equal(read.fromTag, made.fromTag);
  assert.equal(read.bodyEnd - read.bodyStart, made.bodyLength);
  const { contacts } = read;
  if (contacts !== "*" && "fault" in contacts) {
    assert.fail(`contacts: ${contacts.fault}`);
  }
  assert.equal(contacts.length, made.contacts);
  const refusal = examine(read);
  assert.equal(
    refusal,
    null,
    `refused: ${refusal?.status} ${refusal?.reason} ${refusal?.detail}`,
  );
}

Deno.test("parse() reads whatever the grammar allows", () => {
  const faults: string[] = [];
  for (const seed of SEEDS) {
    for (let round = 0; round < GENERATED_A_SEED; round++) {
      const made = generate(new Chance(seed * 65536 + round));
      try {
        checkGenerated(made, parse(made.octets, 0, made.octets.length));
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        faults.push(
          `seed ${seed} round ${round}: ${text}\n    of ${show(made.octets)}`,
        );
      }
    }
  }
  const total = SEEDS.length * GENERATED_A_SEED;
  assert.equal(
    faults.length,
    0,
    `${faults.length} of ${total} valid messages are misread:\n${
      faults.slice(0, 8).join("\n")
    }`,
  );
});

Deno.test("parse() and examine() survive damaged messages of the generator", () => {
  repeat(
    1000,
    (chance) =>
      mutate([generate(chance).octets, generate(chance).octets], chance),
  );
});

/** A request of about `size` octets of which one place is filled with `filling`. */
function makeHostile(size: number, place: string, filling: string): Octets {
  const fill = (name: string, usual: string) =>
    name === place ? filling.repeat(Math.floor(size / filling.length)) : usual;
  const text = `OPTIONS sip:a@b${fill("uri", "")} SIP/2.0\r\n` +
    `Via: SIP/2.0/UDP h;branch=z9hG4bK1${fill("via", "")}\r\n` +
    `From: a${fill("from", "")}<sip:a@b${fill("from-uri", "")}>;tag=1${
      fill("from-end", "")
    }\r\n` +
    `To: "a\r\n ${fill("to", "")}" <sip:a@b>\r\n` +
    `Call-ID: a${fill("call-id", "")}b\r\nCSeq:${
      fill("cseq", " ")
    }1 OPTIONS\r\n` +
    `Contact: <sip:a@b>${fill("contact", "")}\r\nRequire: path${
      fill("require", "")
    }\r\n` +
    `Authorization: Digest ${fill("authorization", "")}\r\n${
      fill("lines", "")
    }` +
    `Content-Length: 0${fill("length", "")}\r\n\r\n${fill("body", "")}`;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const PLACES = [
  "uri",
  "via",
  "from",
  "from-uri",
  "from-end",
  "to",
  "call-id",
  "cseq",
  "contact",
  "require",
  "authorization",
  "lines",
  "length",
  "body",
];

const FILLINGS = [
  ",",
  '"',
  ";",
  ";a",
  ";a=b",
  '\\"',
  "\\",
  "<",
  ">",
  " ",
  "\t",
  "\r\n ",
  " \r\n\t",
  "x \r\n x",
  "\r\n x" + " ".repeat(32000),
  "a\r\n " + " ".repeat(60000),
  ",SIP/2.0/UDP h;branch=z9hG4bK1",
  ",<sip:a@b>",
  ', "a" <sip:a@b>;q=0.5',
  ', a="b"',
  "Via: SIP/2.0/UDP h\r\n",
  "Contact: <sip:a@b>\r\n",
  "x:\r\n",
  "\r\n",
  "%",
  "%41",
  "a.",
  "a-",
  "[",
  "1",
  "=",
  "\0",
  "\xff",
];

Deno.test("parse() and examine() do not work longer than 64 KB deserve", () => {
  const slow: string[] = [];
  for (const place of PLACES) {
    for (const filling of FILLINGS) {
      if (slow.length >= 3) continue;
      const octets = makeHostile(64100, place, filling);
      const begun = performance.now();
      const read = parse(octets, 0, octets.length);
      if (read.kind === "message") {
        ask(read);
        examine(read);
      }
      const took = performance.now() - begun;
      if (took > MOST_MS) {
        slow.push(
          `${place} full of ${JSON.stringify(filling.slice(0, 20))}: ${
            Math.round(took)
          } ms`,
        );
      }
    }
  }
  assert.deepEqual(slow, []);
});
