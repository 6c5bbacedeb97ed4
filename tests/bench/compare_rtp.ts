/**
 * Sound through the program and through rtpengine in user space, in turns in the same run: 172
 * octets a packet, first at its pace, 50 packets a second in each of 500 streams, then as many as
 * pass. The generator without a relay shows what of the latency is the machine's. The program
 * carries calls that were set up by SIP.
 * @module
 */

import {
  isInstalled,
  type Load,
  runRtp,
  runScript,
  type Sample,
} from "./load.ts";
import { findPorts } from "./scene.ts";
import { formatSpread, formatTable } from "./spread.ts";

/** How much is measured. */
export interface RtpExtent {
  readonly rounds: number;
  /** Seconds of each measurement. */
  readonly seconds: number;
  /** Whether as many packets as pass are sent too. */
  readonly hasFlood: boolean;
}

/** Each carries two streams. */
const CALLS = 250;
const FLOOD_CALLS = 100;
const IN_FLIGHT = 64;
const NAMES = { own: "pbx", rtpengine: "rtpengine", direct: "no relay" };
type Relay = keyof typeof NAMES;

/** `bench.sh CALLS [rtpload options]`: the calls live as long as the sound. */
const OWN = `. "\${0%/*}/lib.sh"
build sipload rtpload
calls=$1; shift
start own $(peer_cmd own) || exit 1
"$tmp/sipload" call -p "$BENCH_PORT" -n "$calls" -u "$calls" -w 10 --hold $((SECS + 4)) --map "$tmp/map" -P "$server_pid" -L own &
load=$!
until [ -s "$tmp/map" ]; do kill -0 "$load" || exit 1; sleep 0.1; done
sleep 0.5
"$tmp/rtpload" -L own --map "$tmp/map" --secs "$SECS" "$@" -P "$server_pid"
wait "$load"`;

type Rounds = Map<Relay, Sample[]>;

/** Sound, in turns; the table of what it costs. */
export async function compareRtp(
  load: Load,
  extent: RtpExtent,
): Promise<string> {
  const relays: Relay[] = isInstalled("rtpengine")
    ? ["own", "rtpengine", "direct"]
    : ["own", "direct"];
  const rounds: Rounds = new Map(relays.map((relay) => [relay, []]));
  for (let round = 1; round <= extent.rounds; round++) {
    for (const relay of relays) {
      // what the machine does by itself is looked at once
      if (relay === "direct" && round > 1) continue;
      console.error(`bench: sound, ${NAMES[relay]}, round ${round}`);
      rounds.get(relay)!.push(...await runRelay(load, relay, extent));
    }
  }
  const isFlood = ({ phase }: Sample) => phase === "rtp-flood";
  const paced = relays.map((relay) => {
    const samples = rounds.get(relay)!.filter((sample) => !isFlood(sample));
    return tellRelay(relay, `${2 * CALLS} streams`, samples);
  });
  const flood = relays.map((relay) => {
    const samples = rounds.get(relay)!.filter(isFlood);
    return tellRelay(relay, `flood, ${IN_FLIGHT} in flight`, samples);
  });
  return formatTable(
    [
      "load",
      "relay",
      "CPU µs a packet",
      "packets a second",
      "p50 µs",
      "p99 µs",
      "loss %",
    ],
    extent.hasFlood ? [...paced, ...flood] : paced,
  );
}

async function runRelay(
  load: Load,
  relay: Relay,
  extent: RtpExtent,
): Promise<Sample[]> {
  const env = { SECS: String(extent.seconds) };
  const flood = extent.hasFlood ? String(IN_FLIGHT) : "";
  if (relay !== "own") {
    const all = { ...env, CALLS: String(CALLS), FLOOD: flood };
    const port = String(findPorts());
    return await runRtp(load, relay, { ...all, BENCH_NG_PORT: port });
  }
  const own = { ...env, BENCH_USERS: "1000" };
  const samples = await runScript(load, OWN, [String(CALLS)], own);
  if (extent.hasFlood) {
    const args = [String(FLOOD_CALLS), "--flood", flood];
    samples.push(...await runScript(load, OWN, args, own));
  }
  return samples.filter(({ phase }) => phase.startsWith("rtp"));
}

function tellRelay(
  relay: Relay,
  load: string,
  samples: readonly Sample[],
): string[] {
  const each = (value: (sample: Sample) => number, digits: number) =>
    formatSpread(samples.map(value), digits);
  return [
    load,
    NAMES[relay],
    relay === "direct" ? "-" : each((one) => one.srv_us_per_packet!, 1),
    each((sample) => sample.relayed_per_s!, 0),
    each((sample) => sample.p50_us!, 0),
    each((sample) => sample.p99_us!, 0),
    // a packet on its way when the count begins is no negative loss
    each((sample) => Math.max(0, sample.loss_pct!), 3),
  ];
}
