/**
 * The check `media`: two ports of the range for RTP hear each other (RFC 3550 §11: even ports).
 * @module
 */

import type { PortRange } from "../../pbx/config_value.ts";
import { type CheckFinding, FindingNotes, say } from "./check_finding.ts";

export interface MediaReading {
  readonly range: PortRange;
  /** The address of ours that was used. */
  readonly host: string;
  /** The two ports; null: not two were free. */
  readonly ports: readonly [number, number] | null;
  /** Milliseconds there and back; -1: something did not arrive. */
  readonly ms: number;
  /** Which way was deaf first: from the first port to the second, or back. */
  readonly isFirstHeard: boolean;
}

/** Decides. `firewallCommand` shows more about the firewall. */
export function judgeMedia(
  reading: MediaReading,
  firewallCommand: string,
): CheckFinding {
  const { range, host, ports, ms, isFirstHeard } = reading;
  const notes = new FindingNotes();
  if (ports === null) {
    const text = `${range.first}-${range.last}`;
    return notes.add(
      "fail",
      say("media-taken", { range: text, host }),
      say("media-fix-taken"),
    ).finding;
  }
  const [first, second] = ports;
  if (ms >= 0) {
    const rounded = Math.round(ms * 10) / 10;
    return notes.add(
      "pass",
      say("media-round", { first, second, host, ms: rounded }),
    ).finding;
  }
  const [from, to] = isFirstHeard ? [second, first] : [first, second];
  return notes.add(
    "fail",
    say("media-deaf", { from, to, host }),
    say("media-fix-deaf", { command: firewallCommand }),
  ).finding;
}
