/**
 * Tells systemd how the server is (sd_notify(3)): that phones are served, that it is alive, that it
 * stops. Where nobody wants to hear it, or there is no C library, nothing is told.
 * @module
 */

import { type Libc, openLibc } from "../../sip/io/libc.ts";
import { describeService, readNotification } from "../unit/notify_message.ts";

/** What is told of, as it stands when it is told. */
export interface ServiceSight {
  status(): {
    readonly extensions: number;
    readonly registrations: number;
    readonly calls: number;
  };
  /** Whether the server does its work; while it does not, systemd's watchdog is let bite. */
  isAlive(): boolean;
}

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0x800;
const SOCK_CLOEXEC = 0x80000;
const MSG_NOSIGNAL = 0x4000;
const CLOCK_MONOTONIC = 1;
/** How often the line of the status is looked at where there is no watchdog. */
const STATUS_MS = 10_000;
/** When systemd has no time to listen it is told again. */
const RETRY_MS = 100;
const TRIES = 50;

const CALLS = ["socket", "sendto", "close"] as const;
type Calls = Libc<typeof CALLS[number]>;

/** One service, from its start to its end. */
export class ServiceManager {
  readonly #libc: Calls | null;
  readonly #address: Uint8Array<ArrayBuffer>;
  readonly #watchdogMs: number | null;
  readonly #socket: number;
  #status = "";
  #timer: ReturnType<typeof setInterval> | null = null;
  /** What could not be told yet. */
  #waiting = "";
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;

  /** Reads the variables of the environment. */
  constructor(
    environment: Readonly<Record<string, string | undefined>>,
    pid: number,
  ) {
    const wanted = readNotification(environment, pid);
    const libc = wanted === null ? null : openLibc(CALLS);
    this.#address = wanted?.address ?? new Uint8Array();
    this.#watchdogMs = wanted?.watchdogMs ?? null;
    this.#socket = libc === null ? -1 : libc.call.socket(
      AF_UNIX,
      SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
      0,
    );
    if (this.#socket < 0) libc?.close();
    this.#libc = this.#socket < 0 ? null : libc;
  }

  /** Phones are served; from now on it is told how they are. */
  begin(sight: ServiceSight): void {
    if (this.#libc === null || this.#isBegun) return;
    this.#tell(`READY=1\n${this.#describe(sight)}`);
    const everyMs = this.#watchdogMs === null
      ? STATUS_MS
      : Math.min(STATUS_MS, this.#watchdogMs / 3);
    this.#timer = setInterval(() => this.#look(sight), everyMs);
  }

  /** Something is read anew, until `reloaded`. */
  reload(): void {
    if (!this.#isBegun) return;
    this.#tell(`RELOADING=1\nMONOTONIC_USEC=${readMonotonic()}\n`);
  }

  reloaded(): void {
    if (this.#isBegun) this.#tell("READY=1\n");
  }

  /** The server stops, in an orderly way. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#tell("STOPPING=1\nSTATUS=Stopping\n");
  }

  /** Tells nothing more. */
  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#libc?.call.close(this.#socket);
    this.#libc?.close();
  }

  get #isBegun(): boolean {
    return this.#timer !== null;
  }

  #look(sight: ServiceSight): void {
    const isWatched = this.#watchdogMs !== null;
    const alive = isWatched && sight.isAlive() ? "WATCHDOG=1\n" : "";
    this.#tell(alive + this.#describe(sight));
  }

  /** The line of the status where it has changed. */
  #describe({ status }: ServiceSight): string {
    const line = describeService(status());
    if (line === this.#status) return "";
    this.#status = line;
    return `STATUS=${line}\n`;
  }

  #tell(lines: string): void {
    if (this.#libc === null || lines === "") return;
    this.#waiting += lines;
    this.#tries = 0;
    this.#flush();
  }

  #flush(): void {
    const message = new TextEncoder().encode(this.#waiting);
    const sent = this.#libc!.call.sendto(
      this.#socket,
      message,
      message.length,
      MSG_NOSIGNAL,
      this.#address,
      this.#address.length,
    );
    // what systemd will not hear in five seconds it has not to be told any more
    if (sent >= 0 || ++this.#tries >= TRIES) {
      this.#waiting = "";
    } else {
      this.#retry ??= setTimeout(() => {
        this.#retry = null;
        if (this.#waiting !== "") this.#flush();
      }, RETRY_MS);
    }
  }
}

/** Microseconds of the clock by which systemd tells one reload from another. */
function readMonotonic(): string {
  const libc = openLibc(["clock_gettime"]);
  if (libc === null) return "0";
  const time = new BigInt64Array(2);
  libc.call.clock_gettime(CLOCK_MONOTONIC, new Uint8Array(time.buffer));
  libc.close();
  return String(time[0]! * 1_000_000n + time[1]! / 1000n);
}
