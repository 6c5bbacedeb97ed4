/**
 * A place to try `install.sh` without a machine: the real files of this one, but with an empty
 * `/run`, `/usr/local` and `/etc` of its own that are gone afterwards, and with programs that are
 * missing or put on.
 * @module
 */

import type { Lab } from "./lab.ts";

/** The script of this tree, as it is before its owner has made a key. */
export const SCRIPT = Deno.readTextFileSync(
  new URL("../../install.sh", import.meta.url),
).replace(/^SIGNER='.*'$/m, "SIGNER=''");

/** All that can be the name of a program in it. */
const WORDS = new Set([
  "dash",
  ...SCRIPT.match(/(?<![a-z])[a-z][a-z0-9-]+/g) ?? [],
]);
/** Where installations leave something. */
const FOLDERS = "/etc /run /usr/local /var/lib/pbx /var/lib/private";
const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

/** A folder of programs, for PATH. */
export interface Tools {
  readonly folder: string;
  /** What was called so far, one line each. */
  recorded(): Promise<string>;
}

/** Programs that do nothing but write down that they were called. */
export async function makeTools(lab: Lab, name: string): Promise<Tools> {
  const folder = `${lab.directory}/${name}`;
  const record = `${folder}.calls`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(record, "");
  await Deno.writeTextFile(
    `${folder}/.call`,
    `#!/bin/sh\necho "\${0##*/} $*" >>${record}\n`,
    { mode: 0o755 },
  );
  for (const program of WORDS) {
    await Deno.symlink(`${folder}/.call`, `${folder}/${program}`);
  }
  return { folder, recorded: () => Deno.readTextFile(record) };
}

export interface StageOptions {
  /** Programs that are not there. */
  readonly without?: readonly string[];
}

export interface StageRun {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly asNobody?: boolean;
  /** Shell commands of root before; what they change does not count. */
  readonly prepare?: string;
  /** Shell commands of root before; what they change counts. */
  readonly before?: string;
  /** Adds `changed:` and the files that became different. */
  readonly isWatched?: boolean;
}

let stages = 0;

/** Mounts that only its own runs see. */
export class Stage {
  /** The only folder in PATH. */
  readonly tools: string;
  readonly #lab: Lab;

  private constructor(lab: Lab, tools: string) {
    this.#lab = lab;
    this.tools = tools;
  }

  static async open(lab: Lab, { without = [] }: StageOptions): Promise<Stage> {
    const tools = `${lab.directory}/stage${++stages}`;
    await Deno.mkdir(tools);
    await Deno.chmod(lab.directory, 0o755);
    for (const name of WORDS) {
      const folder = ["/usr/bin", "/usr/sbin"].find((folder) =>
        isFile(`${folder}/${name}`)
      );
      if (folder === undefined || without.includes(name)) continue;
      await Deno.symlink(`${folder}/${name}`, `${tools}/${name}`);
    }
    const stage = new Stage(lab, tools);
    await stage.fake("systemctl", "exit 3");
    return stage;
  }

  /** Puts on a program that is these lines of shell. */
  async fake(name: string, lines: string): Promise<void> {
    const file = `${this.tools}/${name}`;
    await Deno.remove(file).catch(() => {});
    await Deno.writeTextFile(file, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  }

  /** Runs `install.sh` from standard input, as a pipe would. */
  async run(
    { args = [], env = {}, asNobody = false, ...more }: StageRun,
  ): Promise<{ code: number; said: string }> {
    const { prepare = "", before = "", isWatched = true } = more;
    const list = `find ${FOLDERS} -type d -printf '%p %m %U\\n' ` +
      "-o -printf '%p %m %U %s %T@ %l\\n' 2>/dev/null" +
      " | grep -v '^/run/stage' | sort";
    const set = Object.entries(env).map(([key, value]) => `${key}=${value}`);
    const user = asNobody ? NOBODY : [];
    const line = [
      ...user,
      ...["env", "-i", `PATH=${this.tools}`, ...set],
      ...["dash", "-s", "--", ...args],
    ];
    const setUp = [
      "set -e; mount -t tmpfs none /run; mkdir -p /run/systemd/system /run/stage",
      ...["/etc", "/usr/lib", "/usr/local"].map((folder, i) =>
        `mkdir /run/stage/up${i} /run/stage/work${i}; mount -t overlay none ` +
        `-o lowerdir=${folder},upperdir=/run/stage/up${i},` +
        `workdir=/run/stage/work${i} ${folder}`
      ),
      prepare,
      `${list} >/run/stage/before; set +e`,
      before,
      '"$@"; code=$?',
      isWatched
        ? `${list} >/run/stage/after; ` +
          "cmp -s /run/stage/before /run/stage/after || { echo changed:; " +
          "diff /run/stage/before /run/stage/after; }"
        : "",
      "exit $code",
    ];
    const { code, stdout, stderr } = await this.#lab.attempt(null, {
      command: [
        ...["unshare", "--mount", "sh", "-c"],
        setUp.join("\n"),
        "sh",
        ...line,
      ],
    }, SCRIPT);
    return { code, said: stdout + stderr };
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
