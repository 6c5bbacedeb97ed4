/**
 * What a benchmark leaves nothing of: a private temporary folder, free ports, and every process
 * that was started, found by its environment, because servers are started apart from their
 * parents. All of it is ended by process id, at the end and on Ctrl-C.
 * @module
 */

const END_WAIT_MS = 8000;
const LOOK_EVERY_MS = 100;
/** Below the ports that the kernel gives away by itself. */
const PORTS = { first: 20_000, count: 12_000 };
const LOOPBACK = "127.0.0.1";

/** Runs commands that see the folder as their TMPDIR. */
export class Scene {
  readonly folder: string = Deno.makeTempDirSync({ prefix: "pbx-bench-" });
  #ended: Promise<void> | null = null;

  /** Ends everything when somebody wants the benchmark to stop. */
  endOnSignals(): void {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, () => {
        if (this.#ended !== null) return;
        console.error(`bench: ${signal}, ending what was started`);
        this.end().finally(() => Deno.exit(130));
      });
    }
  }

  /** Runs a command to its end and gives its output; its errors go through to ours. */
  async run(
    command: readonly string[],
    env: Readonly<Record<string, string>> = {},
    cwd?: string,
  ): Promise<string> {
    const [program, ...args] = command;
    const child = new Deno.Command(program!, {
      args,
      env: { ...env, TMPDIR: this.folder },
      ...(cwd !== undefined && { cwd }),
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const { code, stdout } = await child.output();
    const text = new TextDecoder().decode(stdout);
    if (code !== 0) {
      throw new Error(`\`${command.join(" ")}\` ended with ${code}: ${text}`);
    }
    return text;
  }

  /** Ends what still runs and removes the folder. */
  end(): Promise<void> {
    return this.#ended ??= this.#end();
  }

  async #end(): Promise<void> {
    const deadline = performance.now() + END_WAIT_MS;
    this.#signalAll("SIGTERM");
    while (this.#processes().length > 0) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      if (performance.now() > deadline) this.#signalAll("SIGKILL");
    }
    Deno.removeSync(this.folder, { recursive: true });
  }

  #signalAll(signal: Deno.Signal): void {
    for (const pid of this.#processes()) {
      try {
        Deno.kill(pid, signal);
      } catch {
        // it ended by itself
      }
    }
  }

  /** Every process that was started with our folder as its TMPDIR. */
  #processes(): number[] {
    if (Deno.build.os !== "linux") return [];
    const mark = `\0TMPDIR=${this.folder}\0`;
    const pids: number[] = [];
    for (const { name } of Deno.readDirSync("/proc")) {
      if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
      try {
        const environment = Deno.readTextFileSync(`/proc/${name}/environ`);
        if (`\0${environment}\0`.includes(mark)) pids.push(Number(name));
      } catch {
        // it is gone, or not ours to read
      }
    }
    return pids;
  }
}

/** A port of which the next one is free too, for UDP and TCP. */
export function findPorts(): number {
  for (let tried = 0; tried < 100; tried++) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    if (isFree(port) && isFree(port + 1)) return port;
  }
  throw new Error("no free ports on the loopback address");
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: LOOPBACK, port }).close();
    Deno.listenDatagram({ hostname: LOOPBACK, port, transport: "udp" }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
