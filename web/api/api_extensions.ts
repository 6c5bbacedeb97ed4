/**
 * The routes of the HTTP interface for extensions. Whoever reaches them was let in.
 * @module
 */

import type { Context } from "hono";
import { nearestNumbers } from "../../pbx/nearest_number.ts";
import type {
  DeskAnswer,
  DeskRefusal,
  ExtensionDesk,
} from "../extension_desk.ts";
import type { ExtensionEntry } from "../extension_entry.ts";
import type { App, AppEnv } from "../page/page_app.ts";
import { readBody } from "./api_body.ts";
import { problem, type ProblemStatus } from "./api_problem.ts";

/** What the routes show and do. */
export interface ExtensionSource {
  extensions(): readonly ExtensionEntry[];
  readonly desk: ExtensionDesk;
}

/** An extension that was added or changed; the shape is part of the contract. */
export interface ExtensionChange {
  readonly number: string;
  /** Only where it was made here; nobody can ask for it again. */
  readonly password?: string;
}

const STATUSES: Readonly<Record<DeskRefusal["why"], ProblemStatus>> = {
  "number-taken": 409,
  "no-such-number": 404,
  "wrong-number": 400,
  "wrong-name": 400,
  "wrong-password": 400,
  "store-failed": 503,
};

/** Adds the routes. */
export function addExtensions(app: App, source: ExtensionSource): void {
  const { desk } = source;
  app.get("/api/v1/extensions", (context) => context.json(source.extensions()));
  app.post("/api/v1/extensions", (context) =>
    readBody(
      context,
      () => loadSchemas().then(({ NEW_EXTENSION }) => NEW_EXTENSION),
      ({ number, name = "", password = null }) => {
        const answer = desk.add({ number, name, password });
        if (!answer.isDone) return refuse(context, source, number, answer);
        context.header("Location", `/api/v1/extensions/${number}`);
        return context.json(describeChange(number, answer), 201);
      },
    ));
  app.get("/api/v1/extensions/:number", (context) => {
    const number = context.req.param("number");
    const entry = source.extensions().find((one) => one.number === number);
    return entry ? context.json(entry) : refuseNumber(context, source, number);
  });
  app.patch("/api/v1/extensions/:number", (context) => {
    const number = context.req.param("number");
    return readBody(
      context,
      () => loadSchemas().then(({ EXTENSION_NAME }) => EXTENSION_NAME),
      ({ name }) => {
        const answer = desk.rename(number, name);
        return answer.isDone
          ? context.json(describeChange(number, answer))
          : refuse(context, source, number, answer);
      },
    );
  });
  app.post("/api/v1/extensions/:number/password", (context) => {
    const number = context.req.param("number");
    return readBody(
      context,
      () => loadSchemas().then(({ NEW_PASSWORD }) => NEW_PASSWORD),
      ({ password = null }) => {
        const answer = desk.setPassword(number, password);
        return answer.isDone
          ? context.json(describeChange(number, answer))
          : refuse(context, source, number, answer);
      },
    );
  });
  app.delete("/api/v1/extensions/:number", (context) => {
    const number = context.req.param("number");
    const answer = desk.remove(number);
    return answer.isDone
      ? context.body(null, 204)
      : refuse(context, source, number, answer);
  });
}

function loadSchemas() {
  return import("./openapi/extension_schema.ts");
}

function describeChange(
  number: string,
  { password }: Extract<DeskAnswer, { isDone: true }>,
): ExtensionChange {
  return password === null ? { number } : { number, password };
}

function refuse(
  context: Context<AppEnv>,
  source: ExtensionSource,
  number: string,
  { why, detail }: DeskRefusal,
): Response {
  return why === "no-such-number"
    ? refuseNumber(context, source, number)
    : problem(context, STATUSES[why], detail);
}

/** Names the numbers that may have been meant. */
function refuseNumber(
  context: Context<AppEnv>,
  source: ExtensionSource,
  number: string,
): Response {
  const known = source.extensions().map((one) => one.number);
  const nearest = nearestNumbers(number, known);
  const hint = nearest.length > 0 ? `; nearest: ${nearest.join(", ")}` : "";
  return problem(context, 404, `No extension has this number${hint}`);
}
