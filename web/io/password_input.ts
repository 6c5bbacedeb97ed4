/**
 * Reads a password from standard input, so that it stands neither in the list of processes nor
 * in the history of the shell.
 * @module
 */

import { checkPassword } from "../../pbx/extension.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import type { Shell } from "./shell.ts";

const ENOUGH = 1024;

/** Standard input without the end of its line; more than one line is refused. */
export async function readPassword(shell: Shell): Promise<string> {
  if (Deno.stdin.isTerminal()) shell.tell("Password: ");
  const text = await readSecretText();
  const password = text.replace(/\r?\n$/, "");
  const wrong = checkPassword(password);
  if (wrong !== null) {
    throw new OperatorError(
      `Cannot use what came on standard input: ${wrong}`,
      `For example: printf '%s' "$PASSWORD" | ${shell.invocation} extension add 1001 --password-stdin`,
      2,
    );
  }
  return password;
}

/** Up to the end of the input; on a terminal up to the end of the line. */
export async function readSecretText(): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const chunk = new Uint8Array(4096);
  let text = "";
  try {
    while (text.length <= ENOUGH) {
      const length = await Deno.stdin.read(chunk);
      if (length === null) break;
      text += decoder.decode(chunk.subarray(0, length), { stream: true });
      if (Deno.stdin.isTerminal() && text.endsWith("\n")) break;
    }
    return text + decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new OperatorError(
      "The password on standard input is not UTF-8",
      "Save it as UTF-8",
      2,
    );
  }
}
