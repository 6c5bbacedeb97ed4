/**
 * Makes the OpenAPI 3.1 document of the routes that are there. Paths and methods come from the
 * routes, shapes from the schemas, words from the operations.
 * @module
 */

import { toJsonSchemaDefs } from "@valibot/to-json-schema";
import type { Route } from "../api_nothing.ts";
import { PROBLEM_TYPE, type ProblemStatus } from "../api_problem.ts";
import {
  type Answer,
  type Operation,
  type RequestBody,
  TAGS,
} from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import { type SchemaName, SCHEMAS } from "./schemas.ts";

/** An OpenAPI document, as far as somebody looks into it here. */
export interface OpenapiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [key: string]: unknown;
}

/** What may go wrong on every path that is not open. */
const USUAL_PROBLEMS: Readonly<Partial<Record<ProblemStatus, string>>> = {
  401: "Nobody who may ask: there is neither the token nor a session",
  403: "The request comes from the page of another server",
  421: "The Host header names another server",
};

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  number: "The extension",
  id: "The identifier of the call",
};

/** Makes the document of those routes that are described. */
export function makeDocument(
  version: string,
  routes: readonly Route[],
): OpenapiDocument {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path } of routes) {
    const operation = OPERATIONS[`${method} ${path}`];
    if (operation === undefined) continue;
    const entry = paths[path.replace(/:([a-z]+)/g, "{$1}")] ??= {};
    entry[method.toLowerCase()] = describeOperation(path, operation);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "pbx",
      version,
      summary: "A telephone exchange for a small office",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }, { session: [] }, { secureSession: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({
      name,
      description,
    })),
    paths,
    components: {
      schemas: toJsonSchemaDefs(SCHEMAS, {
        target: "draft-2020-12",
        overrideRef: ({ referenceId }) => refer(referenceId as SchemaName).$ref,
      }),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const SECURITY_SCHEMES = {
  token: {
    type: "http",
    scheme: "bearer",
    description:
      "The content of `api-token` in the data directory, from this machine; made anew at each start",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "pbx_session",
    description: "Who signed in to the page, without TLS",
  },
  secureSession: {
    type: "apiKey",
    in: "cookie",
    name: "__Host-pbx_session",
    description: "Who signed in to the page, with TLS",
  },
};

function describeOperation(path: string, operation: Operation) {
  const { tag, id, summary, description, query = [], body, answer, isOpen } =
    operation;
  const parameters = [
    ...path.matchAll(/:([a-z]+)/g).map(([, name = ""]) => ({
      name,
      in: "path",
      required: true,
      description: PATH_PARAMETERS[name],
      schema: { type: "string" },
    })),
    ...query.map((parameter) => ({ ...parameter, in: "query" })),
  ];
  const problems = isOpen ? {} : { ...USUAL_PROBLEMS, ...operation.problems };
  return {
    tags: [tag],
    operationId: id,
    summary,
    ...(description && { description }),
    ...(isOpen && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: describeBody(body) }),
    responses: {
      [answer.status]: describeAnswer(answer),
      ...Object.fromEntries(
        Object.entries(problems).map(([status, what]) => [
          status,
          describeProblem(what),
        ]),
      ),
      default: describeProblem("Anything else that goes wrong"),
    },
  };
}

function describeBody({ schema, isRequired }: RequestBody) {
  return {
    required: isRequired,
    content: { "application/json": { schema: refer(schema) } },
  };
}

function describeAnswer({ description, content, headers = {} }: Answer) {
  const told = Object.entries(headers).map(([name, what]) => [
    name,
    { description: what, schema: { type: "string" } },
  ]);
  return {
    description,
    ...(told.length > 0 && { headers: Object.fromEntries(told) }),
    ...(content && { content: describeContent(content) }),
  };
}

function describeContent(content: NonNullable<Answer["content"]>) {
  if ("json" in content) {
    return { "application/json": { schema: refer(content.json) } };
  }
  if ("list" in content) {
    const schema = { type: "array", items: refer(content.list) };
    return { "application/json": { schema } };
  }
  const type = content.text === "application/json" ? "object" : "string";
  return { [content.text]: { schema: { type } } };
}

function describeProblem(description: string) {
  return {
    description,
    content: { [PROBLEM_TYPE]: { schema: refer("Problem") } },
  };
}

function refer(name: SchemaName): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
