/**
 * The server's HTTP interface, as a function from Request to Response: `/healthz` for anybody,
 * the rest for who holds the token of this start. Errors are problem documents by RFC 9457,
 * tokens are carried by RFC 6750 §2.1. Knows no socket and no file.
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { type Context, Hono } from "hono";
import { addCalls, type CallSource } from "./api_calls.ts";
import { addDiagnosis, type DiagnosisSource } from "./api_diagnosis.ts";
import { problem } from "./api_problem.ts";
import type { Connection } from "./connection.ts";
import type { ExtensionEntry } from "../extension_entry.ts";
import { nearestNumbers } from "../../pbx/nearest_number.ts";
import type { ServerStatus } from "../server_status.ts";

/** What the interface shows, asked anew for each request. */
export interface ApiSource extends DiagnosisSource {
  /** The token that reading needs. */
  readonly token: string;
  /** The names under which the server may be asked, besides addresses and `localhost`. */
  readonly domains: readonly string[];
  /** Whether phones are being served. */
  isReady(): boolean;
  /** Whether an address is the machine's own. */
  isOwnAddress(host: string): boolean;
  status(): ServerStatus;
  extensions(): ExtensionEntry[];
  readonly calls: CallSource;
}

type Api = Hono<{ Bindings: Connection }>;

/** Builds the routes. */
export function createApi(source: ApiSource): Api {
  const app: Api = new Hono<{ Bindings: Connection }>();
  app.use((context, next) => {
    context.header("Cache-Control", "no-store");
    context.header("X-Content-Type-Options", "nosniff");
    return next();
  });
  app.get("/healthz", (context) => context.text("ok\n"));
  app.get(
    "/readyz",
    (context) =>
      source.isReady()
        ? context.text("ready\n")
        : problem(context, 503, "The SIP side is not running"),
  );
  app.use("/api/*", (context, next) => {
    if (!isOwnHost(context.req.header("host"), source.domains)) {
      return Promise.resolve(
        problem(context, 421, "The Host header names another server"),
      );
    }
    if (
      !source.isOwnAddress(context.env.peer) ||
      !bearsToken(context, source.token)
    ) {
      context.header("WWW-Authenticate", 'Bearer realm="pbx"');
      const how =
        "Reading needs `Authorization: Bearer` with the content of `api-token` in the data directory, from this machine";
      return Promise.resolve(problem(context, 401, how));
    }
    return next();
  });
  app.get("/api/v1/status", (context) => context.json(source.status()));
  app.get("/api/v1/extensions", (context) => context.json(source.extensions()));
  app.get("/api/v1/extensions/:number", (context) => {
    const number = context.req.param("number");
    const entries = source.extensions();
    const entry = entries.find((candidate) => candidate.number === number);
    if (entry) return context.json(entry);
    const nearest = nearestNumbers(
      number,
      entries.map((candidate) => candidate.number),
    );
    const hint = nearest.length > 0 ? `; nearest: ${nearest.join(", ")}` : "";
    return problem(context, 404, `No extension has this number${hint}`);
  });
  addCalls(app, source.calls);
  addDiagnosis(app, source);
  app.notFound((context) =>
    problem(context, 404, "There is nothing at this path")
  );
  app.onError((error, context) =>
    problem(context, 500, `A fault of the program: ${error.message}`)
  );
  return app;
}

/**
 * Whether a Host header can only mean this server. A page elsewhere can point a name of its own
 * at 127.0.0.1 (DNS rebinding), but it cannot make a browser send another name than that.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isOwnHost } from "./api.ts";
 * assert.equal(isOwnHost("127.0.0.1:8060", []), true);
 * assert.equal(isOwnHost("[::1]:8060", []), true);
 * assert.equal(isOwnHost("evil.example:8060", ["pbx.example"]), false);
 * ```
 */
export function isOwnHost(
  header: string | undefined,
  domains: readonly string[],
): boolean {
  if (header === undefined) return false;
  if (/^\[[0-9a-f:.]+\](:\d*)?$/i.test(header)) return true;
  const host = header.replace(/:\d*$/, "").toLowerCase();
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return true;
  return host === "localhost" || domains.includes(host);
}

/** Compared as hashes, so that neither length nor content shows in the time. */
function bearsToken(context: Context, token: string): boolean {
  const header = context.req.header("authorization") ?? "";
  const given = /^bearer +(\S+) *$/i.exec(header)?.[1];
  if (given === undefined) return false;
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
