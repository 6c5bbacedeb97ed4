/**
 * The command that makes the program, taken from the tasks of deno.json, so that a release is
 * compiled with just those flags that everybody compiles with.
 * @module
 */

/** A kind of machine that a release is made for, as `uname -m` calls it. */
export type Machine = "x86_64" | "aarch64";

export interface CompileTask {
  /** Of `deno`, without the output. */
  readonly args: readonly string[];
  readonly target: string;
  /** Source files whose imports are in the program. */
  readonly entries: readonly string[];
}

/** For each kind of machine: its task, and the variable that names a runtime to embed. */
export const MACHINES: Readonly<
  Record<Machine, { readonly task: string; readonly runtime: string }>
> = {
  x86_64: { task: "compile", runtime: "DENORT_BIN" },
  aarch64: { task: "compile:aarch64", runtime: "DENORT_BIN_AARCH64" },
};

/** What a shell would change. */
const SHELL_SYNTAX = /["'`$\\|&;<>(){}*?~#]/;

/** Takes a task apart; null where it is not one plain `deno compile … -o FILE ENTRY`. */
export function readCompileTask(task: string): CompileTask | null {
  if (SHELL_SYNTAX.test(task)) return null;
  const words = task.trim().split(/\s+/);
  const output = words.indexOf("-o");
  const target = words[words.indexOf("--target") + 1];
  const entry = words.at(-1);
  if (
    words[0] !== "deno" || words[1] !== "compile" || output < 0 ||
    words.lastIndexOf("-o") !== output || output + 2 >= words.length ||
    !words.includes("--target") || target === undefined ||
    entry === undefined || !isSource(entry)
  ) return null;
  const included = words.filter((word, at) =>
    words[at - 1] === "--include" && isSource(word)
  );
  return {
    args: [...words.slice(1, output), ...words.slice(output + 2)],
    target,
    entries: [entry, ...included],
  };
}

/** The arguments with an output. */
export function spellCompile(task: CompileTask, output: string): string[] {
  return [...task.args.slice(0, -1), "-o", output, ...task.args.slice(-1)];
}

function isSource(path: string): boolean {
  return /\.tsx?$/.test(path);
}
