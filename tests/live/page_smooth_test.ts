/**
 * A browser in a large office: two hundred phones and ten thousand messages. The pages stay small,
 * answer while messages stream in, and lose no row without saying so. Times are printed, not
 * judged: the machine has other work.
 * @module
 */

import assert from "node:assert/strict";
import {
  baseOf,
  Browser,
  BROWSER_NEEDS,
  type Page,
  untilShown,
} from "./lab_browser.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { type Received, ScriptPhone } from "./lab_phone.ts";
import { until } from "./lab_process.ts";
import { Server } from "./lab_server.ts";
import { PASSWORD, setPassword } from "./lab_site.ts";

const PHONES = 200;
const MESSAGES = 10_000;
/** What the list of the page keeps. */
const MOST_ROWS = 10_000;
/** Messages in a second while the page is watched closely, and for how long. */
const RATE = 200;
const SECONDS = 12;
/** A request and its answer. */
const EACH = 2;
const TICK_MS = 50;

/** Elements of a page. */
const MOST_ELEMENTS = { live: 800, status: 3000, extensions: 3500 };

/** Notes what the stream of rows brings, what keeps the page, and when it draws. */
const OBSERVE = `(() => {
  const seen = globalThis.seen = { count: 0, first: 0, last: 0, told: 0, skipped: 0 };
  globalThis.EventSource = class extends EventSource {
    constructor(address) {
      super(address);
      this.addEventListener("rows", ({ data }) => {
        for (const { id } of JSON.parse(data)) {
          seen.first ||= id;
          seen.last = id;
          seen.count++;
        }
      });
      this.addEventListener("dropped", ({ data }) => seen.told += Number(data));
      this.addEventListener("skipped", ({ data }) => seen.skipped += Number(data));
    }
  };
  let longest = [];
  let gaps = [];
  let last = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest.push(duration);
  }).observe({ type: "longtask" });
  let inputs = [];
  // where rows move below a mouse that rests, Chromium makes other events, and takes its time
  const wanted = new Set(["keydown", "keyup", "click", "pointerdown", "pointerup", "input"]);
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (wanted.has(name)) inputs.push(duration);
    }
  }).observe({ type: "event", durationThreshold: 16 });
  const draw = (now) => {
    if (last > 0) gaps.push(now - last);
    last = now;
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  globalThis.takeTimes = () => {
    const taken = { longest, gaps, inputs };
    [longest, gaps, inputs] = [[], [], []];
    return taken;
  };
})()`;

interface Seen {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly told: number;
  readonly skipped: number;
}

interface Times {
  readonly longest: readonly number[];
  readonly gaps: readonly number[];
  readonly inputs: readonly number[];
}

liveTest(
  "two hundred phones and ten thousand messages stay smooth in the browser",
  BROWSER_NEEDS,
  async (lab) => {
    const network = await lab.network();
    await addHosts(lab, network);
    await setPassword(lab, `${lab.directory}/data`, PASSWORD);
    const server = await Server.start(lab, {
      namespace: network.server,
      sip: ["0.0.0.0:5060"],
      logLevel: "warning",
      extensions: Object.fromEntries(
        listNumbers().map((number) => [number, `pw-${number}`]),
      ),
    });
    const phones = openPhones(network);
    lab.onClose(async () => {
      await Promise.all(phones.map((phone) => phone.close()));
    });
    const browser = await Browser.open(lab, network.server);
    const page = await browser.window();
    const base = baseOf(server);
    await signIn(page, base);
    await page.addInitScript({ content: OBSERVE });

    // how it is found out which message was the last
    browser.expectComplaint("/live", /404/);
    await seeLive(page, base, phones);
    await seeList(page, base, phones);
    browser.assertQuiet();
  },
);

/** Not by the status page, which would have the server register a phone of its own. */
async function signIn(page: Page, base: string): Promise<void> {
  await page.goto(`${base}/login?next=/account`);
  await page.fill('input[name="password"]', PASSWORD);
  await page.click('main button[type="submit"]');
  await page.waitForURL(`${base}/account`);
}

