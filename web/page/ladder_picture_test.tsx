/**
 * The ladder as a picture.
 * @module
 */

import assert from "node:assert/strict";
import { LANGUAGES } from "../../diag/verdict.ts";
import { type MessageView, viewMessage } from "../trace_view.ts";
import { LadderPicture } from "./ladder_picture.tsx";
import {
  AT,
  CREDENTIALS,
  PHONE,
  sampleAnswer,
  sampleMessage,
  sampleRequest,
  type SampleWish,
} from "./ladder_sample_test.ts";

const CALLEE = "192.0.2.44:5062";

function view(text: string, wish: SampleWish = {}): MessageView {
  return viewMessage(sampleMessage(text, wish));
}

function registration(): MessageView[] {
  const out = "out";
  const contact = "Contact: <sip:1001@192.168.1.20:5062>;expires=300\r\n";
  const headers = contact + CREDENTIALS;
  return [
    view(sampleRequest("REGISTER", { headers: contact })),
    view(sampleRequest("REGISTER", { headers: contact }), { at: AT + 500 }),
    view(sampleAnswer("401 Unauthorized", "REGISTER"), {
      at: AT + 501,
      direction: out,
    }),
    view(sampleRequest("REGISTER", { cseq: 2, headers }), {
      at: AT + 530,
    }),
    view(sampleAnswer("403 Forbidden", "REGISTER", { cseq: 2 }), {
      at: AT + 3000,
      direction: out,
    }),
  ];
}

function draw(
  messages: readonly MessageView[],
  changes: Partial<Parameters<typeof LadderPicture>[0]> = {},
): string {
  const page = { language: "en" as const };
  return String(
    <LadderPicture messages={messages} page={page} own="pbx" {...changes} />,
  );
}

/** What a reader of the screen says, row by row. */
function rowsOf(html: string): string[] {
  return [...html.matchAll(/<span class="visually-hidden">([^<]*)<\/span>/g)]
    .map(([, text]) => text!.trim());
}

Deno.test("LadderPicture shows the messages in their order, each from whom to whom", () => {
  const rows = rowsOf(draw(registration()));
  assert.deepEqual(
    rows,
    [
      `from ${PHONE} to pbx: REGISTER, without password, for 300 s`,
      `from ${PHONE} to pbx: REGISTER, repeated, without password, for 300 s`,
      `from pbx to ${PHONE}: 401 Unauthorized REGISTER`,
      `from ${PHONE} to pbx: REGISTER, with password, for 300 s`,
      `from pbx to ${PHONE}: 403 Forbidden REGISTER`,
    ],
  );
});

Deno.test("LadderPicture draws a repetition dashed and says so", () => {
  const arrows = [...draw(registration()).matchAll(/class="arrow ([^"]*)"/g)]
    .map(([, names]) => names);
  assert.deepEqual(arrows, [
    "request",
    "again repeated",
    "question",
    "request",
    "failure",
  ]);
});

Deno.test("LadderPicture knows a repetition of what it does not show", () => {
  const html = draw(registration().slice(0, 2), { most: 1 });
  assert.equal(rowsOf(html).length, 1);
  assert.match(html, /class="arrow again repeated"/);
  assert.match(html, /Only the newest are shown: 1\./);
});

