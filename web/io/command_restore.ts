/**
 * `pbx restore`: puts a backup in the place of the data. The backup is staged beside the database
 * and swapped in by who holds the lock of the directory: this command, or a server that runs, when
 * it starts again.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import {
  type BackupReading,
  countDatabase,
  type DataCounts,
  readBackup,
} from "../../pbx/io/backup_file.ts";
import { stageBackup } from "../../pbx/io/backup_copy.ts";
import {
  type DataLock,
  readLockPid,
  tryLockDataDir,
} from "../../pbx/io/data_lock.ts";
import { makeDataDir } from "../../pbx/io/data_owner.ts";
import { DATABASE_FILE, describeFailure } from "../../pbx/io/database.ts";
import { KEPT_FILE, swapStaged } from "../../pbx/io/restore_swap.ts";
import {
  formatBackup,
  formatCounts,
  spellMoment,
} from "../terminal/backup_text.ts";
import { quoteForShell } from "../terminal/invocation.ts";
import { findServerPid } from "./api_client.ts";
import { readConfigText } from "./command_backup.ts";
import {
  type ConfigOptions,
  loadLeniently,
  nameConfigFile,
} from "./load_config.ts";
import {
  findServerUnit,
  restartServer,
  spellRestart,
} from "./restart_server.ts";
import { printJson, type Shell, spellCommand } from "./shell.ts";

/** The options of the command, as they were typed. */
export interface RestoreOptions extends ConfigOptions {
  readonly dryRun?: true | undefined;
  readonly json?: true | undefined;
}

/** What became of the configuration file in the backup. */
type ConfigFate = "none" | "same" | "kept" | "written" | "not-written";

/** What became of the data. */
type DataFate = "checked" | "restored" | "staged";

/** What is there now and goes; null where nothing is. */
interface Replaced {
  /** Null where it cannot be read. */
  readonly counts: DataCounts | null;
  readonly changedAtMs: number;
}

/** The configuration, also where the file that is named is not there: it may come back with the data. */
export async function loadWithoutFile(
  shell: Shell,
  options: RestoreOptions,
): Promise<Config> {
  if (isThere(nameConfigFile(shell, options))) {
    return (await loadLeniently(shell, options)).config;
  }
  const { config: _absent, ...rest } = options;
  const environment = { ...shell.environment, PBX_CONFIG: undefined };
  return (await loadLeniently({ ...shell, environment }, rest)).config;
}

/** Restores, or only looks; gives the exit code. */
export async function restoreBackup(
  shell: Shell,
  config: Config,
  file: string,
  options: RestoreOptions,
): Promise<number> {
  const { dataDir } = config;
  const backup = readBackup(file);
  const replaced = findReplaced(dataDir);
  if (!options.json) tellPlan(shell, file, backup, replaced);
  let data: DataFate = "checked";
  let how = "";
  let settings = judgeConfig(shell, options, backup);
  if (!options.dryRun) {
    stage(file, dataDir);
    settings = putConfig(shell, options, backup, settings);
    [data, how] = await exchangeData(shell, dataDir, options);
  }
  if (options.json) {
    printJson(shell, {
      file,
      madeAt: spellTime(backup.note?.madeAtMs),
      version: backup.note?.version ?? null,
      extensions: backup.extensions,
      registrations: backup.registrations,
      replaces: replaced === null ? null : {
        extensions: replaced.counts?.extensions ?? null,
        registrations: replaced.counts?.registrations ?? null,
        changedAt: spellTime(replaced.changedAtMs),
      },
      state: data,
      config: {
        file: nameConfigFile(shell, options),
        state: settings,
        text: backup.note?.config ?? null,
      },
    });
    if (how !== "") shell.tell(`${how}\n`);
    return 0;
  }
  tellConfig(shell, options, settings, file);
  if (options.dryRun) {
    shell.print("Nothing is changed\n");
    return 0;
  }
  if (data === "restored") {
    shell.print(
      replaced === null
        ? "Restored\n"
        : `Restored. What was there is kept as ${dataDir}/${KEPT_FILE}\n`,
    );
  }
  if (how !== "") shell.print(`${how}\n`);
  return 0;
}

function stage(file: string, dataDir: string): void {
  try {
    makeDataDir(dataDir);
  } catch (error) {
    throw describeFailure(error, `${dataDir}/${DATABASE_FILE}`);
  }
  stageBackup(file, dataDir);
}