/** The page Live: everything that came, in few elements. */
async function seeLive(
  page: Page,
  base: string,
  phones: readonly ScriptPhone[],
): Promise<void> {
  await page.goto(`${base}/live`);
  await page.waitForSelector('.trace-state[data-state="connected"]');
  // the first time each is asked for its password
  const fast = MESSAGES - RATE * SECONDS;
  for (let sent = 0; sent < fast;) {
    sent += await registerSome(phones, phones.length) * EACH;
  }
  await tellTimes(page, "live, as fast as they come");
  const [size] = await Promise.all([
    useLive(page),
    stream(phones, SECONDS),
  ]);
  await tellTimes(page, `live, ${RATE} messages a second`);

  const seen = await until("the browser has the last message", async () => {
    const seen = await page.evaluate("seen") as Seen;
    const next = await page.evaluate(
      `fetch("/live/messages/${seen.last + 1}").then(({ status }) => status)`,
    );
    return seen.last >= MESSAGES && next === 404 && seen;
  }, 30_000);
  // more come at once than anybody keeps: what is missing is told
  const all = JSON.stringify(seen);
  assert.equal(seen.first, 1, all);
  assert.equal(seen.count + seen.told + seen.skipped, seen.last, all);
  await until("every message is accounted for on the page", async () => {
    const text = await page.innerText(".trace-counts");
    const told = [...text.matchAll(/\d+/g)].map(Number);
    return told[0] === Math.min(MOST_ROWS, seen.count) &&
      told.reduce((sum, count) => sum + count, 0) === seen.last;
  });
  const after = await countElements(page);
  assert.ok(after < MOST_ELEMENTS.live, `${after} elements`);
  console.log(
    `live: ${size} elements while messages came, ${after} with all of them; of ${seen.last} messages ${seen.told} dropped and ${seen.skipped} skipped, and told`,
  );
}

/** What somebody does while messages come; gives how many elements there are. */
async function useLive(page: Page): Promise<number> {
  const size = await countElements(page);
  assert.ok(size < MOST_ELEMENTS.live, `${size} elements`);
  await typeAndRead(page);
  await readOlder(page);
  return size;
}

/** What is typed arrives, and a row shows its message. */
async function typeAndRead(page: Page): Promise<void> {
  const field = page.locator("#trace-number");
  await field.pressSequentially("2042", { delay: 30 });
  assert.equal(await field.inputValue(), "2042");
  const text = page.locator("dialog[open] pre");
  await until("the message is shown", async () => {
    if (await text.count() === 0) {
      await page.locator(".trace-view").press("End");
      await page.keyboard.press("Enter");
      await text.waitFor();
    }
    const told = await text.innerText();
    if (/SIP\/2\.0/.test(told)) return true;
    // thousands have come since: it is not kept any more, but the next one is
    if (told !== "…") await closeMessage(page);
    return false;
  });
  await closeMessage(page);
}

async function closeMessage(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
}

/** Who scrolls up goes on reading what he reads; one press brings him back. */
async function readOlder(page: Page): Promise<void> {
  const readTop = () => page.evaluate(READ_TOP) as Promise<string>;
  const end = page.locator(".trace-end");
  await page.locator(".trace-view").hover();
  await page.mouse.wheel(0, -6000);
  await end.waitFor();
  // the wheel turns on for a moment
  let top = "";
  await until("it stands", async () => {
    const before = top;
    top = await readTop();
    return top !== "" && top === before;
  });
  const before = (await page.evaluate("seen") as Seen).last;
  await until("messages come", async () => {
    return (await page.evaluate("seen") as Seen).last > before + RATE;
  });
  assert.equal(await readTop(), top);
  await end.click();
  await end.waitFor({ state: "hidden" });
  await until("the newest are in sight", async () => {
    const rest = await page.evaluate(
      `(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)(document.querySelector(".trace-view"))`,
    );
    return Number(rest) < 60;
  });
}

/** The row at the upper edge of what is seen. */
const READ_TOP = `(() => {
  const view = document.querySelector(".trace-view").getBoundingClientRect();
  for (const row of document.querySelectorAll(".trace-row:not([hidden])")) {
    const { top, bottom } = row.getBoundingClientRect();
    if (top <= view.top + 1 && bottom > view.top + 1) return row.textContent;
  }
  return "";
})()`;

