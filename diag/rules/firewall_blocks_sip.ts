/**
 * `firewall-blocks-sip`: packets reach the network card and not the server, or answers leave the
 * server and not the card, and a rule of this machine's firewall is why. The capture and the rules
 * are witnesses; where only one of them is there, the other one's counters decide, or it is a
 * guess.
 * @module
 */

import type { TransportName } from "../../sip/flow.ts";
import { see } from "../evidence.ts";
import type { FirewallFlow, Scene } from "../scene.ts";
import {
  hasRegisteredSince,
  isBlank,
  isListening,
  openAttempt,
  sipPort,
  sourceOf,
  standingRegistration,
} from "../story/standing.ts";
import type { Arrival, Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";
import type { Severity } from "../catalogue.ts";

/** What the server would have told of a packet by then. */
const TOLD_AFTER_MS = 1000;
const FEWEST_UNHEARD = 2;
const FEWEST_UNANSWERED = 3;

export function firewallBlocksSip(story: Story, scene: Scene): Finding | null {
  if (scene.isOffline) return guessFromFile(story, scene);
  if (!scene.server?.isRunning || isBanned(story, scene)) return null;
  return seeUnheard(story, scene) ?? seeUnsent(story, scene) ??
    readRules(story, scene);
}

function isBanned({ trail }: Story, { now }: Scene): boolean {
  const { banned } = trail;
  return banned !== null && (banned.until === 0 || banned.until > now);
}

/** Packets on the card, none on the socket. */
function seeUnheard(story: Story, scene: Scene): Finding | null {
  const arrival = story.trail.arrivals.find((one) =>
    isUnheard(one, story, scene)
  );
  if (arrival === undefined) return null;
  const { transport, localPort: port, lastAt: at, unheard: count } = arrival;
  const flow = findFlow(scene, "in", transport, port, story.host);
  // it is not the firewall then, and not what we know of
  if (flow?.outcome === "accept") return null;
  const source = story.host;
  const evidence = [
    arrival.class === "syn"
      ? see(at, "connections-unheard", { count, source, port })
      : see(at, "packets-unheard", {
        count,
        source,
        transport: transport.toUpperCase(),
        port,
      }),
  ];
  const isKnown = describeRule(flow, scene, at, evidence);
  // it works without TCP as long as nobody needs it
  const severity = arrival.class === "syn" &&
      standingRegistration(story, scene) !== null
    ? "warning"
    : isKnown
    ? "error"
    : "info";
  return conclude(scene, at, transport, port, flow, evidence, severity);
}

function isUnheard(arrival: Arrival, story: Story, scene: Scene): boolean {
  const { class: kind, unheard, unheardSince, lastAt, transport } = arrival;
  if (kind !== "sip" && kind !== "syn") return false;
  // a refused connection is heard by the one who tries
  if (kind === "syn" && story.trail.resets > 0) return false;
  return unheard >= FEWEST_UNHEARD && isListening(scene, arrival) &&
    scene.now - unheardSince >= TOLD_AFTER_MS &&
    (scene.kernel?.socketDrops ?? 0) === 0 &&
    // a phone that changed to another transport, and was served there
    !(transport === "udp" && hasRegisteredSince(story, lastAt));
}

/** Answers that the kernel refuses to send, or that never reach the card. */
function seeUnsent(story: Story, scene: Scene): Finding | null {
  const attempt = openAttempt(story);
  if (attempt === null || attempt.unheard === 0) return null;
  const { trail } = story;
  const at = attempt.lastRetransmissionAt;
  const { transport, localPort: port } = attempt;
  const source = sourceOf(story);
  const flow = findFlow(scene, "out", transport, attempt.port, story.host);
  const isRefused = trail.sendFailures > 0 &&
    trail.lastSendFailureAt >= attempt.startedAt &&
    trail.lastSendFailure.includes("EPERM");
  const evidence: Evidence[] = [];
  if (isRefused) {
    const count = trail.sendFailures;
    const error = trail.lastSendFailure;
    evidence.push(
      see(trail.lastSendFailureAt, "send-refused", { count, source, error }),
    );
  } else if (isOnCardOnly(story, scene, attempt.startedAt)) {
    evidence.push(see(at, "answers-not-on-card", { source }));
  } else if (!isStopped(flow)) return null;
  describeRule(flow, scene, at, evidence);
  return conclude(scene, at, transport, port, flow, evidence, "error");
}

/** Whether the card was watched, brought the requests, and let no answer out. */
function isOnCardOnly(
  { trail }: Story,
  { wire }: Scene,
  startedAt: number,
): boolean {
  return wire !== null && wire.since <= startedAt && trail.departures === 0 &&
    trail.arrivals.some((one) => one.class === "sip" && one.count > 1);
}

/** Without a look at the card: a rule that stops SIP from everywhere, and nothing came. */
function readRules(story: Story, scene: Scene): Finding | null {
  const { wire, since, now } = scene;
  const port = sipPort(scene);
  if (!isBlank(story) || standingRegistration(story, scene)) return null;
  if (scene.others.some(({ lastAt }) => lastAt >= since)) return null;
  const flow = findFlow(scene, "in", "udp", port, "");
  if (flow === null || !isStopped(flow)) return null;
  const isSeen = flow.recentPackets > 0 && wire === null;
  if (!isSeen && !scene.isOver) return null;
  const evidence: Evidence[] = [];
  if (wire !== null) {
    evidence.push(see(now, "ports-watched", { ports: wire.ports }));
  }
  describeRule(flow, scene, now, evidence);
  return conclude(scene, now, "udp", port, flow, evidence, "error");
}

/** A recording where requests come and nothing is answered. */
function guessFromFile(story: Story, scene: Scene): Finding | null {
  const { trail } = story;
  const arrival = trail.arrivals.find((one) =>
    one.class === "sip" && one.method === "REGISTER" &&
    one.count >= FEWEST_UNANSWERED
  );
  if (arrival === undefined || trail.departures > 0) return null;
  const { lastAt: at, count, transport, localPort: port } = arrival;
  const evidence = [
    see(at, "nothing-answered", { count, source: story.host }),
    see(at, "file-tells-little"),
  ];
  return conclude(scene, at, transport, port, null, evidence, "info");
}

/** Says what is known of the rule; whether it is known to stop the packets. */
function describeRule(
  flow: FirewallFlow | null,
  scene: Scene,
  at: number,
  evidence: Evidence[],
): boolean {
  const { rule = "", recentPackets = 0 } = flow ?? {};
  if (rule !== "") evidence.push(see(at, "dropping-rule", { rule }));
  if (recentPackets > 0) {
    evidence.push(see(at, "rule-counter", { count: recentPackets }));
  }
  if (isStopped(flow)) return true;
  const reason = scene.firewall?.unreadable ?? "";
  if (reason === "") evidence.push(see(at, "firewall-unclear"));
  else evidence.push(see(at, "firewall-unreadable", { reason }));
  return false;
}

function conclude(
  scene: Scene,
  at: number,
  transport: TransportName,
  port: number,
  flow: FirewallFlow | null,
  evidence: readonly Evidence[],
  severity: Severity,
): Finding {
  const finding: Finding = {
    code: "firewall-blocks-sip",
    at,
    values: {
      tool: scene.firewall?.tool ?? "",
      rule: flow?.rule ?? "",
      transport: transport.toUpperCase(),
      port,
    },
    evidence,
    severity,
  };
  const command = flow?.command ?? "";
  return command === "" ? finding : { ...finding, command };
}

/** What the firewall does with such packets; a rule about this source goes first. */
function findFlow(
  { firewall }: Scene,
  direction: FirewallFlow["direction"],
  transport: TransportName,
  port: number,
  host: string,
): FirewallFlow | null {
  const fitting =
    firewall?.flows.filter((one) =>
      one.direction === direction && one.transport === transport &&
      (one.source === "" || one.source === host) &&
      (direction === "out" || (one.first <= port && port <= one.last))
    ) ?? [];
  return fitting.find(({ source }) => source !== "") ?? fitting[0] ?? null;
}

function isStopped(flow: FirewallFlow | null): boolean {
  return flow?.outcome === "drop" || flow?.outcome === "reject";
}
