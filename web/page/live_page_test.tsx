/**
 * The page Live without script, its stream, and what it loads.
 * @module
 */

import assert from "node:assert/strict";
import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import { CaptureReader } from "../../diag/wire/pcap_read.ts";
import { LANGUAGES } from "../../diag/verdict.ts";
import { LadderReader } from "../ladder_line.ts";
import type { RowWish } from "../live/row_wish.ts";
import { makeRow } from "../live/trace_row.ts";
import { viewMessage } from "../trace_view.ts";
import {
  CREDENTIALS,
  sampleAnswer,
  sampleMessage,
  sampleRequest,
} from "./ladder_sample_test.ts";
import { addLivePage, type LiveSource } from "./live_page.tsx";
import { makePageApp, NOW_MS, textOf } from "./page_sample_test.ts";
import { LIVE_WORDS } from "./words/live_words.ts";

const MESSAGES: readonly TrafficEntry[] = [
  sampleMessage(sampleRequest("REGISTER", { headers: CREDENTIALS })),
  sampleMessage(
    sampleAnswer("403 <b>Forbidden</b>", "REGISTER", { to: "<i>1001" }),
    { direction: "out" },
  ),
];

const CONNECTION = { peer: "127.0.0.1", isSecure: false };

interface Asked {
  readonly wishes: RowWish[];
  readonly watches: (readonly [string | undefined, string])[];
  isFull: boolean;
}

function open(language: "uz" | "ru" | "en" = "en", messages = MESSAGES) {
  const asked: Asked = { wishes: [], watches: [], isFull: false };
  const reader = new LadderReader();
  const rows = messages.map((message, i) =>
    makeRow(i + 1, viewMessage(message), reader).row
  );
  const source: LiveSource = {
    nowMs: () => NOW_MS,
    list: (wish, most) => {
      asked.wishes.push(wish);
      return Promise.resolve(rows.slice(-most));
    },
    watch: (wish, last, owner) => {
      asked.wishes.push(wish);
      asked.watches.push([last, owner]);
      return asked.isFull ? null : new ReadableStream();
    },
    message: (id) => messages[id - 1] ?? null,
    messages: (wish) => {
      asked.wishes.push(wish);
      return Promise.resolve(messages);
    },
  };
  const app = makePageApp(language);
  addLivePage(app, source);
  const ask = async (path: string, headers: Record<string, string> = {}) =>
    await app.request(`http://pbx${path}`, { headers }, CONNECTION);
  return { ask, asked };
}

Deno.test("GET /live shows the last messages in every language, and escapes them", async () => {
  for (const language of LANGUAGES) {
    const { ask } = open(language);
    const response = await ask("/live");
    assert.equal(response.status, 200);
    const html = await response.text();
    assert.doesNotMatch(html, /<b>|<i>1001|undefined|\[object/);
    assert.match(html, /403 &lt;b&gt;Forbidden/);
    assert.match(html, /href="\/live\/messages\/2"/);
    const { title, script } = LIVE_WORDS[language];
    const text = textOf(html);
    assert.doesNotMatch(text, /\{\w+\}/);
    assert.ok(text.includes(title) && text.includes(script.in), text);
    assert.doesNotMatch(html, / style="| on\w+="/);
  }
});

Deno.test("GET /live says what to do where there are no messages", async () => {
  const { ask } = open("en", []);
  assert.match(await (await ask("/live")).text(), /Press Register/);
});

Deno.test("GET /live reads its fields, and says which one is wrong", async () => {
  const { ask, asked } = open();
  const html = await (await ask("/live?number=1001&address=%5B::1%5D")).text();
  assert.deepEqual(asked.wishes, [{ number: "1001", address: "[::1]" }]);
  const query = "?number=1001&amp;address=%5B%3A%3A1%5D";
  assert.ok(html.includes(`data-stream="/stream/trace${query}"`), html);
  assert.ok(html.includes(`href="/live/messages.pcapng${query}"`));
  const wrong = await ask("/live?address=pbx.example%22%3E");
  assert.equal(wrong.status, 400);
  const text = await wrong.text();
  assert.match(text, /aria-invalid="true"/);
  assert.match(text, /value="pbx\.example&quot;&gt;"/);
  assert.doesNotMatch(text, /data-stream/);
});

Deno.test("GET /stream/trace goes on where the browser was, for its session", async () => {
  const { ask, asked } = open();
  const response = await ask("/stream/trace?number=1001&last=r-5");
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  await ask("/stream/trace?last=r-5", { "Last-Event-ID": "r-9" });
  assert.deepEqual(asked.watches, [["r-5", "s1"], ["r-9", "s1"]]);
  assert.equal(asked.wishes[0]?.number, "1001");
  asked.isFull = true;
  const refused = await ask("/stream/trace");
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "10");
});

Deno.test("GET /live/messages/:id gives a message as text, without its secrets", async () => {
  const { ask } = open();
  const response = await ask("/live/messages/1");
  assert.match(response.headers.get("content-type")!, /^text\/plain/);
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  const text = await response.text();
  assert.match(text, /^REGISTER sip:pbx\.example SIP\/2\.0\r?\n/);
  assert.match(text, /response="\*{32}"/);
  for (const id of ["0", "3", "x", "-1", "1e1", "99999999999999999999"]) {
    assert.equal((await ask(`/live/messages/${id}`)).status, 404, id);
  }
});

Deno.test("GET /live/messages.pcapng gives a capture without secrets", async () => {
  const { ask } = open();
  const response = await ask("/live/messages.pcapng");
  assert.match(
    response.headers.get("content-disposition")!,
    /^attachment; filename="pbx-trace-\d{8}-\d{6}\.pcapng"$/,
  );
  const octets = new Uint8Array(await response.arrayBuffer());
  assert.equal([...new CaptureReader(octets)].length, 2);
  const text = new TextDecoder("latin1").decode(octets);
  assert.match(text, /response="\*{32}"/);
});
