/**
 * `pbx extension`: add, list, show, passwd and remove. Works on the database itself, so it does
 * not matter whether a server runs; a running one sees the change within a second.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import { checkNumber, generatePassword } from "../../pbx/extension.ts";
import { describeSqlError, openDatabase } from "../../pbx/io/database.ts";
import { ExtensionStore } from "../../pbx/io/extension_store.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";
import {
  formatCredentials,
  formatExtension,
  formatExtensionList,
} from "../terminal/extension_text.ts";
import { type ExtensionEntry, joinBindings } from "../extension_entry.ts";
import type { DataOptions } from "../terminal/invocation.ts";
import { nearestNumbers } from "../../pbx/nearest_number.ts";
import { choosePhoneAddress } from "../phone_address.ts";
import { askServer, readServedConfig } from "./api_client.ts";
import { readPassword } from "./password_input.ts";
import { printJson, type Shell, spellCommand } from "./shell.ts";

interface JsonOption extends DataOptions {
  readonly json?: true | undefined;
}

interface PasswordOption extends JsonOption {
  readonly passwordStdin?: true | undefined;
}

/** Adds one extension; makes the data directory where there is none. */
export async function addExtension(
  shell: Shell,
  config: Config,
  number: string,
  options: PasswordOption & { readonly name?: string | undefined },
): Promise<number> {
  const wrong = checkNumber(number);
  if (wrong !== null) {
    throw new OperatorError(
      `Cannot add an extension: ${wrong}`,
      `For example: ${spellCommand(shell, "extension add 1001", options)}`,
      2,
    );
  }
  const name = options.name ?? "";
  const given = options.passwordStdin ? await readPassword(shell) : null;
  const password = given ?? makePassword();
  withStore(config, true, (store) => store.add([{ number, name, password }]));
  tellCredentials(shell, config, options, `Extension ${number} is added.`, {
    number,
    name,
  }, given === null ? password : null);
  return 0;
}

/** Gives an extension another password. */
export async function changePassword(
  shell: Shell,
  config: Config,
  number: string,
  options: PasswordOption,
): Promise<number> {
  const given = options.passwordStdin ? await readPassword(shell) : null;
  const password = given ?? makePassword();
  const name = withStore(config, false, (store) => {
    const extension = store.get(number);
    if (extension === null || !store.setPassword(number, password)) {
      throw unknownNumber(shell, store, number, options);
    }
    return extension.name;
  });
  const head =
    `Extension ${number} has a new password; its phones must be given it.`;
  tellCredentials(
    shell,
    config,
    options,
    head,
    { number, name },
    given === null ? password : null,
  );
  return 0;
}

/** Removes an extension, and with it its phones. */
export function removeExtension(
  shell: Shell,
  config: Config,
  number: string,
  options: JsonOption,
): number {
  withStore(config, false, (store) => {
    if (!store.remove(number)) {
      throw unknownNumber(shell, store, number, options);
    }
  });
  if (options.json) printJson(shell, { number, removed: true });
  else shell.print(`Extension ${number} is removed.\n`);
  return 0;
}

/** Every extension with its phones. */
export async function listExtensions(
  shell: Shell,
  config: Config,
  options: JsonOption,
): Promise<number> {
  const entries = await loadEntries(shell, config);
  if (options.json) printJson(shell, entries);
  else if (entries.length > 0) {
    shell.print(formatExtensionList(entries, shell.paint));
  } else {
    const add = spellCommand(shell, "extension add 1001", options);
    shell.tell(`There are no extensions yet. Add one: ${add}
`);
  }
  return 0;
}

/** One extension with its phones. */
export async function showExtension(
  shell: Shell,
  config: Config,
  number: string,
  options: JsonOption,
): Promise<number> {
  const entry = (await loadEntries(shell, config)).find((candidate) =>
    candidate.number === number
  );
  if (entry === undefined) {
    withStore(
      config,
      false,
      (store) => {
        throw unknownNumber(shell, store, number, options);
      },
    );
  } else if (options.json) printJson(shell, entry);
  else shell.print(formatExtension(entry, shell.paint));
  return 0;
}

/** From the running server, which knows best who is registered; without one from the database. */
async function loadEntries(
  shell: Shell,
  config: Config,
): Promise<readonly ExtensionEntry[]> {
  try {
    const entries = await askServer(config.dataDir, "/api/v1/extensions");
    if (Array.isArray(entries)) return entries;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    shell.tell(`pbx: ${error.message}; this is what the database knows\n`);
  }
  return withStore(
    config,
    false,
    (store) => joinBindings(store.list(), store.bindings()),
  );
}

/** Opens the store for one piece of work. */
export function withStore<T>(
  config: Config,
  create: boolean,
  work: (store: ExtensionStore) => T,
): T {
  const database = openDatabase(config.dataDir, {
    domains: config.domains,
    create,
  });
  try {
    return work(new ExtensionStore(database));
  } catch (error) {
    if (!isSqlError(error)) throw error;
    throw new OperatorError(
      `Nothing is changed in \`${database.path}\`: ${describeSqlError(error)}`,
      `See: ls -la ${config.dataDir}; df -h ${config.dataDir}`,
    );
  } finally {
    database.close();
  }
}

function isSqlError(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "ERR_SQLITE_ERROR";
}

function makePassword(): string {
  return generatePassword(crypto.getRandomValues(new Uint8Array(32)));
}

function tellCredentials(
  shell: Shell,
  config: Config,
  options: JsonOption,
  head: string,
  extension: { readonly number: string; readonly name: string },
  password: string | null,
): void {
  const addresses = Deno.networkInterfaces().map((network) => network.address);
  const server = choosePhoneAddress(readServedConfig(config), addresses);
  const credentials = { ...extension, server, password };
  if (options.json) printJson(shell, credentials);
  else shell.print(`${head}\n${formatCredentials(credentials, shell.paint)}`);
}

/** Names the numbers that may have been meant. */
export function unknownNumber(
  shell: Shell,
  store: ExtensionStore,
  number: string,
  options: DataOptions,
): OperatorError {
  const known = store.list().map((extension) => extension.number);
  const nearest = nearestNumbers(number, known);
  const list = spellCommand(shell, "extension list", options);
  const hint = nearest.length > 0
    ? `Perhaps ${nearest.join(" or ")}; all of them: ${list}`
    : `See which there are: ${list}`;
  return new OperatorError(`There is no extension ${quote(number)}`, hint);
}
