/**
 * The route that tells the machine's own administrator how to come to the page: its address, and,
 * while it has no password, the token that sets the first one.
 * @module
 */

import type { App } from "../page/page_app.ts";
import { problem } from "./api_problem.ts";

/** How to come to the page; the shape is part of the contract. */
export interface PageSetup {
  readonly url: string;
  /** What is typed elsewhere first; null where the page is reached without. */
  readonly tunnel: string | null;
  /** Null where the page has a password. */
  readonly setupToken: string | null;
}

/** What the route shows. */
export interface SetupSource {
  setup(): PageSetup;
}

/** Adds the route. */
export function addSetup(app: App, source: SetupSource): void {
  // it may make a token, so reading it changes something
  app.post(
    "/api/v1/setup",
    (context) =>
      context.get("admin")?.kind === "token"
        ? context.json(source.setup())
        : problem(
          context,
          403,
          "This is for who holds the token of the data directory",
        ),
  );
}
