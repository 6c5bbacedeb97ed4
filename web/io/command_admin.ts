/**
 * `pbx admin passwd`: the password of the page. Works on the database itself, so it does not matter
 * whether a server runs; a running one goes by it at the next
 * request, and lifts all lock-outs then.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import { describeSqlError, openDatabase } from "../../pbx/io/database.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import {
  judgePassword,
  LONGEST_PASSWORD,
  normalizePassword,
  type PasswordFault,
  SHORTEST_PASSWORD,
} from "../access/admin_password.ts";
import type { DataOptions } from "../terminal/invocation.ts";
import { AccessStore } from "./access_store.ts";
import { askHidden } from "./hidden_input.ts";
import { SCRYPT } from "./password_hash.ts";
import { readSecretText } from "./password_input.ts";
import { printJson, type Shell, spellCommand } from "./shell.ts";

interface AdminOptions extends DataOptions {
  readonly json?: true | undefined;
  readonly passwordStdin?: true | undefined;
}

const FAULTS: Readonly<Record<PasswordFault, string>> = {
  short: `it has fewer than ${SHORTEST_PASSWORD} characters`,
  long: `it has more than ${LONGEST_PASSWORD} characters`,
  obvious: "it is one of those that everybody tries first",
  unprintable: "it holds a control character",
};

/** Sets the password; makes the data directory where there is none. */
export async function setAdminPassword(
  shell: Shell,
  config: Config,
  options: AdminOptions,
): Promise<number> {
  const password = await readNewPassword(shell, options);
  const fault = judgePassword(password);
  if (fault !== null) {
    throw new OperatorError(
      `Cannot take this password: ${FAULTS[fault]}`,
      `${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters are taken; several words are easy to keep in mind`,
      2,
    );
  }
  const record = await SCRYPT.hash(normalizePassword(password));
  const ended = storePassword(config, record);
  if (options.json) {
    printJson(shell, { changed: true, sessionsEnded: ended });
  } else {
    shell.print(
      `The page has a new password. Sessions ended: ${ended}
Who was locked out of the page may try again at once
Whatever reads /metrics with the password needs the new one
`,
    );
  }
  return 0;
}

/** From standard input, or typed twice without being shown. */
async function readNewPassword(
  shell: Shell,
  options: AdminOptions,
): Promise<string> {
  if (options.passwordStdin) {
    if (Deno.stdin.isTerminal()) shell.tell("Password: ");
    return (await readSecretText()).replace(/\r?\n$/, "");
  }
  if (!Deno.stdin.isTerminal()) {
    const command = spellCommand(
      shell,
      "admin passwd --password-stdin",
      options,
    );
    throw new OperatorError(
      "There is no terminal to ask for the password",
      `For example: printf '%s' "$PASSWORD" | ${command}`,
      2,
    );
  }
  const prompts = ["New password of the page: ", "Once more: "];
  const [password = "", again] = await askHidden(shell, prompts);
  if (password === again) return password;
  throw new OperatorError(
    "The two passwords are not the same: nothing is changed",
    `Again: ${spellCommand(shell, "admin passwd", options)}`,
  );
}

function storePassword({ dataDir, domains }: Config, record: string): number {
  const database = openDatabase(dataDir, { domains, create: true });
  try {
    return new AccessStore(database).set(record);
  } catch (error) {
    throw new OperatorError(
      `Nothing is changed in \`${database.path}\`: ${describeSqlError(error)}`,
      `See: ls -la ${dataDir}; df -h ${dataDir}`,
    );
  } finally {
    database.close();
  }
}
