/**
 * Calls through the program and through Kamailio, in turns in the same run: INVITE, 401 or 407,
 * INVITE with digest, 180, 200, ACK, BYE, 200, both phones simulated, no sound. Kamailio is a
 * proxy, which passes the messages on; the program is a party of two dialogs, and opens ports for
 * the sound. Then the memory of calls that are held.
 * @module
 */

import { NAMES, PEERS } from "./compare.ts";
import { type Load, type Peer, runScript, type Sample } from "./load.ts";
import { formatSpread, formatTable } from "./spread.ts";

/** How much is measured. */
export interface CallExtent {
  readonly rounds: number;
  readonly calls: number;
  /** Calls before those that count: code is compiled, memory is touched. */
  readonly warmUp: number;
  /** Calls that are held at the same time. */
  readonly held: number;
  /** Seconds until their memory is read. */
  readonly heldSeconds: number;
}

const USERS = 10_000;
/** Ports for all of them, apart from the usual ones, which another server here may hold. */
const HELD_PORTS = "42000-59999";

/** Each load has users of its own: a phone that registers twice would be called twice. */
const CALLS = `. "\${0%/*}/lib.sh"
build sipload
start "$1" $(peer_cmd "$1") || exit 1
base=100000 users=$((BENCH_USERS / 4))
for calls in "$WARM_UP" "$CALLS"; do
  "$tmp/sipload" call -p "$BENCH_PORT" -b "$base" -n "$calls" -u "$users" -w 50 -P "$server_pid" -L "$1"
  base=$((base + 2 * users))
done`;

const HELD = `. "\${0%/*}/lib.sh"
build sipload
printf '[calls]\\nlimit = %d\\n' "$CALLS" >"$tmp/pbx.toml"
export PBX_CONFIG="$tmp/pbx.toml"
start own $(peer_cmd own) || exit 1
read_memory() { "$tmp/sipload" mem -P "$server_pid" -L "$1"; }
"$tmp/sipload" call -p "$BENCH_PORT" -n 200 -u 1000 -w 50 -P "$server_pid" -L warm-up
sleep 5
read_memory before
"$tmp/sipload" call -p "$BENCH_PORT" -b 102000 -n "$CALLS" -u "$CALLS" -w 20 --hold $((QUIET + 1)) --map "$tmp/map" -P "$server_pid" -L held &
load=$!
until [ -e "$tmp/map" ]; do kill -0 "$load" || exit 1; sleep 0.1; done
sleep "$QUIET"
read_memory held
wait "$load"`;

type Rounds = Readonly<Record<Peer, Sample[]>>;

/** Calls, in turns; the table of what they cost. */
export async function compareCalls(
  load: Load,
  extent: CallExtent,
): Promise<string> {
  const rounds: Rounds = { own: [], kamailio: [] };
  for (let round = 1; round <= extent.rounds; round++) {
    for (const peer of PEERS) {
      console.error(`bench: calls, ${NAMES[peer]}, round ${round}`);
      const samples = await runScript(load, CALLS, [peer], {
        BENCH_USERS: String(USERS),
        BENCH_KAM_OPTS: "AUTH_INVITE",
        // it keeps transactions for five seconds
        BENCH_SHM: "3500",
        WARM_UP: String(extent.warmUp),
        CALLS: String(extent.calls),
      });
      rounds[peer].push(
        samples.filter(({ phase }) => phase === "call").at(-1)!,
      );
    }
  }
  const ratios = rounds.own.map((own, i) =>
    own.srv_cpu_ms_per_1000! / rounds.kamailio[i]!.srv_cpu_ms_per_1000!
  );
  return `${tellCalls(rounds)}\nCPU, pbx / Kamailio, in each round: ${
    ratios.map((ratio) => ratio.toFixed(2)).join(", ")
  }\n`;
}

function tellCalls(rounds: Rounds): string {
  const rows = PEERS.map((peer) => {
    const each = (value: (sample: Sample) => number, digits: number) =>
      formatSpread(rounds[peer].map(value), digits);
    return [
      NAMES[peer],
      each((sample) => sample.srv_cpu_ms_per_1000!, 0),
      each((sample) => sample.srv_user_ms! * 1000 / sample.n!, 0),
      each((sample) => sample.srv_sys_ms! * 1000 / sample.n!, 0),
      each((sample) => sample.per_s!, 0),
      each((sample) => sample.setup_p50_ms!, 1),
      each((sample) => sample.setup_p99_ms!, 1),
      each((sample) => sample.pss_kb_after! / 1024, 0),
    ];
  });
  return formatTable(
    [
      "server",
      "CPU µs a call",
      "user",
      "kernel",
      "calls a second",
      "setup p50 ms",
      "p99 ms",
      "PSS MB after",
    ],
    rows,
  );
}

/** What a call that is held costs in memory, without sound; the program only. */
export async function measureHeld(
  load: Load,
  extent: CallExtent,
): Promise<string> {
  console.error(`bench: ${extent.held} held calls`);
  const samples = await runScript(load, HELD, [], {
    BENCH_USERS: String(USERS),
    CALLS: String(extent.held),
    QUIET: String(extent.heldSeconds),
    PBX_RTP: HELD_PORTS,
  });
  const [before, held] = samples
    .filter(({ phase }) => phase === "memory").map(({ pss_kb }) => pss_kb!);
  const atOnce = samples.find(({ phase }) => phase === "held")?.pss_kb;
  const megabytes = (kilobytes = NaN) => formatSpread([kilobytes / 1024], 1);
  return formatTable(
    [
      "PSS MB before",
      `${extent.held} calls set up`,
      `${extent.heldSeconds} s later`,
      "kB a held call",
    ],
    [[
      megabytes(before),
      megabytes(atOnce),
      megabytes(held),
      formatSpread([(held! - before!) / extent.held], 1),
    ]],
  );
}