/** The other pages while phones register. */
async function seeList(
  page: Page,
  base: string,
  phones: readonly ScriptPhone[],
): Promise<void> {
  for (const [name, path] of [["status", "/"], ["extensions", "/extensions"]]) {
    await page.goto(base + path);
    await untilShown(page, "all phones are there", /2199/);
    await page.waitForSelector('#live-state[data-state="live"]');
    await Promise.all([scroll(page), stream(phones, 5)]);
    const size = await countElements(page);
    assert.ok(
      size < MOST_ELEMENTS[name as keyof typeof MOST_ELEMENTS],
      `${name}: ${size} elements`,
    );
    await tellTimes(
      page,
      `${name} (${size} elements), ${RATE} messages a second`,
    );
  }
}

async function scroll(page: Page): Promise<void> {
  await page.mouse.wheel(0, 2000);
  await until("it scrolls", async () => {
    return Number(await page.evaluate("scrollY")) > 0;
  });
}

async function countElements(page: Page): Promise<number> {
  return Number(
    await page.evaluate('document.querySelectorAll("*").length'),
  );
}

/** Prints how long the page was kept, and how evenly it drew. */
async function tellTimes(page: Page, what: string): Promise<void> {
  const { longest, gaps, inputs } = await page.evaluate(
    "takeTimes()",
  ) as Times;
  const sorted = gaps.toSorted((a, b) => a - b);
  const p = (share: number) =>
    (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(0);
  const most = (values: readonly number[]) =>
    values.length === 0 ? "none" : `${Math.max(...values).toFixed(0)} ms`;
  console.log(
    `${what}: ${gaps.length} frames, gaps p50 ${p(0.5)} p99 ${
      p(0.99)
    } longest ${p(1)} ms; tasks over 50 ms: ${longest.length}, longest ${
      most(longest)
    }; input to picture: longest ${most(inputs)}`,
  );
}

function listNumbers(): string[] {
  return Array.from({ length: PHONES }, (_, i) => String(2000 + i));
}

/** Each phone has an address of its own, as one that sends much is not kept whole. */
function listHosts(): string[] {
  return Array.from({ length: PHONES }, (_, i) => `192.0.2.${30 + i}`);
}

async function addHosts(lab: Lab, network: Network): Promise<void> {
  const lines = listHosts().map((host) => `addr add ${host}/24 dev eth0`);
  const command = ["ip", "-n", network.lan, "-batch", "-"];
  await lab.run(null, command, lines.join("\n"));
}

function openPhones(network: Network): ScriptPhone[] {
  const hosts = listHosts();
  return listNumbers().map((number, i) =>
    new ScriptPhone({
      socket: openUdpSocket(network.lan, hosts[i]!),
      server: { host: ADDRESS.server, port: 5060 },
      number,
      password: `pw-${number}`,
    })
  );
}

/** The next phones register, and every one is answered; gives how many. */
async function registerSome(
  phones: readonly ScriptPhone[],
  count: number,
  first = 0,
): Promise<number> {
  const asked = Array.from(
    { length: count },
    (_, i) => phones[(first + i) % phones.length]!,
  );
  const answers = await Promise.all(asked.map(registerNext));
  for (const answer of answers) assert.equal(answer?.status, 200, answer?.text);
  return count;
}

/** A phone sends nothing before it has its answer. */
const under = new WeakMap<ScriptPhone, Promise<Received | null>>();

function registerNext(phone: ScriptPhone): Promise<Received | null> {
  const before = under.get(phone) ?? Promise.resolve(null);
  const answer = before.then(() =>
    phone.register([`<${phone.contact}>`], 15_000)
  );
  under.set(phone, answer);
  return answer;
}

/** Messages come evenly. */
async function stream(
  phones: readonly ScriptPhone[],
  seconds: number,
): Promise<void> {
  const asked: Promise<number>[] = [];
  const atOnce = RATE * TICK_MS / 1000 / EACH;
  const total = RATE * seconds / EACH;
  const begin = performance.now();
  for (let sent = 0; sent < total; sent += atOnce) {
    const some = registerSome(phones, atOnce, sent);
    // it is told of in the end
    some.catch(() => {});
    asked.push(some);
    const dueMs = begin + (sent + atOnce) / atOnce * TICK_MS;
    const waitMs = Math.max(0, dueMs - performance.now());
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  await Promise.all(asked);
}