/** Swaps at once where no server runs; else has the server restarted, or says how that is done. */
async function exchangeData(
  shell: Shell,
  dataDir: string,
  options: RestoreOptions,
): Promise<[DataFate, string]> {
  let lock: DataLock | null;
  try {
    lock = tryLockDataDir(dataDir);
  } catch (error) {
    throw describeFailure(error, `${dataDir}/${DATABASE_FILE}`);
  }
  if (lock !== null) {
    try {
      swapStaged(dataDir);
    } finally {
      lock.release();
    }
    return ["restored", ""];
  }
  const pid = findServerPid(dataDir) || readLockPid(dataDir);
  const unit = pid === 0 ? null : await findServerUnit(pid);
  if (unit === null) {
    const serve = spellCommand(shell, "serve", options);
    return [
      "staged",
      `The server that runs takes it when it starts again: kill ${
        pid || "PID"
      }, then: ${serve}`,
    ];
  }
  if (!shell.isRoot && !unit.isUsers) {
    return [
      "staged",
      `The server takes it when it starts again: sudo ${spellRestart(unit)}`,
    ];
  }
  if (!options.json) shell.tell(`Restarting ${unit.name}\n`);
  await restartServer(unit, dataDir, pid);
  return ["restored", ""];
}

function findReplaced(dataDir: string): Replaced | null {
  const path = `${dataDir}/${DATABASE_FILE}`;
  try {
    const times = [path, `${path}-wal`].map(changedAtMs);
    if (times[0] === 0) return null;
    return {
      counts: countDatabase(dataDir),
      changedAtMs: Math.max(...times),
    };
  } catch (error) {
    throw describeFailure(error, path);
  }
}

/** 0 where there is no such file. */
function changedAtMs(path: string): number {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? 1;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function tellPlan(
  shell: Shell,
  file: string,
  { note, ...backup }: BackupReading,
  replaced: Replaced | null,
): void {
  const view = {
    ...backup,
    madeAtMs: note?.madeAtMs ?? null,
    version: note?.version ?? "",
    hasConfig: note !== null && note.config !== null,
  };
  shell.print(`${formatBackup(file, view)}\n`);
  if (replaced === null) return shell.print("There is no data yet\n");
  const { counts } = replaced;
  const what = counts === null
    ? "data that this program cannot read"
    : formatCounts(counts);
  shell.print(
    `It takes the place of: ${what}; last changed ${
      spellMoment(replaced.changedAtMs)
    }\n`,
  );
}

/** What is to become of the configuration in the backup: what is there stays. */
function judgeConfig(
  shell: Shell,
  options: RestoreOptions,
  { note }: BackupReading,
): ConfigFate {
  if (note === null || note.config === null) return "none";
  const present = readConfigText(shell, options);
  if (present === note.config) return "same";
  return present === null && !isThere(nameConfigFile(shell, options))
    ? "not-written"
    : "kept";
}

function putConfig(
  shell: Shell,
  options: RestoreOptions,
  { note }: BackupReading,
  fate: ConfigFate,
): ConfigFate {
  if (fate !== "not-written") return fate;
  const path = nameConfigFile(shell, options);
  try {
    Deno.mkdirSync(path.replace(/\/[^/]*$/, "") || "/", { recursive: true });
    Deno.writeTextFileSync(path, note?.config ?? "", {
      createNew: true,
      mode: 0o644,
    });
    return "written";
  } catch {
    return "not-written";
  }
}

function tellConfig(
  shell: Shell,
  options: RestoreOptions,
  fate: ConfigFate,
  file: string,
): void {
  const path = nameConfigFile(shell, options);
  const see = spellCommand(
    shell,
    `restore --dry-run --json ${quoteForShell(file)}`,
    options,
  );
  const lines: Readonly<Record<ConfigFate, string>> = {
    none: "",
    same: "",
    kept:
      `\`${path}\` stays as it is; the one in the backup is another: ${see}\n`,
    written:
      `\`${path}\` is put back; if it names other ports, the units follow it: pbx unit service, pbx unit socket\n`,
    "not-written": options.dryRun
      ? `\`${path}\` would be put back\n`
      : `\`${path}\` cannot be written here; it is in the backup: ${see}\n`,
  };
  shell.print(lines[fate]);
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

function spellTime(ms: number | undefined): string | null {
  return ms === undefined || !Number.isFinite(ms)
    ? null
    : new Date(ms).toISOString();
}
