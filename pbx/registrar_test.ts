/**
 * The registrar by RFC 3261 §10.3: which bindings a REGISTER leaves behind. The extensions of
 * RFC 5626 and RFC 3327 are in `registrar_outbound_test.ts`.
 * @module
 */

import assert from "node:assert/strict";
import { BindingTable } from "./binding_table.ts";
import { Directory } from "./directory.ts";
import { Registrar } from "./registrar.ts";
import {
  type Ask,
  LIMITS,
  PHONE,
  readMessage,
  recordOf,
  requestText,
} from "./sample_test.ts";

const A = "<sip:1001@10.0.0.7:5062>";
const B = "<sip:1001@10.0.0.8:5062>";
const C = "<sip:1001@10.0.0.9:5062>";

/** A registrar with a clock. Each request has a Call-ID of its own, if it names none. */
class Counter {
  readonly directory = new Directory();
  readonly bindings = new BindingTable();
  readonly registrar = new Registrar(this.directory, this.bindings, LIMITS);
  now = { wallMs: 1_800_000_000_000, monotonicMs: 1000 };
  #requests = 0;

  constructor() {
    for (const number of ["1001", "1002"]) {
      this.directory.set(recordOf(number));
    }
  }

  register(ask: Ask, extension = 0) {
    const callId = `call-${this.#requests++}`;
    const message = readMessage(requestText({ callId, ...ask }));
    return this.registrar.register(message, extension, PHONE, this.now);
  }

  /** The same for what must be carried out; the changes that the facts tell of. */
  accept(ask: Ask, extension = 0): string[] {
    const outcome = this.register(ask, extension);
    assert.ok(outcome.kind === "registered", JSON.stringify(outcome));
    return outcome.facts.map((fact) =>
      fact.kind === "registered" ? fact.change : fact.why
    );
  }

  /** The same for what must be refused and change nothing. */
  refuse(ask: Ask): readonly [number, string, string] {
    const before = this.headers();
    this.registrar.changed.clear();
    const outcome = this.register(ask);
    assert.ok(outcome.kind === "refusal", JSON.stringify(ask));
    assert.equal(this.headers(), before);
    assert.equal(this.registrar.changed.size, 0);
    return [outcome.status, outcome.why, outcome.headers];
  }

  /** The contacts that are bound, newest first. */
  contacts(extension = 0): string[] {
    return this.registrar.slotsOf(extension).map((slot) =>
      `<${this.bindings.get(slot).contact}>`
    );
  }

  headers(extension = 0): string {
    return this.registrar.contactHeaders(extension, this.now.monotonicMs);
  }

  wait(seconds: number): void {
    const { wallMs, monotonicMs } = this.now;
    this.now = {
      wallMs: wallMs + seconds * 1000,
      monotonicMs: monotonicMs + seconds * 1000,
    };
  }
}

Deno.test("Registrar.register() answers a question with all bindings, and changes nothing", () => {
  const counter = new Counter();
  assert.deepEqual(counter.accept({}), []);
  assert.equal(counter.headers(), "");
  counter.accept({ contacts: [A, `${B};q=0.5`] });
  counter.registrar.changed.clear();
  const outcome = counter.register({});
  assert.ok(outcome.kind === "registered" && outcome.isFetch);
  assert.equal(counter.registrar.changed.size, 0);
  assert.equal(
    counter.headers(),
    `Contact: ${B};expires=3600;q=0.5\r\nContact: ${A};expires=3600\r\n`,
  );
});

Deno.test("Registrar.register() adds, refreshes and removes", () => {
  const counter = new Counter();
  assert.deepEqual(counter.accept({ contacts: [A] }), ["added"]);
  assert.deepEqual(counter.accept({ contacts: [`${B};expires=120`] }), [
    "added",
  ]);
  assert.deepEqual(counter.contacts(), [B, A]);
  assert.deepEqual(counter.accept({ contacts: [`${A};expires=600`] }), [
    "refreshed",
  ]);
  assert.deepEqual(counter.contacts(), [A, B]);
  assert.deepEqual(counter.accept({ contacts: [`${B};expires=0`] }), [
    "by-phone",
  ]);
  assert.deepEqual(counter.contacts(), [A]);
  assert.deepEqual(counter.accept({ contacts: [`${C};expires=0`] }), []);
  assert.deepEqual(counter.contacts(1), []);
  assert.equal(counter.bindings.live, 1);
});

Deno.test("Registrar.register() tells the remaining time, not the granted one", () => {
  const counter = new Counter();
  counter.accept({ contacts: [`${A};expires=300`] });
  counter.wait(100);
  counter.accept({ contacts: [`${B};expires=600`] });
  counter.wait(50);
  assert.equal(
    counter.headers(),
    `Contact: ${B};expires=550\r\nContact: ${A};expires=150\r\n`,
  );
  counter.accept({ contacts: [`${A};expires=300`] });
  assert.match(counter.headers(), /^Contact: [^;]*7:5062>;expires=300\r\n/);
});

