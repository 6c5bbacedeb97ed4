/**
 * What HTTP serves before anybody has asked for a page: who asks and in which language, the door,
 * the API and metrics. Everything else it hands on. Knows no socket and no file.
 * @module
 */

import { Hono } from "hono";
import { guard, type GuardSource } from "./access/guard.ts";
import { addApi, type ApiSource } from "./api/api.ts";
import type { Connection } from "./api/connection.ts";
import { addMetrics, type MetricsSource } from "./metrics/metrics_route.ts";
import type { App, AppEnv } from "./page/page_app.ts";
import { readPageRequest } from "./page/page_request.ts";

/** What is served to programs, each part by the name of its room. */
export interface DoorParts {
  readonly version: string;
  readonly door: GuardSource;
  readonly api: ApiSource;
  readonly metrics: MetricsSource;
  nowMs(): number;
  /** Is told of what a route threw. */
  onFault(error: Error): void;
}

/** Answers what is asked of the server. */
export type HandOn = (
  request: Request,
  connection: Connection,
) => Promise<Response>;

/** An application with the door in front of all that is added to it; `assets` is a path. */
export function openApp(
  { version, door, nowMs }: DoorParts,
  assets: string,
): App {
  const app: App = new Hono<AppEnv>();
  app.use((context, next) => {
    context.header("X-Content-Type-Options", "nosniff");
    // a Host header that is none makes an address that nobody can read
    return URL.parse(context.req.url) === null
      ? Promise.resolve(context.text("The Host header names no host\n", 400))
      : next();
  });
  app.use(readPageRequest({ assets, version, nowMs }));
  app.use(guard(door));
  return app;
}

/** Adds what programs ask for. */
export function addPrograms(app: App, { api, metrics }: DoorParts): void {
  addApi(app, api);
  addMetrics(app, metrics);
}

/** Puts it together without a page; who was let in and wants another thing is handed on. */
export function createDoor(parts: DoorParts, handOn: HandOn): App {
  const app = openApp(parts, "");
  addPrograms(app, parts);
  app.all("*", ({ req, env }) => handOn(req.raw, env));
  app.onError((error, context) => {
    parts.onFault(error);
    return context.text("A fault of the program\n", 500);
  });
  return app;
}
