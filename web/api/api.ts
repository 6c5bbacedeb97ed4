/**
 * The routes of the HTTP interface for programs: `/healthz` and `/readyz`, and under `/api/v1` what
 * the OpenAPI document describes. Errors are problem documents by RFC 9457. Who may come here is
 * decided before. Knows no socket and no file.
 * @module
 */

import { Hono } from "hono";
import type { App, AppEnv } from "../page/page_app.ts";
import type { ServerStatus } from "../server_status.ts";
import { limitBody } from "./api_body.ts";
import { addCalls, type CallSource } from "./api_calls.ts";
import { addDiagnosis, type DiagnosisSource } from "./api_diagnosis.ts";
import { addExtensions, type ExtensionSource } from "./api_extensions.ts";
import { addHistory, type HistorySource } from "./api_history.ts";
import { answerNothing } from "./api_nothing.ts";
import { problem } from "./api_problem.ts";
import { addSetup, type SetupSource } from "./api_setup.ts";
import { addOpenapi } from "./openapi/openapi_route.ts";

/** What the interface shows, asked anew for each request. */
export interface ApiSource
  extends DiagnosisSource, ExtensionSource, HistorySource, SetupSource {
  readonly version: string;
  /** Whether phones are being served. */
  isReady(): boolean;
  status(): ServerStatus;
  readonly calls: CallSource;
}

/** Adds the routes; whatever else is under `/api` is answered here too. */
export function addApi(app: App, source: ApiSource): void {
  app.get("/healthz", (context) => context.text("ok\n"));
  app.get(
    "/readyz",
    (context) =>
      source.isReady()
        ? context.text("ready\n")
        : problem(context, 503, "The SIP side is not running"),
  );
  const api: App = new Hono<AppEnv>();
  api.onError((error, context) =>
    problem(context, 500, `A fault of the program: ${error.message}`)
  );
  api.use("/api/*", (context, next) => {
    context.header("Cache-Control", "no-store");
    context.header("X-Content-Type-Options", "nosniff");
    return next();
  }, limitBody());
  api.get("/api/v1/status", (context) => context.json(source.status()));
  addExtensions(api, source);
  addCalls(api, source.calls);
  addDiagnosis(api, source);
  addHistory(api, source);
  addSetup(api, source);
  addOpenapi(api, source.version, () => app.routes);
  api.all("/api/*", answerNothing(() => api.routes));
  app.route("/", api);
}
