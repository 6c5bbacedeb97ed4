/**
 * One file of live tests in a process of its own, and the end of everything that it started or
 * made, also when it is ended half-way: programs, network namespaces, mounts, temporary files.
 * @module
 */

const ROOT = new URL("../", import.meta.url).pathname;
/** Time to end by itself for what is asked to. */
const PATIENCE_MS = 2000;

const decoder = new TextDecoder();

/** Gives the exit code of Deno with these arguments; what it prints is passed on. */
export async function runDeno(args: readonly string[]): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
  });
  return (await command.spawn().status).code;
}

/** `deno test` of one file. */
export class LaneProcess {
  /** What was printed so far, both streams in their order. */
  output = "";
  /** Resolves with the exit code when everything is gone. */
  readonly ended: Promise<number>;
  readonly #folder: string;
  readonly #child: Deno.ChildProcess;
  #stopped: Promise<void> | null = null;

  /** Starts it; `folder`, which must not exist, becomes its folder for temporary files. */
  constructor(file: string, options: readonly string[], folder: string) {
    this.#folder = folder;
    Deno.mkdirSync(folder);
    // like /tmp: tests start programs as somebody else, too
    Deno.chmodSync(folder, 0o1777);
    const flags = ["-A", "--no-prompt", "--no-check", ...options];
    this.#child = new Deno.Command("sh", {
      args: [
        ...["-c", 'exec "$@" 2>&1', "sh"],
        ...[Deno.execPath(), "test", ...flags, file],
      ],
      cwd: ROOT,
      env: { TMPDIR: folder },
      stdin: "null",
      stdout: "piped",
    }).spawn();
    this.ended = this.#follow();
  }

  /** Ends the tests and their programs. */
  stop(): void {
    this.#stopped ??= endProcesses(listTree(this.#child.pid));
  }

  async #follow(): Promise<number> {
    const read = this.#read();
    const { code } = await this.#child.status;
    await this.#stopped;
    const left = await removeNamespaces(`pbx${this.#child.pid}x`);
    // a program that was left behind may hold the pipe
    await Promise.race([read, pause(PATIENCE_MS)]);
    await removeFolder(this.#folder);
    if (left.length === 0) return code;
    if (this.#stopped === null) {
      this.output += `left behind: network namespace ${left.join(", ")}\n`;
    }
    return code || 1;
  }

  async #read(): Promise<void> {
    const text = new TextDecoder();
    for await (const bytes of this.#child.stdout) {
      this.output += text.decode(bytes, { stream: true });
    }
  }
}

/** A process and all that it started, as far as they are not on their own by now. */
function listTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(
      /^PPid:\s+(\d+)/m.exec(read(`/proc/${name}/status`))?.[1],
    );
    children.set(parent, [...children.get(parent) ?? [], Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...children.get(pid) ?? []);
  return tree;
}

async function endProcesses(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, "SIGTERM");
  const lastMs = performance.now() + PATIENCE_MS;
  const isAlive = (pid: number) =>
    /^State:\s+[^ZX]/m.test(read(`/proc/${pid}/status`));
  while (pids.some(isAlive) && performance.now() < lastMs) await pause(50);
  for (const pid of pids.filter(isAlive)) signal(pid, "SIGKILL");
}

/** Removes the network namespaces whose names begin so, with what runs in them. */
async function removeNamespaces(prefix: string): Promise<string[]> {
  const names = listFolder("/run/netns").filter((name) =>
    name.startsWith(prefix)
  );
  for (const name of names) {
    const pids = (await run(["ip", "netns", "pids", name])).split("\n");
    await endProcesses(pids.filter((pid) => pid !== "").map(Number));
    await run(["ip", "netns", "del", name]);
  }
  return names;
}

/** Removes a folder; what is mounted in it goes first. */
export async function removeFolder(folder: string): Promise<void> {
  const mounts = read("/proc/self/mounts").split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounts.reverse()) await run(["umount", "-l", path]);
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

async function run(command: readonly string[]): Promise<string> {
  const [program = "", ...args] = command;
  const options = { args, stdin: "null", stderr: "null" } as const;
  return decoder.decode(
    (await new Deno.Command(program, options).output()).stdout,
  );
}

function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch {
    // it is gone
  }
}

function read(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return "";
  }
}

function listFolder(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, ms)));
}
