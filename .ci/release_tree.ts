/**
 * The tree that a release is made from, and the copy in which it is compiled. A compiled program
 * carries the times of its files and the path of deno's cache. So that the same commit gives the
 * same octets everywhere, the copy and its cache stand in a folder that is named the same on
 * every machine, and each file is as old as the commit.
 * @module
 */

import { OperatorError } from "../pbx/operator_error.ts";
import { readSigner } from "../web/release/signer_line.ts";
import type { Tree } from "../web/release/release_request.ts";
import { runProgram } from "./release_program.ts";

export const SCRIPT = "install.sh";
export const PROGRAM_SIGNER = "web/release/signer.ts";

/** Found in programs, so it must not depend on the machine, the user or a variable. */
const WORKPLACE = "/tmp/pbx-release";
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Looks at the tree and at what git says of it. */
export async function readTree(
  root: string,
): Promise<Tree & { readonly committedMs: number; readonly license: string }> {
  const git = async (...args: readonly string[]) =>
    (await runProgram(["git", "-C", root, ...args], {
      hint: "A release is made from a clone of the repository",
    })).trim();
  const { version, license } = JSON.parse(
    Deno.readTextFileSync(`${root}/deno.json`),
  );
  const commit = await git("rev-parse", "HEAD");
  const changed = await git("status", "--porcelain");
  const tags = await git("tag", "--list", `v${version}`);
  return {
    version: String(version),
    license: String(license),
    commit,
    committedMs: Number(await git("log", "-1", "--format=%ct")) * 1000,
    changed: changed === "" ? [] : changed.split("\n").map(pathOfStatus),
    taggedCommit: tags === ""
      ? ""
      : await git("rev-parse", `refs/tags/v${version}^{commit}`),
  };
}

/** The keys that the two files name. */
export function readSigners(
  root: string,
): { readonly script: string | null; readonly program: string | null } {
  const read = (path: string) => Deno.readTextFileSync(`${root}/${path}`);
  return {
    script: readSigner("install.sh", read(SCRIPT)),
    program: readSigner("signer.ts", read(PROGRAM_SIGNER)),
  };
}

/** A folder of this run only, which is gone when the run ends or is interrupted. */
export class Workplace {
  readonly path: string;
  readonly #onSignal = () => {
    this[Symbol.dispose]();
    Deno.exit(130);
  };

  private constructor(path: string) {
    this.path = path;
    for (const signal of SIGNALS) {
      Deno.addSignalListener(signal, this.#onSignal);
    }
  }

  /** The one in which programs are compiled. */
  static open(): Workplace {
    try {
      // Neither a link nor a folder of somebody else is taken.
      Deno.mkdirSync(WORKPLACE, { mode: 0o700 });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw new OperatorError(
        `\`${WORKPLACE}\` is there already: another release is being made`,
        `If none is: rm -r ${WORKPLACE}`,
      );
    }
    return new Workplace(WORKPLACE);
  }

  /** One with a name that nobody has. */
  static openTemporary(): Workplace {
    return new Workplace(Deno.makeTempDirSync({ prefix: "pbx-release-" }));
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) {
      Deno.removeSignalListener(signal, this.#onSignal);
    }
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** Copies what git knows of the tree; with `others` also the files that are in no commit. */
export async function copyTree(
  root: string,
  copy: string,
  { others, timeMs }: { readonly others: boolean; readonly timeMs: number },
): Promise<void> {
  const which = others
    ? ["--cached", "--others", "--exclude-standard"]
    : ["--cached"];
  const list = await runProgram([
    "git",
    "-C",
    root,
    "ls-files",
    "-z",
    ...which,
  ]);
  for (const path of list.split("\0")) {
    if (path === "" || !isFile(`${root}/${path}`)) continue;
    const slash = path.lastIndexOf("/");
    Deno.mkdirSync(`${copy}/${path.slice(0, Math.max(slash, 0))}`, {
      recursive: true,
    });
    Deno.copyFileSync(`${root}/${path}`, `${copy}/${path}`);
  }
  setTimes(copy, timeMs);
}

/** Makes all files of a folder as old as the commit. */
export function setTimes(folder: string, timeMs: number): void {
  for (const entry of Deno.readDirSync(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) setTimes(path, timeMs);
    else if (entry.isFile) Deno.utimeSync(path, timeMs / 1000, timeMs / 1000);
  }
}

export function isFile(path: string): boolean {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
}

function pathOfStatus(line: string): string {
  return line.trimStart().replace(/^\S+\s+/, "");
}
