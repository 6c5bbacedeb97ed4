/**
 * An application around a page, for the tests of pages that need no more.
 * @module
 */

import { Hono } from "hono";
import type { Language } from "../../diag/verdict.ts";
import type { App, AppEnv } from "./page_app.ts";

export const NOW_MS = Date.UTC(2026, 0, 12, 8, 0, 0);

/** Everybody is let in, and sees pages in one language. */
export function makePageApp(language: Language = "en"): App {
  const app = new Hono<AppEnv>();
  app.use((context, next) => {
    context.set("admin", { kind: "session", id: "s1" });
    context.set("page", {
      language,
      theme: "auto",
      path: new URL(context.req.url).pathname,
      assets: "/assets/1",
      isSecure: true,
      isSignedIn: true,
      nowMs: NOW_MS,
      version: "1.2.3",
    });
    return next();
  });
  return app;
}

/** What a page says, without its elements. */
export function textOf(html: string): string {
  const main = html.slice(html.indexOf("<main"));
  return main.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}
