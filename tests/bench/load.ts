/**
 * Runs the load generators, which stand outside of the project: finds them, says what they lack,
 * and reads the JSON lines that they print.
 * @module
 */

import { exists } from "./program.ts";
import { findPorts, type Scene } from "./scene.ts";

/** The program, or the server that it is compared with. */
export type Peer = "own" | "kamailio";

/** One line of a load generator; which fields there are depends on the phase. */
export interface Sample {
  readonly label: string;
  readonly phase: string;
  readonly error?: boolean;
  readonly ok?: number;
  readonly failed?: number;
  readonly retransmitted?: number;
  readonly per_s?: number;
  readonly p50_ms?: number;
  readonly p99_ms?: number;
  /** CPU milliseconds of the server for 1000 units: microseconds for one. */
  readonly srv_cpu_ms_per_1000?: number;
  readonly srv_user_ms?: number;
  readonly srv_sys_ms?: number;
  readonly n?: number;
  readonly pss_kb?: number;
  readonly pss_kb_after?: number;
  readonly first_answer_ms?: number;
  readonly setup_p50_ms?: number;
  readonly setup_p99_ms?: number;
  readonly streams?: number;
  readonly relayed_per_s?: number;
  readonly loss_pct?: number;
  readonly p50_us?: number;
  readonly p99_us?: number;
  readonly srv_us_per_packet?: number;
  readonly gen_us_per_packet?: number;
}

/** Where the generators are, and with what they run. */
export interface Load {
  readonly scene: Scene;
  readonly tools: string;
  readonly program: string;
}

const NEEDED = ["gcc", "jq", "kamailio"];
const TOOLS = [
  "register.sh",
  "startup.sh",
  "rtp.sh",
  "own.sh",
  "lib.sh",
  "sipload.c",
  "rtpload.c",
];

/** What the measurement beside the peer lacks; empty where it can be made. */
export function listMissing(tools: string): string[] {
  const missing = NEEDED.filter((name) => !isInstalled(name));
  if (Deno.build.os !== "linux") missing.push("Linux");
  if (!TOOLS.every((name) => exists(`${tools}/${name}`))) {
    missing.push(
      `the load generators in \`${tools}\` (PBX_BENCH_TOOLS names another folder)`,
    );
  }
  return missing;
}

/** Whether a program is in the path. */
export function isInstalled(name: string): boolean {
  const folders = (Deno.env.get("PATH") ?? "").split(":").concat("/usr/sbin");
  return folders.some((folder) => exists(`${folder}/${name}`));
}

/** Registrations in the closed loop: the phases in order, against a server started for them. */
export function runRegister(
  load: Load,
  peer: Peer,
  users: number,
  phases: string,
): Promise<Sample[]> {
  const env = { BENCH_USERS: String(users), PHASES: phases };
  return runTool(load, ["register.sh", peer], env);
}

/** Starts, and memory before and after everybody has registered. */
export function runStartup(
  load: Load,
  peer: Peer,
  users: number,
  env: Readonly<Record<string, string>>,
): Promise<Sample[]> {
  return runTool(load, ["startup.sh", peer, String(users)], env);
}

function runTool(
  load: Load,
  [script, ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Sample[]> {
  const { scene, tools } = load;
  const command = ["sh", `${tools}/${script}`, ...args];
  return runLoad(load, command, { BENCH_DATA: `${scene.folder}/data`, ...env });
}

/**
 * Runs a script of ours that stands on the `lib.sh` of the generators. The program begins with an
 * empty journal: a phone that an earlier run left in it would be called too.
 */
export function runScript(
  load: Load,
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Sample[]> {
  const { scene, tools } = load;
  // the generators look for their files beside the script
  const command = ["sh", "-c", script, `${tools}/bench.sh`, ...args];
  const data = Deno.makeTempDirSync({ dir: scene.folder, prefix: "calls-" });
  return runLoad(load, command, { BENCH_DATA: data, ...env });
}

/** The relay of sound that another program is, or none at all. */
export function runRtp(
  load: Load,
  relay: string,
  env: Readonly<Record<string, string>>,
): Promise<Sample[]> {
  return runTool(load, ["rtp.sh", relay], env);
}

async function runLoad(
  { scene, tools, program }: Load,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Sample[]> {
  const port = Deno.env.get("BENCH_PORT") ?? String(findPorts());
  const text = await scene.run(command, {
    ...env,
    BENCH_PORT: port,
    BENCH_OWN_CMD: `sh ${tools}/own.sh`,
    PBX: program,
    PATH: `${Deno.env.get("PATH") ?? ""}:/usr/sbin`,
  });
  const samples = text.split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Sample);
  for (const sample of samples) {
    if (sample.error || (sample.failed ?? 0) > 0) {
      throw new Error(`${command.at(-1)}: ${JSON.stringify(sample)}`);
    }
  }
  return samples;
}
