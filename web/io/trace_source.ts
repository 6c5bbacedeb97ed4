/**
 * Where a trace has its messages from: the network cards, where this process may look at them, or
 * else the running server, which shows what it gets and sends.
 * @module
 */

import {
  readMessage,
  type WireMessage,
} from "../../diag/bundle/bundle_message.ts";
import {
  openPacketSocket,
  type PacketSocket,
} from "../../diag/io/packet_socket.ts";
import { listLocalAddresses } from "../../diag/io/server_view.ts";
import { Dissector } from "../../diag/wire/dissect.ts";
import type { Ends } from "../../diag/wire/ends.ts";
import type { FragmentsLost, PacketSeen } from "../../diag/wire/packet_fact.ts";
import type { PortRange } from "../../diag/wire/packet_filter.ts";
import { Flow } from "../../sip/flow.ts";
import type { ReachableServer } from "./api_client.ts";
import { followEvents } from "./event_client.ts";

/** Takes what a source brings; may throw, which ends the source. */
export interface TraceListener {
  onMessage(message: WireMessage): void;
  /** A packet that is no message. */
  onSign(fact: PacketSeen | FragmentsLost): void;
}

/** A source that runs. */
export interface TraceSource {
  /** Resolves when it is over, with why: "" after `close()`. Rejects with what a listener threw. */
  readonly ended: Promise<string>;
  /** How many packets or messages it had to leave out so far. */
  countDropped(): number;
  close(): void;
}

/** How often the machine's own addresses are looked at again. */
const ADDRESSES_EVERY_MS = 5000;

/** Watches the network cards; null where this process may not. */
export function watchCards(
  watched: readonly PortRange[],
  ownPorts: readonly number[],
  listener: TraceListener,
): TraceSource | null {
  const socket = openPacketSocket({ sip: watched, rtp: null });
  if ("why" in socket) return null;
  const hosts = new Set(listLocalAddresses());
  const timer = setInterval(() => {
    for (const host of listLocalAddresses()) hosts.add(host);
  }, ADDRESSES_EVERY_MS);
  const ends = { hosts, ports: new Set(ownPorts) };
  let dropped = 0;
  return {
    ended: readPackets(socket, ends, listener).finally(() =>
      clearInterval(timer)
    ),
    countDropped: () => dropped += socket.takeDrops(),
    close: () => socket.close(),
  };
}

async function readPackets(
  socket: PacketSocket,
  ends: Ends,
  listener: TraceListener,
): Promise<string> {
  const dissector = new Dissector(ends);
  await socket.run((frame) => {
    for (const { fact, message } of dissector.take(frame)) {
      if (fact.kind === "packet-seen" && message !== null) {
        listener.onMessage(toMessage(fact, message));
      } else listener.onSign(fact);
    }
  });
  return "";
}

function toMessage(fact: PacketSeen, octets: Uint8Array): WireMessage {
  const { at, direction, transport, host, port, localHost, localPort } = fact;
  const flow = new Flow(transport, 0, localHost, localPort, host, port);
  return { at, direction, flow, octets };
}

/**
 * Follows the messages of a server.
 *
 * @param since also those that the server has kept from then on, in milliseconds since 1970; null:
 * only new ones.
 */
export function followServer(
  server: ReachableServer,
  hasSecrets: boolean,
  since: number | null,
  listener: TraceListener,
): TraceSource {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let dropped = 0;
  const path = "/api/v1/events?messages=1" + (hasSecrets ? "&secrets=1" : "") +
    (since === null ? "" : `&since=${since}`);
  const events = followEvents(server, path, ({ name, data }) => {
    try {
      if (name === "message") {
        const message = readMessage(data);
        if (message !== null) listener.onMessage(message);
      } else if (name === "dropped") {
        dropped += Number((data as { count?: unknown } | null)?.count) || 0;
      }
    } catch (error) {
      events.close();
      reject(error);
    }
  });
  return {
    ended: Promise.race([failed, events.ended]),
    countDropped: () => dropped,
    close: () => events.close(),
  };
}
