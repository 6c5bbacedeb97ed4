/**
 * A live view has an address, and says when too many look.
 * @module
 */

import assert from "node:assert/strict";
import { Hono } from "hono";
import type { AppEnv } from "../page/page_app.ts";
import type { PageView } from "../page/page_view.ts";
import { FragmentStreams } from "./fragment_streams.ts";
import { addStreams } from "./stream_route.ts";

const PAGE: PageView = {
  language: "uz",
  theme: "auto",
  path: "/",
  assets: "/assets/a",
  isSecure: true,
  isSignedIn: true,
  nowMs: 0,
  version: "1",
};

const CONNECTION = { peer: "127.0.0.1", isSecure: true };

function openApp() {
  const app = new Hono<AppEnv>();
  const streams = new FragmentStreams();
  app.use((context, next) => {
    context.set("page", PAGE);
    context.set("admin", { kind: "session", id: "s1" });
    return next();
  });
  addStreams(
    app,
    streams,
    (name) =>
      name === "extension/1001"
        ? (language) => [{ id: "a", html: language }]
        : null,
  );
  return { app, streams };
}

Deno.test("addStreams() streams a view in the language of the page", async () => {
  const { app, streams } = openApp();
  const answer = await app.request("/stream/extension/1001", {}, CONNECTION);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "text/event-stream");
  assert.equal(answer.headers.get("cache-control"), "no-store, no-transform");
  const reader = answer.body!.getReader();
  await reader.read();
  const next = reader.read();
  await Promise.resolve();
  streams.step(0, 0);
  assert.equal(
    new TextDecoder().decode((await next).value),
    'event: fragments\ndata: [{"id":"a","html":"uz"}]\n\n',
  );
  streams.endAll("s1");
  assert.equal((await reader.read()).done, true);
});

Deno.test("addStreams() knows no view of another name", async () => {
  const { app } = openApp();
  assert.equal(
    (await app.request("/stream/extension/9", {}, CONNECTION)).status,
    404,
  );
  assert.equal((await app.request("/stream/", {}, CONNECTION)).status, 404);
});

Deno.test("addStreams() refuses more than can be borne, for a while", async () => {
  const { app } = openApp();
  for (let i = 0; i < 1024; i++) {
    assert.equal(
      (await app.request("/stream/extension/1001", {}, CONNECTION)).status,
      200,
    );
  }
  const answer = await app.request("/stream/extension/1001", {}, CONNECTION);
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "10");
});

Deno.test("addStreams() ends a stream whose reader is gone", async () => {
  const { app, streams } = openApp();
  const { promise, resolve } = Promise.withResolvers<void>();
  const env = { ...CONNECTION, ended: promise };
  await app.request("/stream/extension/1001", {}, env);
  assert.equal(streams.size, 1);
  resolve();
  await promise;
  assert.equal(streams.size, 0);
});
