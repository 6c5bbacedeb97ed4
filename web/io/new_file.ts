/**
 * A file that a command is about to make: what is there already is never written over.
 * @module
 */

import { OperatorError } from "../../pbx/operator_error.ts";
import { quoteForShell } from "../terminal/invocation.ts";

/** Throws OperatorError where something is there already. */
export function requireNew(path: string): void {
  if (!isThere(path)) return;
  throw new OperatorError(
    `\`${path}\` is there already`,
    `Name another file, or remove it: rm ${quoteForShell(path)}`,
    1,
  );
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
