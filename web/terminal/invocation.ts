/**
 * How this program was started, so that every command which a message tells a person to type can
 * be typed as it stands.
 * @module
 */

/** What main knows about its own process. */
export interface Start {
  /** Whether this is the compiled binary. */
  readonly isStandalone: boolean;
  /** The running executable: the binary, or Deno. */
  readonly executable: string;
  /** The path of main.ts; not used for the binary. */
  readonly script: string;
  readonly workingDir: string;
  readonly denoVersion: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Says what to type in place of `pbx`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeInvocation } from "./invocation.ts";
 * const start = { executable: "/opt/pbx", script: "/src/main.ts", workingDir: "/src", denoVersion: "2.9.6" };
 * assert.equal(
 *   describeInvocation({ ...start, isStandalone: true, environment: { PATH: "/bin:/opt" } }),
 *   "pbx",
 * );
 * assert.equal(
 *   describeInvocation({ ...start, isStandalone: false, environment: { npm_command: "exec" } }),
 *   "npx -y deno@2.9.6 run -A main.ts",
 * );
 * ```
 */
export function describeInvocation(start: Start): string {
  if (start.isStandalone) {
    const slash = Math.max(
      start.executable.lastIndexOf("/"),
      start.executable.lastIndexOf("\\"),
    );
    const dir = start.executable.slice(0, slash);
    const path = (start.environment["PATH"] ?? "").split(/[:;]/);
    if (path.includes(dir)) return start.executable.slice(slash + 1);
    const relative = relativeTo(start.workingDir, start.executable);
    return quoteForShell(
      relative === start.executable ? relative : `./${relative}`,
    );
  }
  // npx puts `npm_command=exec` into the environment of what it runs.
  const deno = start.environment["npm_command"] === "exec"
    ? `npx -y deno@${start.denoVersion}`
    : "deno";
  return `${deno} run -A ${
    quoteForShell(relativeTo(start.workingDir, start.script))
  }`;
}

/**
 * Writes a word so that a POSIX shell reads it as one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quoteForShell } from "./invocation.ts";
 * assert.equal(quoteForShell("/var/lib/pbx"), "/var/lib/pbx");
 * assert.equal(quoteForShell("my data"), "'my data'");
 * ```
 */
export function quoteForShell(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The options that say whose data a command works on. */
export interface DataOptions {
  readonly data?: string | undefined;
  readonly config?: string | undefined;
}

/**
 * Repeats the options that name the data, with a blank in front.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { repeatDataOptions } from "./invocation.ts";
 * assert.equal(repeatDataOptions({ data: "my data" }), " --data 'my data'");
 * assert.equal(repeatDataOptions({}), "");
 * ```
 */
export function repeatDataOptions({ data, config }: DataOptions): string {
  return (config === undefined ? "" : ` --config ${quoteForShell(config)}`) +
    (data === undefined ? "" : ` --data ${quoteForShell(data)}`);
}

/** The options that say how a server is started. */
export interface ServeOptions extends DataOptions {
  readonly sip?: readonly string[] | undefined;
  readonly domain?: readonly string[] | undefined;
  readonly publicAddress?: string | undefined;
  readonly rtp?: string | undefined;
}

/**
 * Repeats the options that a server was started with, but not where it serves HTTP; with a blank
 * in front.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { repeatServeOptions } from "./invocation.ts";
 * assert.equal(
 *   repeatServeOptions({ data: "d", sip: ["0.0.0.0:5080"], rtp: "20000-20999" }),
 *   " --data d --sip 0.0.0.0:5080 --rtp 20000-20999",
 * );
 * ```
 */
export function repeatServeOptions(options: ServeOptions): string {
  const { sip = [], domain = [], publicAddress, rtp } = options;
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ...sip.map((place) => ["sip", place] as const),
    ...domain.map((name) => ["domain", name] as const),
    ["public-address", publicAddress],
    ["rtp", rtp],
  ];
  return repeatDataOptions(options) +
    pairs.map(([name, value]) =>
      value === undefined ? "" : ` --${name} ${quoteForShell(value)}`
    ).join("");
}

function relativeTo(dir: string, path: string): string {
  const prefix = dir.endsWith("/") ? dir : `${dir}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}
