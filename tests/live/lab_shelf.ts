/**
 * A page of releases as the project's own: `latest/download/FILE` and `download/vX/FILE`, served
 * on the loopback address of a machine by a program in its network namespace, with the checksums
 * and their signature, whole or spoiled.
 * @module
 */

import { createHash } from "node:crypto";
import type { Lab } from "./lab.ts";
import type { Build } from "./lab_build.ts";
import type { Running } from "./lab_process.ts";

const SERVER = new URL("lab_shelf_server.ts", import.meta.url).pathname;

/** The program's name on the page, for the machine that runs this test. */
export const PROGRAM_NAME = `pbx-linux-${Deno.build.arch}`;

export interface Release {
  readonly tag: string;
  /** The program. */
  readonly file: string;
  /** The key that signs it; the one that is trusted when left out. */
  readonly key?: string;
}

/** The releases that a machine can download. */
export class Shelf {
  /** `PBX_BASE_URL`. */
  readonly url: string;
  readonly #lab: Lab;
  readonly #build: Build;
  readonly #folder: string;
  readonly #server: Running;

  private constructor(lab: Lab, build: Build, server: Running, url: string) {
    this.#lab = lab;
    this.#build = build;
    this.#server = server;
    this.url = url;
    this.#folder = folderOf(lab);
  }

  /** Opens an empty one. */
  static async open(lab: Lab, build: Build, namespace: string): Promise<Shelf> {
    await Deno.mkdir(folderOf(lab), { recursive: true });
    // a program of its own: this one is busy with its phones
    const server = lab.spawn(namespace, {
      command: [Deno.execPath(), "run", "-A", SERVER, folderOf(lab)],
    });
    const [, url] = await server.waitFor(/^(http:\S+)$/m);
    return new Shelf(lab, build, server, url!);
  }

  /** What was asked for, oldest first. */
  get asked(): readonly string[] {
    const lines = this.#server.printed.matchAll(/^GET (\S+)$/gm);
    return [...lines].map(([, path]) => path!);
  }

  /** What an administrator types, with what stands between `|` and `sh`, and behind `sh`. */
  line(environment = "", options = ""): string {
    const behind = options === "" ? "" : ` -s -- ${options}`;
    return `curl -fsSL ${this.url}/latest/download/install.sh | ` +
      `PBX_BASE_URL=${this.url} ${environment} sh${behind}`;
  }

  /** Puts a release on the page and makes it the latest one; gives its folder. */
  async publish(release: Release): Promise<string> {
    const folder = `${this.#folder}/${release.tag}`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.copyFile(release.file, `${folder}/${PROGRAM_NAME}`);
    await Deno.copyFile(
      this.#build.installScript,
      `${folder}/install.sh`,
    );
    const names = ["install.sh", PROGRAM_NAME];
    const sums = names.map((name) => `${hash(`${folder}/${name}`)}  ${name}\n`);
    await Deno.writeTextFile(`${folder}/SHA256SUMS`, sums.join(""));
    await this.sign(release.tag, release.key);
    const latest = `${this.#folder}/latest`;
    await Deno.remove(latest).catch(() => {});
    await Deno.symlink(release.tag, latest);
    return folder;
  }

  /** Signs the checksums of a release, whatever they are by now. */
  async sign(tag: string, key = this.#build.key): Promise<void> {
    const sums = `${this.#folder}/${tag}/SHA256SUMS`;
    await Deno.remove(`${sums}.sig`).catch(() => {});
    await this.#lab.run(null, [
      ...["ssh-keygen", "-q", "-Y", "sign", "-n", "pbx-release", "-f", key],
      sums,
    ]);
  }
}

function folderOf(lab: Lab): string {
  return `${lab.directory}/shelf`;
}

function hash(file: string): string {
  return createHash("sha256").update(Deno.readFileSync(file)).digest("hex");
}
