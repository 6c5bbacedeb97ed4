/**
 * `pbx extension import` and `export`: the whole office as a table. An import takes all rows or
 * none.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import { formatExtensionCsv, parseExtensionCsv } from "../../pbx/csv.ts";
import { checkNumber } from "../../pbx/extension.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";
import { withStore } from "./command_extension.ts";
import { printJson, type Shell } from "./shell.ts";

interface JsonOption {
  readonly json?: true | undefined;
}

const LARGEST_OCTETS = 64 * 1024 * 1024;

/** Adds every row of a file, or of standard input where the file is `-`. */
export async function importExtensions(
  shell: Shell,
  config: Config,
  file: string,
  options: JsonOption,
): Promise<number> {
  const where = file === "-" ? "standard input" : quote(file);
  const result = parseExtensionCsv(
    new TextDecoder().decode(await readTable(file, where)),
    checkNumber,
  );
  if ("faults" in result) {
    const lines = result.faults.map(({ line, what }) =>
      `  line ${line}: ${what}`
    );
    throw new OperatorError(
      `Nothing is imported: ${where} has faults:\n${lines.join("\n")}`,
      "Each row is `number,password,name`; the name may be empty",
      1,
    );
  }
  try {
    withStore(config, true, (store) => store.add(result.rows));
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const { message, hint, exitCode } = error;
    throw new OperatorError(`Nothing is imported: ${message}`, hint, exitCode);
  }
  const imported = result.rows.length;
  if (options.json) printJson(shell, { imported });
  else {shell.print(
      `Imported ${imported} ${imported === 1 ? "extension" : "extensions"}.\n`,
    );}
  return 0;
}

/** Writes every extension as a table, or as JSON; without passwords, which nobody has. */
export function exportExtensions(
  shell: Shell,
  config: Config,
  options: JsonOption,
): number {
  const extensions = withStore(config, false, (store) => store.list());
  if (options.json) {
    printJson(shell, extensions.map(({ number, name }) => ({ number, name })));
    return 0;
  }
  shell.print(formatExtensionCsv(extensions));
  shell.tell(
    "The password column is empty: the server keeps only hashes, which cannot be turned back.\n",
  );
  return 0;
}

async function readTable(file: string, where: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  try {
    using source = file === "-" ? null : await Deno.open(file);
    for await (const chunk of source?.readable ?? Deno.stdin.readable) {
      chunks.push(chunk);
      octets += chunk.length;
      if (octets > LARGEST_OCTETS) break;
    }
  } catch (error) {
    throw describeReadError(where, error);
  }
  if (octets > LARGEST_OCTETS) {
    throw new OperatorError(
      `Cannot read ${where}: it is larger than 64 MB`,
      "Give a table of extensions",
      1,
    );
  }
  const all = new Uint8Array(octets);
  let position = 0;
  for (const chunk of chunks) {
    all.set(chunk, position);
    position += chunk.length;
  }
  return all;
}

function describeReadError(where: string, error: unknown): OperatorError {
  const [cause, hint] = error instanceof Deno.errors.NotFound
    ? [
      "there is no such file",
      "Correct the path, or use `-` for standard input",
    ]
    : error instanceof Deno.errors.PermissionDenied
    ? ["permission denied", "Make the file readable for this user"]
    : [
      error instanceof Error ? error.message : String(error),
      "Give a file with rows of `number,password,name`",
    ];
  return new OperatorError(`Cannot read ${where}: ${cause}`, hint, 1);
}
