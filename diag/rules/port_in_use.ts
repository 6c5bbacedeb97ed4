/**
 * `port-in-use`: another program sits where the server wants to listen.
 * @module
 */

import { formatAddress } from "../../sip/flow.ts";
import { see } from "../evidence.ts";
import {
  clashes,
  describeHolder,
  stopCommand,
} from "../machine/bound_address.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function portInUse(_story: Story, scene: Scene): Finding | null {
  const { server, ports, now } = scene;
  if (server === null || ports === null) return null;
  const holder = ports.holders.find((one) =>
    server.listen.some((wanted) => clashes(wanted, one)) &&
    !ports.holders.some((ours) =>
      ours.isOurs && ours.transport === one.transport && ours.port === one.port
    )
  );
  if (holder === undefined) return null;
  const transport = holder.transport.toUpperCase();
  const name = holder.pid === 0 ? "?" : describeHolder(holder);
  const finding: Finding = {
    code: "port-in-use",
    at: now,
    values: { port: holder.port, transport, holder: name },
    evidence: [
      see(now, "port-holder", {
        transport,
        address: formatAddress(holder.host, holder.port),
        holder: name,
      }),
    ],
  };
  if (holder.pid === 0) return finding;
  return { ...finding, command: stopCommand(holder, true) };
}
