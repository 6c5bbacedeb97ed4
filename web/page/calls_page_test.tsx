/**
 * The list of calls, and the page of one.
 * @module
 */

import assert from "node:assert/strict";
import type { CallDialog } from "../../pbx/call/call_dialog.ts";
import type { CallEnd, CallRecord } from "../../pbx/call/call_record.ts";
import { NO_SOUND } from "../../pbx/call/call_record.ts";
import { makeLive, makeRecord } from "../../pbx/call/record_sample_test.ts";
import { LANGUAGES } from "../../diag/verdict.ts";
import { addCallPage, type CallPageSource, viewCall } from "./call_page.tsx";
import { spellState } from "./call_state.tsx";
import { addCallsPage, viewCalls } from "./calls_page.tsx";
import {
  CREDENTIALS,
  sampleAnswer,
  sampleMessage,
  sampleRequest,
} from "./ladder_sample_test.ts";
import { makePageApp, NOW_MS, textOf } from "./page_sample_test.ts";
import { CALL_WORDS } from "./words/call_words.ts";
import { CALLS_WORDS } from "./words/calls_words.ts";

const DIALOGS: readonly CallDialog[] = [
  { side: "caller", callId: "a" },
  { side: "callee", callId: "b" },
];
const MESSAGES = [
  sampleMessage(
    sampleRequest("INVITE", { to: "1002", headers: CREDENTIALS }),
    { peer: "198.51.100.7:40000" },
  ),
  sampleMessage(
    sampleAnswer("180 Ringing", "INVITE", { to: "1002" }),
    { peer: "192.0.2.20:5060", transport: "tcp" },
  ),
];

class Source implements CallPageSource {
  live: CallRecord[] = [];
  kept: CallRecord[] = [];
  dialogs: readonly CallDialog[] | null = DIALOGS;
  /** Null: they are being read. */
  numbers: readonly number[] | null = [1, 2, 3];
  looks = 0;

  names(): ReadonlyMap<string, string> {
    return new Map([["1001", "Aziz <i>"], ["1002", "Gulnora"], ["1003", ""]]);
  }

  nowMs(): number {
    return NOW_MS;
  }

  listLive(): readonly CallRecord[] {
    return this.live;
  }

  listKept(
    { limit, before, number, except }: Parameters<
      CallPageSource["listKept"]
    >[0],
  ): readonly CallRecord[] {
    this.looks++;
    const from = this.kept.findIndex(({ id }) => id === before) + 1;
    return this.kept.slice(from).filter(({ id, caller }) =>
      !except.has(id) && (number === undefined || caller.number === number)
    ).slice(0, limit);
  }

  getKept(id: string): CallRecord | null {
    return this.kept.find((call) => call.id === id) ?? null;
  }

  hangUp(id: string): boolean {
    const at = this.live.findIndex((call) => call.id === id);
    const [call] = at < 0 ? [] : this.live.splice(at, 1);
    if (call !== undefined) this.kept.unshift(makeRecord(id));
    return at >= 0;
  }

  dialogsOf(): readonly CallDialog[] | null {
    return this.dialogs;
  }

  findMessages(callIds: ReadonlySet<string>): Promise<readonly number[]> {
    assert.deepEqual([...callIds], ["a", "b"]);
    return Promise.resolve(this.numbers ?? []);
  }

  peekMessages(): readonly number[] | null {
    return this.numbers;
  }

  message(number: number) {
    return MESSAGES[number - 1] ?? null;
  }
}

function open(source: Source, language: "uz" | "ru" | "en" = "en") {
  const app = makePageApp(language);
  addCallsPage(app, source);
  addCallPage(app, source);
  return async (path: string, method = "GET") =>
    await app.request(`http://pbx${path}`, { method });
}

function makeMany(count: number): CallRecord[] {
  return Array.from({ length: count }, (_, i) => makeRecord(`c${count - i}`));
}

