/**
 * What moves on the page while somebody looks at it, and what its buttons do: a phone that
 * registers, a call that is ended, somebody who is let in again, checks, repairs, the help bundle,
 * and the end of a session.
 * @module
 */

import assert from "node:assert/strict";
import { unzipSync } from "fflate";
import { ACCESS_WORDS } from "../../web/page/words/access_words.ts";
import { CALLS_WORDS } from "../../web/page/words/calls_words.ts";
import { FRAME_WORDS } from "../../web/page/words/frame_words.ts";
import { SECURITY_WORDS } from "../../web/page/words/security_words.ts";
import {
  ADMIN_PASSWORD,
  Browser,
  BROWSER_NEEDS,
  type Page,
  setUp,
} from "./lab_browser.ts";
import { openCaller, passwordOf } from "./lab_call.ts";
import { liveTest } from "./lab_case.ts";
import { until } from "./lab_process.ts";
import { guess, GUESSER, openTour, type Tour, TOUR_NEEDS } from "./lab_tour.ts";

/** Where the page is, and a window of somebody who is signed in. */
interface Visit {
  readonly tour: Tour;
  readonly browser: Browser;
  readonly page: Page;
  readonly base: string;
}

liveTest(
  "the page moves by itself, and its buttons do what they say",
  [...BROWSER_NEEDS, ...TOUR_NEEDS],
  async (lab) => {
    const tour = await openTour(lab);
    const browser = await Browser.open(lab, tour.network.server);
    const page = await browser.window();
    const base = await setUp(page, tour.server);
    const visit = { tour, browser, page, base };
    await seeRegistration(visit);
    await endCall(visit);
    await repair(visit);
    await checkAgain(visit);
    await guess(lab, tour);
    await letIn(visit);
    await downloadBundle(visit);
    browser.assertQuiet();
    await endSession(visit);
    browser.assertQuiet();
  },
);

/** The page of an extension turns green while it stands open. */
async function seeRegistration({ tour, page, base }: Visit): Promise<void> {
  await page.goto(`${base}/extensions/1001`);
  assert.equal(await page.locator("#verdict .empty").count(), 1);
  await page.evaluate("globalThis.isStillThere = true");
  tour.caller.start();
  tour.callee.start();
  await Promise.all([tour.caller.registered(), tour.callee.registered()]);
  await page.waitForSelector("#verdict .notice.ok");
  const stages = await page.locator("#verdict .stages > li").count();
  const passed = await page.locator("#verdict .stages > .passed").count();
  assert.deepEqual([stages, passed], [15, 15]);
  // messages come in while the page stands
  const ladder = page.locator("#ladder .ladder-box li");
  const before = await ladder.count();
  await until("the ladder grows", async () => await ladder.count() > before);
  assert.equal(await page.evaluate("globalThis.isStillThere"), true);
  assert.equal(
    await page.innerText("#live-state"),
    FRAME_WORDS.en.live,
  );
}

/** How long the question stands: the parts of the page change several times meanwhile. */
const ASKED_MS = 3000;

/**
 * A call appears in the list, and the button ends it for both phones, however long somebody thinks
 * about it.
 */
async function endCall({ tour, page, base }: Visit): Promise<void> {
  const words = CALLS_WORDS.en;
  await page.goto(`${base}/calls`);
  const now = page.locator("#calls-now");
  assert.equal(await now.locator("tbody tr").count(), 0);
  await tour.caller.call("1002");
  await now.getByText(words.ringing).waitFor();
  await tour.callee.rings();
  await tour.callee.answer();
  await now.getByText(words.talking).waitFor();
  await now.getByRole("button", { name: words.endShort }).click();
  const dialog = page.locator("dialog[open]");
  assert.match(await dialog.innerText(), new RegExp(words.endConfirm));
  await dialog.getByText(FRAME_WORDS.en.cancel).click();
  assert.equal(await now.locator("tbody tr").count(), 1);
  const seconds = now.locator("tbody tr td:nth-child(5)");
  const before = await seconds.innerText();
  await until(
    "the list goes on after an answer",
    async () => await seconds.innerText() !== before,
  );
  await now.getByRole("button", { name: words.endShort }).click();
  await page.waitForTimeout(ASKED_MS);
  await dialog.getByText(words.endYes).click();
  await Promise.all([tour.caller.ended(), tour.callee.ended()]);
  await page.getByText(words.ends.operator).first().waitFor();
  await page.goto(`${base}/calls`);
  assert.equal(await now.locator("tbody tr").count(), 0);
  const earlier = await page.innerText("#calls-before");
  assert.ok(earlier.includes(words.ends.operator), earlier);
}

