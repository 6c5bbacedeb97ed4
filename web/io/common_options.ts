/**
 * The options and arguments that several commands share.
 * @module
 */

import { Argument, Option } from "@commander-js/extra-typings";

export const DATA = new Option("--data <dir>", "where the data is");
export const CONFIG = new Option("--config <file>", "configuration, TOML");
export const AS_JSON = new Option("--json", "print one JSON document");
export const DOMAIN = new Option(
  "--domain <name>",
  "a domain of this server; can be repeated",
).argParser(collect);
export const PASSWORD_STDIN = new Option(
  "--password-stdin",
  "read the password instead of making one",
);
export const LANG = new Option("--lang <language>", "language of the answer")
  .choices(["uz", "ru", "en"]);
export const NUMBER = new Argument("<number>", "the extension");

/** Takes the exit code of the command that ran. */
export type Finish = (code: number) => void;

/** Puts each value of a repeated option behind the ones before it. */
export function collect(
  value: string,
  previous: readonly string[] | undefined,
): readonly string[] {
  return [...(previous ?? []), value];
}
