/**
 * A real browser in a network namespace: Debian's Chromium, driven by playwright-core over pipes,
 * so that it needs no network but that of its namespace. Everything that a page complains of
 * (scripts that throw, what the Content-Security-Policy blocks, requests that fail) is kept, and a
 * test that does not ask for it fails at the end.
 * @module
 */

import assert from "node:assert/strict";
import axe from "axe-core";
import {
  type Browser as Chromium,
  type BrowserContext,
  chromium,
  type Page,
} from "playwright-core";
import type { Lab } from "./lab.ts";
import type { Server } from "./lab_server.ts";
import { until } from "./lab_process.ts";

export type { BrowserContext, Page } from "playwright-core";

const PROGRAM = "/usr/bin/chromium";
/** What live tests of the page need besides the network. */
export const BROWSER_NEEDS = ["namespaces", "chromium"];
export const ADMIN_PASSWORD = "a long password 42";

export const WIDTHS = { telephone: 360, desktop: 1440 } as const;
export type Width = keyof typeof WIDTHS;

export class Browser {
  readonly #chromium: Chromium;
  readonly #complaints: string[] = [];
  readonly #expected: (readonly [path: string, pattern: RegExp])[] = [];

  private constructor(chromium: Chromium) {
    this.#chromium = chromium;
  }

  /** Starts it; it ends with the lab at the latest. */
  static async open(lab: Lab, namespace: string): Promise<Browser> {
    const wrapper = `${lab.directory}/browser-${namespace}`;
    Deno.writeTextFileSync(
      wrapper,
      `#!/bin/sh\nexec ip netns exec ${namespace} ${PROGRAM} "$@"\n`,
      { mode: 0o755 },
    );
    const browser = await chromium.launch({
      executablePath: wrapper,
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    });
    lab.onClose(() => browser.close());
    return new Browser(browser);
  }

  /** A window of its own, with its own cookies. */
  async window(
    options: {
      readonly width?: Width;
      readonly locale?: string;
      readonly dark?: boolean;
      readonly cookies?: Awaited<ReturnType<BrowserContext["cookies"]>>;
    } = {},
  ): Promise<Page> {
    const { width = "desktop", locale = "en-US", dark = false } = options;
    const context = await this.#chromium.newContext({
      viewport: { width: WIDTHS[width], height: 900 },
      locale,
      colorScheme: dark ? "dark" : "light",
      timezoneId: "Asia/Tashkent",
    });
    if (options.cookies !== undefined) {
      await context.addCookies(options.cookies);
    }
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => this.#complain(page, error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.#complain(page, message.text());
    });
    return page;
  }

  /** Fails where a page complained of anything else than what was to be expected. */
  assertQuiet(): void {
    const unexpected = this.#complaints.splice(0).filter((complaint) =>
      !this.#expected.some(([path, pattern]) =>
        complaint.includes(`${path}: `) && pattern.test(complaint)
      )
    );
    assert.deepEqual(unexpected, []);
  }

  /** What the browser says by itself of the answer at a path is to be expected. */
  expectComplaint(path: string, pattern: RegExp): void {
    this.#expected.push([path, pattern]);
  }

  #complain(page: Page, what: string): void {
    this.#complaints.push(`${page.url()}: ${what}`);
  }
}

/** Where the server's page is, as the server itself says. */
export function baseOf(server: Server): string {
  const { http } = JSON.parse(
    Deno.readTextFileSync(`${server.data}/server.json`),
  ) as { http: string };
  return `http://${http}`;
}

/** Sets the first password with the token that the server printed, and comes out signed in. */
export async function setUp(page: Page, server: Server): Promise<string> {
  const [, token] = await server.process.waitFor(
    /Setup token: ([\w-]+)/,
  );
  const base = baseOf(server);
  await page.goto(`${base}/`);
  await page.waitForURL(/\/setup/);
  await page.fill('input[name="token"]', token!);
  await page.fill('input[name="password"]', ADMIN_PASSWORD);
  await page.fill('input[name="again"]', ADMIN_PASSWORD);
  await page.click('main button[type="submit"]');
  await page.waitForURL(`${base}/`);
  return base;
}

/** What of axe-core's result is looked at. */
interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

/**
 * What axe-core finds serious or worse, a line each. Most of its time goes into the contrast, which
 * is the same in every language.
 */
export async function listBarriers(
  page: Page,
  hasContrast = true,
): Promise<string[]> {
  await page.evaluate((axe as unknown as { readonly source: string }).source);
  const rules = { "color-contrast": { enabled: hasContrast } };
  const options = JSON.stringify({ resultTypes: ["violations"], rules });
  const { violations } = await page.evaluate(
    `axe.run(${options})`,
  ) as { readonly violations: readonly Violation[] };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`
    );
}

/** Waits until something on the page is true, and says what it showed instead. */
export async function untilShown(
  page: Page,
  what: string,
  pattern: RegExp,
  timeoutMs = 15_000,
): Promise<string> {
  let last = "";
  try {
    return await until(
      what,
      async () => {
        last = await page.innerText("main");
        return pattern.test(last) && last;
      },
      timeoutMs,
      200,
    );
  } catch (error) {
    throw new Error(`${String(error)}; the page said:\n${last}`);
  }
}
