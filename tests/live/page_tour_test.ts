/**
 * A tour through every page of a busy office, in a real browser: in each language, on a desktop
 * and on a telephone, light and dark. Nothing may be cut, left empty, or closed to the keyboard or
 * to a screen reader, and no page may complain of anything.
 * @module
 */

import assert from "node:assert/strict";
import {
  ADMIN_PASSWORD,
  baseOf,
  Browser,
  BROWSER_NEEDS,
  type Page,
  setUp,
} from "./lab_browser.ts";
import { liveTest } from "./lab_case.ts";
import { pbxCommand, pbxEnvironment, runPbx } from "./lab_command.ts";
import { Guide, type Language, LANGUAGES, type Stop } from "./lab_guide.ts";
import { ADDRESS } from "./lab_network.ts";
import { setPassword } from "./lab_site.ts";
import { fillTour, guess, openTour, TOUR_NEEDS } from "./lab_tour.ts";

const STRANGER_STOPS: readonly Stop[] = [
  { name: "login", path: "/login" },
  {
    name: "login-wrong",
    path: "/login",
    act: async (page) => {
      await page.fill('input[name="password"]', "not the password");
      await Promise.all([
        page.waitForResponse((answer) => answer.request().method() === "POST"),
        page.click('main button[type="submit"]'),
      ]);
    },
    complaint: /403|401/,
  },
];

const STOPS: readonly Stop[] = [
  // a lock-out lasts a minute
  { name: "security", path: "/security" },
  { name: "status", path: "/" },
  { name: "status-day", path: "/?range=day" },
  { name: "extensions", path: "/extensions" },
  { name: "extensions-found", path: "/extensions?q=an" },
  { name: "new", path: "/extensions/new" },
  {
    name: "new-wrong",
    path: "/extensions/new",
    act: async (page) => {
      await page.fill('input[name="number"]', "1001");
      await page.fill('input[name="name"]', "Anvar");
      await Promise.all([
        page.waitForResponse((answer) => answer.request().method() === "POST"),
        page.click('main button[type="submit"]'),
      ]);
      await page.waitForSelector('[aria-invalid="true"]');
    },
    complaint: /409|422|400/,
  },
  { name: "healthy", path: "/extensions/1001" },
  { name: "wrong-password", path: "/extensions/1003" },
  { name: "never-seen", path: "/extensions/1006" },
  { name: "password", path: "/extensions/1003/password" },
  { name: "edit", path: "/extensions/1006/edit" },
  { name: "remove", path: "/extensions/1006/remove" },
  { name: "connect", path: "/extensions/1003/connect" },
  { name: "connect-well", path: "/extensions/1002/connect" },
  { name: "calls", path: "/calls" },
  { name: "live", path: "/live", act: waitForRows },
  { name: "live-row", path: "/live", act: openRow },
  { name: "help", path: "/help" },
  { name: "account", path: "/account" },
  { name: "missing", path: "/nowhere", complaint: /404/ },
  { name: "missing-number", path: "/extensions/1098", complaint: /404/ },
];
/** Where the keyboard goes all the way. */
const KEYBOARD_STOPS = ["status", "wrong-password", "calls"];
const DARK_STOPS = [
  "status",
  "extensions",
  "new-wrong",
  "wrong-password",
  "connect-well",
  "call-live",
  "live-row",
  "security",
];

