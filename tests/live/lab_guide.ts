/**
 * Somebody who goes through pages with open eyes, in one language, wide and narrow.
 * @module
 */

import {
  type Browser,
  listBarriers,
  type Page,
  type Width,
  WIDTHS,
} from "./lab_browser.ts";
import { listCutInside, listFaults, listUnreachable } from "./lab_look.ts";
import { keepPicture } from "./lab_picture.ts";

export const LANGUAGES = ["uz", "ru", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** One page of the tour. */
export interface Stop {
  readonly name: string;
  readonly path: string;
  /** What happens on it before it is looked at. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** What the browser says of it by itself. */
  readonly complaint?: RegExp;
}

/** Goes through pages in one window, and writes down what is wrong with them. */
export class Guide {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #base: string;
  readonly #language: Language;
  readonly #faults: string[];

  constructor(
    browser: Browser,
    page: Page,
    base: string,
    language: Language,
    faults: string[],
  ) {
    this.#browser = browser;
    this.#page = page;
    this.#base = base;
    this.#language = language;
    this.#faults = faults;
  }

  /** Looks at one page on a desktop, then on a telephone. */
  async visit(stop: Stop, look = this.#language as string): Promise<void> {
    const page = this.#page;
    const hasContrast = look === "en" || look === "dark";
    await this.#go(stop);
    for (const width of ["desktop", "telephone"] satisfies Width[]) {
      await this.#widen(width);
      const where = `${stop.name} ${look} ${width}`;
      await keepPicture(page, `${stop.name}-${look}-${width}`);
      this.#say(where, await listFaults(page, this.#language));
      this.#say(where, await listBarriers(page, hasContrast));
    }
    this.#say(`${stop.name} ${look} open`, await listCutInside(page));
    await this.#widen("desktop");
    this.#say(`${stop.name} ${look} open`, await listCutInside(page));
  }

  /** Goes through one page with the keyboard alone. */
  async press(stop: Stop): Promise<void> {
    await this.#go(stop);
    this.#say(`${stop.name} keyboard`, await listUnreachable(this.#page));
  }

  async #widen(width: Width): Promise<void> {
    await this.#page.setViewportSize({ width: WIDTHS[width], height: 900 });
    // what follows the size by script has done so in the next frame
    await this.#page.evaluate(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
    );
  }

  async #go({ path, act, complaint }: Stop): Promise<void> {
    await this.#page.goto(`${this.#base}${path}`);
    await act?.(this.#page);
    if (complaint === undefined) return;
    this.#browser.expectComplaint(this.#page.url(), complaint);
  }

  #say(where: string, faults: readonly string[]): void {
    for (const fault of faults) this.#faults.push(`${where}: ${fault}`);
  }
}
