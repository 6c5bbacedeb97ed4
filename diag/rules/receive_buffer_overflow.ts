/**
 * `receive-buffer-overflow`: the kernel drops datagrams of the server's sockets.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

/** What the server asks for; with this limit only a flood overflows it. */
const AMPLE_OCTETS = 8 << 20;

export function receiveBufferOverflow(
  _story: Story,
  scene: Scene,
): Finding | null {
  const { kernel, now } = scene;
  const drops = Math.max(
    kernel?.socketDrops ?? 0,
    kernel?.udpBufferErrors ?? 0,
  );
  if (kernel === null || drops === 0) return null;
  const limit = kernel.receiveBufferLimit;
  const evidence: Evidence[] = [see(now, "socket-drops", { count: drops })];
  if (limit > 0) evidence.push(see(now, "buffer-limit", { octets: limit }));
  const finding: Finding = {
    code: "receive-buffer-overflow",
    at: now,
    values: { drops },
    evidence,
  };
  if (limit >= AMPLE_OCTETS) return finding;
  return { ...finding, command: `sysctl -w net.core.rmem_max=${AMPLE_OCTETS}` };
}
