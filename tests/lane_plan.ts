/**
 * In which order the files of live tests run, and which of them may run side by side. Most of them
 * wait for timers of phones, each in network namespaces of its own, so two take no longer than one;
 * those that measure, or that load the machine, run alone, after the others.
 * @module
 */

/** Longest first, as far as they are known, so that none of them is left at the end. */
const LONGEST = [
  "fault_phone",
  "page_tour",
  "fault_call_session",
  "call_lost",
  "call_sound",
  "phone",
  "fault_network",
  "fault_call_sound",
  "healthy",
  "fault_path",
  "fault_firewall",
  "nat",
  "fault_noise",
  "page_path",
  "call_transfer",
  "call_proxy",
  "fault_call",
  "fault_blind",
  "fault_machine",
  "call_service",
  "call_end",
];

/** Words in the name of a file whose tests measure time, or load the machine or change it. */
const ALONE = new Set([
  "bench",
  "crowd",
  "disk",
  "flood",
  "fuzz",
  "limit",
  "load",
  "machine",
  "media",
  "smooth",
  "speed",
]);
/** Files that measure although no word of their name says so. */
const ALONE_FILES = new Set(["fault_server", "page_alive"]);
/** Files that wait for long timers and do little else: they run beside the lanes. */
const WAITING_FILES = ["call_lost", "fault_call_session", "nat"];
const WAITING = "waiting";

/**
 * Of the files that begin alike, one runs at a time: they share a cache, a lock of the machine
 * (iptables has one) or the time of a processor (browsers).
 */
const CHAINS: readonly (readonly [string, RegExp])[] = [
  ["installed machine", /^install/],
  ["packet filter", /(?:^|_)firewall(?:_|$)/],
  ["browser", /^page_/],
  [WAITING, new RegExp(`^(?:${WAITING_FILES.join("|")})$`)],
];

/** How a file may run beside others. */
export interface Place {
  readonly file: string;
  readonly isAlone: boolean;
  /** No two files of one chain run at the same time; null where it does not matter. */
  readonly chain: string | null;
}

/** The places of files, in the order in which they are to start. */
export function planLanes(files: readonly string[]): Place[] {
  return [...new Set(files)]
    .map((file) => ({ file, rank: rankOf(nameOf(file)) }))
    .sort((one, other) =>
      one.rank - other.rank || (one.file < other.file ? -1 : 1)
    )
    .map(({ file }) => placeOf(file));
}

/** The next file that may start beside those that run; null when it is time to wait. */
export function pickNext(
  waiting: readonly Place[],
  running: readonly Place[],
  lanes: number,
): Place | null {
  if (running.length === 0) {
    return waiting.find(({ isAlone }) => !isAlone) ?? waiting[0] ?? null;
  }
  if (lanes === 1 || running.some(({ isAlone }) => isAlone)) return null;
  const isFull = running.filter(isBusy).length >= lanes;
  const mayStart = (place: Place) =>
    !place.isAlone && !(isFull && isBusy(place)) &&
    (place.chain === null ||
      running.every(({ chain }) => chain !== place.chain));
  return waiting.find(mayStart) ?? null;
}

function isBusy({ chain }: Place): boolean {
  return chain !== WAITING;
}

/** The name of a file without its folder and ending: `page_tour` of `tests/live/page_tour_test.ts`. */
export function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/_test\.tsx?$/, "");
}

function placeOf(file: string): Place {
  const name = nameOf(file);
  const isAlone = ALONE_FILES.has(name) ||
    name.split("_").some((word) => ALONE.has(word));
  const chain = CHAINS.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
  return { file, isAlone, chain };
}

/** Installed machines take longest, and what is not known may take long. */
function rankOf(name: string): number {
  if (name.startsWith("install")) return 0;
  const index = LONGEST.indexOf(name);
  return index < 0 ? LONGEST.length + 1 : index + 1;
}

/** The numbers of one summary line of `deno test`. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

// deno-lint-ignore no-control-regex
const COLOUR = /\x1b\[[0-9;]*m/g;
const SUMMARY = /^(?:ok|FAILED) \| (\d+) passed.* \| (\d+) failed(.*)$/gm;

/** The sum of the summary lines in what `deno test` printed. */
export function tallyOutput(output: string): Tally {
  let [passed, failed, ignored] = [0, 0, 0];
  for (const match of output.replace(COLOUR, "").matchAll(SUMMARY)) {
    passed += Number(match[1]);
    failed += Number(match[2]);
    ignored += Number(/(\d+) ignored/.exec(match[3] ?? "")?.[1] ?? 0);
  }
  return { passed, failed, ignored };
}

/** What the arguments of the command ask for. */
export interface Wish {
  /** Paths of files or folders, or parts of names; none means everything. */
  readonly paths: readonly string[];
  /** Options for `deno test`. */
  readonly options: readonly string[];
  readonly lanes: number;
}

/** Reads the command's arguments; null when the number of lanes is none. */
export function readWish(args: readonly string[], lanes: number): Wish | null {
  const paths: string[] = [];
  const options: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const count = /^--lanes=(.*)$/.exec(arg)?.[1];
    if (count !== undefined) {
      if (!/^[1-9]$/.test(count)) return null;
      lanes = Number(count);
    } else if (arg === "--filter") options.push(arg, args[++i] ?? "");
    else if (arg.startsWith("-")) options.push(arg);
    else paths.push(arg);
  }
  return { paths, options, lanes };
}
