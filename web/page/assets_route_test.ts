/**
 * Assets are served by their hash, and kept by browsers.
 * @module
 */

import assert from "node:assert/strict";
import { Hono } from "hono";
import {
  acceptsGzip,
  addAssets,
  type Assets,
  joinStyles,
  pathOfAssets,
  typeOfAsset,
} from "./assets_route.ts";
import type { AppEnv } from "./page_app.ts";

const ASSETS: Assets = {
  hash: "abc",
  files: new Map([["page.css", {
    type: "text/css; charset=utf-8",
    octets: new TextEncoder().encode("whole"),
    gzip: new TextEncoder().encode("small"),
  }]]),
};

function ask(path: string, headers: Record<string, string> = {}) {
  const app = new Hono<AppEnv>();
  addAssets(app, ASSETS);
  return app.request(path, { headers });
}

Deno.test("addAssets() serves a file that browsers keep for good", async () => {
  const answer = await ask(`${pathOfAssets(ASSETS)}/page.css`);
  assert.equal(await answer.text(), "whole");
  assert.equal(answer.headers.get("content-type"), "text/css; charset=utf-8");
  assert.equal(
    answer.headers.get("cache-control"),
    "public, max-age=31536000, immutable",
  );
  assert.equal(answer.headers.get("content-encoding"), null);
});

Deno.test("addAssets() sends the compressed file to who takes it", async () => {
  const answer = await ask("/assets/abc/page.css", {
    "accept-encoding": "gzip, deflate",
  });
  assert.equal(answer.headers.get("content-encoding"), "gzip");
  assert.equal(await answer.text(), "small");
});

Deno.test("addAssets() has nothing under another hash or name", async () => {
  for (
    const path of [
      "/assets/abd/page.css",
      "/assets/abc/other.css",
      "/assets/abc/",
      "/assets/abc/..%2f..%2fdeno.json",
    ]
  ) {
    const answer = await ask(path);
    assert.equal(answer.status, 404, path);
    assert.equal(answer.headers.get("cache-control"), null, path);
  }
});

Deno.test("acceptsGzip() reads the weights", () => {
  assert.equal(acceptsGzip(""), false);
  assert.equal(acceptsGzip("br"), false);
  assert.equal(acceptsGzip("GZIP"), true);
  assert.equal(acceptsGzip("br, gzip ; q=0.001"), true);
  assert.equal(acceptsGzip("gzip; q=0.000"), false);
});

Deno.test("joinStyles() puts imported files in their places", () => {
  const style = '/* a */\n@import "b.css";\n@import "c.css";\np {}\n';
  const joined = joinStyles(style, (name) => `/* ${name} with $& */`);
  assert.equal(
    joined,
    "/* a */\n/* b.css with $& */\n/* c.css with $& */\np {}\n",
  );
});

Deno.test("typeOfAsset() knows what may be served", () => {
  assert.equal(typeOfAsset("page.js"), "text/javascript; charset=utf-8");
  assert.equal(typeOfAsset("favicon.svg"), "image/svg+xml");
  assert.equal(typeOfAsset("notes.md"), null);
});
