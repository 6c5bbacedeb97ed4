/**
 * A whole machine for live tests: Debian with systemd as its first process, booted by
 * systemd-nspawn on a copy-on-write view of the cached root filesystem, in a network namespace of
 * the lab. It has a control group of its own and private mounts, so several can run at once, and
 * nothing of it is left when the lab closes.
 * @module
 */

import type { Lab } from "./lab.ts";
import { rootFilesystem, ROOTFS_NEEDS } from "./lab_rootfs.ts";
import { type Running, until } from "./lab_process.ts";

/** What a test that boots a machine needs. */
export const MACHINE_NEEDS = [
  ...ROOTFS_NEEDS,
  "namespaces",
  "systemd-nspawn",
  "unshare",
  "nsenter",
  "pgrep",
  "ssh-keygen",
] as const;

/**
 * Private mounts, a control group, the overlay, then nspawn in the place of the shell, so that the
 * process that was started is nspawn. Where the scratch folder itself is on an overlay, which
 * cannot carry another one, the machine gets a copy. Arguments: scratch folder, name, lower
 * folder, namespace.
 */
const BOOT = `
mount --make-rprivate /
mount -t cgroup2 none "$1/cgroup"
mkdir -p "$1/cgroup/$2"
echo $$ >"$1/cgroup/$2/cgroup.procs"
umount -l /sys/fs/cgroup || true
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p /run/systemd/nspawn
mount -t tmpfs none /run/systemd/nspawn
mount -t overlay none -o "lowerdir=$3,upperdir=$1/upper,workdir=$1/work" "$1/root" ||
  [ -d "$1/root/etc" ] || cp -a "$3/." "$1/root"
exec systemd-nspawn --quiet --register=no --keep-unit --boot --console=pipe \\
  --machine="$2" --directory="$1/root" --network-namespace-path="/run/netns/$4" \\
  --capability=CAP_NET_ADMIN --link-journal=no --resolv-conf=off --timezone=off \\
  --kill-signal=SIGRTMIN+3
`;

const REMOVE_GROUP = `
mount --make-rprivate /
mount -t cgroup2 none "$1/cgroup"
[ ! -d "$1/cgroup/$2" ] || find "$1/cgroup/$2" -depth -type d -exec rmdir {} +
`;

let machines = 0;

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Everything that was printed, for the message of an assertion. */
  readonly said: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The number of a user; root when left out. */
  readonly uid?: number;
  readonly timeoutMs?: number;
}

/** A booted machine. It is switched off when the lab closes. */
export class Machine {
  /** The network namespace that is its network. */
  readonly namespace: string;
  readonly #lab: Lab;
  readonly #name: string;
  readonly #folder: string;
  readonly #lower: string;
  #nspawn!: Running;

  private constructor(lab: Lab, namespace: string, lower: string) {
    this.#lab = lab;
    this.namespace = namespace;
    this.#lower = lower;
    this.#name = `pbx${Deno.pid}m${++machines}`;
    this.#folder = `${lab.directory}/${this.#name}`;
  }

  /** Boots a fresh machine and waits until all its services run. */
  static async boot(lab: Lab, namespace: string): Promise<Machine> {
    const lower = await rootFilesystem(lab);
    const machine = new Machine(lab, namespace, lower);
    for (const part of ["upper", "work", "root", "cgroup"]) {
      await Deno.mkdir(`${machine.#folder}/${part}`, { recursive: true });
    }
    lab.onClose(() => machine.#removeGroup());
    await machine.#switchOn();
    return machine;
  }

  /** Runs a program inside to its end, whatever that is. */
  async attempt(
    command: readonly string[],
    options: RunOptions = {},
  ): Promise<Ended> {
    const leader = await this.#leader();
    if (leader === null) throw new Error("the machine is not running");
    const { uid, env = {}, input = "", timeoutMs = 60_000 } = options;
    const user = uid === undefined ? [] : [
      ...["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"],
      ...["--inh-caps=-all", "--bounding-set=-all", "--"],
    ];
    const variables = {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: uid === undefined ? "/root" : "/nonexistent",
      LANG: "C.UTF-8",
      ...env,
    };
    const ended = await this.#lab.attempt(
      null,
      {
        command: [
          ...["nsenter", `--target=${leader}`, "--all", "--"],
          ...["env", "-i", "-C", uid === undefined ? "/root" : "/"],
          ...Object.entries(variables).map(([name, value]) =>
            `${name}=${value}`
          ),
          ...user,
          ...command,
        ],
      },
      input,
      timeoutMs,
    );
    return { ...ended, said: `${ended.stdout}${ended.stderr}` };
  }

