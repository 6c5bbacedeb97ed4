/**
 * The server as main builds it for `serve` and for self-tests: sockets and database are open,
 * nothing was received yet.
 * @module
 */

import type { HistoryStore } from "../../diag/io/history_store.ts";
import type { CallDialog } from "../../pbx/call/call_dialog.ts";
import type { CallRecord } from "../../pbx/call/call_record.ts";
import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import type { Fact } from "../../pbx/fact.ts";
import type { LiveBinding } from "../../pbx/io/binding_rows.ts";
import type { CallStore } from "../../pbx/io/call_store.ts";
import type {
  ExtensionRow,
  ExtensionStore,
} from "../../pbx/io/extension_store.ts";
import type { MediaCounts } from "../../pbx/media/media_relay.ts";
import type { OnTraffic } from "../../pbx/io/exchange.ts";
import type { AccessKeeper } from "../access/access_parts.ts";
import type { DiagnosisParts } from "./serve_diagnosis.ts";

/** Opens what a server needs, all of it or nothing. */
export type BuildServer = (
  config: Config,
  ears: ExchangeEars,
) => Promise<ServerParts>;

/** Takes what the exchange has to tell. */
export interface ExchangeEars {
  readonly onFacts: (facts: readonly Fact[]) => void;
  readonly onTraffic: OnTraffic;
}

/** The server as main built it: sockets and database are open, nothing was received yet. */
export interface ServerParts extends DiagnosisParts {
  /** Where the sockets are bound. */
  readonly sip: readonly Address[];
  /** Sockets that systemd handed over in vain, in words. */
  readonly unusedSockets: readonly string[];
  /** The machine's own addresses. */
  readonly localAddresses: readonly string[];
  readonly exchange: DiagnosisParts["exchange"] & {
    /** Receives until `stop()`. */
    run(): Promise<void>;
    stop(): void;
    /** When it looked last at what has to be done in time, by the monotonic clock. */
    readonly tickedMs: number;
    status(): {
      readonly extensions: number;
      readonly registrations: number;
      /** Those that live. */
      readonly calls: number;
    };
    /** Those of one extension, or of all, at most so many. */
    listBindings(number?: string, most?: number): LiveBinding[];
    /** Writes what is not written yet of calls that are over. */
    saveCalls(): void;
    /** The calls that live, the oldest first. */
    listCalls(): readonly CallRecord[];
    /** The Call-IDs of a call; null where they are not known any more. */
    dialogsOf(id: string): readonly CallDialog[] | null;
    /** Tries to write the journal; false where that does not work. */
    retryStore(): boolean;
    /** What is counted now of the phone that made a call; null where no such call is relayed. */
    countsOf(id: string): MediaCounts | null;
    /** Ends a call; false where no such call lives. */
    hangUp(id: string): boolean;
  };
  readonly calls: Pick<CallStore, "list" | "get" | "closeOpen">;
  /** The password of the page and its sessions. */
  readonly access: AccessKeeper;
  readonly extensions: ExtensionStore;
  /** What the page remembers of the last day; told why it could not be read or written. */
  openHistory(onTrouble: (cause: string) => void): HistoryStore;
  /** Short numbers first; the same array as before where nothing changed. */
  listExtensions(): readonly ExtensionRow[];
  monotonicMs(): number;
  /** Whether sound is carried, or would be; ask seldom. */
  isSoundWell(): boolean;
  /** Closes what `stop()` leaves open. */
  close(): Promise<void>;
}
