/**
 * Signs the list of checksums with the key of the project, and verifies signatures as a stranger
 * does. The key is in the environment; it is never an argument, and a file only while it is used.
 * @module
 */

import { OperatorError } from "../pbx/operator_error.ts";
import { NAMESPACE, readPublicKey } from "../web/release/ssh_signature.ts";
import { attemptProgram, runProgram } from "./release_program.ts";

const TEXT = "PBX_RELEASE_KEY";
const FILE = "PBX_RELEASE_KEY_FILE";
/** Who has signed, in lines of allowed signers. */
const IDENTITY = "release";

/** The text of an OpenSSH private key, or the file that has it. */
export type ReleaseKey = { readonly text: string } | { readonly file: string };

/** Takes the key out of the environment, so that no program that is run from here has it. */
export function takeKey(): ReleaseKey {
  const text = Deno.env.get(TEXT) ?? "";
  const file = Deno.env.get(FILE) ?? "";
  Deno.env.delete(TEXT);
  Deno.env.delete(FILE);
  if (text !== "" && file !== "") {
    throw new OperatorError(
      `Both ${TEXT} and ${FILE} are set`,
      "Set one of them",
    );
  }
  if (text !== "") return { text: text.trimEnd() + "\n" };
  if (file !== "") return { file };
  throw new OperatorError(
    `No key to sign with: neither ${TEXT} nor ${FILE} is set`,
    "Set one of them, or build without a signature: --unsigned",
  );
}

/** Does something with the key as a file, which is gone afterwards. */
export async function withKeyFile<Result>(
  key: ReleaseKey,
  folder: string,
  body: (path: string) => Promise<Result>,
): Promise<Result> {
  if ("file" in key) return await body(key.file);
  const path = `${folder}/key`;
  try {
    Deno.writeTextFileSync(path, key.text, { mode: 0o600, createNew: true });
    return await body(path);
  } finally {
    Deno.removeSync(path);
  }
}

/** The public half, `ssh-ed25519 AAAA…` without a comment. */
export async function readPublicHalf(keyFile: string): Promise<string> {
  // An empty passphrase is given, else ssh-keygen would ask for one.
  const { code, stdout } = await attemptProgram(
    ["ssh-keygen", "-y", "-P", "", "-f", keyFile],
  );
  if (code !== 0) {
    throw new OperatorError(
      "The key cannot be read: it is no OpenSSH private key, it has a " +
        "passphrase, or others may read its file",
      "The file has mode 0600 and begins with: " +
        "-----BEGIN OPENSSH PRIVATE KEY-----",
    );
  }
  const publicKey = stdout.trim().split(" ").slice(0, 2).join(" ");
  if (readPublicKey(publicKey) !== null) return publicKey;
  throw new OperatorError(
    "The key is of another kind than Ed25519",
    "Make one: deno task release:key FILE",
  );
}

/** Writes `LIST.sig`. */
export async function signList(keyFile: string, list: string): Promise<void> {
  await runProgram(
    ["ssh-keygen", "-q", "-Y", "sign", "-f", keyFile, "-n", NAMESPACE, list],
  );
}

/** Throws OperatorError where `ssh-keygen` does not take the signature for one of this key. */
export async function verifyList(
  publicKey: string,
  list: string,
  folder: string,
): Promise<void> {
  const signers = `${folder}/allowed_signers`;
  Deno.writeTextFileSync(
    signers,
    `${IDENTITY} namespaces="${NAMESPACE}" ${publicKey}\n`,
  );
  try {
    await runProgram(
      // deno-fmt-ignore
      ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", IDENTITY,
        "-n", NAMESPACE, "-s", `${list}.sig`],
      { input: Deno.readFileSync(list) },
    );
  } finally {
    Deno.removeSync(signers);
  }
}
