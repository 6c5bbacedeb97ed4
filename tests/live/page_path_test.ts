/**
 * The way of a newcomer through the page, in a real browser, with a real phone behind a router that
 * translates addresses: first visit, first extension, a phone with the wrong password, the verdict
 * that names the field, the right password, and the test call with sound both ways.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { Baresip } from "./lab_baresip.ts";
import {
  Browser,
  BROWSER_NEEDS,
  listBarriers,
  type Page,
  setUp,
  untilShown,
  type Width,
} from "./lab_browser.ts";
import type { Lab } from "./lab.ts";
import { listCutTexts } from "./lab_look.ts";
import { ADDRESS } from "./lab_network.ts";
import { until } from "./lab_process.ts";
import { Server } from "./lab_server.ts";
import { keepPicture } from "./lab_picture.ts";

/** What the page says in a language. */
interface Said {
  readonly waiting: RegExp;
  readonly wrong: RegExp;
  /** The name of the field, as the phone's window shows it. */
  readonly field: RegExp;
  readonly registered: RegExp;
  readonly heard: RegExp;
}

interface Case {
  readonly language: "uz" | "ru" | "en";
  readonly locale: string;
  readonly width: Width;
  readonly said: Said;
}

const CASES: readonly Case[] = [
  {
    language: "en",
    locale: "en-GB",
    width: "desktop",
    said: {
      waiting: /Waiting for your phone/,
      wrong: /[Ww]rong password/,
      field: /Password/,
      registered: /The phone is registered/,
      heard: /We hear your phone/,
    },
  },
  {
    language: "ru",
    locale: "ru-RU",
    width: "telephone",
    said: {
      waiting: /Ждём ваш телефон/,
      wrong: /[Нн]еверный пароль/,
      field: /«Пароль»/,
      registered: /Телефон зарегистрирован/,
      heard: /Мы слышим ваш телефон/,
    },
  },
  {
    language: "uz",
    locale: "uz-UZ",
    width: "desktop",
    said: {
      waiting: /Telefoningiz kutilyapti/,
      wrong: /[Pp]arol notoʻgʻri|[Nn]otoʻgʻri parol/,
      field: /[Pp]arol/,
      registered: /Telefon roʻyxatdan oʻtdi/,
      heard: /Telefoningiz eshitilyapti/,
    },
  },
];

for (const { language, locale, width, said } of CASES) {
  liveTest(
    `the page takes a newcomer to his first call, in ${language} on a ${width}`,
    [...BROWSER_NEEDS, "baresip"],
    (lab) => walk(lab, language, locale, width, said),
  );
}

async function walk(
  lab: Lab,
  language: string,
  locale: string,
  width: Width,
  said: Said,
): Promise<void> {
  const network = await lab.network();
  const server = await Server.start(lab, {
    namespace: network.server,
    sip: ["0.0.0.0:5060"],
  });
  const browser = await Browser.open(lab, network.server);
  const page = await browser.window({ width, locale });
  const base = await setUp(page, server);
  assert.equal(await page.getAttribute("html", "lang"), language);
  const picture = (name: string) =>
    keepPicture(page, `path-${language}-${name}`);
  await picture("empty");

  await page.goto(`${base}/extensions/new`);
  const number = await page.inputValue('input[name="number"]');
  await page.fill('input[name="name"]', "Anvar Oʻrinov");
  await page.click('main button[type="submit"]');
  await page.waitForURL(new RegExp(`/extensions/${number}/connect`));
  await untilShown(page, "the page waits", said.waiting);
  assert.deepEqual(await listBarriers(page), []);
  assert.deepEqual(await listCutTexts(page), []);
  await picture("waiting");

  const password = await readPassword(page);
  const account = { number, server: ADDRESS.server, tone: 440 };
  const wrong = new Baresip(lab, network.nat, {
    ...account,
    password: "not-the-password",
  });
  wrong.start();
  assert.equal(await wrong.refused(), 403);
  const text = await untilShown(page, "the verdict appears", said.wrong, 5000);
  assert.match(text, said.field);
  assert.deepEqual(await listCutTexts(page), []);
  await picture("wrong");
  await wrong.crash();

  const phone = new Baresip(lab, network.nat, { ...account, password });
  phone.start();
  await phone.registered();
  await untilShown(page, "the strip turns green", said.registered, 10_000);
  assert.equal(await page.locator("#connect-state .pill.ok").count(), 1);
  await picture("registered");

  await phone.call("*43");
  await phone.established();
  await untilShown(page, "both directions sound", said.heard, 15_000);
  await until("both meters move", async () => {
    const meters = await page.locator("#connect-call meter").all();
    const values = await Promise.all(
      meters.map((meter) => meter.getAttribute("value")),
    );
    return values.length === 2 && values.every((value) => Number(value) > 20);
  });
  assert.deepEqual(await listBarriers(page), []);
  assert.deepEqual(await listCutTexts(page), []);
  await picture("sound");
  await phone.hangUp();
  browser.assertQuiet();
}

/** The password as it stands in the file that the page offers for MicroSIP. */
async function readPassword(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.click('main a[href$="/MicroSIP.ini"]'),
  ]);
  const octets = await Deno.readFile(await download.path());
  const text = new TextDecoder("utf-16le").decode(octets);
  const password = /^password=(\S+)\r$/m.exec(text)?.[1];
  assert.ok(password !== undefined, text);
  assert.ok((await page.innerText("main")).includes(password));
  return password;
}
