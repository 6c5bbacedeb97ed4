/**
 * A refusal is a value that is already an answer.
 * @module
 */

import type { RefusalReason } from "./fact.ts";
import type { Stage } from "./stage.ts";

export interface Refusal {
  readonly kind: "refusal";
  readonly status: number;
  readonly reason: string;
  readonly stage: Stage;
  readonly why: RefusalReason;
  /** The values that decided, for people; never a secret. */
  readonly detail: string;
  /** Further header fields of the answer, each ended by CRLF. */
  readonly headers: string;
}

/** Makes a refusal. */
export function refuse(
  status: number,
  reason: string,
  stage: Stage,
  why: RefusalReason,
  detail = "",
  headers = "",
): Refusal {
  return { kind: "refusal", status, reason, stage, why, detail, headers };
}
