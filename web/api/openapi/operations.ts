/**
 * What the OpenAPI document says of each route, under its method and its path as Hono knows it.
 * @module
 */

import { LANGUAGES } from "../../../diag/verdict.ts";
import type { Operation, QueryParameter } from "./operation.ts";

const FLAG = { type: "string", enum: ["0", "1"], default: "0" } as const;
const LANGUAGE: QueryParameter = {
  name: "lang",
  description: "The language of the texts",
  schema: { type: "string", enum: LANGUAGES, default: "en" },
};
const SINCE: QueryParameter = {
  name: "since",
  description: "Only what was seen from then on, in milliseconds since 1970",
  schema: { type: "number", default: 0 },
};
const SECRETS: QueryParameter = {
  name: "secrets",
  description:
    "1: messages come whole, with their credentials; for who holds the token only",
  schema: FLAG,
};
const NO_EXTENSION = {
  404: "No extension has this number; the nearest ones are named",
};
const BAD_BODY = {
  400: "The body is not what it must be; each fault is named",
  413: "The body is too large",
  415: "The body is not JSON by its Content-Type",
};
const NOT_STORED = { 503: "The database refused" };

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET /healthz": {
    tag: "server",
    id: "getHealth",
    summary: "Whether the process lives",
    isOpen: true,
    answer: {
      status: 200,
      description: "It does",
      content: { text: "text/plain" },
    },
  },
  "GET /readyz": {
    tag: "server",
    id: "getReadiness",
    summary: "Whether phones are served",
    description: "From this machine it can be asked by anybody.",
    answer: {
      status: 200,
      description: "They are",
      content: { text: "text/plain" },
    },
    problems: { 503: "They are not" },
  },
  "GET /metrics": {
    tag: "server",
    id: "getMetrics",
    summary: "Counters for Prometheus",
    description:
      "Takes HTTP Basic too, as `admin` with the password of the page.",
    answer: {
      status: 200,
      description: "The text format of Prometheus, version 0.0.4",
      content: { text: "text/plain" },
    },
  },
  "GET /api/v1/openapi.json": {
    tag: "server",
    id: "getDocument",
    summary: "This document",
    answer: {
      status: 200,
      description: "An OpenAPI 3.1 document",
      content: { text: "application/json" },
    },
  },
  "GET /api/v1/status": {
    tag: "server",
    id: "getStatus",
    summary: "The state of the server",
    answer: {
      status: 200,
      description: "What it serves, since when, and how much there is",
      content: { json: "ServerStatus" },
    },
  },
  "POST /api/v1/setup": {
    tag: "server",
    id: "getSetup",
    summary: "How to come to the page, and what sets its first password",
    description:
      "For who holds the token of the data directory only; a token for the first password is made where there is none.",
    answer: {
      status: 200,
      description: "The address of the page",
      content: { json: "PageSetup" },
    },
  },
  "GET /api/v1/history": {
    tag: "server",
    id: "getHistory",
    summary: "What the server did in the last hour or day",
    query: [{
      name: "range",
      description: "How far back",
      schema: { type: "string", enum: ["hour", "day"], default: "hour" },
    }],
    answer: {
      status: 200,
      description: "Steps of equal length, the oldest first",
      content: { json: "History" },
    },
    problems: { 400: "There is no such range" },
  },
  "GET /api/v1/extensions": {
    tag: "extensions",
    id: "listExtensions",
    summary: "All extensions with their phones",
    answer: {
      status: 200,
      description: "Short numbers first",
      content: { list: "Extension" },
    },
  },
  "POST /api/v1/extensions": {
    tag: "extensions",
    id: "addExtension",
    summary: "Add an extension",
    description: "Without a password one is made, and is in the answer.",
    body: { schema: "NewExtension", isRequired: true },
    answer: {
      status: 201,
      description: "It is there; phones can register within a second",
      content: { json: "ExtensionChange" },
      headers: { Location: "Where the extension is" },
    },
    problems: { ...BAD_BODY, 409: "There is such an extension", ...NOT_STORED },
  },
  "GET /api/v1/extensions/:number": {
    tag: "extensions",
    id: "getExtension",
    summary: "One extension with its phones",
    answer: {
      status: 200,
      description: "The extension",
      content: { json: "Extension" },
    },
    problems: NO_EXTENSION,
  },
  "PATCH /api/v1/extensions/:number": {
    tag: "extensions",
    id: "renameExtension",
    summary: "Give an extension another name",
    body: { schema: "ExtensionName", isRequired: true },
    answer: {
      status: 200,
      description: "It has the name",
      content: { json: "ExtensionChange" },
    },
    problems: { ...BAD_BODY, ...NO_EXTENSION, ...NOT_STORED },
  },
  "DELETE /api/v1/extensions/:number": {
    tag: "extensions",
    id: "removeExtension",
    summary: "Remove an extension, and with it its phones",
    answer: { status: 204, description: "It is gone" },
    problems: { ...NO_EXTENSION, ...NOT_STORED },
  },
  "POST /api/v1/extensions/:number/password": {
    tag: "extensions",
    id: "setPassword",
    summary: "Give an extension another password",
    description:
      "Its phones must be given it, too. Without a password one is made, and is in the answer.",
    body: { schema: "NewPassword", isRequired: false },
    answer: {
      status: 200,
      description: "It has the password",
      content: { json: "ExtensionChange" },
    },
    problems: { ...BAD_BODY, ...NO_EXTENSION, ...NOT_STORED },
  },
  "POST /api/v1/extensions/:number/ping": {
    tag: "diagnosis",
    id: "pingExtension",
    summary: "Ask the phones of an extension whether they are there",
    answer: {
      status: 200,
      description: "They were asked",
      content: { json: "PingResult" },
    },
  },
  "GET /api/v1/calls": {
    tag: "calls",
    id: "listCalls",
    summary: "Calls: those that live, then the others, each newest first",
    query: [
      {
        name: "limit",
        description: "How many at most",
        schema: { type: "integer", minimum: 1, maximum: 1000, default: 100 },
      },
      {
        name: "live",
        description: "1: only those that live",
        schema: FLAG,
      },
      {
        name: "number",
        description: "Only those of one extension, or to what was dialled",
        schema: { type: "string" },
      },
      {
        name: "before",
        description: "The `id` where the list before this one ended",
        schema: { type: "string" },
      },
    ],
    answer: {
      status: 200,
      description: "The calls",
      content: { list: "Call" },
    },
    problems: { 400: "The limit is none" },
  },
  "GET /api/v1/calls/:id": {
    tag: "calls",
    id: "getCall",
    summary: "One call",
    answer: {
      status: 200,
      description: "The call",
      content: { json: "Call" },
    },
    problems: { 404: "No call has this identifier" },
  },
  "DELETE /api/v1/calls/:id": {
    tag: "calls",
    id: "endCall",
    summary: "End a call that lives",
    answer: { status: 204, description: "It is over" },
    problems: { 404: "No call that lives has this identifier" },
  },
  "GET /api/v1/verdicts": {
    tag: "diagnosis",
    id: "listVerdicts",
    summary: "What is to be said of each phone",
    query: [LANGUAGE],
    answer: {
      status: 200,
      description: "The phone that was active last first",
      content: { list: "Verdict" },
    },
  },
  "GET /api/v1/checks": {
    tag: "diagnosis",
    id: "runChecks",
    summary: "Run the checks that the server can make of itself",
    description: "Takes some seconds.",
    query: [LANGUAGE],
    answer: {
      status: 200,
      description: "What each check found",
      content: { json: "SelfTest" },
    },
  },
  "GET /api/v1/facts": {
    tag: "diagnosis",
    id: "listFacts",
    summary: "Facts that are kept",
    query: [SINCE],
    answer: {
      status: 200,
      description: "The oldest first",
      content: { list: "Fact" },
    },
  },
  "GET /api/v1/messages": {
    tag: "diagnosis",
    id: "listMessages",
    summary: "SIP messages that are kept",
    query: [SINCE, SECRETS],
    answer: {
      status: 200,
      description: "The oldest first",
      content: { list: "Message" },
    },
    problems: { 403: "Credentials are not for a session of the page" },
  },
  "GET /api/v1/events": {
    tag: "diagnosis",
    id: "watchEvents",
    summary: "Facts and messages as they come",
    description:
      "Server-sent events: `fact` with a Fact, `message` with a Message, and `dropped` with a `count` where the reader was too slow. Comments are signs of life.",
    query: [
      { name: "facts", description: "1: facts are wanted", schema: FLAG },
      { name: "messages", description: "1: messages are wanted", schema: FLAG },
      {
        ...SINCE,
        description:
          "Begins with what was seen from then on; without it with what comes",
        schema: { type: "number" },
      },
      SECRETS,
    ],
    answer: {
      status: 200,
      description: "A stream that does not end by itself",
      content: { text: "text/event-stream" },
    },
    problems: {
      403: "Credentials are not for a session of the page",
      503: "Too many watch already",
    },
  },
  "POST /api/v1/test-extensions": {
    tag: "diagnosis",
    id: "addTestExtension",
    summary: "Lend an extension to a self-test",
    description: "It is forgotten by itself after some seconds.",
    answer: {
      status: 201,
      description: "The extension, with its password",
      content: { json: "TestExtension" },
    },
  },
  "DELETE /api/v1/test-extensions/:number": {
    tag: "diagnosis",
    id: "removeTestExtension",
    summary: "Give such an extension back",
    answer: { status: 204, description: "It is gone, or was none" },
  },
};
