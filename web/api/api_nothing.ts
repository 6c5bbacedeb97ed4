/**
 * The answer where no route of the HTTP interface fits: the path is unknown, or the method is
 * (RFC 9110 §15.5.5 and §15.5.6).
 * @module
 */

import type { Handler } from "hono";
import type { AppEnv } from "../page/page_app.ts";
import { problem } from "./api_problem.ts";

/** A route as Hono lists it. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

const FOR_ALL = "ALL";

/** Answers what nobody answered before. */
export function answerNothing(
  listRoutes: () => readonly Route[],
): Handler<AppEnv> {
  return (context) => {
    const methods = methodsOf(listRoutes(), context.req.path);
    if (methods.length === 0) {
      return problem(context, 404, "There is nothing at this path");
    }
    const allowed = methods.join(", ");
    context.header("Allow", allowed);
    return problem(context, 405, `This path can be asked with ${allowed}`);
  };
}

/**
 * The methods with which a path can be asked; none where there is no such path.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { methodsOf } from "./api_nothing.ts";
 * const routes = [{ method: "GET", path: "/a/:id" }, { method: "DELETE", path: "/a/:id" }];
 * assert.deepEqual(methodsOf(routes, "/a/7"), ["GET", "HEAD", "DELETE"]);
 * assert.deepEqual(methodsOf(routes, "/a"), []);
 * ```
 */
export function methodsOf(routes: readonly Route[], path: string): string[] {
  const found = new Set<string>();
  for (const route of routes) {
    if (route.method === FOR_ALL || !fits(route.path, path)) continue;
    found.add(route.method);
    if (route.method === "GET") found.add("HEAD");
  }
  return [...found];
}

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return wanted.length === given.length &&
    wanted.every((part, i) =>
      part.startsWith(":") ? given[i] !== "" : part === given[i]
    );
}
