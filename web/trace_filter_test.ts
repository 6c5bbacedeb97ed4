/**
 * Which messages a trace shows.
 * @module
 */

import assert from "node:assert/strict";
import { Flow } from "../sip/flow.ts";
import { toOctets } from "../sip/octet.ts";
import { readWish, TraceFilter } from "./trace_filter.ts";
import { type MessageView, viewMessage } from "./trace_view.ts";

function view(
  line: string,
  headers: Readonly<Record<string, string>>,
  host = "192.0.2.20",
): MessageView {
  const all = {
    Via: "SIP/2.0/UDP 192.0.2.20;branch=z9hG4bKa",
    From: "<sip:pbx>;tag=a",
    To: "<sip:pbx>",
    "Call-ID": "a",
    CSeq: `1 ${line.split(" ")[0]}`,
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) =>
    `${name}: ${value}\r\n`
  );
  return viewMessage({
    at: 0,
    direction: "in",
    flow: new Flow("udp", 0, "192.0.2.1", 5060, host, 5062),
    octets: toOctets(`${line}\r\n${head.join("")}\r\n`),
  });
}

Deno.test("readWish() tells numbers and addresses apart", () => {
  assert.deepEqual(readWish("1001"), { kind: "number", number: "1001" });
  assert.deepEqual(readWish("192.0.2.7"), {
    kind: "address",
    host: "192.0.2.7",
    port: 0,
  });
  assert.deepEqual(readWish("192.0.2.7:5060"), {
    kind: "address",
    host: "192.0.2.7",
    port: 5060,
  });
  assert.deepEqual(readWish("2001:DB8:0::7"), {
    kind: "address",
    host: "2001:db8::7",
    port: 0,
  });
  for (const text of ["", "a b", "192.0.2.7:70000", "sip:1001@pbx", "x:y"]) {
    assert.equal(readWish(text), null, text);
  }
});

Deno.test("TraceFilter by number follows Call-IDs and contacts", () => {
  const filter = new TraceFilter({ kind: "number", number: "1001" });
  const other = view("OPTIONS sip:pbx SIP/2.0", { "Call-ID": "b" });
  assert.equal(filter.accepts(other), false);
  const asked = view("REGISTER sip:pbx SIP/2.0", {
    To: "<sip:1001@pbx>",
    "Call-ID": "b",
    Contact: "<sip:1001-0xab@192.0.2.20:5062>",
  });
  assert.equal(filter.accepts(asked), true);
  assert.equal(filter.accepts(other), true);
  const ping = view("OPTIONS sip:1001-0xab@192.0.2.20:5062 SIP/2.0", {
    "Call-ID": "c",
  });
  assert.equal(filter.accepts(ping), true);
  const near = { From: "<sip:10011@pbx>;tag=a", "Call-ID": "d" };
  assert.equal(filter.accepts(view("OPTIONS sip:pbx SIP/2.0", near)), false);
  for (
    const header of [
      { From: "<sip:%31001@pbx>;tag=a" },
      { Contact: "<sip:1001@192.0.2.9>" },
    ]
  ) {
    const seen = view("OPTIONS sip:pbx SIP/2.0", { "Call-ID": "e", ...header });
    assert.equal(filter.accepts(seen), true);
  }
});

Deno.test("TraceFilter by address looks at the peer", () => {
  const line = "OPTIONS sip:pbx SIP/2.0";
  const filter = new TraceFilter(readWish("192.0.2.20")!);
  assert.equal(filter.accepts(view(line, {})), true);
  assert.equal(filter.accepts(view(line, {}, "192.0.2.21")), false);
  const port = new TraceFilter(readWish("192.0.2.20:5063")!);
  assert.equal(port.accepts(view(line, {})), false);
});

Deno.test("TraceFilter without a wish shows everything", () => {
  const filter = new TraceFilter({ kind: "all" });
  assert.equal(filter.accepts(view("\x00 SIP/2.0", {})), true);
});
