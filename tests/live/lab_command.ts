/**
 * How `pbx` is run in live tests: `main.ts` by this Deno, or the compiled program that the
 * environment variable `PBX_BINARY` names.
 * @module
 */

import type { Lab } from "./lab.ts";

/** Program and first arguments of `pbx`. */
export function pbxCommand(): string[] {
  const binary = Deno.env.get("PBX_BINARY");
  if (binary) return [Deno.realPathSync(binary)];
  const main = new URL("../../main.ts", import.meta.url).pathname;
  return [Deno.execPath(), "run", "-A", "--no-prompt", main];
}

/** Only what Deno needs: the configuration of the machine's own `pbx` must not reach the test. */
export function pbxEnvironment(): Record<string, string> {
  const kept = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME", "LANG"];
  const pairs = kept.flatMap((key) => {
    const value = Deno.env.get(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...Object.fromEntries(pairs), NO_COLOR: "1" };
}

/** Runs `pbx` and gives what it printed on stdout; throws when it fails. */
export async function runPbx(
  lab: Lab,
  args: readonly string[],
  input: string,
): Promise<string> {
  const { code, stdout, stderr } = await attemptPbx(lab, args, input);
  if (code === 0) return stdout;
  throw new Error(
    `\`pbx ${args.join(" ")}\` ended with code ${code}: ${stdout}${stderr}`,
  );
}

/** Runs `pbx` with these arguments to its end, whatever that is. */
export function attemptPbx(
  lab: Lab,
  args: readonly string[],
  input = "",
): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = [...pbxCommand(), ...args];
  return lab.attempt(
    null,
    { command, env: pbxEnvironment(), clearEnv: true },
    input,
  );
}