Deno.test("LadderPicture draws arrows from line to line, and says how much later", () => {
  const html = draw(registration());
  const lines = [...html.matchAll(/arrow-line" x1="(\d+%)" x2="(\d+%)"/g)]
    .map(([, from, to]) => `${from} ${to}`);
  assert.deepEqual(lines, ["7% 93%", "7% 93%", "93% 7%", "7% 93%", "93% 7%"]);
  assert.match(html, /\+500\u00a0ms/);
  assert.match(html, /\+2\u00a0s/);
});

Deno.test("LadderPicture puts the server between both phones of a call", () => {
  const out = { direction: "out", peer: CALLEE } as const;
  const html = draw([
    view(sampleRequest("INVITE", { to: "1002" })),
    view(sampleRequest("INVITE", { to: "1002", cseq: 7 }), out),
    view(sampleAnswer("180 Ringing", "INVITE", { to: "1002" }), {
      peer: CALLEE,
    }),
  ], {
    parties: [
      { address: PHONE, name: "caller", side: "left" },
      { address: CALLEE, name: "callee", side: "right" },
    ],
  });
  assert.deepEqual(
    [...html.matchAll(/ladder-name"[^>]*>([^<]*)</g)].map(([, name]) => name),
    ["caller", "pbx", "callee"],
  );
  // the server's own question of a called phone has no password to show
  assert.deepEqual(rowsOf(html), [
    `from caller (${PHONE}) to pbx: INVITE, without password`,
    `from pbx to callee (${CALLEE}): INVITE`,
    `from callee (${CALLEE}) to pbx: 180 Ringing INVITE`,
  ]);
});

Deno.test("LadderPicture has each text once, without secrets, under a name that stays when older ones go", () => {
  const messages = registration();
  const html = draw(messages);
  const ids = [...html.matchAll(/<details id="([^"]*)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, 5);
  assert.ok(ids.every((id) => /^message-[\w-]+$/.test(id!)), String(ids));
  const later = [...draw(messages.slice(2)).matchAll(/<details id="([^"]*)"/g)]
    .map(([, id]) => id);
  assert.deepEqual(later, ids.slice(2));
  assert.doesNotMatch(html, /0123456789abcdef/);
  assert.match(html, /response=&quot;\*{32}&quot;/);
});

Deno.test("LadderPicture lets nothing of a message become a part of the page", () => {
  const evil = '"><script>alert(1)</script>\u001b[31m\u202e';
  const html = draw([
    view(sampleRequest(`${evil}`)),
    view(sampleAnswer(`200 ${evil}`, "REGISTER"), { direction: "out" }),
    view(`${evil} no SIP at all`),
    view(sampleRequest("REGISTER", {
      headers: `User-Agent: ${evil}\r\nContact: <sip:${evil}@x>\r\n`,
    })),
    view(sampleAnswer(`486 ${"x".repeat(5000)}`, "INVITE")),
  ], { own: evil, parties: [{ address: PHONE, name: evil, side: "left" }] });
  assert.doesNotMatch(html, /<script/i);
  assert.doesNotMatch(html, /[\u001b\u202e]/);
  const label = /<text class="arrow-label"[^>]*>\s*(486[^<]*)</.exec(html)?.[1];
  assert.ok(label!.trim().length <= 40, label);
});

Deno.test("LadderPicture is bounded, whatever came", () => {
  const many = Array.from(
    { length: 1000 },
    (_, i) =>
      view(
        sampleRequest("REGISTER", {
          cseq: i,
          headers: `X: ${"y".repeat(9000)}\r\n`,
        }),
        {
          at: AT + i,
          peer: `[2001:db8::${i.toString(16)}]:5060`,
        },
      ),
  );
  const html = draw(many);
  assert.equal(rowsOf(html).length, 200);
  assert.ok(html.length < 1_300_000, String(html.length));
  // four phones that were heard last, the server, and all others on one line
  assert.equal([...html.matchAll(/class="ladder-name"/g)].length, 6);
  assert.match(html, /other addresses/);
  assert.match(html, /The rest is not shown/);
});

Deno.test("LadderPicture is empty without messages", () => {
  assert.deepEqual(rowsOf(draw([])), []);
});

Deno.test("LadderPicture speaks every language and leaves no brace", () => {
  for (const language of LANGUAGES) {
    const html = draw([
      ...registration(),
      view("no SIP at all, but long enough"),
      view(
        sampleRequest("REGISTER", {
          headers: "Contact: <sip:1001@x>;expires=0\r\n",
        }),
        { transport: "tcp" },
      ),
    ], { page: { language }, most: 4 });
    assert.doesNotMatch(html, /\{\w+\}/, language);
    assert.doesNotMatch(html, /undefined|NaN|\[object/, language);
    if (language !== "en") {
      const words = rowsOf(html).join("\n");
      assert.doesNotMatch(words, /password|signs|from |rules/, language);
    }
  }
});
