/**
 * Styles, scripts and pictures of the page. Their address holds a hash of all of them, so a
 * browser keeps them for good and still never shows those of another version.
 * @module
 */

import type { App } from "./page_app.ts";

export interface Asset {
  readonly type: string;
  readonly octets: Uint8Array<ArrayBuffer>;
  /** The same, compressed. */
  readonly gzip: Uint8Array<ArrayBuffer>;
}

export interface Assets {
  readonly hash: string;
  /** By the name of the file. */
  readonly files: ReadonlyMap<string, Asset>;
}

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** The media type of a file; null for what is no asset. */
export function typeOfAsset(name: string): string | null {
  return TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? null;
}

/** Where pages find the assets: the `assets` of a `PageView`. */
export function pathOfAssets({ hash }: Assets): string {
  return `/assets/${hash}`;
}

/** Adds the route; open to everybody, for the page that lets people in needs it too. */
export function addAssets(app: App, assets: Assets): void {
  app.get(`${pathOfAssets(assets)}/:file`, (context) => {
    const asset = assets.files.get(context.req.param("file"));
    if (asset === undefined) return context.notFound();
    const isGzip = acceptsGzip(context.req.header("accept-encoding") ?? "");
    context.header("Content-Type", asset.type);
    context.header("Cache-Control", "public, max-age=31536000, immutable");
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Vary", "Accept-Encoding");
    if (isGzip) context.header("Content-Encoding", "gzip");
    return context.body(isGzip ? asset.gzip : asset.octets);
  });
  app.get("/assets/*", (context) => context.text("No such file\n", 404));
}

/**
 * Whether a browser takes what is compressed (RFC 9110 §12.5.3).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { acceptsGzip } from "./assets_route.ts";
 * assert.equal(acceptsGzip("br, gzip;q=0.8"), true);
 * assert.equal(acceptsGzip("gzip;q=0"), false);
 * ```
 */
export function acceptsGzip(header: string): boolean {
  return header.slice(0, 500).split(",").some((item) => {
    const [coding = "", weight = ""] = item.split(";");
    return coding.trim().toLowerCase() === "gzip" &&
      !/^\s*q\s*=\s*0(?:\.0*)?\s*$/.test(weight);
  });
}

/**
 * Puts the files that a style sheet imports into it, so that a browser asks once. What those
 * files import is not looked at.
 */
export function joinStyles(
  style: string,
  readFile: (name: string) => string,
): string {
  return style.replace(
    /^@import "([\w.]+)";$/gm,
    (_, name: string) => readFile(name),
  );
}
