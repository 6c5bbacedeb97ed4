/**
 * `phone-uses-tcp`: an error where its connection is refused; only a remark where it works.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import {
  hasTriedSince,
  isOurPort,
  standingRegistration,
} from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function phoneUsesTcp(story: Story, scene: Scene): Finding | null {
  const registered = standingRegistration(story, scene);
  if (registered === null) return seeRefused(story, scene);
  const { at, flow } = registered;
  if (flow.transport !== "tcp") return null;
  return {
    code: "phone-uses-tcp",
    at,
    values: { source: flow.peer, port: flow.localPort },
    evidence: [see(at, "registered-over-tcp", { source: flow.peer })],
    severity: "info",
  };
}

function seeRefused(story: Story, scene: Scene): Finding | null {
  const { trail, host: source } = story;
  const arrival = trail.arrivals.find((one) =>
    one.class === "syn" && isOurPort(scene, one.localPort)
  );
  if (arrival === undefined || trail.connections > 0) return null;
  const { lastAt: at, localPort: port, count } = arrival;
  const isRefused = trail.resets > 0 || isClosed(scene, port);
  if (!isRefused || hasTriedSince(story, at)) return null;
  return {
    code: "phone-uses-tcp",
    at,
    values: { source, port },
    evidence: [see(at, "connection-refused", { count, source, port })],
  };
}

/** Whether nobody at all waits for connections to this port. */
function isClosed({ ports, server }: Scene, wanted: number): boolean {
  return server?.isRunning === true && ports !== null &&
    ports.holders.length > 0 &&
    !ports.holders.some(({ transport, port }) =>
      transport === "tcp" && port === wanted
    );
}
