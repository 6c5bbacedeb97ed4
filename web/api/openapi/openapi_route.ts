/**
 * `GET /api/v1/openapi.json`: the description of the HTTP interface. It is made when somebody asks
 * for the first time, and then kept; until then it costs nothing.
 * @module
 */

import type { App } from "../../page/page_app.ts";
import type { Route } from "../api_nothing.ts";

/** Adds the route; `listRoutes` gives all that are served. */
export function addOpenapi(
  app: App,
  version: string,
  listRoutes: () => readonly Route[],
): void {
  let text: Promise<string> | null = null;
  app.get("/api/v1/openapi.json", (context) => {
    text ??= import("./openapi_document.ts").then(({ makeDocument }) =>
      JSON.stringify(makeDocument(version, listRoutes()))
    );
    return text.then((json) =>
      context.body(json, 200, { "Content-Type": "application/json" })
    );
  });
}
