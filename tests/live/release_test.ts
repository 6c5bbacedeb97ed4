/**
 * The making of a release and `pbx verify`, with real `ssh-keygen` and a key of the test, in a
 * small tree of its own: what is refused, what is signed, and what a stranger can check. That a
 * whole release installs is the matter of the tests of the installer.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { pbxEnvironment } from "./lab_command.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** What the tasks and `pbx verify` are made of. */
const PARTS = [".ci", "install.sh", "deno.json", "deno.lock", "main.ts"];
const ROOMS = ["sip", "pbx", "diag", "web"];
/** Stands in for a compiled program: the list has names and hashes of any files. */
const PROGRAM = "pbx-linux-x86_64";

/** A tree as somebody has who cloned the project, with everything in one commit. */
class Tree {
  readonly lab: Lab;
  readonly path: string;
  readonly key: string;

  private constructor(lab: Lab) {
    this.lab = lab;
    this.path = `${lab.directory}/tree`;
    this.key = `${lab.directory}/key`;
  }

  static async open(lab: Lab): Promise<Tree> {
    const tree = new Tree(lab);
    await Deno.mkdir(tree.path);
    const parts = [...PARTS, ...ROOMS].map((part) => `${ROOT}${part}`);
    await lab.run(null, ["cp", "-r", ...parts, tree.path]);
    // The tree of the project may have a key already.
    await tree.edit("install.sh", /^SIGNER='[^']*'$/m, "SIGNER=''");
    await tree.edit(
      "web/release/signer.ts",
      /SIGNER\s*=\s*"[^"]*"/,
      'SIGNER = ""',
    );
    await tree.git("init", "-q");
    await tree.commit();
    return tree;
  }

  async edit(path: string, from: RegExp, to: string): Promise<void> {
    const text = await Deno.readTextFile(`${this.path}/${path}`);
    await Deno.writeTextFile(`${this.path}/${path}`, text.replace(from, to));
  }

  git(...args: readonly string[]): Promise<string> {
    // deno-fmt-ignore
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"];
    return this.lab.run(null, ["git", "-C", this.path, ...who, ...args]);
  }

  async commit(): Promise<void> {
    await this.git("add", "-A");
    await this.git("commit", "-q", "-m", "all");
  }

  task(name: "release" | "release_key", ...args: readonly string[]) {
    return this.#deno([`${this.path}/.ci/${name}.ts`, ...args], {});
  }

  release(environment: Record<string, string>, ...args: readonly string[]) {
    return this.#deno([`${this.path}/.ci/release.ts`, ...args], environment);
  }

  verify(folder: string, ...args: readonly string[]) {
    // deno-fmt-ignore
    const lists = ["--sums", `${folder}/SHA256SUMS`,
      "--signature", `${folder}/SHA256SUMS.sig`];
    return this.#deno(
      [`${this.path}/main.ts`, "verify", ...lists, ...args],
      {},
    );
  }

  #deno(args: readonly string[], environment: Record<string, string>) {
    return this.lab.attempt(null, {
      command: [Deno.execPath(), "run", "-A", "--no-check", ...args],
      env: { ...pbxEnvironment(), ...environment },
      clearEnv: true,
    });
  }
}

/** A folder with one file and its list, signed as `ssh-keygen` does it. */
async function makeRelease(lab: Lab, key: string): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: lab.directory });
  await Deno.writeTextFile(
    `${folder}/${PROGRAM}`,
    "a program\n".repeat(300_000),
  );
  const sums = await lab.run(null, ["sha256sum", `${folder}/${PROGRAM}`]);
  const list = `${folder}/SHA256SUMS`;
  await Deno.writeTextFile(list, sums.replace(`${folder}/`, ""));
  // deno-fmt-ignore
  await lab.run(null, ["ssh-keygen", "-q", "-Y", "sign", "-f", key,
    "-n", "pbx-release", list]);
  return folder;
}

