/**
 * How far a phone has got that somebody connects right now.
 * @module
 */

import { entryOf } from "../../diag/catalogue.ts";
import { severityOf, stageOf } from "../../diag/ranking.ts";
import type { Finding } from "../../diag/verdict.ts";
import type { WatchState } from "../../diag/watch.ts";
import type { BindingEntry } from "../extension_entry.ts";
import type { TestCall } from "../test_call.ts";

export interface ConnectState {
  /** Null for the moment that it takes to begin. */
  readonly watch: WatchState | null;
  /** Whether the network card is looked at too. */
  readonly isCardWatched: boolean;
  /** Whether what the verdict rests on was seen some seconds ago, perhaps before anybody looked. */
  readonly isSettled: boolean;
  /** A phone of the extension that is registered, whenever that was; null for none. */
  readonly binding: Pick<BindingEntry, "source" | "userAgent"> | null;
  /** Null before the first one. */
  readonly call: TestCall | null;
}

export interface ConnectSource {
  /**
   * Looks how it stands; whoever asks has the phone watched from now on, for as long as he asks.
   * Null where too many phones are watched.
   */
  look(number: string): ConnectState | null;
  /** Whether the configuration lets the network card be looked at. */
  readonly mayCapture: boolean;
  /** The ports of sound, as text. */
  readonly soundPorts: string;
  /** The command that watches a phone, as it is typed on this server. */
  doctorCommand(number: string): string;
}

/** What the page says first. */
export type ConnectStep =
  | "waiting"
  | "seen"
  /** No phone was seen yet, and none would get through. */
  | "unready"
  | "stopped"
  /** It was registered, and is not any more. */
  | "gone"
  | "registered";

/** Chooses what to say: a verdict only when waiting longer would not change it. */
export function stepOf(
  { watch, binding, isSettled }: ConnectState,
): ConnectStep {
  const main = watch?.main ?? null;
  if (main?.code === "ok") return "registered";
  const isOfSilence = main?.code === "no-packets" || main?.code === "undecided";
  if (main !== null && watch!.isCertain && severityOf(main) !== "ok") {
    if (!watch!.isSeen && isOfServer(main)) return "unready";
    if (binding === null || !isOfSilence) return "stopped";
  }
  if (binding !== null) return "registered";
  if (watch === null || !watch.isSeen) return "waiting";
  if (main !== null && isSettled && !isOfSilence) {
    // what went wrong last counts until the phone tries again
    if (severityOf(main) === "error") return "stopped";
  }
  const { unregistered, lastAt } = watch.story;
  return unregistered !== null && unregistered.at >= lastAt ? "gone" : "seen";
}

/** Whether it is mended at the server or its name, whatever the phone does. */
function isOfServer(finding: Finding): boolean {
  return entryOf(finding.code).where === "server" ||
    stageOf(finding) === "dns";
}
