/**
 * The shapes of JSON about extensions, as schemas: requests are checked with them, and the OpenAPI
 * document is made from them.
 * @module
 */

import * as v from "valibot";
import type { TestExtension } from "../api_diagnosis.ts";
import type { BindingEntry, ExtensionEntry } from "../../extension_entry.ts";
import type { ExtensionChange } from "../api_extensions.ts";

const TEXT = v.string("must be a text");

const NUMBER = v.pipe(
  TEXT,
  v.regex(/^[0-9]{1,15}$/, "must have 1 to 15 digits, and nothing else"),
  v.description("What phones dial and register with"),
  v.examples(["1002"]),
);

const NAME = v.pipe(
  TEXT,
  v.maxLength(100, "must not be longer than 100 letters"),
  v.regex(
    /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/,
    "must not have control characters",
  ),
  v.description("For people; may be empty"),
  v.examples(["Reception"]),
);

const PASSWORD = v.pipe(
  TEXT,
  v.minLength(1, "must not be empty"),
  v.maxLength(128, "must not be longer than 128 letters"),
  v.regex(/^[^\x00-\x1f\x7f]*$/, "must not have control characters"),
  v.description("Left out: one is made, and is in the answer"),
);

/** What a field that is missing or unknown is told. */
function nameFault({ expected }: v.StrictObjectIssue): string {
  return expected === "never" ? "is not known here" : "is missing";
}

export const NEW_EXTENSION = v.strictObject({
  number: NUMBER,
  name: v.exactOptional(NAME),
  password: v.exactOptional(PASSWORD),
}, nameFault);

export const EXTENSION_NAME = v.strictObject({ name: NAME }, nameFault);

export const NEW_PASSWORD = v.strictObject({
  password: v.exactOptional(PASSWORD),
}, nameFault);

export const EXTENSION_CHANGE: v.GenericSchema<ExtensionChange> = v.object({
  number: v.string(),
  password: v.exactOptional(v.pipe(
    v.string(),
    v.description("Where it was made by the server; it is shown this once"),
  )),
});

export const BINDING: v.GenericSchema<BindingEntry> = v.object({
  contact: v.pipe(v.string(), v.description("As the phone wrote it")),
  source: v.pipe(v.string(), v.description("Address and port it signals from")),
  transport: v.picklist(["udp", "tcp"]),
  expiresSeconds: v.pipe(v.number(), v.integer()),
  userAgent: v.string(),
});

export const EXTENSION: v.GenericSchema<ExtensionEntry> = v.object({
  number: v.string(),
  name: v.string(),
  registered: v.boolean(),
  bindings: v.pipe(v.array(BINDING), v.description("Its phones")),
});

export const TEST_EXTENSION: v.GenericSchema<TestExtension> = v.object({
  number: v.string(),
  password: v.string(),
  realm: v.string(),
});

export const PING_RESULT = v.object({
  asked: v.pipe(
    v.number(),
    v.integer(),
    v.description("How many phones were asked; their answers are facts"),
  ),
});
