/**
 * `deno task release`: makes the files of a release from the commit that is checked out: the
 * programs, the installer, a bill of materials, checksums, and the signature of these.
 * @module
 */

import { OperatorError } from "../pbx/operator_error.ts";
import { hashFile } from "../web/io/file_hash.ts";
import { formatChecksums } from "../web/release/checksum_list.ts";
import { MACHINES } from "../web/release/compile_task.ts";
import {
  judgeSigner,
  judgeTree,
  readRequest,
  type Refusal,
  type ReleaseRequest,
  USAGE,
} from "../web/release/release_request.ts";
import { writeSbom } from "../web/release/sbom.ts";
import { type Build, build, takeRuntimes } from "./release_compile.ts";
import { runProgram, runTask, say } from "./release_program.ts";
import {
  readPublicHalf,
  type ReleaseKey,
  signList,
  takeKey,
  verifyList,
  withKeyFile,
} from "./release_sign.ts";
import {
  isFile,
  readSigners,
  readTree,
  SCRIPT,
  Workplace,
} from "./release_tree.ts";

const ROOT = decodeURIComponent(
  new URL("../", import.meta.url).pathname.replace(/\/$/, ""),
);
const LIST = "SHA256SUMS";
const BILL = "pbx.cdx.json";
/** Whatever a release has had: nothing else is ever removed. */
const FILES: readonly string[] = [
  ...Object.keys(MACHINES).map((machine) => `pbx-linux-${machine}`),
  SCRIPT,
  BILL,
  LIST,
  `${LIST}.sig`,
];

async function release(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) return say(USAGE.trimEnd());
  const request = readRequest(args);
  if (typeof request === "string") throw new OperatorError(request, USAGE, 2);
  const key = request.isSigned ? takeKey() : null;
  const runtimes = takeRuntimes();
  const tree = await readTree(ROOT);
  refuse(judgeTree(request, tree));
  const publicKey = key === null ? "" : await readPublicHalfOf(key);
  refuse(judgeSigner(readSigners(ROOT), publicKey));
  const output = openOutput(request);
  using workplace = Workplace.open();
  const { path } = workplace;
  const made = `${path}/out`;
  Deno.mkdirSync(made);
  const place = {
    root: ROOT,
    machines: request.machines,
    runtimes,
    version: tree.version,
    others: request.allowsDirty,
    timeMs: tree.committedMs,
    workplace: path,
  };
  say(`pbx ${tree.version}, commit ${tree.commit}`);
  const built = await build({ ...place, copy: "source", output: made });
  if (request.isChecked) {
    say("Building once more, to compare");
    const again = `${path}/again`;
    Deno.mkdirSync(again);
    const copy = "another/source";
    compare(built, await build({ ...place, copy, output: again }));
  }
  Deno.copyFileSync(`${ROOT}/${SCRIPT}`, `${made}/${SCRIPT}`);
  Deno.chmodSync(`${made}/${SCRIPT}`, 0o755);
  const isDirty = tree.changed.length > 0;
  Deno.writeTextFileSync(
    `${made}/${BILL}`,
    writeSbom({
      version: tree.version,
      license: tree.license,
      commit: tree.commit + (isDirty ? ", with changes" : ""),
      committedMs: tree.committedMs,
      packages: built.packages,
      runtimes: built.programs.map(({ runtime }) => runtime),
    }),
  );
  const list = `${made}/${LIST}`;
  Deno.writeTextFileSync(list, formatChecksums(hashAll(made)));
  if (key !== null) {
    say("Signing, and verifying as others will");
    await withKeyFile(key, path, (file) => signList(file, list));
    await verifyList(publicKey, list, path);
    await verifyWithProgram(built, made);
  }
  deliver(made, output);
}

async function readPublicHalfOf(key: ReleaseKey): Promise<string> {
  using folder = Workplace.openTemporary();
  return await withKeyFile(key, folder.path, readPublicHalf);
}

function refuse(refusal: Refusal | null): void {
  if (refusal !== null) throw new OperatorError(refusal.message, refusal.hint);
}

/** The folder for the result, without what an earlier run made. */
function openOutput(request: ReleaseRequest): string {
  const path = request.output.startsWith("/")
    ? request.output
    : `${ROOT}/${request.output}`;
  Deno.mkdirSync(path, { recursive: true });
  for (const { name } of Deno.readDirSync(path)) {
    if (FILES.includes(name)) Deno.removeSync(`${path}/${name}`);
    else {
      throw new OperatorError(
        `\`${path}\` has something else than a release: ${name}`,
        "Empty it, or name another folder: --output FOLDER",
      );
    }
  }
  return path;
}

function compare(one: Build, other: Build): void {
  for (const [index, { machine, path }] of one.programs.entries()) {
    const hashes = [path, other.programs[index]!.path].map(hashFile);
    if (hashes[0] === hashes[1]) say(`Twice the same for ${machine}`);
    else {
      throw new OperatorError(
        `Two builds for ${machine} differ: ${hashes.join(" and ")}`,
        "The release cannot be made again by others: find out what changed",
      );
    }
  }
}

function hashAll(folder: string): Map<string, string> {
  return new Map(
    FILES.filter((name) => isFile(`${folder}/${name}`))
      .map((name) => [name, hashFile(`${folder}/${name}`)]),
  );
}

/** Lets a new program check everything, as the installer does, where it runs on this machine. */
async function verifyWithProgram(
  { programs }: Build,
  folder: string,
): Promise<void> {
  const own = programs.find(({ runtime }) =>
    runtime.target === Deno.build.target
  );
  if (own === undefined) return;
  const files = FILES.filter((name) =>
    !name.startsWith(LIST) && isFile(`${folder}/${name}`)
  );
  await runProgram(
    // deno-fmt-ignore
    [own.path, "verify", "--sums", LIST, "--signature", `${LIST}.sig`, ...files],
    { folder, hint: "The new program does not take its own release" },
  );
}

function deliver(made: string, output: string): void {
  say(`The release is in ${output}`);
  for (const name of FILES) {
    if (!isFile(`${made}/${name}`)) continue;
    Deno.copyFileSync(`${made}/${name}`, `${output}/${name}`);
    const { size } = Deno.statSync(`${output}/${name}`);
    say(`${hashFile(`${output}/${name}`)}  ${name}  ${size} octets`);
  }
  if (!isFile(`${made}/${LIST}.sig`)) say("It is not signed");
}

if (import.meta.main) Deno.exit(await runTask(release));