Deno.test("Registrar.register() keeps what a phone said, and where it said it", () => {
  const counter = new Counter();
  const headers = ["User-Agent: Phone/1"];
  counter.accept({ contacts: [`${A};q=0.25`], callId: "c", cseq: 7, headers });
  const [slot] = counter.registrar.slotsOf(0);
  assert.deepEqual(counter.bindings.get(slot!), {
    contact: "sip:1001@10.0.0.7:5062",
    callId: "c",
    cseq: 7,
    expiresAtMs: 1000 + 3_600_000,
    grantedSeconds: 3600,
    q: 250,
    userAgent: "Phone/1",
    instance: "",
    regId: 0,
    path: "",
    isBehindNat: true,
    isOutbound: false,
    transport: "udp",
    flowId: 1,
    host: "198.51.100.7",
    port: 40000,
    localHost: "192.0.2.1",
    localPort: 5060,
  });
  assert.deepEqual([...counter.registrar.changed.keys()], [slot]);
});

Deno.test("Registrar.register() removes all for *, of this extension only", () => {
  const counter = new Counter();
  counter.accept({ contacts: [A, B] });
  counter.accept({ contacts: [C] }, 1);
  const ask = { contacts: ["*"], headers: ["Expires: 0"] };
  assert.deepEqual(counter.accept(ask), ["by-phone", "by-phone"]);
  assert.deepEqual(counter.contacts(), []);
  assert.deepEqual(counter.contacts(1), [C]);
  assert.deepEqual(counter.accept(ask), []);
});

Deno.test("Registrar.register() removes all with Expires 0, except what has its own parameter", () => {
  const counter = new Counter();
  counter.accept({ contacts: [A, B] });
  const ask = { contacts: [A, `${B};expires=300`], headers: ["Expires: 0"] };
  assert.deepEqual(counter.accept(ask), ["by-phone", "refreshed"]);
  assert.deepEqual(counter.contacts(), [B]);
});

Deno.test("Registrar.register() carries a request out whole or not at all", () => {
  const bad: readonly (readonly [string, string])[] = [
    ["<tel:1001>", "contact-unusable"],
    ["<sip:1001@192.0.2.1>", "contact-unusable"],
    [`${C};expires=5`, "interval-too-brief"],
    ["*", "contact-unusable"],
  ];
  for (const [contact, why] of bad) {
    for (const place of [0, 1, 2]) {
      const counter = new Counter();
      counter.accept({ contacts: [A] });
      const contacts = [`${A};expires=0`, `${B};expires=300`];
      contacts.splice(place, 0, contact);
      assert.equal(counter.refuse({ contacts })[1], why);
      assert.deepEqual(counter.contacts(), [A]);
    }
  }
});

Deno.test("Registrar.register() wants a higher CSeq within a Call-ID, for every kind of change", () => {
  const all = { contacts: ["*"], headers: ["Expires: 0"] };
  const changes: readonly Ask[] = [
    { contacts: [`${A};expires=300`] },
    { contacts: [`${A};expires=0`] },
    { contacts: [C, A] },
    { contacts: [`${B};expires=0`, `${A};expires=0`] },
    all,
  ];
  for (const change of changes) {
    const counter = new Counter();
    counter.accept({ contacts: [B] });
    counter.accept({ contacts: [A], callId: "one", cseq: 10 });
    for (const cseq of [9, 10]) {
      const refusal = counter.refuse({ ...change, callId: "one", cseq });
      assert.deepEqual(refusal, [500, "cseq-out-of-order", ""]);
    }
    counter.accept({ ...change, callId: "one", cseq: 11 });
  }
});

Deno.test("Registrar.register() takes any CSeq of another Call-ID", () => {
  const counter = new Counter();
  counter.accept({ contacts: [A], callId: "one", cseq: 10 });
  const other = { contacts: [A], callId: "two", cseq: 1 };
  assert.deepEqual(counter.accept(other), ["refreshed"]);
  // and from now on that Call-ID counts
  assert.equal(counter.refuse(other)[1], "cseq-out-of-order");
  assert.deepEqual(
    counter.accept({ contacts: [A], callId: "one", cseq: 3 }),
    ["refreshed"],
  );
});

