/**
 * How loud facts are and what they say.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import type { ChallengeReason, RefusalReason } from "../../sip/fact.ts";
import type { Fact } from "../../pbx/fact.ts";
import {
  describeFact,
  describeFolded,
  factLevel,
  foldKey,
} from "./fact_text.ts";

const flow = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.7", 5060);
const about = {
  at: 0,
  flow,
  stage: "auth",
  method: "REGISTER",
  number: "1002",
  callId: "a@b",
  userAgent: "MicroSIP/3.21.6",
} as const;
const binding = { ...about, contact: "sip:1002@192.168.0.5:5060" };

function refused(why: RefusalReason, detail = ""): Fact {
  return { ...about, kind: "refused", status: 403, why, detail };
}

function challenged(why: ChallengeReason): Fact {
  return { ...about, kind: "challenged", why };
}

Deno.test("factLevel() is debug for all that a healthy phone does", () => {
  const healthy: readonly Fact[] = [
    challenged("no-credentials"),
    challenged("stale-nonce"),
    {
      ...about,
      kind: "datagram-seen",
      class: "keepalive",
      octets: 4,
      head: "",
    },
    {
      ...about,
      kind: "request-seen",
      cseq: 1,
      branch: "z9hG4bK",
      target: "sip:pbx.example",
      via: "10.0.0.7:5062",
      contact: "<sip:1001@10.0.0.7:5062>",
      hasCredentials: false,
      octets: 500,
    },
    { ...about, kind: "retransmission-seen", cseq: 1, branch: "z9hG4bK" },
    { ...about, kind: "bindings-fetched", bindings: 1 },
    {
      ...binding,
      kind: "registered",
      change: "refreshed",
      expiresSeconds: 60,
      isBehindNat: true,
    },
    { ...binding, kind: "unregistered", why: "replaced" },
    { ...binding, kind: "ping-answered", method: "OPTIONS", afterMs: 20 },
    refused("interval-too-brief"),
  ];
  for (const fact of healthy) {
    assert.equal(factLevel(fact), "debug", describeFact(fact).message);
  }
});

Deno.test("factLevel() warns of what an administrator can repair", () => {
  const levels = {
    "wrong-password": "warning",
    "unknown-extension": "warning",
    "wrong-domain": "warning",
    "contact-limit": "warning",
    "method-unknown": "info",
    "malformed": "info",
    "store-failed": "error",
  } as const;
  for (const [why, level] of Object.entries(levels)) {
    assert.equal(factLevel(refused(why as RefusalReason)), level, why);
  }
  const added = {
    ...binding,
    kind: "registered",
    change: "added",
    expiresSeconds: 60,
    isBehindNat: false,
  } as const;
  assert.equal(factLevel(added), "info");
});

Deno.test("describeFact() says what happened, to whom and from where", () => {
  const table: readonly [Fact, string][] = [
    [
      refused("wrong-password"),
      "`REGISTER` for extension `1002` from `198.51.100.7:5060` refused with `403` for `wrong-password`",
    ],
    [
      {
        ...binding,
        kind: "registered",
        change: "added",
        expiresSeconds: 3600,
        isBehindNat: true,
      },
      "Binding of contact `sip:1002@192.168.0.5:5060` of extension `1002` added from `198.51.100.7:5060` for `3600` seconds, behind NAT",
    ],
    [
      {
        ...about,
        kind: "malformed-seen",
        what: "no colon",
        position: 30,
        rfc: "RFC 3261 §7.3.1",
        status: 0,
      },
      "Malformed message from `198.51.100.7:5060`, dropped: `no colon` at octet `30` (RFC 3261 §7.3.1)",
    ],
    [
      {
        ...about,
        kind: "transport-trouble",
        what: "kernel-drops",
        count: 12,
        detail: "",
      },
      "The kernel dropped datagrams (`198.51.100.7:5060`, `12`)",
    ],
    [
      { kind: "store-failed", at: 0, stage: "process", detail: "disk full" },
      "Registrations cannot be stored: `disk full`",
    ],
  ];
  for (const [fact, message] of table) {
    assert.equal(describeFact(fact).message, message);
  }
});

Deno.test("describeFact() gives the values by name, and the peer as text", () => {
  assert.deepEqual(
    describeFact(refused("wrong-password", "realm `pbx`")).properties,
    {
      kind: "refused",
      stage: "auth",
      method: "REGISTER",
      number: "1002",
      callId: "a@b",
      userAgent: "MicroSIP/3.21.6",
      status: 403,
      why: "wrong-password",
      detail: "realm `pbx`",
      source: "198.51.100.7:5060",
      local: "192.0.2.1:5060",
      transport: "udp",
    },
  );
});

Deno.test("describeFact() escapes and cuts what strangers write", () => {
  const octets = "\u00d0\u0090\u00d0\u00bd\u00d0\u00bd\u00d0\u00b0";
  const fact = {
    ...about,
    kind: "challenged",
    why: "other-realm",
    number: `${octets}\u001b[2J\r\n`,
  } as const;
  const { message } = describeFact({ ...fact, userAgent: "x".repeat(5000) });
  assert.ok(message.includes("`Анна\\x1b[2J\\x0d\\x0a`"), message);
  const { properties } = describeFact({ ...fact, userAgent: "x".repeat(5000) });
  assert.equal(String(properties["userAgent"]).length, 256);
  assert.ok(
    describeFact({ ...fact, number: "\u009b2J" }).message.includes("`\\x9b2J`"),
  );
});

Deno.test("foldKey() joins the same complaint about the same host", () => {
  const elsewhere = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.7", 6000);
  const one = foldKey(refused("wrong-password"));
  assert.equal(
    foldKey({ ...refused("wrong-password"), flow: elsewhere } as Fact),
    one,
  );
  assert.notEqual(foldKey(refused("unknown-extension")), one);
  assert.equal(
    foldKey({ ...binding, kind: "unregistered", why: "expired" }),
    null,
  );
  assert.equal(
    describeFolded(refused("wrong-password"), 7, false).message,
    "More of `wrong-password` from `198.51.100.7` in the last minute: `7`",
  );
});
