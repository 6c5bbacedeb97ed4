/**
 * `GET /metrics`, for Prometheus. Whoever reaches it was let in.
 * @module
 */

import type { App } from "../page/page_app.ts";
import { EXPOSITION_TYPE } from "./exposition.ts";
import { type MetricsReading, writeMetrics } from "./metrics_text.ts";

export interface MetricsSource {
  /** Reads everything anew. */
  read(): MetricsReading;
}

/** Adds the route. */
export function addMetrics(app: App, source: MetricsSource): void {
  app.get(
    "/metrics",
    (context) =>
      context.body(writeMetrics(source.read()), 200, {
        "Content-Type": EXPOSITION_TYPE,
        "Cache-Control": "no-store",
      }),
  );
}
