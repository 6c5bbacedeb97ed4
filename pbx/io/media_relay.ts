/**
 * The relay for sound (see `media/media_relay.ts`), on Linux: the main thread opens the sockets
 * and asks, a worker carries the packets. The worker begins with the first call. Should it fail,
 * another one goes on with the calls as they stand in the shared memory.
 *
 * The sockets of a call that ended rest, and serve a later call or are closed soon; so a busy
 * server opens few, and a quiet one holds none.
 * @module
 */

import { formatAddress } from "../../sip/flow.ts";
import { type Libc, openLibc } from "../../sip/io/libc.ts";
import { AF_INET, formatIpv4, formatIpv6 } from "../../sip/io/sockaddr.ts";
import type { PortRange } from "../config_value.ts";
import { swapPort, writeAim } from "../media/aim_words.ts";
import {
  AIM,
  CLOSE,
  CommandRing,
  CONNECT,
  DISCONNECT,
  ECHO,
  OPEN,
  RECORD_WORDS,
  RESTART,
  TONE,
} from "../media/command_ring.ts";
import { EndTable, PLACE_WORDS, PORT, SCOPE } from "../media/end_table.ts";
import type {
  MediaAim,
  MediaCounts,
  MediaEnd,
  MediaRelay,
} from "../media/media_relay.ts";
import { clearCounts, readCounts } from "../media/rtp_count.ts";
import { clearLock, readSource } from "../media/source_lock.ts";
import { MediaClock } from "./media_clock.ts";
import { MediaPairs, type Pair } from "./media_pairs.ts";
import { MediaThread } from "./media_thread.ts";
import { NO_COUNTS, NoMediaRelay } from "./media_relay_none.ts";

/** How soon what found no room in the ring is tried again. */
/**
 * To wake the worker costs more than what it is asked. That an end was opened or closed it hears
 * with the next thing that matters, or after this time; meanwhile packets wait in the kernel.
 */
const LAZY_MS = 100;
const RETRY_MS = 1;

export interface MediaRelayOptions {
  /** The ports to take from, for RTP and RTCP together. */
  readonly ports: PortRange;
  /** Hears that the worker failed, and whether another one goes on. */
  readonly onTrouble?: (message: string) => void;
}

/** A relay that ends. */
export interface RunningMediaRelay extends MediaRelay {
  /** Whether the worker did anything since the last time this was asked; ask seldom. */
  isWell(): boolean;
  /** Ends every end and the worker; resolves when the ports are free. */
  stop(): Promise<void>;
}

/** Makes a relay; without Linux or its C library one that has no ports. */
export function openMediaRelay(options: MediaRelayOptions): RunningMediaRelay {
  const libc = openLibc();
  return libc === null
    ? new NoMediaRelay()
    : new LinuxMediaRelay(libc, options);
}

class LinuxMediaRelay implements RunningMediaRelay {
  readonly #libc: Libc;
  readonly #clock: MediaClock;
  readonly #ring: CommandRing;
  readonly #table: EndTable;
  readonly #pairs: MediaPairs;
  readonly #thread: MediaThread;
  readonly #record = new Uint32Array(RECORD_WORDS);
  /** Whether anybody would hear it if the worker slept on. */
  #isUrgent = false;
  #wokenAtMs = -Infinity;
  readonly #place = new Uint32Array(PLACE_WORDS);
  readonly #random = new Uint32Array(3);
  /** What found no room in the ring, in order. */
  readonly #waiting: Uint32Array[] = [];
  #retry: ReturnType<typeof setTimeout> | null = null;
  #hasAsked = false;
  #stopped: Promise<void> | null = null;

