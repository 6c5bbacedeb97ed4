/**
 * What a bundle holds, and what it does not.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../../sip/flow.ts";
import { readText, toOctets } from "../../sip/octet.ts";
import { unzipSync } from "fflate";
import { type BundleParts, composeBundle } from "./bundle.ts";
import { zipInSteps } from "./bundle_zip.ts";

const FLOW = new Flow("udp", 0, "192.0.2.1", 5060, "192.0.2.20", 5062);
const HASH = "0123456789abcdef".repeat(2);
const MESSAGE = "REGISTER sip:pbx SIP/2.0\r\nTo: Ann <sip:73914026@pbx>\r\n" +
  'Authorization: Digest username="73914026", response="SECRET"\r\n\r\n';
const FACT = {
  kind: "refused",
  at: 1e12,
  number: "73914026",
  detail: `hash ${HASH}`,
};
const PARTS: BundleParts = {
  version: "1.2.3",
  madeAt: 1e12,
  versions: { pbx: "1.2.3" },
  config: { sip: [], adminPassword: "SECRET" },
  status: null,
  extensions: ["73914026"],
  facts: [FACT],
  messages: [
    { at: 1e12, direction: "in", flow: FLOW, octets: toOctets(MESSAGE) },
  ],
  verdicts: [],
  checks: {
    ok: true,
    checks: [{
      id: "register",
      state: "pass",
      title: "t",
      detail: "`73914026`",
      durationMs: 1,
    }],
  },
  counters: "# /proc/net/snmp\n",
  firewall: 'accept comment "73914026"\n',
  log: `{"password":"SECRET"} 73914026 ${HASH}\n`,
  missing: ["Log: nothing of 73914026"],
  secrets: [HASH],
};
const TEXTS = {
  messages: (messages: BundleParts["messages"]) =>
    messages.map(({ octets }) => readText(octets, 0, octets.length)),
  verdicts: () => [],
};

function compose(parts: BundleParts, hasNumbers: boolean): Map<string, string> {
  const entries = composeBundle(parts, hasNumbers, TEXTS);
  return new Map(
    entries.map((
      { name, octets },
    ) => [name, readText(octets, 0, octets.length)]),
  );
}

Deno.test("composeBundle() lets no secret out", () => {
  for (const hasNumbers of [true, false]) {
    const files = compose(PARTS, hasNumbers);
    assert.equal(files.size, 14);
    for (const [name, text] of files) {
      assert.doesNotMatch(text, /SECRET/, name);
      assert.doesNotMatch(text, new RegExp(HASH), name);
    }
    assert.match(files.get("messages.pcapng")!, /response="\*{6}"/);
    assert.match(files.get("messages.txt")!, /response="\*{6}"/);
  }
});

Deno.test("composeBundle() keeps numbers where that is wished", () => {
  const files = compose(PARTS, true);
  for (
    const name of ["facts.json", "messages.txt", "log.txt", "firewall.txt"]
  ) {
    assert.match(files.get(name)!, /73914026/, name);
  }
  assert.deepEqual(JSON.parse(files.get("extensions.json")!), ["73914026"]);
});

Deno.test("composeBundle() leaves no number and no name otherwise", () => {
  const files = compose(PARTS, false);
  for (const [name, text] of files) {
    assert.doesNotMatch(text, /73914026|Ann/, name);
  }
  assert.deepEqual(JSON.parse(files.get("extensions.json")!), ["n1"]);
  const [fact] = JSON.parse(files.get("facts.json")!);
  assert.equal(fact.number, "n1");
  assert.match(files.get("messages.txt")!, /To: \*\*\* <sip:n1@pbx>/);
});

Deno.test("composeBundle() drops the oldest where there is too much", () => {
  const facts = Array.from(
    { length: 20_000 },
    (_, i) => ({ ...FACT, number: String(i), detail: "x".repeat(1000) }),
  );
  const octets = new Uint8Array(60_000).fill(0x41);
  const messages = Array.from(
    { length: 200 },
    (_, i) => ({ at: i, direction: "in", flow: FLOW, octets }) as const,
  );
  const log = "old\n" + "y".repeat(2 << 20) + "new\n";
  const files = compose({ ...PARTS, facts, messages, log }, true);
  let total = 0;
  for (const text of files.values()) total += text.length;
  assert.ok(total < 20_000_000, String(total));
  assert.match(files.get("log.txt")!, /^y.*new\n$/s);
  assert.equal(JSON.parse(files.get("facts.json")!).at(-1).number, "19999");
});

Deno.test("composeBundle() shortens a line that no log has", () => {
  const log = `old ${"z".repeat(5000)}${HASH.repeat(2000)} end\nnext\n`;
  const files = compose({ ...PARTS, log }, true);
  const text = files.get("log.txt")!;
  assert.match(text, /^old z+ \S+ +end\nnext\n$/);
  assert.ok(text.length < 9000, String(text.length));
  assert.doesNotMatch(text, /[0-9a-f]{8}/);
});

Deno.test("zipInSteps() packs every file whole, with its time", () => {
  const entries = [
    { name: "a.txt", octets: toOctets("abc\n".repeat(100_000)) },
    { name: "empty.txt", octets: new Uint8Array(0) },
  ];
  const steps = zipInSteps(entries, Date.UTC(2026, 0, 2, 12));
  let count = 0;
  let result = steps.next();
  for (; result.done !== true; result = steps.next()) count++;
  assert.ok(count > 10, String(count));
  const files = unzipSync(result.value);
  assert.deepEqual(files["a.txt"], entries[0]!.octets);
  assert.deepEqual(files["empty.txt"], new Uint8Array(0));
  // the year stands in the upper seven bits, counted from 1980
  assert.equal(result.value[13]! >> 1, 46);
});
