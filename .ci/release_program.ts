/**
 * Programs that the making of a release runs, and what it tells meanwhile.
 * @module
 */

import { OperatorError } from "../pbx/operator_error.ts";

export interface RunOptions {
  readonly folder?: string;
  /** Beside the environment that is there. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
  /** What is said where it fails. */
  readonly hint?: string;
}

/** Runs a program to its end and gives what it printed; throws OperatorError where it fails. */
export async function runProgram(
  command: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await attemptProgram(command, options);
  if (code === 0) return stdout;
  const said = stderr.split("\nStack backtrace:")[0]!.trim().split("\n");
  const last = said.slice(-12).join("\n     ");
  throw new OperatorError(
    `\`${command.slice(0, 3).join(" ")} …\` ended with ${code}:\n     ${last}`,
    options.hint ?? "",
  );
}

/** Runs a program to its end, whatever that is. */
export async function attemptProgram(
  [program, ...args]: readonly string[],
  { folder, environment, input }: RunOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const child = new Deno.Command(program!, {
      args,
      ...(folder === undefined ? {} : { cwd: folder }),
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...environment },
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (input !== undefined) await feed(child.stdin, input);
    const { code, stdout, stderr } = await child.output();
    const text = (octets: Uint8Array) => new TextDecoder().decode(octets);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new OperatorError(
      `\`${program}\` is not there`,
      `Install what has it, for example: apt install ${packageOf(program!)}`,
    );
  }
}

/** A line that tells how far it is. */
export function say(text: string): void {
  console.log(text);
}

/** Runs the body of a task; tells what went wrong and gives the exit code. */
export async function runTask(
  body: (args: readonly string[]) => Promise<void>,
): Promise<number> {
  try {
    await body(Deno.args);
    return 0;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    console.error(`release: ${error.message}`);
    if (error.hint !== "") console.error(`         ${error.hint}`);
    return error.exitCode;
  }
}

async function feed(
  stream: WritableStream<Uint8Array>,
  input: Uint8Array,
): Promise<void> {
  const writer = stream.getWriter();
  // A program that ends without reading says why by itself.
  await writer.write(input).then(() => writer.close()).catch(() => {});
}

function packageOf(program: string): string {
  return program === "ssh-keygen" ? "openssh-client" : program;
}
