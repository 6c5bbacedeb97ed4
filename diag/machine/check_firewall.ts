/**
 * The check `firewall`: no rule stops SIP, or the media, that comes from outside, nor our answers.
 * @module
 */

import type { FirewallFlow, FirewallView } from "../scene.ts";
import { type CheckFinding, FindingNotes, say } from "./check_finding.ts";

/** Decides. */
export function judgeFirewallView(view: FirewallView): CheckFinding {
  const notes = new FindingNotes();
  if (view.unreadable !== "") {
    const cause = view.unreadable;
    return notes.add("skip", say("firewall-unreadable", { cause })).finding;
  }
  const open: FirewallFlow[] = [];
  for (const flow of view.flows) {
    const { outcome, command } = flow;
    const rule = flow.rule === "" ? view.tool : flow.rule;
    if (outcome === "accept") open.push(flow);
    else if (outcome === "unknown") {
      notes.add("warn", say("firewall-unsure", { flow: nameFlow(flow), rule }));
    } else {
      notes.add(
        "fail",
        say("firewall-blocked", { flow: nameFlow(flow), rule }),
        command === "" ? undefined : say("firewall-fix", { command }),
      );
    }
  }
  if (open.length > 0) {
    const flows = open.map(nameFlow).join(", ");
    notes.add("pass", say("firewall-open", { flows }));
  }
  return notes.finding;
}

/** `UDP 5060`; `UDP 10000-19999`; `-> UDP 1024-65535` for what leaves. */
function nameFlow({ direction, transport, first, last }: FirewallFlow): string {
  const ports = first === last ? String(first) : `${first}-${last}`;
  const arrow = direction === "out" ? "→ " : "";
  return `${arrow}${transport.toUpperCase()} ${ports}`;
}