Deno.test("GET /calls shows those that live with a button, then those that are over", async () => {
  const source = new Source();
  source.live = [makeLive("l1", "answered"), makeLive("l2", "ringing")];
  source.kept = [makeRecord("c1", {
    dialled: "<b>x",
    callee: { ...makeRecord("").callee, number: "1002" },
  })];
  const html = await (await open(source)("/calls")).text();
  // no attribute of the program's own
  assert.doesNotMatch(html, / key="/);
  const order = ["l2", "l1", "c1"].map((id) =>
    html.indexOf(`href="/calls/${id}"`)
  );
  assert.deepEqual(order.toSorted((a, b) => a - b), order);
  assert.ok(order.every((at) => at > 0));
  assert.match(
    html,
    /action="\/calls\/l1\/end"[^>]*data-confirm="[^>]*data-confirm-yes="Yes, end it"/,
  );
  assert.doesNotMatch(html, /action="\/calls\/c1\/end"|<b>x/);
  const text = textOf(html);
  assert.match(text, /1002 \(dialled &lt;b&gt;x\)\s+Gulnora/);
  assert.match(text, /1001\s+Aziz &lt;i&gt;/);
  assert.match(text, /loss 0\.2 %, jitter 3 ms/);
  assert.match(text, /1\s*min 30\s*s/);
  assert.match(html, /data-live="\/stream\/calls"/);
});

Deno.test("GET /calls gives pages of 100, of one number where that is wanted", async () => {
  const source = new Source();
  source.kept = makeMany(250);
  const ask = open(source);
  const countOf = (html: string) => html.match(/href="\/calls\/c\d+"/g)?.length;
  const first = await (await ask("/calls")).text();
  assert.equal(countOf(first), 100);
  assert.match(first, /href="\/calls\?before=c151"/);
  const last = await (await ask("/calls?number=1001&before=c51")).text();
  assert.equal(countOf(last), 50);
  assert.doesNotMatch(last, /rel="next"|data-live="/);
  assert.match(last, /href="\/calls\?number=1001"/);
  const none = await (await ask("/calls?number=%3Ci%3E")).text();
  assert.match(none, /No calls of &lt;i&gt; here/);
});

Deno.test("GET /calls.csv writes all calls piece by piece", async () => {
  const source = new Source();
  source.kept = makeMany(450);
  const response = await open(source)("/calls.csv?number=1001");
  assert.match(response.headers.get("content-type")!, /^text\/csv/);
  assert.match(
    response.headers.get("content-disposition")!,
    /filename="pbx-calls-\d{8}-\d{6}\.csv"/,
  );
  const lines = (await response.text()).trimEnd().split("\r\n");
  assert.equal(lines.length, 451);
  assert.match(lines[0]!, /^id,state,/);
  assert.equal(new Set(lines).size, 451);
});

Deno.test("viewCalls() looks into the database only where a call has ended", () => {
  const source = new Source();
  source.live = [makeLive("l1", "answered")];
  const view = viewCalls(source);
  const ids = view("en", NOW_MS).map(({ id }) => id);
  assert.deepEqual(ids, ["calls-now", "calls-before"]);
  for (let i = 1; i < 9; i++) view(LANGUAGES[i % 3]!, NOW_MS + i * 1000);
  assert.equal(source.looks, 1);
  source.hangUp("l1");
  const [now, before] = view("en", NOW_MS + 9000);
  assert.equal(source.looks, 2);
  assert.match(now!.html, /^<section[^>]* id="calls-now">.*Nobody is calling/s);
  assert.match(before!.html, /href="\/calls\/l1"/);
});

Deno.test("GET /calls/:id shows both legs in one ladder, and the sound of both phones", async () => {
  for (const language of LANGUAGES) {
    const source = new Source();
    source.kept = [makeRecord("c1")];
    const html = await (await open(source, language)("/calls/c1")).text();
    const text = textOf(html);
    const words = CALL_WORDS[language];
    assert.ok(text.includes("198.51.100.7:40000 (UDP)"), text);
    assert.match(text, /1001\s+Aziz &lt;i&gt;/);
    assert.ok(text.includes(words.grades.good));
    assert.match(html, /id="call-messages".*INVITE.*180 Ringing/s);
    assert.doesNotMatch(html, /0123456789abcdef|\{\w+\}|undefined|\[object/);
    // MOS of a call that lost 10 of 4500 packets
    assert.match(text, /4[.,]4/);
    assert.doesNotMatch(html, /data-live="|\/end"/);
  }
});

Deno.test("GET /calls/:id says why there are no messages, and what is not there", async () => {
  const source = new Source();
  source.kept = [makeRecord("c1", {
    answeredAt: 0,
    why: "unanswered",
    callerSound: NO_SOUND,
    calleeSound: NO_SOUND,
  })];
  const ask = open(source);
  source.numbers = [];
  const gone = await (await ask("/calls/c1")).text();
  assert.match(gone, /not kept any more/);
  assert.match(gone, /There was no sound/);
  source.dialogs = null;
  assert.match(await (await ask("/calls/c1")).text(), /does not remember/);
  assert.equal((await ask("/calls/c1/messages.pcapng")).status, 404);
  assert.equal((await ask("/calls/none")).status, 404);
});

Deno.test("GET /calls/:id/messages.pcapng has the messages of both legs", async () => {
  const response = await open(new Source())("/calls/c1/messages.pcapng");
  assert.match(
    response.headers.get("content-disposition")!,
    /filename="pbx-call-c1\.pcapng"/,
  );
  const text = new TextDecoder("latin1").decode(await response.arrayBuffer());
  assert.match(text, /response="\*{32}".*SIP\/2\.0 180 Ringing/s);
});

Deno.test("POST /calls/:id/end ends a call and leads to its page", async () => {
  const source = new Source();
  source.live = [makeLive("l1", "answered")];
  const ask = open(source);
  for (const id of ["l1", "l1"]) {
    const response = await ask(`/calls/${id}/end`, "POST");
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "/calls/l1");
  }
  assert.deepEqual(source.live, []);
});

Deno.test("viewCall() draws the ladder only where there are new messages", () => {
  const source = new Source();
  assert.equal(viewCall(source, "l1"), null);
  source.live = [makeLive("l1", "answered")];
  const view = viewCall(source, "l1")!;
  source.numbers = null;
  const early = view("en", NOW_MS).map(({ id }) => id);
  assert.deepEqual(early, ["call-facts", "call-end", "call-sound"]);
  source.numbers = [1];
  const first = view("en", NOW_MS).at(-1)!;
  assert.equal(first.id, "call-messages");
  assert.equal(view("en", NOW_MS + 1000).at(-1), first);
  source.numbers = [1, 2];
  assert.notEqual(view("en", NOW_MS + 2000).at(-1)!.html, first.html);
  source.live = [];
  assert.deepEqual(view("en", NOW_MS), []);
});

Deno.test("spellState() has words for every end, and for what another version wrote", () => {
  const ends = Object.keys(CALLS_WORDS.en.ends) as CallEnd[];
  for (const language of LANGUAGES) {
    const words = CALLS_WORDS[language];
    const texts = ends.flatMap((why) =>
      (["caller", "callee", "exchange", ""] as const).map((endedBy) =>
        spellState(makeRecord("c", { why, endedBy, status: 0 }), words)
      )
    );
    assert.ok(texts.every((text) => text.length > 3), texts.join());
    assert.equal(new Set(texts).size, ends.length + 5, texts.join());
  }
  const spell = (fields: Partial<CallRecord>) =>
    spellState(makeRecord("c", { answeredAt: 0, ...fields }), CALLS_WORDS.en);
  assert.equal(spell({ why: "refused", status: 486 }), "busy (486)");
  assert.equal(
    spell({ why: "no-such-number", status: 404 }),
    "no such number (404)",
  );
  assert.equal(spell({ why: "eaten" as CallEnd }), "over");
});
