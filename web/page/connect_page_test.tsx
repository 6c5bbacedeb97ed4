import assert from "node:assert/strict";
import type { Finding } from "../../diag/verdict.ts";
import { LANGUAGES } from "../../diag/verdict.ts";
import { Watch, type WatchState } from "../../diag/watch.ts";
import {
  askApp,
  makeSampleApp,
  PAGE,
  SampleOffice,
} from "../phone/sample_phone_test.ts";
import type { TestCall } from "../test_call.ts";
import { addConnectPage, findConnectView } from "./connect_page.tsx";
import { type ConnectState, stepOf } from "./connect_state.ts";
import { ADD_WORDS } from "./words/add_words.ts";
import { PHONE_WORDS } from "./words/phone_words.ts";

const BINDING = { source: "198.51.100.7:5062", userAgent: "<i>MicroSIP" };
const CALL: TestCall = {
  state: "answered",
  fromRate: 50,
  toRate: 49,
  lossPercent: 1.5,
  jitterMs: 2.5,
  isHeard: true,
  isSettled: true,
};

function makeWatch(part: Partial<WatchState> = {}): WatchState {
  const watch = new Watch({ number: "1001", since: 0, wirePorts: null });
  return { ...watch.look(1000, false, {}), ...part };
}

function makeState(part: Partial<ConnectState> = {}): ConnectState {
  return {
    watch: makeWatch(),
    isCardWatched: true,
    isSettled: false,
    binding: null,
    call: null,
    ...part,
  };
}

function finding(code: Finding["code"], values = {}): Finding {
  return { code, at: 1000, values, evidence: [] };
}

const WRONG = finding("wrong-password", { number: "1001" });

function open(
  state: ConnectState | null,
  language = PAGE.language,
  mayCapture = true,
) {
  const office = new SampleOffice();
  const app = makeSampleApp({ ...PAGE, language });
  const source = {
    look: () => state,
    mayCapture,
    soundPorts: "10000-19999",
    doctorCommand: (number: string) => `pbx doctor ${number} --data /srv/pbx`,
  };
  addConnectPage(app, source, office.phones);
  const read = async (path: string) => await (await askApp(app, path)).text();
  return { office, app, source, read };
}

Deno.test("stepOf() says only what waiting longer would not change", () => {
  const step = (watch: Partial<WatchState>, binding: typeof BINDING | null) =>
    stepOf(makeState({ watch: makeWatch(watch), binding }));
  assert.equal(stepOf(makeState({ watch: null })), "waiting");
  assert.equal(step({}, null), "waiting");
  assert.equal(step({ isSeen: true }, null), "seen");
  assert.equal(step({ main: WRONG, isCertain: false }, null), "waiting");
  assert.equal(step({ main: WRONG, isCertain: true }, null), "stopped");
  assert.equal(step({ main: WRONG, isCertain: true }, BINDING), "stopped");
  // it was refused before anybody looked, and has not tried again
  const refused = makeWatch({ isSeen: true, main: WRONG, isCertain: false });
  assert.equal(stepOf(makeState({ watch: refused })), "seen");
  const settled = makeState({ watch: refused, isSettled: true });
  assert.equal(stepOf(settled), "stopped");
  assert.equal(stepOf({ ...settled, binding: BINDING }), "registered");
  const ok = finding("ok", { number: "1001" });
  assert.equal(step({ main: ok }, BINDING), "registered");
  // a phone that has long been registered keeps silent
  const silence = finding("no-packets");
  assert.equal(step({ main: silence, isCertain: true }, BINDING), "registered");
  assert.equal(step({ main: silence, isCertain: true }, null), "stopped");
});

