/**
 * A router that reads SIP and rewrites it, as routers with a "SIP ALG" do: what the phone behind
 * it sends to port 5060 goes through this program, and so do the answers.
 * @module
 */

import type { Lab } from "./lab.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { openUdpSocket } from "./lab_namespace.ts";

const INSIDE = "192.168.77.1";
const REDIRECT = `table ip alg {
  chain arriving {
    type nat hook prerouting priority -100;
    iifname "lan" udp dport 5060 dnat to ${INSIDE}:5060
  }
}
`;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Rewrites what a phone behind the router sends until the lab closes. `rewrite` gets the message
 * and the router's own address and port towards the server.
 */
export async function rewriteSip(
  lab: Lab,
  { router }: Network,
  rewrite: (message: string, outside: string) => string,
): Promise<void> {
  await lab.run(router, ["nft", "-f", "-"], REDIRECT);
  const inside = openUdpSocket(router, INSIDE, 5060);
  const outside = openUdpSocket(router, ADDRESS.router);
  const { port } = outside.addr as Deno.NetAddr;
  let phone: Deno.Addr | null = null;
  const upwards = relay(inside, async (datagram, from) => {
    phone = from;
    const text = rewrite(decoder.decode(datagram), `${ADDRESS.router}:${port}`);
    const server = { transport: "udp", hostname: ADDRESS.server, port: 5060 };
    await outside.send(encoder.encode(text), server as Deno.NetAddr);
  });
  const downwards = relay(outside, async (datagram) => {
    if (phone !== null) await inside.send(datagram, phone);
  });
  lab.onClose(async () => {
    inside.close();
    outside.close();
    await Promise.all([upwards, downwards]);
  });
}

/** Hands on every datagram until the socket is closed. */
async function relay(
  socket: Deno.DatagramConn,
  handOn: (datagram: Uint8Array, from: Deno.Addr) => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      const [datagram, from] = await socket.receive();
      await handOn(datagram, from);
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) return;
    }
  }
}
