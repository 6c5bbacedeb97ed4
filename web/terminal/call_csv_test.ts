/**
 * Calls as a table for spreadsheets.
 * @module
 */

import assert from "node:assert/strict";
import { makeLive, makeRecord } from "../../pbx/call/record_sample_test.ts";
import { formatCallCsv, spellField } from "./call_csv.ts";
import { describeCall } from "../call_entry.ts";

Deno.test("formatCallCsv() writes a header and a line for each call", () => {
  const records = [makeLive("c2", "ringing"), makeRecord("c1")];
  const entries = records.map((record) => describeCall(record, 0));
  const lines = formatCallCsv(entries).split("\r\n");
  assert.equal(lines.length, 4);
  assert.equal(lines[3], "");
  assert.deepEqual(lines.slice(0, 3).map((line) => line.split(",").length), [
    ...[32, 32, 32],
  ]);
  assert.equal(
    lines[0],
    "id,state,started,ringing,answered,ended,duration_seconds,ended_by,why,status," +
      "dialled,codec,caller,caller_source,caller_transport,caller_agent,caller_through," +
      "caller_packets,caller_octets,caller_lost,caller_loss_percent,caller_jitter_ms," +
      "callee,callee_source,callee_transport,callee_agent,callee_through," +
      "callee_packets,callee_octets,callee_lost,callee_loss_percent,callee_jitter_ms",
  );
  assert.equal(
    lines[2],
    "c1,ended,2025-06-15T15:06:40.000Z,2025-06-15T15:06:40.500Z,2025-06-15T15:06:44.000Z," +
      "2025-06-15T15:08:14.000Z,90,caller,hung-up,200,1002,PCMA/8000," +
      "1001,198.51.100.7:40000,udp,MicroSIP/3.21.6,203.0.113.10,4490,772280,10,0.2,2.5," +
      "1002,192.0.2.20:5060,tcp,Linphone/5.2,192.0.2.1,4500,774000,0,0,0.3",
  );
  assert.match(lines[1]!, /^c2,ringing,[^,]+,[^,]+,,,0,,,0,1002,,1001,/);
});

Deno.test("formatCallCsv() of no calls is the header alone", () => {
  assert.match(formatCallCsv([]), /^id,[^\r\n]+\r\n$/);
});

Deno.test("spellField() lets no field run in a spreadsheet or break a row", () => {
  const table: readonly [string, string][] = [
    ["*43", "*43"],
    ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
    ["+998901234567", "'+998901234567"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", `"'\r=1"`],
    ["a,b", `"a,b"`],
    ["a;b", `"a;b"`],
    [`a"b`, `"a""b"`],
    ["=a,b", `"'=a,b"`],
    ["a\r\nb", `"a\r\nb"`],
    [" a", `" a"`],
    ["", ""],
  ];
  for (const [text, expected] of table) {
    assert.equal(spellField(text), expected, JSON.stringify(text));
  }
});
