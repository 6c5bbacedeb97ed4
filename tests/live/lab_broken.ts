/**
 * Releases that are signed and pass every trial, and yet are no good: the first one ends as soon
 * as it is to serve, the other one starts and never answers.
 * @module
 */

import type { Program } from "./lab_build.ts";
import type { Site } from "./lab_installed.ts";

const GOOD = "/opt/pbx-good";

/** What `serve` of a broken version does. */
const FAULTS = {
  ends: "echo 'the new version has a fault' >&2; exit 1",
  hangs: "exec sleep 1000",
} as const;

/** Puts a broken release on the page as the latest one. */
export async function publishBroken(
  site: Site,
  fault: keyof typeof FAULTS,
): Promise<Program> {
  const step = fault === "ends" ? 1 : 2;
  const version = site.build.next.version
    .replace(/\d+$/, (last) => `${Number(last) + step}`);
  const file = `${site.lab.directory}/pbx-${fault}`;
  const program = { tag: `v${version}`, version, file };
  await site.machine.put(site.build.next.file, GOOD);
  const script = [
    "#!/bin/sh",
    'case "$1" in',
    `  version) echo 'pbx ${program.version}' ;;`,
    // a shell is no program that the sandbox of the real unit lets run
    `  unit) ${GOOD} "$@" | sed '/ExecPaths=/d' ;;`,
    `  serve) ${FAULTS[fault]} ;;`,
    `  *) exec ${GOOD} "$@" ;;`,
    "esac\n",
  ];
  await Deno.writeTextFile(program.file, script.join("\n"));
  await site.shelf.publish(program);
  return program;
}
