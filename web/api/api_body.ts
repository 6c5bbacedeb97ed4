/**
 * Reads the JSON that came with a request. What is wrong with it is told, field by field, and
 * never repeated: it may be a password.
 * @module
 */

import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { GenericIssue, GenericSchema } from "valibot";
import type { AppEnv } from "../page/page_app.ts";
import { problem } from "./api_problem.ts";

const MOST_OCTETS = 64 * 1024;

/** Refuses what is larger than anything that is asked for. */
export function limitBody(): MiddlewareHandler<AppEnv> {
  return bodyLimit({
    maxSize: MOST_OCTETS,
    onError: (context) =>
      problem(context, 413, `A body may have ${MOST_OCTETS} octets`),
  });
}

/**
 * Gives what came to `use`, or answers with a problem. The schema is loaded when it is needed. An
 * empty body counts as an object without fields.
 */
export function readBody<T>(
  context: Context<AppEnv>,
  loadSchema: () => Promise<GenericSchema<unknown, T>>,
  use: (body: T) => Response,
): Promise<Response> {
  return context.req.text().then((text) => {
    const type = context.req.header("content-type") ?? "";
    if (text !== "" && !/^application\/json *(?:;|$)/i.test(type)) {
      const how = "The body must be JSON, with Content-Type: application/json";
      return problem(context, 415, how);
    }
    const value = parseJson(text);
    if (value === undefined) {
      return problem(context, 400, "The body is not JSON");
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return problem(context, 400, "The body must be an object");
    }
    return Promise.all([loadSchema(), import("valibot")])
      .then(([schema, { safeParse }]) => {
        const { success, output, issues } = safeParse(schema, value);
        return success
          ? use(output)
          : problem(context, 400, issues.map(describeIssue).join("; "));
      });
  });
}

function parseJson(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeIssue({ path, message }: GenericIssue): string {
  const place = path?.map(({ key }) => String(key).slice(0, 40)).join(".");
  return `\`${place}\` ${message}`;
}
