/**
 * SIP messages on their way into a bundle or a capture file: read back from JSON, and wrapped into
 * packets of a pcapng file.
 * @module
 */

import { Flow } from "../../sip/flow.ts";
import { toOctets } from "../../sip/octet.ts";
import type { TrafficEntry } from "../ledger/traffic.ts";
import { FrameMaker } from "../wire/ip_frame.ts";
import { LINK } from "../wire/packet.ts";
import {
  writeInterface,
  writePacket,
  writeSection,
} from "../wire/pcapng_write.ts";

/** One message with the way that it went. */
export type WireMessage = TrafficEntry;

type Octets = Uint8Array<ArrayBuffer>;

const LATEST_MS = Date.UTC(9999, 11, 31);
/** No message is longer. */
const LONGEST = 1 << 20;
const LONGEST_HOST = 64;

/** Reads one message as the server describes it; null where it is none. */
export function readMessage(value: unknown): WireMessage | null {
  if (!isRecord(value) || !isRecord(value["flow"])) return null;
  const { at, direction, text } = value;
  const { transport, localHost, localPort, host, port } = value["flow"];
  const isSound = typeof at === "number" && at >= 0 && at <= LATEST_MS &&
    (direction === "in" || direction === "out") &&
    (transport === "udp" || transport === "tcp") &&
    isHost(localHost) && isPort(localPort) && isHost(host) && isPort(port) &&
    typeof text === "string" && text.length <= LONGEST;
  if (!isSound) return null;
  const flow = new Flow(transport, 0, localHost, localPort, host, port);
  return { at, direction, flow, octets: toOctets(text) };
}

/** Makes the blocks of a capture file, one message after the other. */
export class MessageCapture {
  readonly #frames = new FrameMaker();

  /** What the file begins with. */
  begin(version: string): Octets {
    return join([
      writeSection(`pbx ${version}`),
      writeInterface(LINK.raw, "sip"),
    ]);
  }

  /** The blocks of one message. */
  add({ at, direction, flow, octets }: WireMessage): Octets {
    const { transport } = flow;
    const peer = { host: flow.host, port: flow.port };
    const own = { host: flow.localHost, port: flow.localPort };
    const [from, to] = direction === "in" ? [peer, own] : [own, peer];
    const packets = this.#frames.wrap({
      transport,
      source: from.host,
      sourcePort: from.port,
      destination: to.host,
      destinationPort: to.port,
      octets,
    });
    return join(packets.map((bytes) => writePacket({ at, bytes })));
  }
}

/** A whole capture file. */
export function writeCapture(
  version: string,
  messages: readonly WireMessage[],
): Octets {
  const capture = new MessageCapture();
  return join([
    capture.begin(version),
    ...messages.map((message) => capture.add(message)),
  ]);
}

function join(pieces: readonly Uint8Array[]): Octets {
  const whole = new Uint8Array(
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isHost(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_HOST;
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 &&
    Number(value) <= 65535;
}
