/**
 * Gives memory back after a storm: when many messages have come and then few, what they left
 * behind is collected and returned to the system. Deno does neither by itself while a program is
 * idle, and the C library keeps what was freed below its last live block.
 * @module
 */

import { type Libc, openLibc } from "../../sip/io/libc.ts";

/** A storm is over when this many ticks in a row were quiet; and once more when the transactions are. */
const QUIET_TICKS = [12, 140];
/** More messages than this between two ticks are no quiet. */
const QUIET_MESSAGES = 25;
/** What makes it worth the while. */
const STORM_MESSAGES = 2000;

/** <malloc.h>: blocks from this size on are mapped by themselves, and unmapped when freed. */
const M_MMAP_THRESHOLD = -3;
const LARGE_BLOCK = 64 * 1024;

export class Tidy {
  readonly #libc: Libc<"mallopt" | "malloc_trim"> | null;
  #messages = 0;
  #lastTick = 0;
  #quietTicks = 0;

  constructor() {
    this.#libc = openLibc(["mallopt", "malloc_trim"]);
    this.#libc?.call.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
  }

  /** So many messages have come. */
  count(messages: number): void {
    this.#messages += messages;
  }

  /** Called at even intervals. */
  tick(): void {
    const came = this.#messages - this.#lastTick;
    this.#lastTick = this.#messages;
    this.#quietTicks = came > QUIET_MESSAGES ? 0 : this.#quietTicks + 1;
    if (
      this.#messages < STORM_MESSAGES || !QUIET_TICKS.includes(this.#quietTicks)
    ) return;
    if (this.#quietTicks === QUIET_TICKS.at(-1)) {
      this.#messages = 0;
      this.#lastTick = 0;
    }
    // there with --v8-flags=--expose-gc only
    const collect: unknown = Reflect.get(globalThis, "gc");
    if (typeof collect === "function") {
      collect({ type: "major", execution: "sync", flavor: "last-resort" });
    }
    this.#libc?.call.malloc_trim(0n);
  }

  close(): void {
    this.#libc?.close();
  }
}
