/**
 * The server as main builds it for `serve` and for self-tests: sockets and database are open,
 * nothing was received yet.
 * @module
 */

import type { CallRecord } from "../../pbx/call/call_record.ts";
import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import type { Fact } from "../../pbx/fact.ts";
import type { CallStore } from "../../pbx/io/call_store.ts";
import type { OnTraffic } from "../../pbx/io/exchange.ts";
import type { BindingEntry } from "../extension_entry.ts";
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
  /** The machine's own addresses. */
  readonly localAddresses: readonly string[];
  readonly exchange: DiagnosisParts["exchange"] & {
    /** Receives until `stop()`. */
    run(): Promise<void>;
    stop(): void;
    status(): {
      readonly extensions: number;
      readonly registrations: number;
      /** Those that live. */
      readonly calls: number;
    };
    listBindings(): ({ readonly number: string } & BindingEntry)[];
    /** Writes what is not written yet of calls that are over. */
    saveCalls(): void;
    /** The calls that live, the oldest first. */
    listCalls(): readonly CallRecord[];
    /** Ends a call; false where no such call lives. */
    hangUp(id: string): boolean;
  };
  readonly calls: Pick<CallStore, "list" | "get" | "closeOpen">;
  listExtensions(): { readonly number: string; readonly name: string }[];
  monotonicMs(): number;
  /** Closes what `stop()` leaves open. */
  close(): Promise<void>;
}
