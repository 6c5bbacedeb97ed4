/**
 * Two versions of the compiled program, and `install.sh`, that trust a signing key of the tests:
 * made from a copy of the tree, as a release is, and kept outside the tree under a name that
 * follows from every file that goes in.
 *
 * Environment: `PBX_COMPILER` is the command that compiles instead of this Deno, for a machine
 * where `DENORT_BIN` names a runtime of another version.
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  MACHINES,
  readCompileTask,
  spellCompile,
} from "../../web/release/compile_task.ts";
import { stampSigner } from "../../web/release/signer_line.ts";
import type { Lab } from "./lab.ts";
import { cacheFolder } from "./lab_rootfs.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** What a release is not made of. */
const LEFT_OUT = new Set(["dist", "node_modules", "tests", "README.md"]);
/** How many builds are kept. */
const MOST_BUILDS = 3;

/** What a release of the tests is made of. */
export interface Build {
  /** The signing key that the programs and the script trust. */
  readonly key: string;
  readonly installScript: string;
  readonly old: Program;
  readonly next: Program;
}

export interface Program {
  /** As a tag names it: `v0.1.0`. */
  readonly tag: string;
  /** As `pbx version` names it: `0.1.0`. */
  readonly version: string;
  readonly file: string;
}

/** The two programs; compiled when this tree was not compiled yet. */
export async function buildPrograms(lab: Lab): Promise<Build> {
  const tree = readTree();
  const folder = `${cacheFolder()}/build-${hashTree(tree)}`;
  const old = readVersion(tree);
  const next = old.replace(/\d+$/, (last) => `${Number(last) + 1}`);
  const program = (version: string) => ({
    tag: `v${version}`,
    version,
    file: `${folder}/pbx-${version}`,
  });
  const build = {
    key: `${folder}/key`,
    installScript: `${folder}/install.sh`,
    old: program(old),
    next: program(next),
  };
  if (!isFile(build.next.file)) {
    await Deno.mkdir(cacheFolder(), { recursive: true });
    await forgetBuilds();
    const unfinished = await Deno.makeTempDir({
      dir: cacheFolder(),
      prefix: "unfinished-",
    });
    lab.onClose(() =>
      Deno.remove(unfinished, { recursive: true }).catch(ignore)
    );
    await makeBuild(lab, tree, unfinished, [old, next]);
    await Deno.rename(unfinished, folder).catch(ignore);
  }
  return build;
}

/** A signing key of its own, whose path is given back; beside it lies the public one. */
export async function makeKey(lab: Lab, file: string): Promise<string> {
  await lab.run(null, [
    ...["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file],
  ]);
  return file;
}

/** A file's path below the tree's root, and what stands in it. */
type Tree = ReadonlyMap<string, Uint8Array>;

function readTree(): Tree {
  const files = new Map<string, Uint8Array>();
  const walk = (folder: string) => {
    for (const entry of Deno.readDirSync(`${ROOT}${folder}`)) {
      const path = `${folder}${entry.name}`;
      if (LEFT_OUT.has(path) || path.startsWith(".")) continue;
      if (entry.isDirectory) walk(`${path}/`);
      else if (!/_test\.tsx?$/.test(path)) {
        files.set(path, Deno.readFileSync(`${ROOT}${path}`));
      }
    }
  };
  walk("");
  return files;
}

function hashTree(tree: Tree): string {
  const hash = createHash("sha256");
  hash.update(`${compiler().join(" ")}\n${Deno.env.get("DENORT_BIN")}\n`);
  for (const path of [...tree.keys()].sort()) {
    hash.update(`${path}\n`);
    hash.update(createHash("sha256").update(tree.get(path)!).digest());
  }
  return hash.digest("hex").slice(0, 16);
}

function readProject(tree: Tree) {
  return JSON.parse(new TextDecoder().decode(tree.get("deno.json"))) as {
    readonly version: string;
    readonly tasks: Readonly<Record<string, string>>;
  };
}

function readVersion(tree: Tree): string {
  return readProject(tree).version;
}

function compiler(): readonly string[] {
  return Deno.env.get("PBX_COMPILER")?.split(" ") ?? [Deno.execPath()];
}

async function makeBuild(
  lab: Lab,
  tree: Tree,
  folder: string,
  versions: readonly string[],
): Promise<void> {
  const key = await makeKey(lab, `${folder}/key`);
  const signer = (await Deno.readTextFile(`${key}.pub`)).trim();
  for (const version of versions) {
    const copy = `${folder}/tree-${version}`;
    await copyTree(tree, copy);
    await rewrite(
      `${copy}/install.sh`,
      (text) => stampSigner("install.sh", text, signer),
    );
    await rewrite(
      `${copy}/web/release/signer.ts`,
      (text) => stampSigner("signer.ts", text, signer),
    );
    await rewrite(
      `${copy}/deno.json`,
      (text) => text.replace(/"version": ".*"/, `"version": "${version}"`),
    );
    await compile(lab, tree, copy, `${folder}/pbx-${version}`);
    await Deno.rename(`${copy}/install.sh`, `${folder}/install.sh`);
    await Deno.remove(copy, { recursive: true });
  }
}

async function copyTree(tree: Tree, folder: string): Promise<void> {
  for (const [path, bytes] of tree) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(file, bytes);
  }
}

async function rewrite(
  file: string,
  change: (text: string) => string | null,
): Promise<void> {
  const changed = change(await Deno.readTextFile(file));
  assert.ok(changed !== null, `${file} has no line to change`);
  await Deno.writeTextFile(file, changed);
}

/** Compiles as a release is compiled. */
async function compile(
  lab: Lab,
  tree: Tree,
  copy: string,
  output: string,
): Promise<void> {
  const { task: name } = MACHINES[Deno.build.arch];
  const task = readCompileTask(readProject(tree).tasks[name] ?? "");
  assert.ok(task !== null, `the task \`${name}\` is no plain command`);
  const command = [...compiler(), ...spellCompile(task, output)];
  const { code, stderr } = await lab.attempt(
    null,
    { command, cwd: copy },
    "",
    180_000,
  );
  assert.equal(
    code,
    0,
    `not compiled (see PBX_COMPILER and DENORT_BIN): ${stderr}`,
  );
}

/** Removes the oldest builds. */
async function forgetBuilds(): Promise<void> {
  const builds = [...Deno.readDirSync(cacheFolder())]
    .filter(({ name }) => name.startsWith("build-"))
    .map(({ name }) => `${cacheFolder()}/${name}`)
    .map((path) => ({
      path,
      madeMs: Deno.statSync(path).mtime?.getTime() ?? 0,
    }))
    .sort((one, other) => other.madeMs - one.madeMs);
  for (const { path } of builds.slice(MOST_BUILDS - 1)) {
    await Deno.remove(path, { recursive: true }).catch(ignore);
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function ignore(): void {}
