/**
 * Reads from a request how its page is to be shown: in the language and theme that its query,
 * its cookies (RFC 6265 §4.2) or the browser's wish (RFC 9110 §12.5.4) name. A query is
 * remembered in a cookie and taken out of the address.
 * @module
 */

import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { type Language, LANGUAGES } from "../../diag/verdict.ts";
import { isLoopback } from "../../sip/flow.ts";
import type { AppEnv } from "./page_app.ts";
import { type PageView, type Theme, THEMES } from "./page_view.ts";

const LANGUAGE_COOKIE = "pbx_lang";
const THEME_COOKIE = "pbx_theme";
const YEAR_SECONDS = 365 * 86_400;
const LONGEST_QUERY = 500;
/** No browser wishes for more; the rest of a longer header is not read. */
const MOST_WISH_UNITS = 500;

/** What the server knows for every page. */
export interface PageRequestOptions {
  /** Where styles and scripts are, without a slash at the end. */
  readonly assets: string;
  readonly version: string;
  nowMs(): number;
}

/** Sets `context.var.page`; belongs before everything that answers with a page. */
export function readPageRequest(
  options: PageRequestOptions,
): MiddlewareHandler<AppEnv> {
  return (context, next) => {
    const language = choose(LANGUAGES, context.req.query("lang"));
    const theme = choose(THEMES, context.req.query("theme"));
    if ((language ?? theme) !== undefined && isVisit(context)) {
      return Promise.resolve(remember(context, language, theme));
    }
    context.set("page", describePage(context, options, language, theme));
    return next();
  };
}

function describePage(
  context: Context<AppEnv>,
  { assets, version, nowMs }: PageRequestOptions,
  language: Language | undefined,
  theme: Theme | undefined,
): PageView {
  return {
    language: language ??
      choose(LANGUAGES, getCookie(context, LANGUAGE_COOKIE)) ??
      readWish(context.req.header("accept-language") ?? ""),
    theme: theme ?? choose(THEMES, getCookie(context, THEME_COOKIE)) ?? "auto",
    path: context.req.path,
    query: queryOf(context.req.url),
    assets,
    isSecure: context.env.isSecure || isLoopback(context.env.peer),
    // who asks is found out behind this
    get isSignedIn() {
      return context.var.admin !== undefined;
    },
    nowMs: nowMs(),
    version,
  };
}

/** The query without what is remembered in cookies; "" where it is long. */
function queryOf(address: string): string {
  const { searchParams } = new URL(address);
  searchParams.delete("lang");
  searchParams.delete("theme");
  const text = searchParams.toString();
  return text.length > LONGEST_QUERY ? "" : text;
}

/** Whether somebody follows a link; programs that use the API keep no cookies. */
function isVisit({ req }: Context<AppEnv>): boolean {
  return (req.method === "GET" || req.method === "HEAD") &&
    !/^\/(?:api|stream|assets)\//.test(req.path);
}

function remember(
  context: Context<AppEnv>,
  language: Language | undefined,
  theme: Theme | undefined,
): Response {
  const keep = (name: string, value: string | undefined) => {
    if (value === undefined) return;
    setCookie(context, name, value, {
      path: "/",
      maxAge: YEAR_SECONDS,
      sameSite: "Lax",
      httpOnly: true,
    });
  };
  keep(LANGUAGE_COOKIE, language);
  keep(THEME_COOKIE, theme);
  const url = new URL(context.req.url);
  url.searchParams.delete("lang");
  url.searchParams.delete("theme");
  // a path of two slashes would name another server
  return context.redirect(url.pathname.replace(/^\/+/, "/") + url.search, 303);
}

/**
 * The first of our languages in the order of a browser's wish; English where it names none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readWish } from "./page_request.ts";
 * assert.equal(readWish("kk, en;q=0.5, ru-RU;q=0.9"), "ru");
 * ```
 */
export function readWish(header: string): Language {
  let best: Language = "en";
  let bestWeight = 0;
  for (const item of header.slice(0, MOST_WISH_UNITS).split(",")) {
    const [range = "", ...parameters] = item.split(";");
    const name = range.trim().toLowerCase().split("-")[0];
    const language = choose(LANGUAGES, name);
    const weight = readWeight(parameters);
    if (language !== undefined && weight > bestWeight) {
      best = language;
      bestWeight = weight;
    }
  }
  return best;
}

function readWeight(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const weight = /^\s*q\s*=\s*(\d(?:\.\d*)?)\s*$/i.exec(parameter)?.[1];
    if (weight !== undefined) return Math.min(1, Number(weight));
  }
  return parameters.length === 0 ? 1 : 0;
}

function choose<T extends string>(
  values: readonly T[],
  value: string | undefined,
): T | undefined {
  return values.find((candidate) => candidate === value);
}
