/**
 * Which end of a packet is the server's. A live capture knows the machine's addresses; of a file
 * it is told by the traffic: who answers REGISTER requests, else who gets them, else who
 * challenges, else who uses the SIP port (RFC 3261 §19.1.2).
 * @module
 */

import { classifyDatagram } from "../../sip/datagram.ts";
import { formatAddress, type TransportName } from "../../sip/flow.ts";
import { parse } from "../../sip/parse.ts";
import {
  decodeFrame,
  decodeSegment,
  type Frame,
  type Segment,
} from "./packet.ts";

/** One place where a server listens. */
export interface ServerEnd {
  readonly transport: TransportName;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The server's side of the network. */
export interface Ends {
  readonly hosts: ReadonlySet<string>;
  /** The ports on which it expects SIP. */
  readonly ports: ReadonlySet<number>;
}

const SIP_PORT = 5060;
/** More would be no capture of one server; and a bound on what a file can make us keep. */
const MOST_ENDS = 4096;

/** The server's side as `findServers()` found it, or as somebody says it is. */
export function endsOf(
  servers: Iterable<{ readonly host: string; readonly port: number }>,
): Ends {
  const hosts = new Set<string>();
  const ports = new Set<number>();
  for (const { host, port } of servers) {
    hosts.add(host);
    ports.add(port);
  }
  return { hosts, ports };
}

/** Whether a segment goes to the server (`in`) or comes from it; null: neither. */
export function directionOf(
  { hosts, ports }: Ends,
  { source, sourcePort, destination, destinationPort }: Segment,
): "in" | "out" | null {
  const isFrom = hosts.has(source);
  const isTo = hosts.has(destination);
  if (isFrom !== isTo) return isTo ? "in" : "out";
  if (!isTo) return null;
  // both on one machine
  return ports.has(sourcePort) && !ports.has(destinationPort) ? "out" : "in";
}

/** Finds the servers of a capture; several where it shows several, none where nobody can tell. */
export function findServers(frames: Iterable<Frame>): readonly ServerEnd[] {
  const answering = new EndSet();
  const asked = new EndSet();
  const challenging = new EndSet();
  const onSipPort = new EndSet();
  const requested = new EndSet();
  for (const frame of frames) {
    const packet = decodeFrame(frame);
    const segment = packet === null || (packet.fragment?.offset ?? 0) > 0
      ? null
      : decodeSegment(packet);
    if (segment === null) continue;
    const { payload } = segment;
    if (classifyDatagram(payload, 0, payload.length) === "sip") {
      const read = parse(payload, 0, payload.length);
      const message = read.kind === "message" ? read : read.message;
      const isRegister = message?.method === "REGISTER";
      if (message?.isRequest) {
        (isRegister ? asked : requested).add(segment, "destination");
      } else if (isRegister) {
        answering.add(segment, "source");
      } else if (message?.status === 401 || message?.status === 407) {
        challenging.add(segment, "source");
      }
    }
    const isFromSip = segment.sourcePort === SIP_PORT;
    if (isFromSip !== (segment.destinationPort === SIP_PORT)) {
      onSipPort.add(segment, isFromSip ? "source" : "destination");
    }
  }
  // who is asked on a host where nobody answers: a server whose answers the capture lacks
  const hosts = new Set(answering.ends.map(({ host }) => host));
  const registrars = [
    ...answering.ends,
    ...asked.ends.filter(({ host }) => !hosts.has(host)),
  ];
  return [registrars, challenging.ends, onSipPort.ends, requested.ends]
    .find((ends) => ends.length > 0) ?? [];
}

/** Ends without doubles, in the order in which they were seen. */
class EndSet {
  readonly #ends = new Map<string, ServerEnd>();

  get ends(): readonly ServerEnd[] {
    return [...this.#ends.values()];
  }

  add(segment: Segment, which: "source" | "destination"): void {
    const { transport } = segment;
    const host = segment[which];
    const port = which === "source"
      ? segment.sourcePort
      : segment.destinationPort;
    const key = `${transport} ${formatAddress(host, port)}`;
    if (this.#ends.size < MOST_ENDS && !this.#ends.has(key)) {
      this.#ends.set(key, { transport, host, port });
    }
  }
}
