/**
 * What a REGISTER asks for.
 * @module
 */

import assert from "node:assert/strict";
import type { Refusal } from "../sip/refusal.ts";
import { readRegistration, type RequestedContact } from "./registration.ts";
import {
  type Ask,
  flowFrom,
  LIMITS,
  PHONE,
  readMessage,
  requestText,
} from "./sample_test.ts";

const CONTACT = "<sip:1001@10.0.0.7:5062>";

function read(ask: Ask, flow = PHONE) {
  return readRegistration(readMessage(requestText(ask)), flow, LIMITS);
}

function readContacts(ask: Ask, flow = PHONE): readonly RequestedContact[] {
  const registration = read(ask, flow);
  assert.ok(registration.kind === "change", JSON.stringify(registration));
  return registration.contacts;
}

function readOne(contact: string, flow = PHONE): RequestedContact {
  return readContacts({ contacts: [contact] }, flow)[0]!;
}

function readRefusal(ask: Ask): Refusal {
  const registration = read(ask);
  assert.ok(registration.kind === "refusal", JSON.stringify(registration));
  return registration;
}

Deno.test("readRegistration() takes a REGISTER without Contact for a question", () => {
  assert.deepEqual(read({}), { kind: "fetch" });
  assert.deepEqual(read({ headers: ["Expires: 0"] }), { kind: "fetch" });
});

Deno.test("readRegistration() takes * only with Expires 0", () => {
  const all = { contacts: ["*"] };
  assert.deepEqual(read({ ...all, headers: ["Expires: 0"] }), {
    kind: "remove-all",
  });
  const wrong = [[], ["Expires: 5"], ["Expires: 3600"], ["Expires: x"]];
  for (const headers of wrong) {
    const refusal = readRefusal({ ...all, headers });
    assert.equal(refusal.status, 400);
    assert.equal(refusal.why, "wildcard-misused");
  }
});

Deno.test("readRegistration() refuses * among other contacts", () => {
  const headers = ["Expires: 0"];
  const mixtures = [
    ["*", CONTACT],
    [CONTACT, "*"],
    [`*, ${CONTACT}`],
    ["*", "*"],
    ["*;expires=0"],
  ];
  for (const contacts of mixtures) {
    assert.equal(readRefusal({ contacts, headers }).status, 400);
  }
});

Deno.test("readRegistration() takes the parameter before the header field before the default", () => {
  const table: readonly (readonly [string | null, string | null, number])[] = [
    ["300", "600", 300],
    ["300", null, 300],
    [null, "600", 600],
    [null, null, 3600],
    ["0", "600", 0],
    [null, "0", 0],
    // what is no number counts as missing
    ["5abc", "600", 600],
    ["5abc", null, 3600],
    [null, "5abc", 3600],
    ["1e3", null, 3600],
    ["0x10", null, 3600],
    ["+300", null, 3600],
    ["-1", null, 3600],
    [null, "-1", 3600],
    ["99999999999", null, 3600],
    ['"300"', null, 300],
    // clamped, and a wish between the bounds granted
    ["60", null, 60],
    ["61", null, 61],
    ["7199", null, 7199],
    ["7200", null, 7200],
    ["7201", null, 7200],
    ["4294967295", null, 7200],
    [null, "100000", 7200],
  ];
  for (const [parameter, header, expected] of table) {
    const contact = parameter === null
      ? CONTACT
      : `${CONTACT};expires=${parameter}`;
    const headers = header === null ? [] : [`Expires: ${header}`];
    const [read] = readContacts({ contacts: [contact], headers });
    assert.equal(read!.expiresSeconds, expected, `${parameter}, ${header}`);
  }
});

Deno.test("readRegistration() answers a wish below the minimum with 423 and says the minimum", () => {
  for (const seconds of [1, 5, 59]) {
    for (
      const ask of [
        { contacts: [`${CONTACT};expires=${seconds}`] },
        { contacts: [CONTACT], headers: [`Expires: ${seconds}`] },
      ]
    ) {
      const { status, why, headers } = readRefusal(ask);
      assert.equal(status, 423);
      assert.equal(why, "interval-too-brief");
      assert.equal(headers, "Min-Expires: 60\r\n");
    }
  }
});

