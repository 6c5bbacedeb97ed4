/**
 * A page as an answer of HTTP.
 * @module
 */

import type { Context } from "hono";
import type { HtmlEscapedString } from "hono/utils/html";
import type { AppEnv } from "./page_app.ts";

/** What a page may load: from this server only, and no script or style inside the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Answers with a whole page. */
export function answerPage(
  context: Context<AppEnv>,
  element: HtmlEscapedString | Promise<HtmlEscapedString>,
  status: 200 | 400 | 401 | 403 | 404 | 429 | 500 = 200,
): Response {
  return context.body(`<!doctype html>${element}`, status, {
    "Content-Type": "text/html; charset=utf-8",
    // who signs out leaves nothing behind in the browser
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
  });
}
