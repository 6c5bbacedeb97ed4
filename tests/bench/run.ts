/**
 * `deno task bench [--quick]`: what a registration costs. First without sockets, then, where the
 * load generators are, over the loopback address beside Kamailio. Prints Markdown.
 *
 *     PBX_BENCH_TOOLS   folder of the load generators (default: ../shared/bench)
 *     PBX_BINARY        the program to measure (default: dist/pbx, else it is compiled)
 *     ROUNDS, QUIET     rounds of registrations (2), seconds until memory is read (40)
 *     BENCH_PORT        first of two ports (default: any that are free)
 * @module
 */

import {
  compareRegistrations,
  compareStartups,
  type Extent,
} from "./compare.ts";
import { listMissing } from "./load.ts";
import { describeMachine } from "./machine.ts";
import { findProgram, serverFlags } from "./program.ts";
import { Scene } from "./scene.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const PHONES = 20_000;

interface Options {
  readonly isQuick: boolean;
  readonly extent: Extent;
  readonly insideRounds: number;
}

function readOptions(args: readonly string[]): Options | null {
  const isQuick = args.includes("--quick");
  if (args.some((arg) => arg !== "--quick")) return null;
  return {
    isQuick,
    insideRounds: isQuick ? 2 : 6,
    extent: {
      users: isQuick ? 10_000 : 50_000,
      rounds: readNumber("ROUNDS", isQuick ? 1 : 2),
      startups: isQuick ? [10_000] : [10_000, 100_000],
      starts: isQuick ? 3 : 7,
      quietSeconds: readNumber("QUIET", 40),
    },
  };
}

function readNumber(name: string, otherwise: number): number {
  const value = Number(Deno.env.get(name) || otherwise);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`\`${name}\` is no number above 0`);
  }
  return value;
}

/** The core alone, in a process with the flags of the server. */
async function measureInside(scene: Scene, rounds: number): Promise<void> {
  console.log(
    `### Without sockets (${PHONES} extensions, batches of 32, journal on)\n`,
  );
  const program = new URL("inside.ts", import.meta.url).pathname;
  const command = [Deno.execPath(), "run", "-A", serverFlags(), program];
  const args = [`${scene.folder}/inside`, String(PHONES), String(rounds)];
  console.log(await scene.run([...command, ...args]));
}

/** The whole program beside Kamailio. */
async function measureBeside(scene: Scene, extent: Extent): Promise<void> {
  const tools = Deno.env.get("PBX_BENCH_TOOLS") ?? `${ROOT}../shared/bench`;
  const missing = listMissing(tools);
  if (missing.length > 0) {
    console.log(`Not measured beside Kamailio, missing: ${missing.join(", ")}`);
    return;
  }
  const { path, origin } = await findProgram(scene);
  const load = { scene, tools: Deno.realPathSync(tools), program: path };
  console.log(
    `### Beside Kamailio (${extent.users} users, 100 outstanding, ${extent.rounds} rounds; pbx: ${origin})\n`,
  );
  console.log(await compareRegistrations(load, extent));
  console.log(
    `### Starts and memory (${extent.starts} starts; ${extent.quietSeconds} s quiet)\n`,
  );
  console.log(await compareStartups(load, extent));
}

async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) {
    console.error("bench: only --quick is understood");
    return 2;
  }
  const scene = new Scene();
  scene.endOnSignals();
  try {
    console.log(
      `${describeMachine()}; \`deno task bench${
        options.isQuick ? " --quick" : ""
      }\`\n`,
    );
    await measureInside(scene, options.insideRounds);
    await measureBeside(scene, options.extent);
    return 0;
  } finally {
    await scene.end();
  }
}

if (import.meta.main) Deno.exit(await run(Deno.args));
