/**
 * Loads the pages in pieces, and lets phones have their turn in between: all of them at once would
 * keep a phone waiting.
 * @module
 */

import { loadGently } from "./gentle.ts";

/** What comes later finds what it needs among what came before. */
const PIECES = [
  () => import("hono/jsx/jsx-runtime"),
  () => import("hono/html"),
  () => import("../../diag/texts/texts.ts"),
  () => import("../../diag/write_verdict.ts"),
  () => import("../page/frame.tsx"),
  () => import("../page/history_part.tsx"),
  () => import("../page/status_page.tsx"),
  () => import("../page/extensions_page.tsx"),
  () => import("../page/extension_forms.tsx"),
  () => import("../../diag/watch.ts"),
  () => import("./connect_desk.ts"),
  () => import("../page/extension_page.tsx"),
  () => import("../page/connect_page.tsx"),
  () => import("../page/call_page.tsx"),
  () => import("../page/calls_page.tsx"),
  () => import("../page/live_page.tsx"),
  () => import("../page/security_page.tsx"),
  () => import("../page/help_page.tsx"),
  () => import("../page/login_page.tsx"),
  () => import("../app.tsx"),
] as const;

/** Loads them; takes a tenth of a second, a little at a time. */
export async function loadPages(): Promise<typeof import("./serve_pages.ts")> {
  await loadGently(PIECES);
  return await import("./serve_pages.ts");
}
