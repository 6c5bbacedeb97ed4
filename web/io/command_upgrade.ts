/**
 * `pbx upgrade`: runs the installer that is embedded in this program, so that its checks, and the
 * way back, are the same as at the first installation.
 * @module
 */

import { OperatorError } from "../../pbx/operator_error.ts";
import type { Shell } from "./shell.ts";

const SCRIPT = new URL("../../install.sh", import.meta.url);
const VERSION = /^(?:latest|v?\d+\.\d+\.\d+(?:-[\w.]+)?)$/;

/** The options of the command, as they were typed. */
export interface UpgradeOptions {
  readonly dryRun?: true | undefined;
}

/** Runs the installer to its end; gives its exit code. */
export async function upgrade(
  shell: Shell,
  version: string | undefined,
  { dryRun }: UpgradeOptions,
): Promise<number> {
  if (version !== undefined && !VERSION.test(version)) {
    throw new OperatorError(
      `\`${version}\` is no version`,
      "Such as: pbx upgrade v0.2.0; without one it is the latest",
      2,
    );
  }
  if (!Deno.build.standalone) {
    throw new OperatorError(
      "This pbx runs from its source: the installer would not touch it",
      "Bring the source up to date: git pull",
    );
  }
  if (!shell.isRoot && !dryRun) {
    throw new OperatorError(
      "An upgrade needs root",
      `Run it with sudo: sudo ${shell.typed}`,
    );
  }
  return await runInstaller(
    dryRun ? ["--dry-run"] : [],
    version === undefined ? {} : { PBX_VERSION: version },
  );
}

async function runInstaller(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const child = new Deno.Command("sh", {
    args: ["-s", "--", ...args],
    env: { ...env },
    stdin: "piped",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  passSignals(child);
  const writer = child.stdin.getWriter();
  // where it ends before it has read all, its exit code says why
  await writer.write(Deno.readFileSync(SCRIPT)).catch(() => {});
  await writer.close().catch(() => {});
  return (await child.status).code;
}

/** A terminal gives Ctrl-C to both, and this program has to wait until the other has cleaned up. */
function passSignals(child: Deno.ChildProcess): void {
  const isTerminal = Deno.stdin.isTerminal();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      if (signal === "SIGINT" && isTerminal) return;
      try {
        child.kill(signal);
      } catch {
        // it has ended by itself
      }
    });
  }
}
