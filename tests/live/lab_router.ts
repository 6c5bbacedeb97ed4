/**
 * A second router with a phone behind it, whose private address is the one of the phone behind the
 * first router, as it often is in real life (RFC 5737 documentation addresses).
 *
 *     phone 192.168.77.20 -- router 192.168.77.1 | 203.0.113.7 -- 203.0.113.1 server
 *
 * @module
 */

import type { Lab } from "./lab.ts";
import { masquerade, type Network } from "./lab_network.ts";

/** The router's address as the server sees it. */
export const SECOND_ROUTER = "203.0.113.7";

/** Adds the router to a network; gives the namespace of the phone behind it. */
export async function addRouter(
  lab: Lab,
  { server, router }: Network,
  ports: "kept" | "random",
): Promise<string> {
  const [second, phone] = [`${router}2`, `${router}3`];
  for (const namespace of [second, phone]) {
    await lab.run(null, ["ip", "netns", "add", namespace]);
    lab.onClose(async () => {
      await lab.attempt(null, { command: ["ip", "netns", "del", namespace] });
    });
  }
  await lab.run(
    null,
    ["ip", "-batch", "-"],
    `link add wan2 netns ${server} type veth peer name wan netns ${second}\n` +
      `link add lan netns ${second} type veth peer name eth0 netns ${phone}\n`,
  );
  const configure = (namespace: string, lines: readonly string[]) =>
    lab.run(null, ["ip", "-n", namespace, "-batch", "-"], lines.join("\n"));
  await configure(server, [
    "addr add 203.0.113.1/24 dev wan2",
    "link set wan2 up",
  ]);
  await configure(second, [
    "link set lo up",
    `addr add ${SECOND_ROUTER}/24 dev wan`,
    "link set wan up",
    "addr add 192.168.77.1/24 dev lan",
    "link set lan up",
    "route add default via 203.0.113.1",
  ]);
  await configure(phone, [
    "link set lo up",
    "addr add 192.168.77.20/24 dev eth0",
    "link set eth0 up",
    "route add default via 192.168.77.1",
  ]);
  await lab.run(second, ["nft", "-f", "-"], masquerade(ports));
  await lab.run(second, ["sysctl", "-q", "-w", "net.ipv4.ip_forward=1"]);
  return phone;
}