liveTest(
  "the key of releases is made outside of the tree, and pbx verify trusts only that one",
  ["ssh-keygen", "git", "sha256sum"],
  async (lab) => {
    const tree = await Tree.open(lab);
    const inside = await tree.task("release_key", `${tree.path}/key`);
    assert.equal(inside.code, 1);
    assert.match(inside.stderr, /is in the tree/);
    const made = await tree.task("release_key", tree.key);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /gh secret set PBX_RELEASE_KEY/);
    assert.equal((await Deno.stat(tree.key)).mode! & 0o777, 0o600);
    const script = await Deno.readTextFile(`${tree.path}/install.sh`);
    const publicKey = /^SIGNER='(ssh-ed25519 \S+)'$/m.exec(script)?.[1] ?? "";
    assert.ok(made.stdout.includes(publicKey) && publicKey !== "");
    const secret = await Deno.readTextFile(tree.key);
    assert.ok(!made.stdout.includes(secret.split("\n")[2]!));
    await lab.run(
      null,
      [Deno.execPath(), "fmt", "--check", `${tree.path}/web/release/signer.ts`],
    );
    const again = await tree.task("release_key", tree.key);
    assert.match(again.stderr, /is there already/);
    const another = await tree.task("release_key", `${tree.key}2`);
    assert.equal(another.code, 1);
    assert.match(another.stderr, /There is a key already/);

    const folder = await makeRelease(lab, tree.key);
    const file = `${folder}/${PROGRAM}`;
    const good = await tree.verify(folder, file);
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /is signed by the key/);
    const json = JSON.parse((await tree.verify(folder, file, "--json")).stdout);
    assert.equal(json.ok, true);
    assert.equal(json.files[0].state, "same");

    await Deno.writeTextFile(`${folder}/stray`, "x");
    const stray = await tree.verify(folder, file, `${folder}/stray`);
    assert.equal(stray.code, 1);
    assert.match(stray.stderr, /stray` is not in the list/);
    assert.doesNotMatch(stray.stderr, new RegExp(PROGRAM));
    await Deno.writeTextFile(file, "another program\n");
    const different = await tree.verify(folder, file);
    assert.equal(different.code, 1);
    assert.match(different.stderr, /is not what was released/);
    await Deno.remove(file);
    assert.match((await tree.verify(folder, file)).stderr, /is not there/);
    await Deno.writeTextFile(`${folder}/SHA256SUMS`, "x\n", { append: true });
    const altered = await tree.verify(folder, file);
    assert.equal(altered.code, 1);
    assert.match(altered.stderr, /content is not what was signed/);

    // deno-fmt-ignore
    await lab.run(null, ["ssh-keygen", "-q", "-t", "ed25519", "-N", "",
      "-f", `${lab.directory}/stranger`]);
    const strange = await makeRelease(lab, `${lab.directory}/stranger`);
    const other = await tree.verify(strange);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /not signed by the key/);
    assert.equal(other.stdout, "");
  },
);

liveTest(
  "a release that cannot be is refused before anything is built",
  ["ssh-keygen", "git"],
  async (lab) => {
    const tree = await Tree.open(lab);
    const refused = async (
      expected: RegExp,
      environment: Record<string, string>,
      ...args: readonly string[]
    ) => {
      const { code, stdout, stderr } = await tree.release(environment, ...args);
      assert.match(stderr, expected);
      assert.ok(code === 1 || code === 2);
      assert.equal(stdout, "");
    };
    // deno-fmt-ignore
    await lab.run(null, ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tree.key]);
    const key = { PBX_RELEASE_KEY_FILE: tree.key };
    const text = { PBX_RELEASE_KEY: await Deno.readTextFile(tree.key) };
    await refused(/--sparc/, {}, "--sparc");
    await refused(/No key to sign with/, {});
    await refused(/Both PBX_RELEASE_KEY and/, { ...key, ...text });
    await refused(/no key yet: SIGNER is empty/, text);
    await refused(/tag is v99\.0\.0, but/, key, "--tag", "v99.0.0");
    await refused(/DENORT_BIN names .* no file/, {
      ...key,
      DENORT_BIN: `${lab.directory}/nothing`,
    });
    // deno-fmt-ignore
    await lab.run(null, ["ssh-keygen", "-q", "-t", "ecdsa", "-N", "",
      "-f", `${tree.key}-ecdsa`]);
    await refused(/another kind than Ed25519/, {
      PBX_RELEASE_KEY_FILE: `${tree.key}-ecdsa`,
    });
    await refused(/The key cannot be read/, { PBX_RELEASE_KEY: "x" });
    assert.equal((await tree.task("release_key", `${tree.key}-new`)).code, 0);
    await refused(/Not everything is committed: .*install\.sh/, key);
    await tree.commit();
    await refused(/not the one that installed programs trust/, text);
    const { version } = JSON.parse(
      await Deno.readTextFile(`${tree.path}/deno.json`),
    );
    await tree.git("tag", `v${version}`);
    await tree.git("commit", "-q", "--allow-empty", "-m", "more");
    await refused(/is on another commit already/, key);
  },
);
