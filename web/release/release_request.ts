/**
 * What the task `release` is asked for, from its arguments, and whether that can be.
 * @module
 */

import type { Machine } from "./compile_task.ts";

export interface ReleaseRequest {
  /** The tag that the release is for, such as `v0.1.0`; "" for none. */
  readonly tag: string;
  readonly machines: readonly Machine[];
  readonly isSigned: boolean;
  /** From files that are in no commit, too. */
  readonly allowsDirty: boolean;
  /** Built twice, to see whether both are the same. */
  readonly isChecked: boolean;
  /** Where it is made, from the root of the tree. */
  readonly output: string;
}

export const USAGE =
  `Usage: deno task release [--tag TAG] [--unsigned] [--dirty] [--check]
                         [--only x86_64|aarch64] [--output FOLDER]

Makes the files of a release in dist/release. The key that signs them is in PBX_RELEASE_KEY (its
text), or in the file that PBX_RELEASE_KEY_FILE names. DENORT_BIN and DENORT_BIN_AARCH64 name
runtimes to embed; without them deno downloads its own.

  --tag TAG        the release is for this tag, such as v0.1.0
  --unsigned       without a signature
  --dirty          with changes that are not committed
  --check          build twice, and compare
  --only MACHINE   only the program for one kind of machine
  --output FOLDER  make it there
`;

/** Reads the arguments; a text says what is wrong with them. */
export function readRequest(args: readonly string[]): ReleaseRequest | string {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const words = [...args];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (flags.has(word) || values.has(word)) return `\`${word}\` stands twice`;
    if (["--unsigned", "--dirty", "--check"].includes(word)) flags.add(word);
    else if (["--tag", "--only", "--output"].includes(word)) {
      const value = words.shift();
      if (value === undefined || value === "" || value.startsWith("-")) {
        return `\`${word}\` needs a value`;
      }
      values.set(word, value);
    } else return `\`${word}\` is not known`;
  }
  const only = values.get("--only");
  if (only !== undefined && only !== "x86_64" && only !== "aarch64") {
    return `\`--only ${only}\`: it is x86_64 or aarch64`;
  }
  return {
    tag: values.get("--tag") ?? "",
    machines: only === undefined ? ["x86_64", "aarch64"] : [only],
    isSigned: !flags.has("--unsigned"),
    allowsDirty: flags.has("--dirty"),
    isChecked: flags.has("--check"),
    output: values.get("--output") ?? "dist/release",
  };
}

/** The tree that a release is made from. */
export interface Tree {
  /** In deno.json. */
  readonly version: string;
  readonly commit: string;
  /** Files that differ from the commit, or are in none. */
  readonly changed: readonly string[];
  /** The commit that carries the tag `v` + version; "" where there is no such tag. */
  readonly taggedCommit: string;
}

export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** Why this release is not made from this tree, or null. */
export function judgeTree(
  request: ReleaseRequest,
  tree: Tree,
): Refusal | null {
  const own = `v${tree.version}`;
  if (!/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(tree.version)) {
    return {
      message: `The version in deno.json, \`${tree.version}\`, is no version`,
      hint: "Write it as three numbers, such as 0.2.0",
    };
  }
  if (request.tag !== "" && request.tag !== own) {
    return {
      message: `The tag is ${request.tag}, but deno.json has the version ` +
        tree.version,
      hint: `Set "version" in deno.json, or tag the commit as ${own}`,
    };
  }
  if (tree.taggedCommit !== "" && tree.taggedCommit !== tree.commit) {
    return {
      message: `The tag ${own} is on another commit already`,
      hint: 'Set "version" in deno.json to the next one, and commit that',
    };
  }
  if (tree.changed.length > 0 && !request.allowsDirty) {
    const more = tree.changed.length > 3 ? ", …" : "";
    return {
      message: `Not everything is committed: ${
        tree.changed.slice(0, 3).join(", ")
      }${more}`,
      hint: "Commit it, or see what comes out all the same: --dirty",
    };
  }
  return null;
}

/** Whether the key that signs is the one that programs in the field trust. */
export function judgeSigner(
  signers: { readonly script: string | null; readonly program: string | null },
  publicKey: string,
): Refusal | null {
  const { script, program } = signers;
  if (script === null || program === null) {
    return {
      message: `${script === null ? "install.sh" : "web/release/signer.ts"} ` +
        "has no line, or more than one, for the public key",
      hint: "It is: SIGNER='' in install.sh, " +
        'and: export const SIGNER = ""; in web/release/signer.ts',
    };
  }
  if (script !== program) {
    return {
      message: "install.sh and web/release/signer.ts name different keys",
      hint: "Write the same public key into both",
    };
  }
  if (publicKey === "") return null;
  if (script === "") {
    return {
      message: "The project has no key yet: SIGNER is empty",
      hint: "Make one: deno task release:key FILE; " +
        "or build without a signature: deno task release --unsigned",
    };
  }
  if (script !== publicKey) {
    return {
      message: "The given key is not the one that installed programs trust",
      hint: "Sign with the key whose public half is SIGNER in install.sh",
    };
  }
  return null;
}
