/**
 * `phone-uses-tls`: a TLS handshake where none is offered, or a try at the port of SIP over TLS.
 * A single try there may be a stranger's.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { hasTriedSince, isOurPort, sipPort } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

const TLS_PORT = 5061;

export function phoneUsesTls(story: Story, scene: Scene): Finding | null {
  return seeHandshake(story, scene) ?? seeConnections(story, scene);
}

function seeHandshake(story: Story, scene: Scene): Finding | null {
  const { trail } = story;
  const arrival = trail.arrivals.filter((one) => one.class === "tls")
    .sort((a, b) => a.lastAt - b.lastAt).at(-1);
  const at = Math.max(trail.lastTlsOfferAt, arrival?.lastAt ?? 0);
  if (at === 0 || hasTriedSince(story, at)) return null;
  const source = story.host;
  const port = arrival?.localPort ?? sipPort(scene);
  return {
    code: "phone-uses-tls",
    at,
    values: { source, port },
    evidence: [see(at, "tls-offered", { source, port })],
  };
}

function seeConnections(story: Story, scene: Scene): Finding | null {
  if (isOurPort(scene, TLS_PORT)) return null;
  const arrival = story.trail.arrivals.find((one) =>
    one.class === "syn" && one.localPort === TLS_PORT
  );
  if (arrival === undefined) return null;
  const { lastAt: at, count } = arrival;
  if (hasTriedSince(story, at)) return null;
  const source = story.host;
  const evidence: Evidence[] = [
    see(at, "tls-port-tried", { count, source, port: TLS_PORT }),
  ];
  const finding = {
    code: "phone-uses-tls",
    at,
    values: { source, port: TLS_PORT },
    evidence,
  } as const;
  if (count > 1) return finding;
  evidence.push(see(at, "tried-once"));
  return { ...finding, severity: "info" };
}
