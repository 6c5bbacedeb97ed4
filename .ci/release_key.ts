/**
 * `deno task release:key FILE`: makes the key that signs releases, and puts its public half into
 * the installer and the program.
 * @module
 */

import { dirname, resolve } from "node:path";
import { OperatorError } from "../pbx/operator_error.ts";
import { quoteForShell } from "../web/terminal/invocation.ts";
import { stampSigner } from "../web/release/signer_line.ts";
import { runProgram, runTask, say } from "./release_program.ts";
import { readPublicHalf } from "./release_sign.ts";
import { PROGRAM_SIGNER, readSigners, SCRIPT } from "./release_tree.ts";

const ROOT = decodeURIComponent(
  new URL("../", import.meta.url).pathname.replace(/\/$/, ""),
);
const USAGE = `Usage: deno task release:key FILE [--replace]

Makes the key that signs releases: its private half in FILE, which must not be in this tree, its
public half in install.sh and web/release/signer.ts.

  --replace   though there is a key: programs that are installed do not trust the new one
`;

async function makeKey(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) return say(USAGE.trimEnd());
  const isReplaced = args.includes("--replace");
  const [file, ...more] = args.filter((word) => word !== "--replace");
  if (file === undefined || more.length > 0 || file.startsWith("-")) {
    throw new OperatorError("One FILE is needed", USAGE, 2);
  }
  const path = resolve(Deno.env.get("INIT_CWD") ?? Deno.cwd(), file);
  requireFree(path);
  const { script, program } = readSigners(ROOT);
  if (script === null || program === null) {
    throw new OperatorError(
      `${script === null ? SCRIPT : PROGRAM_SIGNER} has no line for the key`,
      "It is: SIGNER='' in install.sh, " +
        'and: export const SIGNER = ""; in web/release/signer.ts',
    );
  }
  if ((script !== "" || program !== "") && !isReplaced) {
    throw new OperatorError(
      "There is a key already, and installed programs trust only that one",
      "If it is lost or in wrong hands: deno task release:key FILE --replace",
    );
  }
  await runProgram(
    // deno-fmt-ignore
    ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "pbx-release",
      "-f", path],
  );
  Deno.removeSync(`${path}.pub`);
  const publicKey = await readPublicHalf(path);
  stamp(publicKey);
  say(
    `The private half is in ${path}, the public half in ${SCRIPT} and ${PROGRAM_SIGNER}:
${publicKey}

Next:
  keep a copy of ${path} where no network reaches it: without it no update is ever trusted
  make it the secret of the workflow: gh secret set PBX_RELEASE_KEY < ${
      quoteForShell(path)
    }
  commit both files: git commit -m 'release: the public key' ${SCRIPT} ${PROGRAM_SIGNER}
  make a release: PBX_RELEASE_KEY_FILE=${
      quoteForShell(path)
    } deno task release`,
  );
}

function requireFree(path: string): void {
  for (const taken of [path, `${path}.pub`]) {
    if (!isThere(taken)) continue;
    throw new OperatorError(
      `\`${taken}\` is there already`,
      "Name another file: a key is never written over",
    );
  }
  let folder: string;
  try {
    folder = Deno.realPathSync(dirname(path));
  } catch {
    throw new OperatorError(
      `The folder \`${dirname(path)}\` is not there`,
      `Make it: mkdir -p -m 700 ${quoteForShell(dirname(path))}`,
    );
  }
  const root = Deno.realPathSync(ROOT);
  if (folder !== root && !folder.startsWith(`${root}/`)) return;
  throw new OperatorError(
    `\`${path}\` is in the tree, where it would be committed one day`,
    "Name a file elsewhere, for example: ~/.config/pbx-release/key",
  );
}

function stamp(publicKey: string): void {
  for (
    const [path, file] of [
      [SCRIPT, "install.sh"],
      [PROGRAM_SIGNER, "signer.ts"],
    ] as const
  ) {
    const text = Deno.readTextFileSync(`${ROOT}/${path}`);
    const stamped = stampSigner(file, text, publicKey);
    if (stamped !== null) Deno.writeTextFileSync(`${ROOT}/${path}`, stamped);
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) Deno.exit(await runTask(makeKey));