  constructor(libc: Libc, { ports, onTrouble }: MediaRelayOptions) {
    const capacity = Math.max(1, Math.ceil((ports.last - ports.first + 1) / 2));
    const memory = new SharedArrayBuffer(
      CommandRing.octets + EndTable.octets(capacity),
    );
    this.#libc = libc;
    this.#clock = new MediaClock(libc);
    this.#ring = new CommandRing(memory, 0);
    this.#table = new EndTable(memory, CommandRing.octets, capacity);
    this.#thread = new MediaThread(
      libc,
      { memory, capacity, ring: this.#ring },
      () => this.#pairs.watchAll(),
      onTrouble ?? (() => {}),
    );
    this.#pairs = new MediaPairs(libc, ports, capacity, this.#thread, {
      nowMs: () => performance.now(),
      shut: (record) => {
        this.#push(record);
        this.#isUrgent = true;
        this.flush();
      },
    });
  }

  open(localHost: string): MediaEnd | null {
    if (this.#stopped !== null || !this.#thread.begin()) return null;
    const pair = this.#pairs.take(localHost);
    if (pair === null) return null;
    // of the call before, until the worker hears of this one
    clearLock(this.#table, pair.end.id);
    clearCounts(this.#table, pair.end.id, this.#clock.nowMs());
    const record = this.#begin(OPEN, pair);
    record[2] = pair.rtp;
    record[3] = pair.rtcp;
    record[4] = pair.address.family;
    record.set(pair.address.words, 5);
    record[9] = swapPort(pair.end.port);
    record[10] = pair.closedAtMs > 0 ? 1 : 0;
    this.#push(record);
    return pair.end;
  }

  aim(end: MediaEnd, aim: MediaAim): void {
    const pair = this.#pairs.find(end);
    if (pair === null) return;
    const record = this.#begin(AIM, pair);
    this.#isUrgent = true;
    writeAim(record, 2, pair.address.family === AF_INET, aim);
    this.#push(record);
  }

  connect(a: MediaEnd, b: MediaEnd): void {
    const pair = this.#pairs.find(a);
    const other = this.#pairs.find(b);
    if (pair === null || other === null) return;
    const record = this.#begin(CONNECT, pair);
    this.#isUrgent = true;
    record[2] = other.end.id;
    this.#push(record);
  }

  echo(end: MediaEnd): void {
    this.#isUrgent = true;
    this.#ask(ECHO, end);
  }

  tone(end: MediaEnd, payloadType: 0 | 8): void {
    const pair = this.#pairs.find(end);
    if (pair === null) return;
    const record = this.#begin(TONE, pair);
    this.#isUrgent = true;
    record[2] = payloadType;
    record.set(crypto.getRandomValues(this.#random), 3);
    this.#push(record);
  }

  disconnect(end: MediaEnd): void {
    this.#isUrgent = true;
    this.#ask(DISCONNECT, end);
  }

  restart(end: MediaEnd): void {
    this.#isUrgent = true;
    this.#ask(RESTART, end);
  }

  counts(end: MediaEnd): MediaCounts {
    const pair = this.#pairs.find(end);
    if (pair === null) return NO_COUNTS;
    const numbers = readCounts(this.#table, end.id, this.#clock.nowMs());
    return { ...numbers, source: this.#sourceOf(pair) };
  }

  close(end: MediaEnd): void {
    const pair = this.#pairs.find(end);
    if (pair === null) return;
    this.#push(this.#begin(CLOSE, pair));
    this.#pairs.rest(pair);
  }

  flush(): void {
    if (!this.#hasAsked) return;
    let moved = 0;
    while (
      moved < this.#waiting.length && this.#ring.push(this.#waiting[moved]!)
    ) moved++;
    if (moved > 0) this.#waiting.splice(0, moved);
    const nowMs = performance.now();
    const isSoon = this.#isUrgent || this.#waiting.length > 0;
    if (!isSoon && nowMs - this.#wokenAtMs < LAZY_MS) return;
    this.#isUrgent = false;
    this.#wokenAtMs = nowMs;
    this.#hasAsked = this.#waiting.length > 0;
    if (this.#hasAsked && this.#retry === null) {
      this.#retry = setTimeout(() => {
        this.#retry = null;
        this.flush();
      }, RETRY_MS);
    }
    this.#thread.wake();
  }

  isWell(): boolean {
    return this.#stopped !== null || this.#thread.isWell();
  }

  stop(): Promise<void> {
    return this.#stopped ??= this.#stop();
  }

  async #stop(): Promise<void> {
    this.#pairs.stop();
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#thread.end();
    // what the worker has not heard of
    const record = new Uint32Array(RECORD_WORDS);
    while (this.#ring.take(record)) this.#pairs.closeShut(record);
    for (const one of this.#waiting) this.#pairs.closeShut(one);
    this.#pairs.closeAll();
    this.#libc.close();
  }

  #ask(what: number, end: MediaEnd): void {
    const pair = this.#pairs.find(end);
    if (pair !== null) this.#push(this.#begin(what, pair));
  }

  #begin(what: number, pair: Pair): Uint32Array {
    this.#record.fill(0);
    this.#record[0] = what;
    this.#record[1] = pair.end.id;
    return this.#record;
  }

  #push(record: Uint32Array): void {
    if (this.#thread.hasGivenUp) {
      this.#pairs.closeShut(record);
      return;
    }
    this.#hasAsked = true;
    if (this.#waiting.length > 0 || !this.#ring.push(record)) {
      this.#waiting.push(record.slice());
    }
  }

  #sourceOf(pair: Pair): string {
    if (!readSource(this.#table, pair.end.id, this.#place)) return "";
    const host = pair.address.family === AF_INET
      ? formatIpv4(this.#place[0]!)
      : formatIpv6(this.#place, 0, this.#place[SCOPE]!);
    return formatAddress(
      host,
      swapPort(this.#place[PORT]!),
    );
  }
}
