/**
 * A program that a live test started: its output as it comes, patterns to wait for, and an end
 * that always comes, by process id.
 * @module
 */

const encoder = new TextEncoder();

/** How a program is started. */
export interface SpawnOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The whole environment is `env`, nothing is inherited. */
  readonly clearEnv?: boolean;
  readonly cwd?: string;
}

interface Waiter {
  readonly pattern: RegExp;
  readonly from: number;
  readonly found: (match: RegExpExecArray) => void;
}

/** A running program with its output (stdout and stderr, in the order of arrival). */
export class Running {
  readonly command: readonly string[];
  /** Everything that was printed so far. */
  output = "";
  /** What was printed on stdout only. */
  printed = "";
  /** What was printed on stderr only. */
  errors = "";
  /** The exit code, or null while it runs. */
  exitCode: number | null = null;
  /** Resolves with the exit code once the program is gone and its output is complete. */
  readonly exited: Promise<number>;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiters = new Set<Waiter>();

  constructor(options: SpawnOptions) {
    this.command = options.command;
    const [program, ...args] = options.command;
    if (program === undefined) throw new RangeError("no program to start");
    this.#child = new Deno.Command(program, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      ...(options.env && { env: { ...options.env } }),
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      clearEnv: options.clearEnv ?? false,
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdin.closed.catch(() => {});
    this.exited = this.#follow();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Where the output stands now; `waitFor` can look at what comes after it only. */
  mark(): number {
    return this.output.length;
  }

  /** Waits until the output (after `from`) matches; throws with the output when it does not. */
  waitFor(
    pattern: RegExp,
    timeoutMs = 10_000,
    from = 0,
  ): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<
      RegExpExecArray
    >();
    const waiter: Waiter = { pattern, from, found: resolve };
    const fail = (why: string) =>
      reject(
        new Error(
          `${this.#title()}: ${why}, waited for ${pattern}: output was\n${this.output}`,
        ),
      );
    const timer = setTimeout(
      () => fail(`nothing in ${timeoutMs} ms`),
      timeoutMs,
    );
    this.#waiters.add(waiter);
    this.#match();
    this.exited.then((code) => fail(`ended with code ${code}`));
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  /** Types something into the program. */
  async write(text: string): Promise<void> {
    await this.#stdin.write(encoder.encode(text));
  }

  /** Ends the program's input. */
  async closeInput(): Promise<void> {
    await this.#stdin.close().catch(() => {});
  }

  /** Waits for the end; throws when the program outlives `timeoutMs`. */
  async wait(timeoutMs: number): Promise<number> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () =>
        reject(
          new Error(
            `${this.#title()} still runs after ${timeoutMs} ms\n${this.output}`,
          ),
        ),
      timeoutMs,
    );
    try {
      return await Promise.race([this.exited, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a signal; a program that is gone already is no error. */
  signal(name: Deno.Signal): void {
    if (this.exitCode !== null) return;
    try {
      this.#child.kill(name);
    } catch (error) {
      if (
        !(error instanceof Deno.errors.NotFound) &&
        !(error instanceof TypeError)
      ) throw error;
    }
  }

  /** Ends the program: politely, then, after `graceMs`, for good. */
  async end(graceMs = 3000): Promise<number> {
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), graceMs);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  async #follow(): Promise<number> {
    await Promise.all([
      this.#read(this.#child.stdout, false),
      this.#read(this.#child.stderr, true),
    ]);
    const status = await this.#child.status;
    await this.#stdin.abort().catch(() => {});
    this.exitCode = status.code;
    return status.code;
  }

  async #read(
    stream: ReadableStream<Uint8Array>,
    isError: boolean,
  ): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      this.output += text;
      if (isError) this.errors += text;
      else this.printed += text;
      this.#match();
    }
  }

  #match(): void {
    for (const waiter of this.#waiters) {
      const match = waiter.pattern.exec(this.output.slice(waiter.from));
      if (match) waiter.found(match);
    }
  }

  #title(): string {
    return `\`${this.command.join(" ")}\``;
  }
}

/** Asks `condition` again and again until it gives a value; throws after `timeoutMs`. */
export async function until<T>(
  what: string,
  condition: () =>
    | Promise<T | false | null | undefined>
    | T
    | false
    | null
    | undefined,
  timeoutMs = 10_000,
  everyMs = 50,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) return value;
    if (performance.now() > end) {
      throw new Error(`not within ${timeoutMs} ms: ${what}`);
    }
    await new Promise((wake) => setTimeout(wake, everyMs));
  }
}
