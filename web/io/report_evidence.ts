/**
 * What a help bundle tells of the phones: from the running server, or, where none can be asked,
 * from what it left on disk.
 * @module
 */

import {
  readMessage,
  type WireMessage,
} from "../../diag/bundle/bundle_message.ts";
import { readFact } from "../../diag/ledger/fact_json.ts";
import { AttemptStore } from "../../diag/io/attempt_store.ts";
import { judgeAll } from "../../diag/judge.ts";
import { clockOf, makeScene } from "../../diag/scene_make.ts";
import { StoryBook, type StoryFact } from "../../diag/story/story_book.ts";
import { textsOf } from "../../diag/texts/texts.ts";
import type { Language, Verdict } from "../../diag/verdict.ts";
import type { Config } from "../../pbx/config.ts";
import type { Fact } from "../../pbx/fact.ts";
import { type Database, openDatabase } from "../../pbx/io/database.ts";
import { ExtensionStore } from "../../pbx/io/extension_store.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { askServer, findServer } from "./api_client.ts";
import { TEST_PREFIX } from "./serve_diagnosis.ts";
import { readToken } from "./server_file.ts";

export interface PhoneEvidence {
  /** 0: no server runs. */
  readonly pid: number;
  readonly status: unknown;
  readonly extensions: readonly string[];
  readonly facts: readonly StoryFact[];
  readonly messages: readonly WireMessage[];
  readonly verdicts: readonly Verdict[];
  /** Hashes of passwords and the token, by which they are found wherever they stand. */
  readonly secrets: readonly string[];
  /** What could not be had, a sentence each. */
  readonly missing: readonly string[];
}

/** What the database of the data directory holds. */
interface DiskReading {
  readonly extensions: readonly string[];
  readonly facts: readonly StoryFact[];
  readonly secrets: readonly string[];
}

/** Gathers it. Throws OperatorError where the data directory may not be read. */
export async function gatherEvidence(
  config: Config,
  language: Language,
): Promise<PhoneEvidence> {
  const { dataDir } = config;
  const missing: string[] = [];
  const disk = readDisk(config, missing);
  const token = readToken(dataDir);
  const secrets = [...disk.secrets, ...(token === null ? [] : [token])];
  const pid = findPid(dataDir, missing);
  if (pid === 0) {
    missing.push("Messages: only a running server keeps them");
    const { extensions, facts } = disk;
    const verdicts = judgeDisk(config, disk, language);
    const base = { extensions, facts, verdicts, secrets, missing };
    return { pid, status: null, messages: [], ...base };
  }
  const ask = (path: string) => askFor(dataDir, path, missing);
  const [status, facts, messages, verdicts] = await Promise.all([
    ask("/api/v1/status"),
    ask("/api/v1/facts"),
    ask("/api/v1/messages"),
    ask(`/api/v1/verdicts?lang=${language}`),
  ]);
  return {
    pid,
    status: status ?? null,
    extensions: disk.extensions,
    facts: Array.isArray(facts)
      ? keep(facts.map(readFact)).filter((fact) => !isOfSelfTest(fact))
      : disk.facts,
    messages: Array.isArray(messages) ? keep(messages.map(readMessage)) : [],
    verdicts: Array.isArray(verdicts)
      ? verdicts as Verdict[]
      : judgeDisk(config, disk, language),
    secrets,
    missing,
  };
}

/** What the server of this process knows, at hand. */
export interface OwnEvidence {
  status(): unknown;
  listExtensions(): readonly { readonly number: string }[];
  facts(): Promise<readonly Fact[]>;
  messages(): Promise<readonly WireMessage[]>;
  verdicts(language: Language): Promise<readonly Verdict[]>;
}

/** The same evidence without asking over HTTP, for a server that tells of itself. */
export async function gatherOwnEvidence(
  config: Config,
  language: Language,
  own: OwnEvidence,
): Promise<PhoneEvidence> {
  const missing: string[] = [];
  const messages = await own.messages();
  const facts = await own.facts();
  const verdicts = await own.verdicts(language);
  const token = readToken(config.dataDir);
  return {
    pid: Deno.pid,
    status: own.status(),
    extensions: own.listExtensions().map(({ number }) => number),
    facts: facts.filter((fact) => !isOfSelfTest(fact)),
    messages,
    verdicts,
    secrets: [
      ...readDatabase(config, missing, readHashes) ?? [],
      ...(token === null ? [] : [token]),
    ],
    missing,
  };
}

/** The process of the server that can be asked; 0: there is none. */
function findPid(dataDir: string, missing: string[]): number {
  try {
    const server = findServer(dataDir);
    if (server === null) missing.push("Status: no server is running");
    return server?.pid ?? 0;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    missing.push(`Status: ${error.message}`);
    return 0;
  }
}

/** Undefined where it did not answer. */
async function askFor(
  dataDir: string,
  path: string,
  missing: string[],
): Promise<unknown> {
  try {
    return await askServer(dataDir, path);
  } catch (error) {
    missing.push(`\`${path}\`: ${messageOf(error)}`);
    return undefined;
  }
}

function readDisk(config: Config, missing: string[]): DiskReading {
  const reading = readDatabase(config, missing, (database) => ({
    extensions: new ExtensionStore(database).list().map(({ number }) => number),
    facts: new AttemptStore(database).load(),
    secrets: readHashes(database),
  }));
  return reading ?? { extensions: [], facts: [], secrets: [] };
}

/** Null where it cannot be read. */
function readDatabase<T>(
  config: Config,
  missing: string[],
  read: (database: Database) => T,
): T | null {
  let database: Database;
  try {
    database = openDatabase(config.dataDir, { domains: [], create: false });
  } catch (error) {
    if (error instanceof Error && /no permission/.test(error.message)) {
      throw error;
    }
    missing.push(`Extensions: ${messageOf(error)}`);
    return null;
  }
  try {
    return read(database);
  } catch (error) {
    missing.push(`Extensions: ${messageOf(error)}`);
    return null;
  } finally {
    database.close();
  }
}

/** Also those of extensions that were removed. */
function readHashes({ sql }: Database): string[] {
  return sql.prepare("SELECT ha1_md5, ha1_sha256 FROM extensions").all()
    .flatMap((row) => [String(row["ha1_md5"]), String(row["ha1_sha256"])]);
}

/** What the last attempts mean, where nobody runs who would say it. */
function judgeDisk(
  config: Config,
  { facts, extensions }: DiskReading,
  language: Language,
): Verdict[] {
  const book = new StoryBook();
  for (const fact of facts) book.add(fact);
  const scene = makeScene(Date.now(), {
    since: 0,
    isOver: true,
    name: config.domains[0] ?? "",
    clock: clockOf(facts),
    extensions,
  });
  const stories = book.stories();
  return judgeAll(stories, book.trails(), scene, textsOf(language), language);
}

/** The phone of a self-test is nobody's. */
function isOfSelfTest(fact: StoryFact): boolean {
  return "number" in fact && fact.number.startsWith(TEST_PREFIX);
}

function keep<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value) => value !== null);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
