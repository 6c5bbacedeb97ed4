/**
 * Compiles the programs of a release in a copy of the tree, and finds out what is in them.
 * @module
 */

import { unzipSync } from "fflate";
import { createHash } from "node:crypto";
import { OperatorError } from "../pbx/operator_error.ts";
import { hashFile } from "../web/io/file_hash.ts";
import {
  type CompileTask,
  type Machine,
  MACHINES,
  readCompileTask,
  spellCompile,
} from "../web/release/compile_task.ts";
import {
  type EmbeddedPackage,
  type ImportGraph,
  listEmbedded,
} from "../web/release/embedded_package.ts";
import type { EmbeddedRuntime } from "../web/release/sbom.ts";
import { attemptProgram, runProgram, say } from "./release_program.ts";
import { copyTree, isFile, setTimes } from "./release_tree.ts";

export interface Build {
  readonly programs: readonly BuiltProgram[];
  readonly packages: readonly EmbeddedPackage[];
}

export interface BuiltProgram {
  readonly machine: Machine;
  readonly path: string;
  readonly runtime: EmbeddedRuntime;
}

/** Those runtimes that somebody named; deno fetches its own for the rest. */
export type Runtimes = Readonly<Partial<Record<Machine, string>>>;

interface BuildOptions {
  readonly root: string;
  readonly machines: readonly Machine[];
  readonly runtimes: Runtimes;
  readonly version: string;
  readonly others: boolean;
  readonly timeMs: number;
  /** The folder of the workplace. */
  readonly workplace: string;
  /** What the copy of the tree is called: a program must not depend on it. */
  readonly copy: string;
  /** Where the programs are put. */
  readonly output: string;
}

/** Takes them out of the environment, where deno would embed the one for every kind of machine. */
export function takeRuntimes(): Runtimes {
  const runtimes: Partial<Record<Machine, string>> = {};
  for (const machine of ["x86_64", "aarch64"] as const) {
    const variable = MACHINES[machine].runtime;
    const path = Deno.env.get(variable) ?? "";
    Deno.env.delete(variable);
    if (path === "") continue;
    runtimes[machine] = path;
    if (isFile(path)) continue;
    throw new OperatorError(
      `${variable} names \`${path}\`, which is no file`,
      "Name a runtime, or unset it: deno then downloads its own",
    );
  }
  return runtimes;
}

/** Builds everything from nothing: a copy of the tree, and the packages fetched anew. */
export async function build(options: BuildOptions): Promise<Build> {
  const { root, others, timeMs, workplace, machines } = options;
  const copy = `${workplace}/${options.copy}`;
  const cache = `${workplace}/deno`;
  await copyTree(root, copy, { others, timeMs });
  const tasks = JSON.parse(Deno.readTextFileSync(`${copy}/deno.json`)).tasks;
  say("Fetching the packages, as deno.lock has them");
  const first = taskOf(machines[0]!, tasks);
  await runProgram(
    [Deno.execPath(), "cache", "--quiet", "--frozen", ...first.entries],
    { folder: copy, environment: { DENO_DIR: cache } },
  );
  setTimes(`${cache}/npm`, timeMs);
  const programs: BuiltProgram[] = [];
  for (const machine of machines) {
    const task = taskOf(machine, tasks);
    say(`Compiling for ${machine}`);
    programs.push(await compile(machine, task, { ...options, copy, cache }));
  }
  const packages = await readPackages(first, copy, cache);
  Deno.removeSync(copy, { recursive: true });
  Deno.removeSync(cache, { recursive: true });
  return { programs, packages };
}

async function compile(
  machine: Machine,
  task: CompileTask,
  place: BuildOptions & { readonly cache: string },
): Promise<BuiltProgram> {
  const path = `${place.output}/pbx-linux-${machine}`;
  const { runtime: variable } = MACHINES[machine];
  const runtime = place.runtimes[machine] ?? "";
  const known = listFiles(`${place.cache}/npm`);
  await runProgram([Deno.execPath(), ...spellCompile(task, path)], {
    folder: place.copy,
    environment: {
      DENO_DIR: place.cache,
      ...(runtime === "" ? {} : { DENORT_BIN: runtime }),
    },
    hint: `Where no runtime for ${machine} is to be had: ` +
      `${variable}=FILE names one, --only builds for the other machine`,
  });
  if (listFiles(`${place.cache}/npm`).length !== known.length) {
    throw new OperatorError(
      "Compiling fetched packages that were not there before",
      "Their times are in the program: report it, it is a fault of the task",
    );
  }
  Deno.chmodSync(path, 0o755);
  return {
    machine,
    path,
    runtime: await describeRuntime(path, task.target, runtime, place),
  };
}

/** Version and hash of what deno embedded. */
async function describeRuntime(
  program: string,
  target: string,
  given: string,
  { version, cache }: { readonly version: string; readonly cache: string },
): Promise<EmbeddedRuntime> {
  const own = given === "" ? Deno.version.deno : "";
  const sha256 = given === ""
    ? hashDownloaded(`${cache}/dl/release/v${own}/denort-${target}.zip`)
    : hashFile(given);
  if (target !== Deno.build.target) return { target, version: own, sha256 };
  const { code, stdout } = await attemptProgram([program, "version", "--json"]);
  const told = code === 0 ? JSON.parse(stdout) : {};
  if (told.version === version) return { target, version: told.deno, sha256 };
  throw new OperatorError(
    `The new program does not say that it is ${version}`,
    `Try it: ${program} version`,
  );
}

function hashDownloaded(archive: string): string {
  if (!isFile(archive)) return "";
  const runtime = unzipSync(Deno.readFileSync(archive))["denort"];
  return runtime === undefined
    ? ""
    : createHash("sha256").update(runtime).digest("hex");
}

async function readPackages(
  { entries }: CompileTask,
  copy: string,
  cache: string,
): Promise<EmbeddedPackage[]> {
  const graphs: ImportGraph[] = [];
  for (const entry of entries) {
    const graph = await runProgram(
      [Deno.execPath(), "info", "--json", "--frozen", entry],
      { folder: copy, environment: { DENO_DIR: cache } },
    );
    graphs.push(JSON.parse(graph));
  }
  const lock = JSON.parse(Deno.readTextFileSync(`${copy}/deno.lock`));
  return listEmbedded(graphs, lock).map((found) => {
    const { license } = JSON.parse(
      Deno.readTextFileSync(`${found.folder}/package.json`),
    );
    // Where it lies is of this machine.
    const known = typeof license === "string" ? license : "";
    return { ...found, folder: "", license: known };
  });
}

function taskOf(
  machine: Machine,
  tasks: Readonly<Record<string, unknown>>,
): CompileTask {
  const { task: name } = MACHINES[machine];
  const text = tasks[name];
  const task = typeof text === "string" ? readCompileTask(text) : null;
  if (task !== null) return task;
  throw new OperatorError(
    `The task ${name} in deno.json is not one plain \`deno compile\``,
    "Write it as: deno compile FLAGS --target TARGET -o FILE main.ts",
  );
}

function listFiles(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? listFiles(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}