Deno.test("the page shows what to type in, and the password while it is kept", async () => {
  const { office, app, read } = open(makeState());
  const before = await read("/extensions/1001/connect");
  assert.ok(!before.includes("secret-1"));
  assert.ok(before.includes(PHONE_WORDS.en.noPassword));
  assert.ok(before.includes('href="/extensions/1001/password"'));
  office.links.keep("1001", "secret-1", 0);
  const response = await askApp(app, "/extensions/1001/connect");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const html = await response.text();
  assert.ok(html.includes('<code class="copy">secret-1</code>'));
  assert.ok(html.includes('href="/extensions/1001/files/MicroSIP.ini"'));
  assert.match(html, /http:\/\/pbx\.example:8060\/provision\/[0-9a-f]{32}\//);
  assert.ok(html.includes("<svg"));
  assert.doesNotMatch(html, / style=| on\w+=/);
  assert.equal((await askApp(app, "/extensions/1/connect")).status, 404);
});

Deno.test("the page says where phones cannot fetch anything", async () => {
  const { office, read } = open(makeState());
  office.links.keep("1001", "secret-1", 0);
  office.outside = null;
  const html = await read("/extensions/1001/connect");
  assert.ok(html.includes(PHONE_WORDS.en.notOutside));
  const { setting, command } = office.phones.opening;
  for (const text of [setting, command]) {
    const shown = text.replaceAll('"', "&quot;");
    assert.ok(html.includes(`<code class="copy">${shown}</code>`), text);
  }
  assert.ok(!html.includes("/provision/"));
  assert.ok(html.includes("/extensions/1001/files/linphone.xml"));
});

Deno.test("the page shows another address where the name does not lead here", async () => {
  for (const language of LANGUAGES) {
    const { office, read } = open(makeState(), language);
    office.links.keep("1001", "secret-1", 0);
    office.server = "192.0.2.7:17060";
    office.lostName = { name: "pbx.test", addresses: "" };
    const nowhere = await read("/extensions/1001/connect");
    assert.match(
      nowhere,
      /notice warning"><p><strong><span>[^<]*<code>pbx\.test</,
    );
    assert.ok(nowhere.includes('<code class="copy">192.0.2.7:17060</code>'));
    assert.ok(!nowhere.includes('<code class="copy">pbx.test'));
    office.lostName = { name: "pbx.test", addresses: "198.51.100.9" };
    const elsewhere = await read("/extensions/1001/connect");
    assert.ok(elsewhere.includes("<code>198.51.100.9</code>"));
  }
});

Deno.test("a link that was used is told on the page that shows it, with the way to a new one", async () => {
  const { office, source, read } = open(makeState());
  office.links.keep("1001", "secret-1", 0);
  const html = await read("/extensions/1001/connect");
  const view = findConnectView(source, office.phones, "connect/1001")!;
  const linkOf = (id: string) =>
    view("en", 0).find((fragment) => fragment.id === id)!.html;
  assert.ok(html.includes(linkOf("link-linphone")));
  const [, token = ""] = /provision\/([0-9a-f]{32})\/linphone/.exec(html)!;
  office.links.take(token, "linphone.xml", "192.0.2.99", false, 5);
  assert.match(linkOf("link-linphone"), /used by 192\.0\.2\.99/);
  assert.match(linkOf("link-linphone"), /href="\/extensions\/1001\/connect"/);
  assert.match(linkOf("link-yealink"), / hidden/);
  await read("/extensions/1001/connect");
  assert.match(linkOf("link-linphone"), / hidden/);
});

Deno.test("stepOf() blames the server, not a phone that nobody has seen", () => {
  const values = { listen: "127.0.0.1:5060", open: '["0.0.0.0:5060"]' };
  const main = finding("bound-to-loopback", values);
  const step = (isSeen: boolean) =>
    stepOf(makeState({ watch: makeWatch({ main, isCertain: true, isSeen }) }));
  assert.equal(step(false), "unready");
  assert.equal(step(true), "stopped");
});

Deno.test("the files can be downloaded while the password is kept", async () => {
  const { office, app, read } = open(makeState());
  const early = await askApp(app, "/extensions/1001/files/linphone.xml");
  assert.equal(early.headers.get("location"), "/extensions/1001/connect");
  office.links.keep("1001", "secret-1", 0);
  assert.match(await read("/extensions/1001/files/linphone.xml"), /secret-1/);
  // as often as he likes
  assert.match(await read("/extensions/1001/files/linphone.xml"), /secret-1/);
  for (const path of ["1001/files/other.xml", "1/files/linphone.xml"]) {
    assert.equal((await askApp(app, `/extensions/${path}`)).status, 404);
  }
});

Deno.test("findConnectView() renders the parts of the page, for an extension that there is", async () => {
  const watch = makeWatch({ isSeen: true, isCertain: true, main: WRONG });
  const { office, source, read } = open(makeState({ watch }));
  const html = await read("/extensions/1001/connect");
  const view = findConnectView(source, office.phones, "connect/1001")!;
  const fragments = view("en", 0);
  assert.deepEqual(fragments.map(({ id }) => id), [
    "connect-state",
    "connect-call",
  ]);
  for (const { html: part } of fragments) assert.ok(html.includes(part));
  assert.match(fragments[0]!.html, /password of <code>1001<\/code> is wrong/);
  for (const name of ["connect/9", "connect/", "extensions", "connect/1/2"]) {
    assert.equal(findConnectView(source, office.phones, name), null);
  }
});

Deno.test("the page says how the view of the network card is switched on", async () => {
  for (const language of LANGUAGES) {
    const words = ADD_WORDS[language];
    const state = makeState({ isCardWatched: false });
    const { read } = open(state, language, false);
    const html = await read("/extensions/1002/connect");
    const text = html.replaceAll(/<\/?code>/g, "`");
    assert.ok(text.includes(words.captureOff), text);
    assert.ok(!text.includes(words.notWatched));
    assert.match(words.captureOff, /`capture = true`.*`pbx unit`/);
  }
});

Deno.test("the page speaks of the phone and of its test call in each language", async () => {
  for (const language of LANGUAGES) {
    const words = ADD_WORDS[language];
    const registered = { binding: BINDING };
    const cases: readonly (readonly [ConnectState | null, string])[] = [
      [null, words.busy],
      [makeState(), words.waitingText],
      [makeState({ isCardWatched: false }), words.notWatched],
      [makeState({ isCardWatched: false }), "pbx doctor 1002 --data /srv/pbx<"],
      [makeState(registered), words.callNow],
      [makeState({ ...registered, call: CALL }), words.hearItself],
      [
        makeState({ ...registered, call: { ...CALL, isHeard: false } }),
        words.noSound,
      ],
      [makeState({ call: { ...CALL, state: "ended" } }), words.done],
      [
        makeState({ call: { ...CALL, state: "ended", isHeard: false } }),
        words.endedSilent,
      ],
      [makeState({ call: { ...CALL, state: "ringing" } }), words.ringing],
    ];
    for (const [state, text] of cases) {
      const html =
        (await open(state, language).read("/extensions/1002/connect"))
          .replaceAll("&#39;", "'");
      assert.ok(html.includes(text), `${language}: ${text}`);
      assert.doesNotMatch(html.replace(/<svg.*?<\/svg>/g, ""), /\{\w+\}/);
      assert.ok(!html.includes("<i>MicroSIP") && !html.includes("<b>Olim"));
    }
  }
});
