/**
 * Runs one of the machine's own programs, such as `systemctl`, within a bound of time.
 * @module
 */

/** Where programs of the administrator are, also when the search path has none of them. */
const PLACES = [
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/usr/bin",
  "/bin",
];

/** What a program printed. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Null where there is no such program, or where it did not end in time and was ended. */
export async function runProgram(
  name: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<ProgramResult | null> {
  const path = findProgram(name);
  if (path === null) return null;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const { code, stdout, stderr } = await new Deno.Command(path, {
      args: [...args],
      env: { LC_ALL: "C" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: abort.signal,
    }).output();
    if (abort.signal.aborted) return null;
    const decoder = new TextDecoder();
    return {
      code,
      stdout: decoder.decode(stdout),
      stderr: decoder.decode(stderr),
    };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** The path of a program; null where there is none. */
export function findProgram(name: string): string | null {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), ...PLACES];
  for (const folder of folders) {
    if (!folder.startsWith("/")) continue;
    try {
      if (Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
    } catch {
      // Not there, or not for us.
    }
  }
  return null;
}
