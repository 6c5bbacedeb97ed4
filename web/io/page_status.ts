/**
 * The status page and its repairs, on the running server.
 * @module
 */

import { statfs } from "node:fs/promises";
import type { History } from "../../diag/history/history.ts";
import type { ServerTrouble } from "../../diag/trouble_watch.ts";
import type { CallRecord } from "../../pbx/call/call_record.ts";
import type { CheckDesk } from "../check_desk.ts";
import type { RepairSource } from "../page/repair_actions.ts";
import type { StatusSource } from "../page/status_page.tsx";
import type { ServerStatus } from "../server_status.ts";
import type { RollDesk } from "./roll_desk.ts";

export interface StatusParts {
  status(): ServerStatus;
  phoneAddress(): string;
  readonly roll: Pick<RollDesk, "read" | "settle">;
  /** Whether the verdicts of phones are of now. */
  readonly reports: { readonly isFresh: boolean };
  liveCalls(): readonly CallRecord[];
  readonly checks: CheckDesk;
  readonly history: Pick<History, "window">;
  readonly troubles: { list(nowMs: number): readonly ServerTrouble[] };
  readonly dataDir: string;
  monotonicMs(): number;
}

/** A step is shown when it is over for so long, because its reading comes a little later. */
const SETTLED_MS = 2000;
/** How often the disk is looked at while somebody looks at the page. */
const DISK_EVERY_MS = 30_000;

export function openStatusSource(parts: StatusParts): StatusSource {
  const disk = new FreeSpace(parts.dataDir, parts.monotonicMs);
  const { roll, reports, checks, dataDir } = parts;
  return {
    status: () => parts.status(),
    phoneAddress: () => parts.phoneAddress(),
    roll: () => roll.read(),
    settle: () => roll.settle(),
    hasVerdicts: () => reports.isFresh,
    liveCalls: () => parts.liveCalls(),
    checks,
    history: (range, nowMs) => parts.history.window(range, nowMs - SETTLED_MS),
    troubles: (nowMs) => parts.troubles.list(nowMs),
    dataDir,
    freeOctets: () => disk.read(),
  };
}

/** What is free on a disk, as it was known a little while ago; nobody waits for it. */
class FreeSpace {
  readonly #directory: string;
  readonly #monotonicMs: () => number;
  #octets: number | null = null;
  #askedAtMs = -Infinity;

  constructor(directory: string, monotonicMs: () => number) {
    this.#directory = directory;
    this.#monotonicMs = monotonicMs;
  }

  read(): number | null {
    const nowMs = this.#monotonicMs();
    if (nowMs - this.#askedAtMs >= DISK_EVERY_MS) {
      this.#askedAtMs = nowMs;
      statfs(this.#directory).then(
        ({ bavail, bsize }) => this.#octets = bavail * bsize,
        () => this.#octets = null,
      );
    }
    return this.#octets;
  }
}

/** What repairs need of the exchange. */
export interface RepairExchange {
  ping(number: string, isLastChance?: boolean): number;
  retryStore(): boolean;
}

export function openRepairSource(exchange: RepairExchange): RepairSource {
  return {
    askPhones: (number) => exchange.ping(number),
    forgetSilent: (number) => exchange.ping(number, true),
    retryStore: () => exchange.retryStore(),
  };
}
