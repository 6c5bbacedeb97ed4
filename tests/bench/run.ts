/**
 * `deno task bench [--quick]`: what registrations, calls and their sound cost. First without
 * sockets, then, where the load generators are, over the loopback address beside Kamailio and
 * rtpengine. Prints Markdown.
 *
 *     PBX_BENCH_TOOLS   folder of the load generators (default: ../shared/bench)
 *     PBX_BINARY        the program to measure (default: dist/pbx, else it is compiled)
 *     PARTS             some of: inside registrations starts calls held sound page
 *                       (default: all; without starts where it has to be quick)
 *     ROUNDS, QUIET     rounds (2), seconds until memory is read (36: no transaction is left)
 *     BENCH_PORT        first of two ports (default: any that are free)
 * @module
 */

import {
  compareRegistrations,
  compareStartups,
  type Extent,
} from "./compare.ts";
import { type CallExtent, compareCalls, measureHeld } from "./compare_calls.ts";
import { comparePage, type PageExtent } from "./compare_page.ts";
import { compareRtp, type RtpExtent } from "./compare_rtp.ts";
import { listMissing, type Load } from "./load.ts";
import { describeMachine } from "./machine.ts";
import { findProgram, serverFlags } from "./program.ts";
import { Scene } from "./scene.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const PHONES = 20_000;
/** Registrations in a second of a large office whose phones keep their way open. */
const PACE = 500;

const PARTS = [
  "inside",
  "registrations",
  "starts",
  "calls",
  "held",
  "sound",
  "page",
] as const;
type Part = typeof PARTS[number];

interface Options {
  readonly isQuick: boolean;
  readonly parts: ReadonlySet<Part>;
  readonly extent: Extent;
  readonly calls: CallExtent;
  readonly rtp: RtpExtent;
  readonly page: PageExtent;
  readonly insideRounds: number;
}

function readOptions(args: readonly string[]): Options | null {
  const isQuick = args.includes("--quick");
  if (args.some((arg) => arg !== "--quick")) return null;
  const rounds = readNumber("ROUNDS", isQuick ? 1 : 2);
  const quietSeconds = readNumber("QUIET", isQuick ? 5 : 36);
  return {
    isQuick,
    parts: readParts(isQuick),
    insideRounds: isQuick ? 2 : 3,
    extent: {
      users: isQuick ? 10_000 : 50_000,
      rounds,
      startups: [isQuick ? 10_000 : 100_000],
      starts: isQuick ? 2 : 3,
      quietSeconds,
    },
    calls: {
      rounds,
      calls: isQuick ? 8000 : 20_000,
      warmUp: 4000,
      held: 2000,
      heldSeconds: quietSeconds,
    },
    rtp: { rounds, seconds: isQuick ? 2 : 3, hasFlood: !isQuick },
    page: {
      rounds,
      users: isQuick ? 2000 : 10_000,
      rate: PACE,
    },
  };
}

function readParts(isQuick: boolean): Set<Part> {
  const named = (Deno.env.get("PARTS") ?? "").split(/[\s,]+/).filter(Boolean);
  const unknown = named.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined) {
    throw new RangeError(`\`PARTS\`: no part is called \`${unknown}\``);
  }
  const usual = (part: Part) => !isQuick || part !== "starts";
  return new Set(
    PARTS.filter((part) =>
      named.length === 0 ? usual(part) : named.includes(part)
    ),
  );
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

/** The whole program beside others. */
async function measureBeside(scene: Scene, options: Options): Promise<void> {
  const tools = Deno.env.get("PBX_BENCH_TOOLS") ?? `${ROOT}../shared/bench`;
  const missing = listMissing(tools);
  if (missing.length > 0) {
    console.log(`Not measured beside Kamailio, missing: ${missing.join(", ")}`);
    return;
  }
  const { path, origin } = await findProgram(scene);
  const load = { scene, tools: Deno.realPathSync(tools), program: path };
  console.log(`The program: ${origin}\n`);
  for (const part of options.parts) {
    const chapter = describePart(part, options);
    if (chapter === null) continue;
    console.log(`### ${chapter.title}\n`);
    console.log(await chapter.measure(load));
  }
}

interface Chapter {
  readonly title: string;
  readonly measure: (load: Load) => Promise<string>;
}

/** A part that needs the load generators; null for the others. */
function describePart(part: Part, options: Options): Chapter | null {
  const { extent, calls, rtp, page } = options;
  switch (part) {
    case "inside":
      return null;
    case "registrations":
      return {
        title:
          `Beside Kamailio (${extent.users} users, 100 outstanding, ${extent.rounds} rounds)`,
        measure: (load) => compareRegistrations(load, extent),
      };
    case "starts":
      return {
        title:
          `Starts and memory (${extent.starts} starts; ${extent.quietSeconds} s quiet)`,
        measure: (load) => compareStartups(load, extent),
      };
    case "calls":
      return {
        title:
          `Calls with digest, no sound (${calls.calls} calls, 50 at once, ${calls.rounds} rounds)`,
        measure: (load) => compareCalls(load, calls),
      };
    case "held":
      return {
        title: "Held calls, no sound",
        measure: (load) => measureHeld(load, calls),
      };
    case "sound":
      return {
        title: `Sound (${rtp.seconds} s each, ${rtp.rounds} rounds)`,
        measure: (load) => compareRtp(load, rtp),
      };
    case "page":
      return {
        title:
          `Registrations while others look at the page (${page.users} users, 50 outstanding, then ${page.rate} a second; ${page.rounds} rounds)`,
        measure: (load) => comparePage(load, page),
      };
  }
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
    if (options.parts.has("inside")) {
      await measureInside(scene, options.insideRounds);
    }
    await measureBeside(scene, options);
    return 0;
  } finally {
    await scene.end();
  }
}

if (import.meta.main) Deno.exit(await run(Deno.args));
