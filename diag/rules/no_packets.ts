/**
 * `no-packets`: the watch is over, and nothing of the phone came as far as the network card.
 * Without a look at the card it is a guess.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import {
  isBlank,
  sipPort,
  sourceOf,
  standingRegistration,
} from "../story/standing.ts";
import { serverAddress } from "../story/server_address.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

export function noPackets(story: Story, scene: Scene): Finding | null {
  const { now, since, wire } = scene;
  if (!scene.isOver || !isSilent(story, scene)) return null;
  const seconds = Math.max(0, Math.round((now - since) / 1000));
  const evidence: Evidence[] = [see(now, "nothing-came", { seconds })];
  const isCertain = wire !== null && !scene.isOffline;
  if (isCertain) {
    evidence.push(see(now, "ports-watched", { ports: wire.ports }));
  }
  const other = scene.others.filter(({ lastAt }) => lastAt >= since).at(-1);
  if (other !== undefined) {
    evidence.push(see(now, "others-came", { source: sourceOf(other) }));
  }
  if (isOpen(scene)) evidence.push(see(now, "firewall-open"));
  if (scene.isOffline) evidence.push(see(now, "file-tells-little"));
  else if (!isCertain) evidence.push(see(now, "card-not-watched"));
  const finding: Finding = {
    code: "no-packets",
    at: now,
    values: {
      seconds,
      address: serverAddress(story, scene),
      port: sipPort(scene),
    },
    evidence,
  };
  return isCertain ? finding : { ...finding, severity: "info" };
}

function isSilent(story: Story, scene: Scene): boolean {
  if (isBlank(story)) return true;
  const { trail } = story;
  return story.lastAt < scene.since && trail.lastAt < scene.since &&
    standingRegistration(story, scene) === null;
}

function isOpen(scene: Scene): boolean {
  return scene.firewall?.flows.some(({ direction, transport, outcome }) =>
    direction === "in" && transport === "udp" && outcome === "accept"
  ) ?? false;
}
