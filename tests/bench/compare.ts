/**
 * The program beside Kamailio, in turns in the same run: registrations, starts and memory.
 * Other work on a machine moves both, so the ratio of a round says more than its numbers.
 * @module
 */

import {
  type Load,
  type Peer,
  runRegister,
  runStartup,
  type Sample,
} from "./load.ts";
import { formatSpread, formatTable } from "./spread.ts";

/** How much is measured. */
export interface Extent {
  readonly users: number;
  readonly rounds: number;
  /** Numbers of users that the program is started with. */
  readonly startups: readonly number[];
  /** Starts that are measured for each of them. */
  readonly starts: number;
  /** Seconds after the last registration, until memory is read. */
  readonly quietSeconds: number;
}

export const PEERS: readonly Peer[] = ["own", "kamailio"];
export const NAMES = { own: "pbx", kamailio: "Kamailio" };
/** The first time, the server also pays for memory that it touches for the first time. */
const PHASES = ["full, first", "refresh, first", "full", "refresh"] as const;
/** It answers registrations without transactions: there is no end of them to wait for. */
const STATELESS_SECONDS = 5;
const REGISTRATIONS = "full,refresh,full,refresh";

type Rounds = Readonly<Record<Peer, Sample[][]>>;

/** Registrations, in turns; the tables of what they cost. */
export async function compareRegistrations(
  load: Load,
  extent: Extent,
): Promise<string> {
  const rounds: Rounds = { own: [], kamailio: [] };
  for (let round = 1; round <= extent.rounds; round++) {
    for (const peer of PEERS) {
      console.error(`bench: registrations, ${NAMES[peer]}, round ${round}`);
      const samples = await runRegister(
        load,
        peer,
        extent.users,
        REGISTRATIONS,
      );
      rounds[peer].push(samples.filter(({ n }) => n !== undefined));
    }
  }
  return `${tellRegistrations(rounds)}\n${tellRatios(rounds)}`;
}

function tellRegistrations(rounds: Rounds): string {
  const rows = PHASES.flatMap((phase, i) =>
    PEERS.map((peer) => {
      const samples = rounds[peer].map((round) => round[i]!);
      const each = (
        value: (sample: Sample) => number | undefined,
        digits: number,
      ) => formatSpread(samples.map((sample) => value(sample) ?? NaN), digits);
      const users = samples[0]!.n!;
      return [
        phase,
        NAMES[peer],
        each((sample) => sample.srv_cpu_ms_per_1000, 1),
        each((sample) => sample.srv_user_ms! * 1000 / users, 1),
        each((sample) => sample.srv_sys_ms! * 1000 / users, 1),
        each((sample) => sample.per_s, 0),
        each((sample) => sample.p50_ms, 1),
        each((sample) => sample.p99_ms, 1),
        each((sample) => sample.pss_kb_after! / 1024, 0),
      ];
    })
  );
  return formatTable(
    [
      "unit",
      "server",
      "CPU µs",
      "user",
      "kernel",
      "a second",
      "p50 ms",
      "p99 ms",
      "PSS MB",
    ],
    rows,
  );
}

function tellRatios(rounds: Rounds): string {
  const rows = rounds.own.map((round, number) => [
    String(number + 1),
    ...PHASES.map((_, i) => {
      const own = round[i]!.srv_cpu_ms_per_1000!;
      const other = rounds.kamailio[number]![i]!.srv_cpu_ms_per_1000!;
      return (own / other).toFixed(2);
    }),
  ]);
  return formatTable(["CPU, pbx / Kamailio: round", ...PHASES], rows);
}

/** Starts and memory, for each number of users. */
export async function compareStartups(
  load: Load,
  extent: Extent,
): Promise<string> {
  const rows: string[][] = [];
  for (const users of extent.startups) {
    for (const peer of PEERS) {
      console.error(`bench: starts, ${NAMES[peer]}, ${users} users`);
      // imports the extensions, and leaves as many bindings to be found at the start
      if (peer === "own") await runRegister(load, peer, users, "full");
      const samples = await runStartup(load, peer, users, {
        REPEAT: String(extent.starts),
        QUIET: String(peer === "own" ? extent.quietSeconds : STATELESS_SECONDS),
      });
      rows.push(tellStarts(NAMES[peer], users, samples));
    }
  }
  return formatTable(
    [
      "users",
      "server",
      "first answer ms",
      "PSS MB after start",
      "PSS MB, all registered",
    ],
    rows,
  );
}

function tellStarts(
  name: string,
  users: number,
  samples: readonly Sample[],
): string[] {
  const of = (phase: string) =>
    samples.filter((sample) => sample.phase === phase);
  const [idle, registered] = of("memory").map(({ pss_kb }) => pss_kb! / 1024);
  return [
    String(users),
    name,
    formatSpread(
      of("startup").map(({ first_answer_ms }) => first_answer_ms!),
      0,
    ),
    formatSpread([idle ?? NaN], 1),
    formatSpread([registered ?? NaN], 1),
  ];
}
