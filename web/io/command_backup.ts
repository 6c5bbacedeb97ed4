/**
 * `pbx backup`: everything in one file, as it is at one moment, while the server goes on.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import { type BackupNote, isBackup } from "../../pbx/io/backup_file.ts";
import { writeBackup } from "../../pbx/io/backup_copy.ts";
import { DATABASE_FILE } from "../../pbx/io/database.ts";
import { folderOf } from "../../pbx/io/data_owner.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { spellDay } from "../file_stamp.ts";
import { formatCounts } from "../terminal/backup_text.ts";
import { quoteForShell } from "../terminal/invocation.ts";
import { type ConfigOptions, nameConfigFile } from "./load_config.ts";
import { requireNew } from "./new_file.ts";
import { printJson, type Shell, spellCommand } from "./shell.ts";

/** The options of the command, as they were typed. */
export interface BackupOptions extends ConfigOptions {
  readonly force?: true | undefined;
  readonly json?: true | undefined;
}

/** From this size on it takes long enough to say so. */
const LARGE_OCTETS = 32 << 20;
const KEEP_IT =
  "It holds password hashes: whoever has it can guess passwords, so keep it like a key";

/** Writes the backup; gives the exit code. */
export function makeBackup(
  shell: Shell,
  config: Config,
  file: string,
  options: BackupOptions,
): number {
  const madeAtMs = Date.now();
  const note: BackupNote = {
    madeAtMs,
    version: shell.version,
    config: readConfigText(shell, options),
  };
  tellLarge(shell, config.dataDir);
  if (file === "-") return printBackup(shell, config, note, options);
  const path = choosePath(config, file, madeAtMs);
  if (!(options.force && isBackup(path))) requireReplaceable(path, options);
  const counts = writeBackup(config.dataDir, path, note);
  const bytes = Deno.statSync(path).size;
  if (options.json) {
    const madeAt = new Date(madeAtMs).toISOString();
    printJson(shell, { file: path, bytes, ...counts, madeAt });
    return 0;
  }
  shell.print(`${path}\n`);
  shell.tell(`Checked; ${formatCounts(counts)}; ${bytes} octets
${KEEP_IT}
Put it back: ${spellCommand(shell, `restore ${quoteForShell(path)}`, options)}
`);
  return 0;
}

/** Null where there is none, or where nobody may read it. */
export function readConfigText(
  shell: Shell,
  options: ConfigOptions,
): string | null {
  try {
    return Deno.readTextFileSync(nameConfigFile(shell, options));
  } catch {
    return null;
  }
}

/** To standard output, from a file of its own that is gone then. */
function printBackup(
  shell: Shell,
  config: Config,
  note: BackupNote,
  { json }: BackupOptions,
): number {
  if (json || Deno.stdout.isTerminal()) {
    throw new OperatorError(
      json
        ? "The backup and JSON cannot both go to standard output"
        : "A backup is no text for a terminal",
      "Name a file: pbx backup FILE",
      2,
    );
  }
  const folder = Deno.makeTempDirSync({ prefix: "pbx-backup-" });
  try {
    const path = `${folder}/${DATABASE_FILE}`;
    const counts = writeBackup(config.dataDir, path, note);
    using source = Deno.openSync(path, { read: true });
    const piece = new Uint8Array(1 << 16);
    for (let read; (read = source.readSync(piece)) !== null;) {
      for (let at = 0; at < read;) {
        at += Deno.stdout.writeSync(piece.subarray(at, read));
      }
    }
    shell.tell(`Checked; ${formatCounts(counts)}\n${KEEP_IT}\n`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  return 0;
}

function choosePath({ dataDir }: Config, file: string, nowMs: number): string {
  const path = isDirectory(file)
    ? `${file.replace(/(?<=.)\/+$/, "").replace(/^\/$/, "")}/pbx-${
      spellDay(nowMs)
    }.db`
    : file;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name.startsWith(DATABASE_FILE) && isSame(folderOf(path), dataDir)) {
    throw new OperatorError(
      `\`${path}\` is a name of the server's own`,
      "Name another file, best on another disk",
      2,
    );
  }
  return path;
}

function requireReplaceable(path: string, { force }: BackupOptions): void {
  if (!isBackup(path)) return requireNew(path);
  if (force) return;
  throw new OperatorError(
    `\`${path}\` is there already: it is an older backup`,
    "Name another file, or replace it: --force",
  );
}

function tellLarge(shell: Shell, dataDir: string): void {
  if (!shell.isErrorTerminal) return;
  try {
    const { size } = Deno.statSync(`${dataDir}/${DATABASE_FILE}`);
    if (size < LARGE_OCTETS) return;
    shell.tell(`Copying ${Math.round(size / (1 << 20))} MiB\n`);
  } catch {
    // what is wrong is told by who opens it
  }
}

function isSame(one: string, other: string): boolean {
  try {
    return Deno.realPathSync(one) === Deno.realPathSync(other);
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
