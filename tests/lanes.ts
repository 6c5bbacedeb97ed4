/**
 * `deno task test:live [--lanes=N] [FILE|FOLDER|NAME...] [OPTION...]`: runs the live tests, two
 * files side by side where `lane_plan.ts` allows it. What a file printed appears when it is done,
 * whole, with the summary line of `deno test`. Options go to `deno test`. Whatever ends the run,
 * the programs, namespaces, mounts and temporary files of the tests end with it.
 * @module
 */

import {
  nameOf,
  pickNext,
  type Place,
  planLanes,
  readWish,
  tallyOutput,
  type Wish,
} from "./lane_plan.ts";
import { LaneProcess, removeFolder, runDeno } from "./lane_process.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const LIVE = "tests/live";
const LANES = 2;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

const encoder = new TextEncoder();

interface Outcome {
  readonly file: string;
  readonly isOk: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** Runs files in lanes, each file printed when it is done. */
class Lanes {
  readonly outcomes: Outcome[] = [];
  readonly #options: readonly string[];
  readonly #folder: string;
  readonly #running = new Map<Place, LaneProcess>();
  #waiting: readonly Place[];
  #started = 0;
  #isStopped = false;

  constructor(
    places: readonly Place[],
    options: readonly string[],
    folder: string,
  ) {
    this.#waiting = places;
    this.#options = options;
    this.#folder = folder;
  }

  /** Resolves when all files are done, or when those that ran are stopped. */
  async run(lanes: number): Promise<void> {
    const files = new Set<Promise<void>>();
    while (true) {
      const place = this.#isStopped
        ? null
        : pickNext(this.#waiting, [...this.#running.keys()], lanes);
      if (place !== null) {
        const file = this.#runFile(place).finally(() => files.delete(file));
        files.add(file);
      } else if (files.size > 0) {
        await Promise.race(files);
      } else return;
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const lane of this.#running.values()) lane.stop();
  }

  async #runFile(place: Place): Promise<void> {
    const { file } = place;
    this.#waiting = this.#waiting.filter((other) => other !== place);
    const startMs = performance.now();
    const folder = `${this.#folder}/${++this.#started}`;
    const lane = new LaneProcess(file, this.#options, folder);
    this.#running.set(place, lane);
    const code = await lane.ended;
    this.#running.delete(place);
    const seconds = Math.round((performance.now() - startMs) / 1000);
    const isOk = code === 0;
    this.outcomes.push({ file, isOk, seconds, output: lane.output });
    const end = this.#isStopped ? `\n${file} was broken off` : "";
    print(`${lane.output.trim()}${end}\n\n`);
  }
}

/** Runs what is wished; gives the exit status. */
async function runWish(wish: Wish): Promise<number> {
  const files = findFiles(wish.paths);
  if (files.length === 0) {
    console.error(`no live test is named ${wish.paths.join(", ")}`);
    return 2;
  }
  // types are checked once, not by each process
  const code = await runDeno(["test", "--no-run", "--quiet", "-A", ...files]);
  if (code !== 0) return code;

  const startMs = performance.now();
  const folder = makeFolder();
  const lanes = new Lanes(planLanes(files), wish.options, folder);
  let exitCode: number | null = null;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => {
      exitCode ??= EXIT_CODES[name];
      lanes.stop();
    });
  }
  await lanes.run(wish.lanes);
  await removeFolder(folder);
  printTotal(lanes.outcomes, Math.round((performance.now() - startMs) / 1000));
  return exitCode ?? (lanes.outcomes.every(({ isOk }) => isOk) ? 0 : 1);
}

/** Its path is short: programs that tests start have little room for one. */
function makeFolder(): string {
  const folder = `${Deno.env.get("TMPDIR") ?? "/tmp"}/pbx${Deno.pid}`;
  Deno.mkdirSync(folder);
  Deno.chmodSync(folder, 0o755);
  return folder;
}

function findFiles(paths: readonly string[]): string[] {
  const all = listFolder(LIVE);
  if (paths.length === 0) return all;
  return paths.flatMap((path) => {
    const plain = path.replace(/^\.\//, "").replace(/\/+$/, "");
    try {
      return Deno.statSync(ROOT + plain).isFile ? [plain] : listFolder(plain);
    } catch {
      const named = all.filter((file) => nameOf(file) === plain);
      return named.length > 0
        ? named
        : all.filter((file) => nameOf(file).includes(plain));
    }
  });
}

function listFolder(folder: string): string[] {
  return [...Deno.readDirSync(ROOT + folder)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return listFolder(path);
    return /_test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** The longest files, the sum, and what failed. */
function printTotal(outcomes: readonly Outcome[], seconds: number): void {
  const longest = outcomes.toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, 10).map((each) => `${nameOf(each.file)} ${each.seconds} s`);
  print(`longest: ${longest.join(", ")}\n`);
  const { passed, failed, ignored } = tallyOutput(
    outcomes.map(({ output }) => output).join("\n"),
  );
  print(
    `live tests: ${outcomes.length} files, ${passed} passed, ${failed} failed, ` +
      `${ignored} ignored in ${seconds} s\n`,
  );
  for (const { file, isOk } of outcomes) if (!isOk) print(`failed: ${file}\n`);
}

function print(text: string): void {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) {
    at += Deno.stdout.writeSync(bytes.subarray(at));
  }
}

const wish = readWish(Deno.args, LANES);
if (wish === null) {
  console.error("usage: deno task test:live [--lanes=1..9] [FILE...]");
  Deno.exit(2);
}
Deno.exit(await runWish(wish));
