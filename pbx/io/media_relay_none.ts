/**
 * The relay where there is none: no C library, or no permission for it. It has no ports, so that
 * calls are refused, and phones register all the same.
 * @module
 */

import type { MediaCounts, MediaEnd } from "../media/media_relay.ts";
import type { RunningMediaRelay } from "./media_relay.ts";

/** Of an end that is not open. */
export const NO_COUNTS: MediaCounts = {
  packets: 0,
  octets: 0,
  lost: 0,
  jitterMs: 0,
  silentMs: 0,
  strangers: 0,
  sent: 0,
  source: "",
};

/** Opens nothing. */
export class NoMediaRelay implements RunningMediaRelay {
  open(): MediaEnd | null {
    return null;
  }

  counts(): MediaCounts {
    return NO_COUNTS;
  }

  aim(): void {}
  connect(): void {}
  echo(): void {}
  tone(): void {}
  disconnect(): void {}
  restart(): void {}
  close(): void {}
  flush(): void {}

  isWell(): boolean {
    return true;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
