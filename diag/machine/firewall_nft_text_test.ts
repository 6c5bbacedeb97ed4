/**
 * Rules of `nft -j` in the words of `nft list ruleset`.
 * @module
 */

import assert from "node:assert/strict";
import { writeRule } from "./firewall_nft_text.ts";

/** Statements of `nft -j`, and what `nft list ruleset` shows for them. */
const RULES: readonly (readonly [string, string])[] = [
  [
    '[{"match":{"op":"==","left":{"meta":{"key":"iifname"}},"right":"eth*"}},{"match":{"op":"!=","left":{"payload":{"protocol":"udp","field":"dport"}},"right":5061}},{"log":{"prefix":"a"}},{"drop":null}]',
    'iifname "eth*" udp dport != 5061 log prefix "a" drop',
  ],
  [
    '[{"match":{"op":"==","left":{"concat":[{"payload":{"protocol":"ip","field":"saddr"}},{"payload":{"protocol":"udp","field":"dport"}}]},"right":{"set":[{"concat":["10.0.0.1",5060]},{"concat":[{"prefix":{"addr":"10.1.0.0","len":16}},{"range":[5061,5070]}]}]}}},{"accept":null}]',
    "ip saddr . udp dport { 10.0.0.1 . 5060, 10.1.0.0/16 . 5061-5070 } accept",
  ],
  [
    '[{"vmap":{"key":{"ct":{"key":"state"}},"data":{"set":[["invalid",{"drop":null}],["new",{"jump":{"target":"sip"}}]]}}}]',
    "ct state vmap { invalid : drop, new : jump sip }",
  ],
  [
    '[{"match":{"op":"==","left":{"&":[{"payload":{"protocol":"tcp","field":"flags"}},["fin","syn","rst","ack"]]},"right":"syn"}},{"counter":{"packets":5,"bytes":9}},{"reject":{"type":"tcp reset"}}]',
    "tcp flags syn / fin,syn,rst,ack reject with tcp reset",
  ],
  [
    '[{"match":{"op":"==","left":{"fib":{"result":"oif","flags":["saddr","iif"]}},"right":false}},{"drop":null}]',
    "fib saddr . iif oif missing drop",
  ],
  [
    '[{"match":{"op":"==","left":{"&":[{"ct":{"key":"mark"}},255]},"right":2}},{"mangle":{"key":{"meta":{"key":"mark"}},"value":1}},{"goto":{"target":"b"}}]',
    "ct mark & 255 == 2 meta mark set 1 goto b",
  ],
  [
    '[{"match":{"op":"==","left":{"payload":{"protocol":"udp","field":"dport"}},"right":5060}},{"limit":{"rate":1,"burst":0,"per":"second","inv":true,"rate_unit":"mbytes"}},{"drop":null}]',
    "udp dport 5060 limit rate over 1 mbytes/second drop",
  ],
  [
    '[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"saddr"}},"right":"@black"}},{"ct count":{"val":20,"inv":true}},{"dnat":{"family":"ip","addr":"10.0.0.5","port":5060}}]',
    "ip saddr @black ct count over 20 dnat to 10.0.0.5:5060",
  ],
];

Deno.test("writeRule() writes what the administrator sees", () => {
  for (const [json, text] of RULES) {
    assert.equal(writeRule(JSON.parse(json)), text);
  }
});

Deno.test("writeRule() keeps large sets and deep values short", () => {
  const right = { set: Array.from({ length: 5000 }, (_, i) => i) };
  const long = writeRule([{ match: { op: "==", left: 1, right } }]);
  assert.equal(long, "1 { 0, 1, 2, 3, 4, 5, 6, 7, … }");
  let deep: unknown = 1;
  for (let i = 0; i < 5000; i++) deep = { "&": [deep] };
  assert.ok(writeRule([{ match: { left: deep, right: 1 } }]).length < 100);
});
