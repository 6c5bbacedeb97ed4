/**
 * `pbx calls`: the calls that live, from the running server, and those that are over, from the
 * database; so it does not matter for the history whether a server runs.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import { CallStore } from "../../pbx/io/call_store.ts";
import { describeSqlError, openDatabase } from "../../pbx/io/database.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { escapeText, quote } from "../../pbx/quoted.ts";
import { parseInteger } from "../../sip/octet.ts";
import { formatCallCsv } from "../terminal/call_csv.ts";
import { formatCallList } from "../terminal/call_text.ts";
import {
  type CallEntry,
  describeCall,
  isCallList,
  isLive,
} from "../call_entry.ts";
import type { DataOptions } from "../terminal/invocation.ts";
import { askServer, findServerPid, sendServer } from "./api_client.ts";
import { hintStart } from "./own_data.ts";
import { printJson, type Shell, spellCommand } from "./shell.ts";

/** The options of `calls`, as they were typed. */
export interface CallsOptions extends DataOptions {
  readonly json?: true | undefined;
  readonly csv?: true | undefined;
  /** Only calls that live. */
  readonly live?: true | undefined;
  readonly limit?: string | undefined;
}

const USUAL_LIMIT = 100;
const MOST = 1_000_000;
/** As many as the server gives at once. */
const PAGE = 1000;
/** How many identifiers an error names. */
const MOST_NAMED = 10;
/** Of the beginning of an identifier that is taken for the whole. */
const SHORTEST = 10;

/** Shows calls, those of one number where one is given; gives the exit code. */
export async function showCalls(
  shell: Shell,
  config: Config,
  number: string | undefined,
  options: CallsOptions,
): Promise<number> {
  const limit = readLimit(options.limit);
  const told = await findLive(shell, config, number, options);
  const live = told ?? [];
  const entries = [
    ...live,
    ...options.live ? [] : readKept(config, {
      limit: limit - live.length,
      number,
      except: new Set(live.map(({ id }) => id)),
      isAsked: told !== null,
    }),
  ].slice(0, limit);
  if (options.json) printJson(shell, entries);
  else if (options.csv) shell.print(formatCallCsv(entries));
  else if (entries.length > 0) {
    shell.print(formatCallList(entries, shell.paint));
  } else {
    const of = number === undefined ? "" : ` of ${quote(number)}`;
    shell.tell(`There are no calls${of}${options.live ? " now" : " yet"}.\n`);
  }
  return 0;
}

/**
 * Ends a call that lives; the beginning of its identifier is enough where no other has it. It
 * begins with its time, so a few letters would fit every call of an hour.
 */
export async function hangUpCall(
  shell: Shell,
  config: Config,
  wanted: string,
  options: DataOptions & { readonly json?: true | undefined },
): Promise<number> {
  const live = await askLive(config, undefined);
  if (live === null) throw noServer(shell, config, options);
  const exact = live.filter(({ id }) => id === wanted);
  const found = exact.length > 0
    ? exact
    : live.filter(({ id }) => isLong(wanted) && id.startsWith(wanted));
  const [call] = found;
  if (call === undefined || found.length > 1) {
    throw unclearCall(
      shell,
      wanted,
      call === undefined ? live : found,
      options,
    );
  }
  await sendServer(
    config.dataDir,
    "DELETE",
    `/api/v1/calls/${encodeURIComponent(call.id)}`,
  );
  if (options.json) printJson(shell, { id: call.id, ended: true });
  else shell.print(`The call ${nameCall(call)} is ended.\n`);
  return 0;
}

/** Without a server none lives; where one runs and cannot be asked, that is told: null. */
async function findLive(
  shell: Shell,
  config: Config,
  number: string | undefined,
  options: CallsOptions,
): Promise<readonly CallEntry[] | null> {
  try {
    const live = await askLive(config, number);
    if (live === null && options.live) throw noServer(shell, config, options);
    return live ?? [];
  } catch (error) {
    if (!(error instanceof OperatorError) || options.live) throw error;
    shell.tell(`pbx: ${error.message}; this is what the database knows\n`);
    return null;
  }
}

/** The calls that live, the newest first; null where no server runs. */
async function askLive(
  config: Config,
  number: string | undefined,
): Promise<readonly CallEntry[] | null> {
  const of = number === undefined
    ? ""
    : `&number=${encodeURIComponent(number)}`;
  const live: CallEntry[] = [];
  for (let before = "";;) {
    const path = `/api/v1/calls?live=1&limit=${PAGE}${of}${before}`;
    const page = await askServer(config.dataDir, path);
    if (page === undefined) return null;
    if (!isCallList(page)) {
      throw new OperatorError("The server is of another version", "Restart it");
    }
    live.push(...page.filter(isLive));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return live;
    before = `&before=${encodeURIComponent(last.id)}`;
  }
}

function readKept(
  config: Config,
  query: {
    readonly limit: number;
    readonly number: string | undefined;
    readonly except: ReadonlySet<string>;
    /** Whether the server has told which calls live. */
    readonly isAsked: boolean;
  },
): CallEntry[] {
  if (query.limit <= 0) return [];
  const { dataDir, domains } = config;
  const database = openDatabase(dataDir, { domains, create: false });
  try {
    const store = new CallStore(database);
    // what a server that is gone left open has no end yet
    if (findServerPid(dataDir) === 0) store.closeOpen(Date.now());
    const nowMs = Date.now();
    return store.list(query).map((record) => {
      const entry = describeCall(record, nowMs);
      // only the server itself knows whether it lives
      return query.isAsked || !isLive(entry)
        ? entry
        : { ...entry, state: "unknown" };
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_SQLITE_ERROR") throw error;
    throw new OperatorError(
      `Cannot read the calls in \`${database.path}\`: ${
        describeSqlError(error)
      }`,
      `See: ls -la ${dataDir}; df -h ${dataDir}`,
    );
  } finally {
    database.close();
  }
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return USUAL_LIMIT;
  const limit = parseInteger(text, MOST);
  if (limit >= 1) return limit;
  throw new OperatorError(
    `\`--limit\` needs a whole number from 1 to ${MOST}, not ${quote(text)}`,
    "",
    2,
  );
}

function noServer(
  shell: Shell,
  config: Config,
  options: DataOptions,
): OperatorError {
  return new OperatorError(
    `No server is running on the data directory \`${config.dataDir}\`, so no call lives`,
    hintStart(shell, config, options),
  );
}

/** None is meant, or several are. */
function unclearCall(
  shell: Shell,
  wanted: string,
  candidates: readonly CallEntry[],
  options: DataOptions,
): OperatorError {
  const isMany = candidates.some(({ id }) =>
    isLong(wanted) && id.startsWith(wanted)
  );
  const message = isMany
    ? `${candidates.length} calls begin with ${quote(wanted)}`
    : isLong(wanted)
    ? `No call that lives begins with ${quote(wanted)}`
    : `${
      quote(wanted)
    } is no call that lives; the beginning of an identifier needs at least ${SHORTEST} characters`;
  const named = candidates.slice(0, MOST_NAMED).map(nameCall).join("; ");
  const all = spellCommand(shell, "calls --live", options);
  const more = candidates.length > MOST_NAMED ? `; all of them: ${all}` : "";
  return new OperatorError(
    message,
    named === ""
      ? "No call lives at the moment"
      : `${isMany ? "These do" : "Those that live"}: ${named}${more}`,
  );
}

function isLong(wanted: string): boolean {
  return wanted.length >= SHORTEST;
}

function nameCall({ id, caller, dialled }: CallEntry): string {
  return escapeText(`${id} (${caller.number} → ${dialled})`);
}