Deno.test("readRegistration() reads several contacts, in one header field and in several", () => {
  const contacts = [
    "<sip:1@a>;q=0.5, sip:2@b;expires=300",
    '"A, B" <sip:3@c;x=1>;q=1.000;expires=120',
  ];
  const read = readContacts({ contacts, headers: ["Expires: 900"] });
  assert.deepEqual(
    read.map(({ uri, q, expiresSeconds }) => [uri.text, q, expiresSeconds]),
    [["sip:1@a", 500, 900], ["sip:2@b", 1000, 300], ["sip:3@c;x=1", 1000, 120]],
  );
});

Deno.test("readRegistration() reads q in thousandths", () => {
  const table: readonly (readonly [string, number])[] = [
    ["0", 0],
    ["0.", 0],
    ["0.5", 500],
    ["0.25", 250],
    ["0.001", 1],
    ["1", 1000],
    ["1.0", 1000],
    ["1.000", 1000],
    ["1.5", 1000],
    ["2", 1000],
    ["0.0001", 1000],
    ["x", 1000],
  ];
  for (const [text, expected] of table) {
    assert.equal(readOne(`${CONTACT};q=${text}`).q, expected, text);
  }
});

Deno.test("readRegistration() refuses contacts that nobody could call", () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ["<tel:+998712000000>", /SIP URI/],
    ["<mailto:a@b>", /SIP URI/],
    ["<sip:1001@192.0.2.1>", /no phone/],
    ["<sip:1001@192.0.2.1:5060;ob>;expires=300", /no phone/],
    ["<sip:1001@224.0.0.1:5062>", /no phone/],
    ["<sip:1001@[ff02::1]:5062>", /no phone/],
    ["<sip:1001@255.255.255.255>", /no phone/],
    [`<sip:${"x".repeat(1100)}@h>`, /too long/],
  ];
  for (const [contact, reason] of table) {
    const refusal = readRefusal({ contacts: [CONTACT, contact] });
    assert.equal(refusal.status, 400, contact);
    assert.equal(refusal.why, "contact-unusable", contact);
    assert.match(refusal.reason, reason);
  }
  // another port of the machine is a phone that runs there
  assert.equal(readOne("<sip:1001@192.0.2.1:5070>").isBehindNat, true);
});

Deno.test("readRegistration() refuses more contacts than could ever hold", () => {
  const contacts = Array.from({ length: 9 }, (_, i) => `<sip:${i}@h>`);
  assert.equal(readRefusal({ contacts }).why, "contact-unusable");
  assert.equal(readContacts({ contacts: contacts.slice(1) }).length, 8);
});

Deno.test("readRegistration() sees NAT where the contact is not where the phone wrote from", () => {
  const table: readonly (readonly [string, string, number, boolean])[] = [
    ["<sip:1@10.0.0.7:5062>", "198.51.100.7", 40000, true],
    ["<sip:1@198.51.100.7:40000>", "198.51.100.7", 40000, false],
    ["<sip:1@198.51.100.7:40001>", "198.51.100.7", 40000, true],
    ["<sip:1@198.51.100.7>", "198.51.100.7", 5060, false],
    ["<sip:1@198.51.100.7>", "198.51.100.7", 40000, true],
    ["<sip:1@[2001:DB8::7]:5062>", "2001:db8::7", 5062, false],
  ];
  for (const [contact, host, port, expected] of table) {
    const { isBehindNat } = readOne(contact, flowFrom(host, port));
    assert.equal(isBehindNat, expected, `${contact} from ${host}:${port}`);
  }
});

Deno.test("readRegistration() reads the parameters of RFC 5626", () => {
  const instance = '+sip.instance="<urn:uuid:00000000-0000-1000-8000-AABB>"';
  const table: readonly (readonly [string, string, number, boolean])[] = [
    [CONTACT, "", 0, false],
    ["<sip:1@h;ob>", "", 0, true],
    [`${CONTACT};${instance}`, instance.slice(15, -1), 0, false],
    [`${CONTACT};${instance};reg-id=2`, instance.slice(15, -1), 2, true],
    [`${CONTACT};reg-id=3;${instance}`, instance.slice(15, -1), 3, true],
    [`${CONTACT};${instance};reg-id=x`, instance.slice(15, -1), 0, false],
    // without an instance a reg-id identifies nothing
    [`${CONTACT};reg-id=2`, "", 0, false],
    [`${CONTACT};reg-id=2;+sip.instance="${"x".repeat(300)}"`, "", 0, false],
  ];
  for (const [contact, expected, regId, isOutbound] of table) {
    const read = readOne(contact);
    assert.equal(read.instance, expected, contact);
    assert.equal(read.regId, regId, contact);
    assert.equal(read.isOutbound, isOutbound, contact);
  }
});