liveTest(
  "every page in every language, wide and narrow, light and dark",
  [...BROWSER_NEEDS, ...TOUR_NEEDS],
  async (lab) => {
    const tour = await openTour(lab);
    const life = fillTour(lab, tour);
    const browser = await Browser.open(lab, tour.network.server);
    const faults: string[] = [];
    const open = async (language: Language, more = {}) => {
      const page = await browser.window({ locale: language, ...more });
      return new Guide(browser, page, baseOf(tour.server), language, faults);
    };
    const guests = await Promise.all(
      LANGUAGES.map((language) => open(language)),
    );
    await Promise.all(
      guests.map((guide) => guide.visit({ name: "setup", path: "/setup" })),
    );
    const first = await browser.window();
    await setUp(first, tour.server);
    const cookies = await first.context().cookies();
    for (const guide of guests) {
      for (const stop of STRANGER_STOPS) await guide.visit(stop);
    }
    await life;
    await guess(lab, tour);
    const calls = await listCalls(first);
    assert.ok(calls.length >= 6, calls.join());
    const stops = [...STOPS, ...callStops(calls)];
    const list = (names: readonly string[]) =>
      stops.filter(({ name }) => names.includes(name));
    await Promise.all([
      ...LANGUAGES.map(async (language) => {
        const guide = await open(language, { cookies });
        for (const stop of stops) await guide.visit(stop);
      }),
      open("uz", { cookies, dark: true }).then(async (guide) => {
        for (const stop of list(DARK_STOPS)) await guide.visit(stop, "dark");
      }),
      open("en", { cookies }).then(async (guide) => {
        for (const stop of list(KEYBOARD_STOPS)) await guide.press(stop);
      }),
    ]);
    assert.deepEqual(faults, []);
    browser.assertQuiet();
  },
);

liveTest(
  "the page in the network of the phones, where it can hand out links and codes",
  BROWSER_NEEDS,
  async (lab) => {
    const network = await lab.network();
    const data = `${lab.directory}/data`;
    await setPassword(lab, data, ADMIN_PASSWORD);
    const add = ["extension", "add", "1001", "--password-stdin"];
    await runPbx(lab, [...add, "--data", data], "correct-horse-7\n");
    const server = lab.spawn(network.server, {
      command: [
        ...[...pbxCommand(), "serve", "--data", data],
        ...["--sip", "0.0.0.0:5060", "--http", "0.0.0.0:8060"],
      ],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    await server.waitFor(/See how it is/);
    const browser = await Browser.open(lab, network.lan);
    const base = `http://${ADDRESS.server}:8060`;
    const faults: string[] = [];
    for (const language of LANGUAGES) {
      const page = await browser.window({ locale: language });
      const guide = new Guide(browser, page, base, language, faults);
      await guide.visit({ name: "outside-login", path: "/login" });
      await page.fill('input[name="password"]', ADMIN_PASSWORD);
      await page.click('main button[type="submit"]');
      await page.waitForURL(`${base}/`);
      await page.goto(`${base}/extensions/1001/password`);
      await page.click('main button[type="submit"]');
      await page.waitForURL(/connect/);
      await guide.visit({
        name: "outside-connect",
        path: "/extensions/1001/connect",
        act: async (page) => {
          await page.click("main .phone-kind:nth-of-type(2) > summary");
          await page.waitForSelector("main .qr-code");
        },
      });
    }
    assert.deepEqual(faults, []);
    browser.assertQuiet();
  },
);

Deno.test("every file of words is looked at by their test", () => {
  const folder = new URL("../../web/page/words/", import.meta.url);
  const test = Deno.readTextFileSync(new URL("words_test.ts", folder));
  const missing = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) =>
      name.endsWith("_words.ts") && !test.includes(`/${name}"`)
    );
  assert.deepEqual(missing, []);
});

/** The paths of all calls, the one that lives first. */
async function listCalls(page: Page): Promise<string[]> {
  await page.goto(new URL("/calls", page.url()).href);
  const links = await page.locator('main a[href^="/calls/"]').all();
  const paths = await Promise.all(
    links.map((link) => link.getAttribute("href")),
  );
  return [...new Set(paths as string[])];
}

function callStops(paths: readonly string[]): Stop[] {
  const [live = "", ...ended] = paths;
  return [
    { name: "call-live", path: live },
    { name: "call-answered", path: ended[0]! },
    { name: "call-unknown", path: ended.at(-1)! },
  ];
}

async function waitForRows(page: Page): Promise<void> {
  await page.waitForSelector(".trace-row");
}

async function openRow(page: Page): Promise<void> {
  await waitForRows(page);
  await page.locator(".trace-row.request").first().click();
  await page.waitForSelector(".trace-dialog[open] pre");
}
