import assert from "node:assert/strict";
import { LANGUAGES, type Verdict } from "../../diag/verdict.ts";
import {
  type Explanation,
  explanationExit,
  formatExplanation,
} from "./explain_text.ts";
import { createPaint } from "./paint.ts";

const PLAIN = createPaint(false);

function verdict(parts: Partial<Verdict> = {}): Verdict {
  return {
    code: "ok",
    stage: "reachable",
    severity: "ok",
    extension: "1001",
    source: "192.0.2.20:5062",
    phone: "Phone/1",
    title: "`1001` is registered",
    evidence: [{ at: "2026-01-02T03:04:05.000Z", what: "Registered" }],
    remedy: { where: "phone", field: null, text: "Nothing", command: null },
    lang: "en",
    ...parts,
  };
}

const EMPTY: Explanation = {
  file: "calls.pcap",
  server: [],
  packets: 0,
  messages: 0,
  verdicts: [],
  noise: { hosts: 0, tries: 0 },
  damage: "",
};

Deno.test("formatExplanation() says which server, how much, and each verdict with its remarks", () => {
  const remark = verdict({
    code: "phone-uses-tcp",
    title: "The phone uses TCP",
    remedy: {
      where: "server",
      field: null,
      text: "Open TCP",
      command: "ufw allow 5060/tcp",
    },
  });
  const text = formatExplanation(
    {
      ...EMPTY,
      server: ["udp 192.0.2.1:5060"],
      packets: 12,
      messages: 8,
      verdicts: [{ ...verdict(), also: [remark] }],
      noise: { hosts: 2, tries: 90 },
      damage: "it is cut",
    },
    null,
    "en",
    PLAIN,
  );
  assert.match(
    text,
    /^Server: udp 192\.0\.2\.1:5060\nPackets: 12, SIP messages: 8, phones: 1\n/,
  );
  assert.match(text, /damaged.*: it is cut\n/);
  assert.match(text, /`1001` is registered\n.*192\.0\.2\.20:5062 · Phone\/1/);
  assert.match(
    text,
    /The phone uses TCP \(phone-uses-tcp\)\n +Open TCP\n +\$ ufw allow 5060\/tcp\n/,
  );
  assert.match(text, /\nScanners: 90 requests from 2 addresses/);
});

Deno.test("formatExplanation() names similar numbers where one is not in the file", () => {
  const missing = { number: "10\x1b[2J", nearest: ["1001", "1002"] };
  const text = formatExplanation(EMPTY, missing, "en", PLAIN);
  assert.match(text, /No SIP server is in the file/);
  assert.match(text, /no phone with the number `10\\x1b\[2J` in the file/);
  assert.match(text, /Similar numbers that are in it: `1001`, `1002`/);
});

Deno.test("formatExplanation() fills every brace in each language", () => {
  for (const language of LANGUAGES) {
    const text = formatExplanation(
      {
        ...EMPTY,
        server: ["udp 192.0.2.1:5060"],
        verdicts: [{ ...verdict(), also: [] }],
        noise: { hosts: 1, tries: 1 },
        damage: "cut",
      },
      { number: "7", nearest: ["77"] },
      language,
      PLAIN,
    );
    assert.doesNotMatch(text, /[{}]/);
  }
});

Deno.test("explanationExit() is 0 only where every phone is well", () => {
  const well = { ...verdict(), also: [] };
  const bad = { ...verdict({ code: "wrong-password" }), also: [] };
  assert.equal(explanationExit(EMPTY), 0);
  assert.equal(explanationExit({ ...EMPTY, verdicts: [well] }), 0);
  assert.equal(explanationExit({ ...EMPTY, verdicts: [well, bad] }), 1);
});
