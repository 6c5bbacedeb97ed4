/**
 * The user's phone among scanners and other phones.
 * @module
 */

import assert from "node:assert/strict";
import type { RequestSeen } from "../../sip/fact.ts";
import { Flow } from "../../sip/flow.ts";
import { isScanner, recognise } from "./recognise.ts";
import { StoryBook, type StoryFact } from "./story_book.ts";
import type { PacketSeen } from "../wire/packet_fact.ts";

const OFFICE = "198.51.100.7";
const STRANGER = "203.0.113.66";

function request(
  host: string,
  number: string,
  at: number,
  changes: Partial<RequestSeen> = {},
): RequestSeen {
  return {
    kind: "request-seen",
    at,
    flow: new Flow("udp", 0, "192.0.2.1", 5060, host, 40000),
    stage: "parse",
    method: "REGISTER",
    number,
    callId: `${host} ${number}`,
    cseq: 1,
    branch: "z9hG4bKa",
    target: "sip:192.0.2.1",
    via: "10.0.0.7:5062",
    contact: `<sip:${number}@10.0.0.7:5062>`,
    hasCredentials: false,
    userAgent: "MicroSIP/3.21.6",
    octets: 500,
    ...changes,
  };
}

function refused(host: string, number: string, at: number): StoryFact {
  const { flow, callId, userAgent } = request(host, number, at);
  return {
    kind: "refused",
    at,
    flow,
    stage: "auth",
    method: "REGISTER",
    number,
    callId,
    status: 403,
    why: "wrong-password",
    detail: "",
    userAgent,
  };
}

function registered(host: string, number: string, at: number): StoryFact {
  const { flow, callId, userAgent } = request(host, number, at);
  return {
    kind: "registered",
    at,
    flow,
    stage: "reply",
    number,
    contact: `sip:${number}@10.0.0.7:5062`,
    change: "added",
    callId,
    expiresSeconds: 300,
    userAgent,
    isBehindNat: true,
  };
}

function packet(
  host: string,
  localPort: number,
  changes: Partial<PacketSeen> = {},
): PacketSeen {
  return {
    kind: "packet-seen",
    stage: "nic",
    at: 1000,
    direction: "in",
    transport: "udp",
    host,
    port: 40000,
    localHost: "192.0.2.1",
    localPort,
    class: "sip",
    octets: 500,
    method: "REGISTER",
    status: 0,
    number: "1001",
    callId: "a",
    cseq: 1,
    hasCredentials: false,
    userAgent: "MicroSIP/3.21.6",
    ...changes,
  };
}

/** Who is picked, as `number@host`, and how many scanners there are. */
function pick(
  facts: readonly StoryFact[],
  number: string,
  extensions: readonly string[] = ["1001", "1002"],
): readonly [string | null, number] {
  const book = new StoryBook();
  for (const fact of facts) book.add(fact);
  const wanted = { number, since: 1000, extensions };
  const { story, noise } = recognise(book.stories(), book.trails(), wanted);
  const who = story === null ? null : `${story.number}@${story.host}`;
  return [who, noise.hosts];
}

const scan = Array.from(
  { length: 30 },
  (_, i) => request(STRANGER, String(1000 + i), 1000 + i),
);

Deno.test("recognise() picks the phone with the number, and no scanner that tries it too", () => {
  const facts = [...scan, request(OFFICE, "1001", 1010), ...scan];
  assert.deepEqual(pick(facts, "1001"), [`1001@${OFFICE}`, 1]);
  assert.deepEqual(pick(facts, ""), [`1001@${OFFICE}`, 1]);
  assert.deepEqual(pick(scan, "1001"), [null, 1]);
});

Deno.test("recognise() knows a scanner by its name at its first request", () => {
  const named = request(STRANGER, "1001", 1000, {
    userAgent: "friendly-scanner",
  });
  assert.deepEqual(pick([named], "1001"), [null, 1]);
  const card = packet(STRANGER, 5060, { userAgent: "SIPVicious" });
  assert.deepEqual(pick([card], ""), [null, 1]);
});

Deno.test("recognise() takes no phone that registered for the scanner behind the same router", () => {
  const scanner = request(OFFICE, "1002", 1000, {
    userAgent: "friendly-scanner",
  });
  const phone = [
    request(OFFICE, "1001", 1010),
    registered(OFFICE, "1001", 1011),
  ];
  assert.deepEqual(pick([scanner, ...phone, scanner], ""), [
    `1001@${OFFICE}`,
    1,
  ]);
  assert.deepEqual(pick([scanner, request(OFFICE, "1001", 1010)], ""), [
    null,
    1,
  ]);
});

