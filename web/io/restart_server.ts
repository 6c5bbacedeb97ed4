/**
 * Restarts a server that systemd runs, and waits until it answers again.
 * @module
 */

import { runProgram } from "../../diag/io/program.ts";
import { readUnitOf } from "../../diag/io/unit.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { askServer } from "./api_client.ts";
import { readServerFile } from "./server_file.ts";

/** A unit whose main process is the server. */
export interface ServerUnit {
  readonly name: string;
  /** Of the user's own manager. */
  readonly isUsers: boolean;
}

const ASK_MS = 3000;
const RESTART_MS = 100_000;
const WAIT_MS = 30_000;
const EVERY_MS = 100;

/** The unit that runs a server; null where it was started in another way. */
export async function findServerUnit(pid: number): Promise<ServerUnit | null> {
  const { unit, userId } = readUnitOf(pid);
  if (unit === "") return null;
  const isUsers = userId !== null;
  const shown = await runProgram(
    "systemctl",
    [...scopeOf(isUsers), "show", unit, "-p", "MainPID"],
    ASK_MS,
  );
  // what was started by hand from within another service is not its own
  return shown?.stdout.trim() === `MainPID=${pid}`
    ? { name: unit, isUsers }
    : null;
}

/** The command that restarts it, as it is typed. */
export function spellRestart({ name, isUsers }: ServerUnit): string {
  return ["systemctl", ...scopeOf(isUsers), "restart", name].join(" ");
}

/**
 * Restarts it; done when another process than `pid` serves the directory.
 *
 * @throws OperatorError where it does not come back.
 */
export async function restartServer(
  unit: ServerUnit,
  dataDir: string,
  pid: number,
): Promise<void> {
  const { name, isUsers } = unit;
  const done = await runProgram(
    "systemctl",
    [...scopeOf(isUsers), "restart", name],
    RESTART_MS,
  );
  if (done?.code !== 0) {
    throw new OperatorError(
      `\`${spellRestart(unit)}\` did not work: ${
        done?.stderr.trim() || "it did not end"
      }`,
      spellJournal(unit),
    );
  }
  const endMs = performance.now() + WAIT_MS;
  while (!await isBack(dataDir, pid)) {
    if (performance.now() > endMs) {
      throw new OperatorError(
        `\`${name}\` was restarted, and does not answer`,
        spellJournal(unit),
      );
    }
    await new Promise((wake) => setTimeout(wake, EVERY_MS));
  }
}

async function isBack(dataDir: string, pid: number): Promise<boolean> {
  const file = readServerFile(dataDir);
  if (file === null || file.pid === pid) return false;
  if (file.http === null) return true;
  try {
    return await askServer(dataDir, "/api/v1/status") !== undefined;
  } catch {
    return false;
  }
}

function spellJournal({ name, isUsers }: ServerUnit): string {
  const scope = scopeOf(isUsers).map((word) => `${word} `).join("");
  return `See why: journalctl ${scope}-u ${name} -n 50 --no-pager`;
}

function scopeOf(isUsers: boolean): readonly string[] {
  return isUsers ? ["--user"] : [];
}
