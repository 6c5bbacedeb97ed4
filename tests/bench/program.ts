/**
 * The compiled program that is measured: the one that `PBX_BINARY` names, else `dist/pbx`, else
 * one that is compiled into the scene's folder with the flags of the task `compile`.
 * @module
 */

import project from "../../deno.json" with { type: "json" };
import type { Scene } from "./scene.ts";

const ROOT = new URL("../../", import.meta.url);
/** Prints the path of a runtime to compile with, where only the npm registry is in reach. */
const DENORT = new URL("../shared/denort", ROOT).pathname;
const COMPILER = "deno@2.8.3";

/** A program, and what to say of it. */
export interface Program {
  readonly path: string;
  readonly origin: string;
}

/** Finds the program or makes it. */
export async function findProgram(scene: Scene): Promise<Program> {
  const named = Deno.env.get("PBX_BINARY");
  if (named !== undefined) return describe(Deno.realPathSync(named), named);
  const compiled = new URL("dist/pbx", ROOT).pathname;
  if (exists(compiled)) return describe(compiled, "dist/pbx");
  const path = `${scene.folder}/pbx`;
  console.error("bench: compiling the program");
  await compile(scene, path);
  return { path, origin: "compiled from this tree" };
}

/** The V8 flags that the server runs with. */
export function serverFlags(): string {
  const flags = /--v8-flags=\S+/.exec(project.tasks.compile)?.[0];
  if (flags === undefined) {
    throw new Error("the task `compile` has no V8 flags");
  }
  return flags;
}

export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function describe(path: string, name: string): Program {
  const madeAt = Deno.statSync(path).mtime?.toISOString().slice(0, 16);
  return { path, origin: `\`${name}\` of ${madeAt ?? "unknown age"} UTC` };
}

async function compile(scene: Scene, path: string): Promise<void> {
  const { tasks } = project;
  const task = Deno.build.arch === "aarch64"
    ? tasks["compile:aarch64"]
    : tasks.compile;
  const args = task.replace(/ -o \S+/, ` -q -o ${path}`).split(" ").slice(1);
  if (!exists(DENORT)) {
    await scene.run([Deno.execPath(), ...args], {}, ROOT.pathname);
    return;
  }
  const runtime = (await scene.run(["sh", DENORT])).trim();
  await scene.run(
    ["npx", "-y", COMPILER, ...args],
    { DENORT_BIN: runtime },
    ROOT.pathname,
  );
}
