/**
 * Errors of the HTTP interface as problem documents (RFC 9457 §3).
 * @module
 */

import type { Context } from "hono";

type ProblemStatus = 400 | 401 | 404 | 421 | 500 | 503;

const TITLES: Readonly<Record<ProblemStatus, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  421: "Misdirected Request",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Answers with a problem. */
export function problem(
  context: Context,
  status: ProblemStatus,
  detail: string,
): Response {
  const body = JSON.stringify({
    type: "about:blank",
    title: TITLES[status],
    status,
    detail,
  });
  return context.body(body, status, {
    "Content-Type": "application/problem+json",
  });
}
