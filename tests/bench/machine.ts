/**
 * The machine that a benchmark ran on, in one line: without it no number means anything.
 * @module
 */

/** Processor, cores, kernel, load, and the Deno that runs this. */
export function describeMachine(): string {
  const cores = navigator.hardwareConcurrency;
  const load = Deno.loadavg().map((value) => value.toFixed(1)).join(" ");
  return `${readProcessor()}, ${cores} cores, ${Deno.build.os} ${Deno.osRelease()}, ` +
    `Deno ${Deno.version.deno}; load before ${load}; ${
      new Date().toISOString().slice(0, 10)
    }`;
}

function readProcessor(): string {
  let text: string;
  try {
    text = Deno.readTextFileSync("/proc/cpuinfo");
  } catch {
    return Deno.build.arch;
  }
  return /^model name\s*:\s*(.+)$/m.exec(text)?.[1] ?? Deno.build.arch;
}
