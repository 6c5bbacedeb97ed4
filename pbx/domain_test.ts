/**
 * Whose host is whose.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../sip/flow.ts";
import { parseUri } from "../sip/parse_uri.ts";
import { Domains } from "./domain.ts";
import { PHONE } from "./sample_test.ts";

const INSIDE = new Flow("udp", 1, "127.0.0.1", 5060, "127.0.0.1", 40000);
const INSIDE_6 = new Flow("udp", 1, "::1", 5060, "::1", 40000);
/** The machine writes to itself by its own address. */
const ITSELF = new Flow("udp", 1, "192.0.2.1", 5060, "192.0.2.1", 40000);
const NAMED = new Domains(["PBX.Example"], ["192.0.2.1", "2001:DB8::1"]);
const UNNAMED = new Domains([], ["192.0.2.1"]);

function isOurs(domains: Domains, uri: string, flow: Flow): boolean {
  const parsed = parseUri(uri);
  assert.ok(parsed?.kind === "sip", uri);
  return domains.isOurs(parsed, flow);
}

Deno.test("Domains.isOurs() knows configured names, own addresses and nothing else", () => {
  const table: readonly (readonly [string, boolean])[] = [
    ["sip:pbx.example", true],
    ["sip:1001@PBX.EXAMPLE", true],
    ["sip:pbx.example.", true],
    ["sips:pbx.example:5061", true],
    ["sip:192.0.2.1", true],
    ["sip:[2001:db8::1]", true],
    ["sip:[2001:DB8::1]:5060", true],
    ["sip:192.0.2.2", false],
    ["sip:other.example", false],
    ["sip:sub.pbx.example", false],
    ["sip:pbx.example.org", false],
    ["sip:xpbx.example", false],
    ["sip:constructor", false],
  ];
  for (const [uri, expected] of table) {
    assert.equal(isOurs(NAMED, uri, PHONE), expected, uri);
  }
});

Deno.test("Domains.isOurs() takes every name where none is configured", () => {
  for (const uri of ["sip:any.example", "sip:203.0.113.77", "sip:[::2]"]) {
    assert.equal(isOurs(UNNAMED, uri, PHONE), true, uri);
  }
});

Deno.test("Domains.isOurs() takes the address that was written to, though it is not listed", () => {
  const flow = new Flow("udp", 1, "203.0.113.9", 5060, "198.51.100.7", 40000);
  assert.equal(isOurs(NAMED, "sip:203.0.113.9", flow), true);
  assert.equal(isOurs(NAMED, "sip:203.0.113.9", PHONE), false);
});

Deno.test("Domains.isOurs() takes localhost only from the machine itself", () => {
  const hosts = [
    "sip:localhost",
    "sip:LocalHost:5060",
    "sip:localhost.",
    "sip:127.0.0.1",
    "sip:127.3.2.1",
    "sip:[::1]",
    "sip:[::ffff:127.0.0.1]",
  ];
  for (const domains of [NAMED, UNNAMED]) {
    for (const uri of hosts) {
      assert.equal(isOurs(domains, uri, PHONE), false, `${uri} from outside`);
      for (const flow of [INSIDE, INSIDE_6, ITSELF]) {
        assert.equal(isOurs(domains, uri, flow), true, `${uri} ${flow.peer}`);
      }
    }
  }
});
