/**
 * Asks for a password on the terminal without showing what is typed.
 * @module
 */

import { OperatorError } from "../../pbx/operator_error.ts";
import type { Shell } from "./shell.ts";

const LONGEST = 1024;
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_U = "\x15";

/**
 * Asks for a line behind each prompt; nothing that is typed meanwhile is shown either. Throws an
 * `OperatorError` where the person breaks off.
 */
export async function askHidden(
  shell: Shell,
  prompts: readonly string[],
): Promise<string[]> {
  Deno.stdin.setRaw(true);
  try {
    const letters = readLetters();
    const lines: string[] = [];
    for (const prompt of prompts) {
      shell.tell(prompt);
      lines.push(await readLine(letters));
      shell.tell("\r\n");
    }
    return lines;
  } catch (error) {
    shell.tell("\r\n");
    throw error;
  } finally {
    Deno.stdin.setRaw(false);
  }
}

async function* readLetters(): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(256);
  for (;;) {
    const length = await Deno.stdin.read(chunk);
    if (length === null) return;
    yield* decoder.decode(chunk.subarray(0, length), { stream: true });
  }
}

async function readLine(
  letters: AsyncGenerator<string, void>,
): Promise<string> {
  let line = "";
  for (;;) {
    const { value: letter, done } = await letters.next();
    if (done || letter === CTRL_C || letter === CTRL_D) {
      throw new OperatorError("Broken off: nothing is changed");
    }
    if (letter === "\r" || letter === "\n") return line;
    if (letter === CTRL_U) line = "";
    else if (letter === "\x7f" || letter === "\b") {
      line = [...line].slice(0, -1).join("");
    } else if (line.length < LONGEST) line += letter;
  }
}