/** A phone that is there answers; one that has left without a word is forgotten. */
async function repair({ tour, page, base }: Visit): Promise<void> {
  const { network, server } = tour;
  const gone = await openCaller(network, "lan", "1001");
  await page.goto(`${base}/extensions/1001`);
  const bindings = page.locator("#bindings .binding");
  await until("both phones show", async () => await bindings.count() === 2);
  await page.click('form[action="/extensions/1001/ping"] button');
  await page.waitForURL(/did=asked/);
  assert.match(
    await page.innerText("main .notice.info[role=status]"),
    /1001.*: 2/,
  );
  await gone.close();
  await page.click('form[action="/extensions/1001/forget"] button');
  await page.waitForURL(/did=forgetting/);
  await server.waitForBindings("1001", "one is left", (rows) => {
    return rows.length === 1 && rows[0]!.userAgent.startsWith("baresip");
  });
  await until("the page shows one", async () => await bindings.count() === 1);
}

/** The checks run again, and say when they did. */
async function checkAgain({ page, base }: Visit): Promise<void> {
  await page.goto(`${base}/`);
  const readTime = () =>
    page.locator("#status-checks .actions time").getAttribute("datetime");
  await page.waitForSelector("#status-checks .ticks > .pass");
  const ticks = await page.locator("#status-checks .ticks > li").count();
  assert.ok(ticks >= 10, String(ticks));
  const before = await readTime();
  await page.click('form[action="/checks"] button');
  await page.waitForURL(`${base}/`);
  await until("they were checked again", async () => {
    const isBusy = await page.locator('form[action="/checks"] button')
      .isDisabled();
    return !isBusy && await readTime() !== before;
  }, 20_000);
  const after = await page.locator("#status-checks .ticks > li").count();
  assert.equal(after, ticks);
  // the phone that the server tries itself with is not among those of people
  const answer = await page.goto(`${base}/live`);
  const text = await answer!.text();
  assert.match(text, /REGISTER 1001/);
  assert.doesNotMatch(text, /selftest-/);
}

/** Who guessed too often is let in again. */
async function letIn({ page, base }: Visit): Promise<void> {
  await page.goto(`${base}/security`);
  const row = page.locator("#security-bans tr", { hasText: GUESSER });
  await row.waitFor();
  await row.getByRole("button").click();
  await page.waitForURL(/done=released/);
  assert.equal(
    await page.innerText("main .notice.ok"),
    SECURITY_WORDS.en.released,
  );
  assert.equal(await row.count(), 0);
}

/** The bundle has its README, and no secret of anybody. */
async function downloadBundle({ tour, page, base }: Visit): Promise<void> {
  await page.goto(`${base}/help`);
  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: 60_000 }),
    page.click('form[action="/help/report"] button'),
  ]);
  assert.match(download.suggestedFilename(), /^pbx-[\w-]+\.zip$/);
  const files = unzipSync(await Deno.readFile(await download.path()));
  const names = Object.keys(files);
  assert.ok(names.some((name) => /README/.test(name)), names.join());
  const cookies = await page.context().cookies();
  const token = Deno.readTextFileSync(`${tour.server.data}/api-token`).trim();
  const secrets = [
    ADMIN_PASSWORD,
    token,
    ...["1001", "1002", "1003"].map(passwordOf),
    ...cookies.filter(({ name }) => /session/.test(name))
      .map(({ value }) => value),
  ];
  for (const [name, octets] of Object.entries(files)) {
    const text = new TextDecoder("latin1").decode(octets);
    for (const secret of secrets) {
      assert.ok(!text.includes(secret), `${name} holds ${secret}`);
    }
  }
}

/** Who is signed out from elsewhere sees nothing more; who signs out is out. */
async function endSession({ browser, page, base }: Visit): Promise<void> {
  const other = await browser.window();
  await other.goto(`${base}/login`);
  await other.fill('input[name="password"]', ADMIN_PASSWORD);
  await other.click('main button[type="submit"]');
  await other.waitForURL(`${base}/`);
  await page.goto(`${base}/`);
  await page.getByText(FRAME_WORDS.en.live, { exact: true }).last().waitFor();
  browser.expectComplaint(`${base}/`, /401/);
  await other.goto(`${base}/account`);
  await other.click('form[action="/account/end"] button');
  await other.waitForURL(/done=ended/);
  assert.equal(
    await other.innerText("main .notice.ok"),
    ACCESS_WORDS.en.ended,
  );
  // by itself
  await page.waitForURL(/\/login/);
  await page.goto(`${base}/calls`);
  assert.match(page.url(), /\/login\?next=/);
  await other.goto(`${base}/account`);
  await other.click('form[action="/logout"] button');
  await other.waitForURL(/\/login/);
  await other.goto(`${base}/extensions`);
  assert.match(other.url(), /\/login\?next=/);
}