Deno.test("recognise() knows a scanner by the passwords that it tries, and no person by a few", () => {
  const guess = (count: number) =>
    Array.from({ length: count }, (_, i) => [
      request(STRANGER, "1001", 1000 + i),
      refused(STRANGER, "1001", 1000 + i),
    ]).flat();
  assert.deepEqual(pick(guess(4), "1001"), [`1001@${STRANGER}`, 0]);
  assert.deepEqual(pick(guess(25), "1001"), [null, 1]);
});

Deno.test("isScanner() takes no office for one, however many phones sit behind its router", () => {
  const book = new StoryBook();
  for (let i = 0; i < 30; i++) {
    book.add(request(OFFICE, String(1000 + i), 1000 + i));
    book.add(registered(OFFICE, String(1000 + i), 1000 + i));
  }
  assert.equal(isScanner(book.trails()[0]!, new Set()), false);
});

Deno.test("isScanner() takes no office for one in which no phone works yet", () => {
  const book = new StoryBook();
  const numbers = Array.from({ length: 10 }, (_, i) => String(1000 + i));
  for (let round = 0; round < 10; round++) {
    for (const number of numbers) {
      const at = 1000 + round * 35_000;
      book.add(request(OFFICE, number, at));
      book.add(refused(OFFICE, number, at));
    }
    const [trail] = book.trails();
    assert.equal(isScanner(trail!, new Set(numbers)), false, String(round));
  }
});

Deno.test("recognise() picks a phone with a number that does not exist where the wanted one is silent", () => {
  const facts = [
    request(OFFICE, "1020", 1010),
    request("192.0.2.9", "1002", 1020),
  ];
  assert.deepEqual(pick(facts, "1001"), [`1020@${OFFICE}`, 0]);
  assert.deepEqual(pick(facts, "1002"), ["1002@192.0.2.9", 0]);
});

Deno.test("recognise() prefers who tries now to what was known before", () => {
  const before = [request(OFFICE, "1001", 10), registered(OFFICE, "1001", 10)];
  assert.deepEqual(pick(before, "1001"), [`1001@${OFFICE}`, 0]);
  assert.deepEqual(pick(before, ""), [null, 0]);
  const now = packet("192.0.2.9", 5070);
  assert.deepEqual(pick([...before, now], "1001"), ["1001@192.0.2.9", 0]);
  const again = request(OFFICE, "1001", 1500);
  assert.deepEqual(pick([...before, now, again], "1001"), [
    `1001@${OFFICE}`,
    0,
  ]);
});

Deno.test("recognise() takes nobody from elsewhere for a phone that is registered and answers", () => {
  const known = [request(OFFICE, "1001", 10), registered(OFFICE, "1001", 10)];
  const strangers = [
    packet(STRANGER, 5061, { class: "syn", number: "" }),
    packet(STRANGER, 5080, { number: "100" }),
    request(STRANGER, "7777", 1500),
  ];
  for (const stranger of strangers) {
    assert.deepEqual(pick([stranger], "1001")[0]?.slice(-12), STRANGER);
    assert.deepEqual(pick([...known, stranger], "1001"), [
      `1001@${OFFICE}`,
      0,
    ]);
  }
  const own = packet(OFFICE, 5061, { class: "syn", number: "" });
  assert.deepEqual(pick([...known, own], "1001"), [`@${OFFICE}`, 0]);
});

Deno.test("recognise() prefers who signed on with the password to who only says the number", () => {
  const phone = [
    request(OFFICE, "1001", 1500),
    registered(OFFICE, "1001", 1501),
  ];
  const stranger = request(STRANGER, "1001", 1600);
  assert.deepEqual(pick([...phone, stranger], "1001"), [`1001@${OFFICE}`, 0]);
  // another phone of the same number that only refreshes is not the one that was told to
  const before = [request(OFFICE, "1001", 10), registered(OFFICE, "1001", 11)];
  const refreshed = {
    ...registered(OFFICE, "1001", 1501),
    change: "refreshed",
  };
  const other = [phone[0]!, refreshed as StoryFact];
  assert.deepEqual(pick([...before, ...other, stranger], "1001"), [
    `1001@${STRANGER}`,
    0,
  ]);
});

Deno.test("recognise() picks a host that got no further than the card, but none that only asks for OPTIONS", () => {
  assert.deepEqual(
    pick([packet(OFFICE, 5061, { class: "syn", number: "" })], ""),
    [
      `@${OFFICE}`,
      0,
    ],
  );
  const options = packet(OFFICE, 5070, { method: "OPTIONS" });
  assert.deepEqual(pick([options], ""), [null, 0]);
  assert.deepEqual(pick([packet("127.0.0.1", 5070)], ""), [null, 0]);
});
