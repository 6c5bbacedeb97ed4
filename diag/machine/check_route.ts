/**
 * The check `route`: there is a way to the internet and to each registered phone, and answers
 * leave from the address that the phone writes to.
 * @module
 */

import { type CheckFinding, FindingNotes, say } from "./check_finding.ts";

/** From which address of ours a packet would leave; `failure` is why none would. */
export type RouteReading =
  | { readonly host: string }
  | { readonly failure: string };

export interface PhoneRoute {
  readonly number: string;
  /** The phone's address. */
  readonly host: string;
  /** The address of ours that it writes to; "" for unknown. */
  readonly local: string;
  /** Null: unknown. */
  readonly route: RouteReading | null;
}

/** Decides. `internet` null: the routes cannot be read. */
export function judgeRoute(
  internet: RouteReading | null,
  phones: readonly PhoneRoute[],
): CheckFinding {
  const notes = new FindingNotes();
  if (internet === null) return notes.add("skip", say("route-unknown")).finding;
  if ("host" in internet) {
    notes.add("pass", say("route-internet", { host: internet.host }));
  } else notes.add("warn", say("route-none"), say("route-fix-default"));
  let count = 0;
  for (const { number, host, local, route } of phones) {
    if (route === null) continue;
    if ("failure" in route) {
      notes.add(
        "fail",
        say("route-lost", { number, host, cause: route.failure }),
        say("route-fix-lost", { host }),
      );
    } else if (local !== "" && local !== route.host) {
      notes.add(
        "warn",
        say("route-other", { number, source: route.host, local }),
        say("route-fix-other", { source: route.host }),
      );
    } else count++;
  }
  if (count > 0 && count === phones.length) {
    notes.add("pass", say("route-phones", { count }));
  }
  return notes.finding;
}
