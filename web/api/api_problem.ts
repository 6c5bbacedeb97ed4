/**
 * Errors of the HTTP interface as problem documents (RFC 9457 §3).
 * @module
 */

import type { Context } from "hono";

const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

export type ProblemStatus = keyof typeof TITLES;

export const PROBLEM_TYPE = "application/problem+json";

/** What such a document says; the shape is part of the contract. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What is wrong this time, in English. */
  readonly detail: string;
}

/** Answers with a problem. */
export function problem(
  context: Context,
  status: ProblemStatus,
  detail: string,
): Response {
  const document: Problem = {
    type: "about:blank",
    title: TITLES[status],
    status,
    detail,
  };
  return context.body(JSON.stringify(document), status, {
    "Content-Type": PROBLEM_TYPE,
  });
}

/** The name of a status (RFC 9110 §15). */
export function titleOf(status: ProblemStatus): string {
  return TITLES[status];
}
