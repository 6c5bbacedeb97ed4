/**
 * What every command gets from main: the environment, the two streams, and who is asking.
 * @module
 */

import {
  type DataOptions,
  describeInvocation,
  quoteForShell,
  repeatDataOptions,
} from "../terminal/invocation.ts";
import { createPaint, type Paint, wantsColours } from "../terminal/paint.ts";

/** The surroundings of one run of the program. */
export interface Shell {
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** What to type in place of `pbx`. */
  readonly invocation: string;
  /** The whole command as it was typed, quoted for a shell. */
  readonly typed: string;
  /** For standard output. */
  readonly paint: Paint;
  /** For standard error. */
  readonly errorPaint: Paint;
  readonly isErrorTerminal: boolean;
  /** Writes data to standard output. */
  print(text: string): void;
  /** Writes a message to standard error; never throws, because nobody could be told. */
  tell(text: string): void;
}

/** Looks at the process. `mainUrl` is main's `import.meta.url`. */
export function openShell(
  version: string,
  environment: Readonly<Record<string, string | undefined>>,
  mainUrl: string,
  args: readonly string[] = [],
): Shell {
  const isErrorTerminal = Deno.stderr.isTerminal();
  return {
    version,
    environment,
    isRoot: Deno.uid() === 0,
    get invocation(): string {
      return describeInvocation({
        isStandalone: Deno.build.standalone,
        executable: Deno.execPath(),
        script: mainUrl.startsWith("file:")
          ? decodeURIComponent(new URL(mainUrl).pathname)
          : mainUrl,
        workingDir: Deno.cwd(),
        denoVersion: Deno.version.deno,
        environment,
      });
    },
    get typed(): string {
      return [this.invocation, ...args.map(quoteForShell)].join(" ");
    },
    paint: createPaint(wantsColours(Deno.stdout.isTerminal(), environment)),
    errorPaint: createPaint(wantsColours(isErrorTerminal, environment)),
    isErrorTerminal,
    print: (text) => writeAll(Deno.stdout, text),
    tell: (text) => {
      try {
        writeAll(Deno.stderr, text);
      } catch {
        // Standard error is gone; the exit code still speaks.
      }
    },
  };
}

/** Writes a command as a person can type it, on the same data as this one. */
export function spellCommand(
  shell: Shell,
  words: string,
  options: DataOptions,
): string {
  return `${shell.invocation} ${words}${repeatDataOptions(options)}`;
}

/** Writes one JSON document. */
export function printJson(shell: Shell, value: unknown): void {
  shell.print(JSON.stringify(value, null, 2) + "\n");
}

function writeAll(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}
