/**
 * The routes behind the buttons of repairs. Each does one thing, and sends the browser back to the
 * page that it came from, with what became of it.
 * @module
 */

import type { Context } from "hono";
import { checkNumber } from "../../pbx/extension.ts";
import type { App, AppEnv } from "./page_app.ts";
import type { Outcome } from "./words/repair_words.ts";

/** What repairs do with the running server. */
export interface RepairSource {
  /** Asks the phones of a number whether they are there; gives how many were asked. */
  askPhones(number: string): number;
  /** The same, and forgets those that do not answer soon. */
  forgetSilent(number: string): number;
  /** Tries to write the journal; false where that does not work. */
  retryStore(): boolean;
}

/** Adds the routes. */
export function addRepairs(app: App, source: RepairSource): void {
  app.post("/extensions/:number/ping", (context) => {
    const number = readNumber(context);
    const count = number === "" ? 0 : source.askPhones(number);
    return goBack(context, count > 0 ? "asked" : "nobody-asked", {
      number,
      count,
    });
  });
  app.post("/extensions/:number/forget", (context) => {
    const number = readNumber(context);
    const count = number === "" ? 0 : source.forgetSilent(number);
    return goBack(context, count > 0 ? "forgetting" : "nobody-asked", {
      number,
      count,
    });
  });
  app.post(
    "/store/retry",
    (context) => goBack(context, source.retryStore() ? "stored" : "not-stored"),
  );
}

/** The number of the path; "" where it is none. */
function readNumber(context: Context<AppEnv>): string {
  const number = context.req.param("number") ?? "";
  return checkNumber(number) === null ? number : "";
}

function goBack(
  context: Context<AppEnv>,
  did: Outcome,
  values: Readonly<Record<string, string | number>> = {},
): Promise<Response> {
  const query = Object.entries({ did, ...values })
    .map(([name, value]) => `${name}=${value}`).join("&");
  return readBack(context).then((path) =>
    context.redirect(`${path}?${query}`, 303)
  );
}

/** The field `back` of the form. */
export function readBack(context: Context<AppEnv>): Promise<string> {
  return context.req.parseBody().then(
    ({ back }) => typeof back === "string" ? pathOf(back) : "/",
    () => "/",
  );
}

/**
 * A path of this server, without a query; `/` for everything else, so that no form leads elsewhere.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pathOf } from "./repair_actions.ts";
 * assert.equal(pathOf("/extensions/1002"), "/extensions/1002");
 * assert.equal(pathOf("//evil.example/x"), "/");
 * assert.equal(pathOf("/\\evil.example"), "/");
 * ```
 */
export function pathOf(text: string): string {
  return /^(?:\/[\w-]+){1,6}$/.test(text) && text.length <= 200 ? text : "/";
}
