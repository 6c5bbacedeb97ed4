/**
 * The part of the benchmark without sockets, a program of its own, so that it runs with the flags
 * of the server: `inside.ts DATA_DIR PHONES ROUNDS`. Prints three tables.
 * @module
 */

import { SampleCalls, STEPS } from "./sample_call.ts";
import { SampleOffice } from "./sample_office.ts";
import { SamplePhones } from "./sample_phone.ts";
import { formatSpread, formatTable } from "./spread.ts";
import { measureSteps, type StepCost } from "./steps.ts";

const BATCH = 32;
/** Phones come in this order, as in life not in that of their numbers; a prime. */
const STRIDE = 7919;
const STEP_TIMES = 50_000;
/** So many phones call and are called. */
const TALKING = 8000;

/** Microseconds of CPU a message, of all and of the commit, round by round. */
interface Cost {
  readonly all: number[];
  readonly commit: number[];
}

type Kind = "challenge" | "answer" | "refresh";

/** Sends one message of a kind for each phone. */
function playAll(
  office: SampleOffice,
  phones: SamplePhones,
  kind: Kind,
  cost: Cost,
): void {
  office.cpuMicros = office.commitMicros = 0;
  for (let first = 0; first < phones.count; first += BATCH) {
    const length = Math.min(BATCH, phones.count - first);
    const batch = Array.from(
      { length },
      (_, i) => (first + i) * STRIDE % phones.count,
    );
    const requests = batch.map((phone) =>
      kind === "challenge"
        ? phones.writeFirst(phone)
        : phones.writeSigned(phone)
    );
    office.exchange(batch, requests).forEach((answer, i) => {
      if (kind === "challenge") phones.takeChallenge(batch[i]!, answer);
      else if (!answer.startsWith("SIP/2.0 200 ")) throw new Error(answer);
    });
  }
  cost.all.push(office.cpuMicros / phones.count);
  cost.commit.push(office.commitMicros / phones.count);
}

function measureOffice(dataDir: string, count: number, rounds: number): string {
  const office = new SampleOffice(count, BATCH, dataDir);
  const phones = new SamplePhones(count);
  const kinds = ["challenge", "answer", "refresh"] as const;
  const none = (): Cost => ({ all: [], commit: [] });
  const costs = { challenge: none(), answer: none(), refresh: none() };
  for (let round = 0; round <= rounds; round++) {
    // the first round warms up
    for (const kind of kinds) {
      playAll(office, phones, kind, round === 0 ? none() : costs[kind]);
    }
  }
  const calls = measureCalls(office, Math.min(count, TALKING), rounds);
  office.close();
  const { challenge, answer, refresh } = costs;
  const full: Cost = {
    all: challenge.all.map((micros, i) => micros + answer.all[i]!),
    commit: answer.commit,
  };
  const row = (name: string, { all, commit }: Cost) => [
    name,
    formatSpread(all, 2),
    formatSpread(commit, 2),
  ];
  const registrations = formatTable(
    ["CPU µs, min / median / max", "all", "of it the commit"],
    [
      row("REGISTER without credentials, 401", challenge),
      row("REGISTER with digest, 200", answer),
      row("full registration, the two together", full),
      row("refresh, 200", refresh),
    ],
  );
  return `${registrations}\n${calls}`;
}

/** Calls without sound: the relay is one that only remembers. */
function measureCalls(
  office: SampleOffice,
  phones: number,
  rounds: number,
): string {
  const calls = new SampleCalls(office, phones);
  const whole: number[] = [];
  const steps: number[][] = STEPS.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    const micros = calls.play(BATCH);
    if (round === 0) continue;
    whole.push(micros.reduce((sum, value) => sum + value, 0));
    micros.forEach((value, i) => steps[i]!.push(value));
  }
  return formatTable(
    ["a call without sound", "CPU µs, min / median / max"],
    [
      ["the whole, with its record", formatSpread(whole, 1)],
      ...STEPS.map((name, i) => [name, formatSpread(steps[i]!, 1)]),
    ],
  );
}

function tellSteps(costs: readonly StepCost[]): string {
  const rows = costs.map(({ name, micros }) => [
    name.replace("*", ""),
    formatSpread(micros, 2),
  ]);
  return formatTable(
    ["single step of a refresh", "CPU µs, min / median / max"],
    rows,
  );
}

if (import.meta.main) {
  const [dataDir, count, rounds] = Deno.args;
  if (dataDir === undefined) throw new TypeError("no data directory");
  console.log(measureOffice(dataDir, Number(count), Number(rounds)));
  console.log(tellSteps(measureSteps(Number(rounds), STEP_TIMES)));
}