  /** Runs a program inside and gives what it printed on stdout; throws when it fails. */
  async run(
    command: readonly string[],
    options: RunOptions = {},
  ): Promise<string> {
    const { code, stdout, said } = await this.attempt(command, options);
    if (code === 0) return stdout;
    throw new Error(
      `\`${command.join(" ")}\` ended with code ${code}: ${said}`,
    );
  }

  /** Runs a line of the shell inside; throws when it fails. */
  sh(script: string, options: RunOptions = {}): Promise<string> {
    return this.run(["sh", "-euc", script], options);
  }

  /** Copies a file of this machine into the other one. */
  async put(file: string, path: string, mode = 0o755): Promise<void> {
    const leader = await this.#leader();
    const inside = `/proc/${leader}/root${path}`;
    await Deno.copyFile(file, inside);
    await Deno.chmod(inside, mode);
  }

  /** Writes a text file inside. */
  async write(path: string, text: string, mode = 0o644): Promise<void> {
    const inside = `/proc/${await this.#leader()}/root${path}`;
    await Deno.writeTextFile(inside, text);
    await Deno.chmod(inside, mode);
  }

  /** The last lines of its journal, for the message of an assertion. */
  async journal(unit = "pbx.service", lines = 40): Promise<string> {
    const { said } = await this.attempt(
      ["journalctl", "--no-pager", "-o", "cat", "-u", unit, "-n", `${lines}`],
    );
    return said;
  }

  /**
   * Switches it off in an orderly way and on again. What the kernel held for it (rules of a
   * firewall) is forgotten, as when a real machine restarts.
   */
  async reboot(): Promise<void> {
    await this.attempt(["systemctl", "poweroff"]);
    await this.#nspawn.wait(60_000);
    await this.#lab.run(this.namespace, ["nft", "flush", "ruleset"]);
    await this.#switchOn();
  }

  async #switchOn(): Promise<void> {
    this.#nspawn = this.#lab.spawn(null, {
      command: [
        ...["unshare", "--mount", "sh", "-euc", BOOT, "boot"],
        ...[this.#folder, this.#name, this.#lower, this.namespace],
      ],
    });
    let state = "not started";
    try {
      await until("the machine runs", async () => {
        if (this.#nspawn.exitCode !== null) return true;
        if (await this.#leader() === null) return false;
        const ended = await this.attempt(["systemctl", "is-system-running"]);
        state = ended.said.trim();
        return state === "running" || state === "degraded";
      }, 60_000);
    } catch (error) {
      throw new Error(`${error}: ${state}\n${this.#nspawn.output}`);
    }
    if (state !== "running") {
      const failed = this.#nspawn.exitCode === null
        ? await this.attempt(["systemctl", "--failed", "--no-pager"])
        : null;
      throw new Error(
        `the machine did not boot: ${state}\n${failed?.said}${this.#nspawn.output}`,
      );
    }
  }

  /** The first process of the machine, as a process id of this one. */
  async #leader(): Promise<number | null> {
    const { stdout } = await new Deno.Command("pgrep", {
      args: ["-P", `${this.#nspawn.pid}`],
    }).output();
    for (const line of new TextDecoder().decode(stdout).split("\n")) {
      if (line !== "" && isFirstProcess(line)) return Number(line);
    }
    return null;
  }

  async #removeGroup(): Promise<void> {
    await until("the control group of the machine is empty", async () => {
      const { code } = await this.#lab.attempt(null, {
        command: [
          ...["unshare", "--mount", "sh", "-euc", REMOVE_GROUP, "remove"],
          ...[this.#folder, this.#name],
        ],
      });
      return code === 0;
    });
  }
}

function isFirstProcess(pid: string): boolean {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const name = /^Name:\s*(\S+)/m.exec(status)?.[1];
    return name === "systemd" && /^NSpid:\s.*\s1$/m.test(status);
  } catch {
    return false;
  }
}
