/**
 * What those who look at the page cost the phones: registrations with nobody, with a hundred and
 * with a thousand streams open, one after the other against the same server. A phone that is not
 * answered fails the run.
 * @module
 */

import { type Load, runScript, type Sample } from "./load.ts";
import { formatSpread, formatTable } from "./spread.ts";

/** How much is measured. */
export interface PageExtent {
  readonly rounds: number;
  readonly users: number;
  /** Registrations in a second, where they come evenly. */
  readonly rate: number;
}

/** Streams that are open; the second time nobody shows what is left of them. */
const CROWDS = ["0", "100", "1000", "0 again"] as const;

const SCRIPT = `. "\${0%/*}/lib.sh"
build sipload
start own $(peer_cmd own) || exit 1
token=$(echo "$BENCH_DATA"/*/api-token)
load() {
  name=$1; shift
  "$tmp/sipload" register -p "$BENCH_PORT" -n "$BENCH_USERS" -P "$server_pid" -L "$name" "$@"
}
load warm-up -w 50 --phases full,refresh,refresh
for crowd in 0 100 1000 "0 again"; do
  watchers=
  count=\${crowd%% *}
  if [ "$count" -gt 0 ]; then
    rm -f "$tmp/ready"
    "$WATCHER_DENO" run -A "$WATCHERS" "127.0.0.1:$((BENCH_PORT + 1))" "$token" "$count" "$tmp/ready" &
    watchers=$!
    until [ -e "$tmp/ready" ]; do kill -0 "$watchers" || exit 1; sleep 0.1; done
  fi
  load "$crowd" -w 50 --phases full,refresh
  load "$crowd" -r "$RATE" --phases refresh
  if [ -n "$watchers" ]; then
    kill -0 "$watchers" || { echo "a stream broke off" >&2; exit 1; }
    kill "$watchers"; wait "$watchers"
  fi
done
exit 0`;

/** Registers in rounds; the table of what that cost. */
export async function comparePage(
  load: Load,
  extent: PageExtent,
): Promise<string> {
  const rounds: Sample[][] = [];
  for (let round = 1; round <= extent.rounds; round++) {
    console.error(`bench: page, round ${round}`);
    const samples = await runScript(load, SCRIPT, [], {
      BENCH_USERS: String(extent.users),
      RATE: String(extent.rate),
      WATCHERS: new URL("watchers.ts", import.meta.url).pathname,
      WATCHER_DENO: Deno.execPath(),
    });
    rounds.push(samples);
  }
  return tellPage(rounds, extent);
}

function tellPage(
  rounds: readonly Sample[][],
  { rate }: PageExtent,
): string {
  const rows = CROWDS.map((crowd) => {
    const each = (
      isWanted: (phase: string) => boolean,
      value: (sample: Sample) => number | undefined,
      digits: number,
    ) =>
      formatSpread(
        rounds.map((samples) => {
          const sample = samples.find(({ label, phase }) =>
            label === crowd && isWanted(phase)
          );
          return sample === undefined ? NaN : value(sample) ?? NaN;
        }),
        digits,
      );
    const isFull = (phase: string) => phase === "full";
    const isPaced = (phase: string) => phase.startsWith("refresh@");
    return [
      crowd,
      each(isFull, ({ srv_cpu_ms_per_1000 }) => srv_cpu_ms_per_1000, 0),
      each(isFull, ({ per_s }) => per_s, 0),
      each(isFull, ({ p99_ms }) => p99_ms, 1),
      each(isPaced, ({ srv_cpu_ms_per_1000 }) => srv_cpu_ms_per_1000, 0),
      each(isPaced, ({ p50_ms }) => p50_ms, 1),
      each(isPaced, ({ p99_ms }) => p99_ms, 1),
      each(isPaced, ({ pss_kb_after }) => (pss_kb_after ?? NaN) / 1024, 0),
    ];
  });
  return formatTable(
    [
      "streams",
      "full: CPU µs",
      "a second",
      "p99 ms",
      `refresh, ${rate}/s: CPU µs`,
      "p50 ms",
      "p99 ms",
      "PSS MB",
    ],
    rows,
  );
}