Deno.test("Registrar.register() compares contacts by RFC 3261 §19.1.4", () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ["sip:a@Host.Example:5062", "sip:a@hOST.example:5062", true],
    ["SIP:a@h", "sip:a@h", true],
    ["sip:%61lice@h", "sip:alice@h", true],
    ["sip:a%3bb@h", "sip:a%3Bb@h", true],
    ["sip:alice@h", "sip:Alice@h", false],
    ["sip:a@h", "sip:a@h:5060", false],
    ["sip:a@h:5060", "sip:a@h:5061", false],
    ["sip:a@h", "sips:a@h", false],
    ["sip:a@h", "sip:h", false],
    ["sip:a@h", "sip:a:secret@h", false],
    ["sip:a@h;transport=udp", "sip:a@h", false],
    ["sip:a@h;transport=UDP", "sip:a@h;Transport=udp", true],
    ["sip:a@h;transport=udp", "sip:a@h;transport=tcp", false],
    ["sip:a@h;user=phone", "sip:a@h", false],
    ["sip:a@h;maddr=192.0.2.9", "sip:a@h", false],
    ["sip:a@h;method=INVITE", "sip:a@h", false],
    ["sip:a@h;ttl=1", "sip:a@h", false],
    ["sip:a@h;ob", "sip:a@h", true],
    ["sip:a@h;x=1", "sip:a@h;y=2", true],
    ["sip:a@h;x=1", "sip:a@h;x=2", false],
    ["sip:a@h;x=1;y=2", "sip:a@h;y=2;x=1", true],
    ["sip:a@h?a=1&b=2", "sip:a@h?b=2&a=1", true],
    ["sip:a@h?a=1", "sip:a@h", false],
    ["sip:a@[2001:DB8::1]", "sip:a@[2001:db8::1]", true],
  ];
  for (const [first, second, isSame] of table) {
    for (const [old, fresh] of [[first, second], [second, first]] as const) {
      const counter = new Counter();
      counter.accept({ contacts: [`<${old}>`] });
      const change = counter.accept({ contacts: [`<${fresh}>;q=0.1`] });
      assert.deepEqual(
        change,
        [isSame ? "refreshed" : "added"],
        `${old} ${fresh}`,
      );
      assert.equal(counter.contacts()[0], `<${fresh}>`);
      assert.equal(counter.contacts().length, isSame ? 1 : 2);
    }
  }
});

Deno.test("Registrar.register() changes a contact that is named twice only once", () => {
  const counter = new Counter();
  counter.accept({ contacts: [A, `${A};q=0.5`] });
  assert.equal(counter.headers(), `Contact: ${A};expires=3600;q=0.5\r\n`);
  counter.accept({ contacts: [`${A};q=0.2`, `${A};q=0.3`] });
  assert.equal(counter.headers(), `Contact: ${A};expires=3600;q=0.3\r\n`);
  assert.equal(counter.bindings.live, 1);
});

Deno.test("Registrar.register() bounds the contacts, and an answer says when to come again", () => {
  const counter = new Counter();
  const many = Array.from({ length: 5 }, (_, i) => `<sip:${i}@10.0.0.7>`);
  counter.accept({ contacts: many.slice(0, 4) });
  const refusal = counter.refuse({ contacts: [many[4]!] });
  assert.deepEqual(refusal, [503, "contact-limit", "Retry-After: 60\r\n"]);
  // a refresh takes no room, and a removal in the same request makes some
  counter.accept({ contacts: [many[0]!] });
  counter.accept({ contacts: [many[4]!, `${many[0]};expires=0`] });
  assert.equal(counter.bindings.live, 4);
});

Deno.test("Registrar.register() lets the oldest phone that does not answer make room", () => {
  const counter = new Counter();
  const many = Array.from({ length: 6 }, (_, i) => `<sip:${i}@10.0.0.7>`);
  for (const contact of many.slice(0, 4)) {
    counter.accept({ contacts: [contact] });
  }
  const slots = counter.registrar.slotsOf(0).reverse();
  counter.bindings.missedPings[slots[0]!] = 1; // once is no proof
  counter.bindings.missedPings[slots[1]!] = 2;
  counter.bindings.missedPings[slots[2]!] = 200;
  assert.deepEqual(counter.accept({ contacts: [many[4]!] }), [
    "limit",
    "added",
  ]);
  assert.deepEqual(
    counter.contacts(),
    [many[4], many[3], many[2], many[0]],
  );
  // the phone itself may not be thrown out by its own request
  counter.bindings.missedPings[slots[2]!] = 200;
  assert.equal(counter.refuse({ contacts: [many[2]!, many[5]!] })[0], 503);
});

Deno.test("Registrar.expiredSlots() names what is over, contactHeaders() never says 0", () => {
  const counter = new Counter();
  counter.accept({ contacts: [`${A};expires=60`, `${B};expires=61`] });
  counter.wait(60);
  const expired = counter.registrar.expiredSlots(0, counter.now.monotonicMs);
  assert.deepEqual(
    expired.map((slot) => `<${counter.bindings.get(slot).contact}>`),
    [A],
  );
  for (const slot of expired) counter.registrar.remove(slot);
  counter.wait(0.9);
  assert.equal(counter.headers(), `Contact: ${B};expires=1\r\n`);
});
