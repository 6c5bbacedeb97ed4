/**
 * A number with the name of whoever has it.
 * @module
 */

import { cut } from "../../pbx/quoted.ts";

/** Names by number; of what has none, "" or nothing. */
export type Names = ReadonlyMap<string, string>;

export interface NumberNameProps {
  /** As it is to be shown. */
  readonly text: string;
  readonly name: string | undefined;
}

const LONGEST_NAME = 60;

export function NumberName({ text, name = "" }: NumberNameProps) {
  return name === "" ? <>{text}</> : (
    <>
      {text} <span class="muted">{cut(name, LONGEST_NAME)}</span>
    </>
  );
}
