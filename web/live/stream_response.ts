/**
 * The answer that carries a stream of server-sent events (HTML living standard, §9.2), or says that
 * there are too many.
 * @module
 */

import type { Context } from "hono";
import type { AppEnv } from "../page/page_app.ts";

/** When who was refused may ask again. */
export const RETRY_SECONDS = "10";

/** Answers with a stream; null where there was no room for it. */
export function answerStream(
  context: Context<AppEnv>,
  stream: ReadableStream<Uint8Array> | null,
): Response {
  if (stream === null) {
    return context.text("Too many look already\n", 503, {
      "Retry-After": RETRY_SECONDS,
    });
  }
  return context.body(stream, 200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store, no-transform",
    // a proxy in between must pass on every event at once
    "X-Accel-Buffering": "no",
  });
}
