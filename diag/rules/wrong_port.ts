/**
 * `wrong-port`: the phone writes to a port where nobody listens. The capture sees it; without one
 * there is only a counter of the kernel, which does not say who it was.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import {
  hasTriedSince,
  isBlank,
  isOurPort,
  sipPort,
} from "../story/standing.ts";
import type { Arrival, Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function wrongPort(story: Story, scene: Scene): Finding | null {
  const { server } = scene;
  if (server === null || !server.isRunning) return null;
  return seeArrival(story, scene) ?? guess(story, scene);
}

function seeArrival(story: Story, scene: Scene): Finding | null {
  const arrival = story.trail.arrivals
    .filter((one) => isAstray(one, story, scene))
    .sort((a, b) => a.lastAt - b.lastAt).at(-1);
  if (arrival === undefined) return null;
  const { lastAt, count, localPort, class: kind } = arrival;
  const values = { count, source: story.host, wrong: localPort };
  const finding: Finding = {
    code: "wrong-port",
    at: lastAt,
    values: { wrong: localPort, right: sipPort(scene) },
    evidence: [
      kind === "sip"
        ? see(lastAt, "sip-at-wrong-port", values)
        : see(lastAt, "connections-at-wrong-port", values),
    ],
  };
  return kind === "sip" ? finding : { ...finding, severity: "info" };
}

function isAstray(arrival: Arrival, story: Story, scene: Scene): boolean {
  if (isOurPort(scene, arrival.localPort)) return false;
  if (hasTriedSince(story, arrival.lastAt)) return false;
  if (arrival.class === "syn") {
    return scene.isOver && arrival.count > 1;
  }
  return arrival.class === "sip" && arrival.method === "REGISTER" &&
    (story.number === "" || arrival.number === story.number);
}

function guess(story: Story, scene: Scene): Finding | null {
  const { kernel, wire, now } = scene;
  if (!scene.isOver || wire !== null || kernel === null) return null;
  if (kernel.udpNoPorts === 0 || !isBlank(story)) return null;
  return {
    code: "wrong-port",
    at: now,
    values: { wrong: `≠${sipPort(scene)}`, right: sipPort(scene) },
    evidence: [
      see(now, "closed-port-counter", { count: kernel.udpNoPorts }),
      see(now, "card-not-watched"),
    ],
    severity: "info",
  };
}
