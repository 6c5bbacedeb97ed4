/**
 * `pbx extension import` and `export`: the whole office as a table. An import takes all rows or
 * none.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import { formatExtensionCsv, parseExtensionCsv } from "../../pbx/csv.ts";
import { checkNumber, generatePassword } from "../../pbx/extension.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";
import { withStore } from "./command_extension.ts";
import { printJson, type Shell } from "./shell.ts";

interface JsonOption {
  readonly json?: true | undefined;
}

const LARGEST_OCTETS = 64 * 1024 * 1024;

/**
 * Adds every row of a file, or of standard input where the file is `-`. Where a row has no password
 * one is made, and told once.
 */
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
      "Each row is `number,password,name`; without a password one is made, and the name may be empty",
      1,
    );
  }
  const rows = result.rows.map((row) =>
    row.password === "" ? { ...row, password: makePassword() } : row
  );
  const made = rows.filter((_, index) => result.rows[index]!.password === "")
    .map(({ number, password }) => ({ number, password }));
  try {
    withStore(config, true, (store) => store.add(rows));
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const { message, hint, exitCode } = error;
    throw new OperatorError(`Nothing is imported: ${message}`, hint, exitCode);
  }
  tellImported(shell, rows.length, made, options);
  return 0;
}

/** The passwords that were made go to standard output as a table, and nothing else with them. */
function tellImported(
  shell: Shell,
  imported: number,
  made: readonly { readonly number: string; readonly password: string }[],
  { json }: JsonOption,
): void {
  if (json) {
    return printJson(shell, {
      imported,
      ...(made.length > 0 && { passwords: made }),
    });
  }
  const done = `Imported ${imported} ${
    imported === 1 ? "extension" : "extensions"
  }.`;
  if (made.length === 0) return shell.print(`${done}\n`);
  const lines = made.map(({ number, password }) => `${number},${password}\n`);
  shell.print(`number,password\n${lines.join("")}`);
  shell.tell(
    `${done} Passwords made: ${made.length}; they are shown this once.\n`,
  );
}

function makePassword(): string {
  return generatePassword(crypto.getRandomValues(new Uint8Array(32)));
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
    "The password column is empty: the server keeps only hashes, which cannot be turned back. An import of this table makes new passwords.\n",
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
