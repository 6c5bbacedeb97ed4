/**
 * What the OpenAPI document says of one route, beside what the route itself says.
 * @module
 */

import type { ProblemStatus } from "../api_problem.ts";
import type { SchemaName } from "./schemas.ts";

export const TAGS = {
  server: "The server itself",
  extensions: "Numbers and their phones",
  calls: "Calls that live, and those that are over",
  diagnosis: "What was seen, what it means, and what to change",
} as const;

export interface Operation {
  readonly tag: keyof typeof TAGS;
  /** Unique; what a generated client calls it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** What may stand behind the question mark. */
  readonly query?: readonly QueryParameter[];
  readonly body?: RequestBody;
  /** The answer where all goes well. */
  readonly answer: Answer;
  /** What may go wrong beside what may go wrong anywhere. */
  readonly problems?: Readonly<Partial<Record<ProblemStatus, string>>>;
  /** Nobody needs to be let in. */
  readonly isOpen?: true;
}

export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  readonly schema: SchemaObject;
}

/** A JSON schema. */
export interface SchemaObject {
  readonly [key: string]: unknown;
}

export interface RequestBody {
  readonly schema: SchemaName;
  readonly isRequired: boolean;
}

export interface Answer {
  readonly status: 200 | 201 | 204;
  readonly description: string;
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, string>>;
}

/** JSON of a shape or a list of it, or text of another type. */
export type Content =
  | { readonly json: SchemaName }
  | { readonly list: SchemaName }
  | { readonly text: string };
