/**
 * From frames to facts: what each packet was, to whom it went, and of SIP what a story needs. The
 * messages themselves come along for the trace.
 * @module
 */

import { numberOf } from "../../pbx/reply.ts";
import { classifyDatagram } from "../../sip/datagram.ts";
import { printable } from "../../sip/octet.ts";
import { parse } from "../../sip/parse.ts";
import { Copies } from "./copies.ts";
import { directionOf, type Ends } from "./ends.ts";
import { FragmentTable } from "./fragments.ts";
import type { PacketClass, PacketSeen, WireFact } from "./packet_fact.ts";
import {
  decodeFrame,
  decodeSegment,
  type Frame,
  type Segment,
  TCP_FLAG,
} from "./packet.ts";
import { type Piece, Streams } from "./streams.ts";

/** A fact of the wire, with what it is about. */
export interface Dissected {
  readonly fact: WireFact;
  /** A copy of the whole message where the fact is about SIP, as it was on the wire; else null. */
  readonly message: Uint8Array | null;
}

/** What of a message goes into the fact. */
type SipFields = Pick<
  PacketSeen,
  | "method"
  | "status"
  | "number"
  | "callId"
  | "cseq"
  | "hasCredentials"
  | "userAgent"
>;

const NO_FIELDS: SipFields = {
  method: "",
  status: 0,
  number: "",
  callId: "",
  cseq: 0,
  hasCredentials: false,
  userAgent: "",
};
const LONGEST_TEXT = 512;
const LONGEST_NUMBER = 64;
const SIP_PORTS = [5060, 5061];

/** Takes the frames of one capture in their order. */
export class Dissector {
  readonly #ends: Ends;
  readonly #fragments = new FragmentTable();
  readonly #streams = new Streams();
  readonly #copies = new Copies();

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  /** The facts of one frame, mostly one or none; the frame's octets may be used again then. */
  take(frame: Frame): Dissected[] {
    const found: Dissected[] = [];
    const packet = decodeFrame(frame);
    if (packet === null) return found;
    const whole = this.#fragments.take(packet, frame.at);
    this.#tellLost(frame.at, found);
    const segment = whole === null ? null : decodeSegment(whole);
    if (segment === null) return found;
    const direction = directionOf(this.#ends, segment);
    if (direction === null) return found;
    if (segment.transport === "udp") {
      this.#takeDatagram(frame.at, direction, segment, found);
    } else {
      this.#takeTcp(frame.at, direction, segment, found);
    }
    return found;
  }

  /** Nothing came since: what waits for fragments for more than a second at this time is lost. */
  end(at: number): Dissected[] {
    const found: Dissected[] = [];
    this.#fragments.end(at);
    this.#tellLost(at, found);
    return found;
  }

  #tellLost(at: number, found: Dissected[]): void {
    for (const { source, destination } of this.#fragments.takeLost()) {
      const { hosts } = this.#ends;
      if (!hosts.has(source) && !hosts.has(destination)) continue;
      const [host, localHost] = hosts.has(destination)
        ? [source, destination]
        : [destination, source];
      const fact = {
        kind: "fragments-lost",
        stage: "socket",
        at,
        host,
        localHost,
      } as const;
      found.push({ fact, message: null });
    }
  }

  #takeDatagram(
    at: number,
    direction: "in" | "out",
    segment: Segment,
    found: Dissected[],
  ): void {
    const type = classOf(segment, this.#ends.ports);
    if (type !== "sip") {
      found.push(plain(at, direction, segment, type));
      return;
    }
    const message = segment.payload.slice();
    if (this.#copies.isCopy({ ...segment, payload: message }, at)) return;
    const fields = readFields(message, "datagram");
    found.push({
      fact: seen(at, direction, segment, "sip", segment.octets, fields),
      message,
    });
  }

  #takeTcp(
    at: number,
    direction: "in" | "out",
    segment: Segment,
    found: Dissected[],
  ): void {
    const { flags } = segment;
    if ((flags & TCP_FLAG.rst) !== 0) {
      found.push(plain(at, direction, segment, "reset"));
    } else if ((flags & (TCP_FLAG.syn | TCP_FLAG.ack)) === TCP_FLAG.syn) {
      found.push(plain(at, direction, segment, "syn"));
    }
    for (const piece of this.#streams.take(segment)) {
      found.push(dissectPiece(at, direction, segment, piece));
    }
  }
}

function classOf(
  { payload, sourcePort, destinationPort }: Segment,
  ports: ReadonlySet<number>,
): PacketClass {
  const found = classifyDatagram(payload, 0, payload.length);
  if (found === "empty") return "keepalive";
  if (found !== "garbage") return found;
  const isSipPort = [sourcePort, destinationPort].some((port) =>
    ports.has(port) || SIP_PORTS.includes(port)
  );
  return !isSipPort && looksLikeRtp(payload) ? "rtp" : "other";
}

/** RTP and RTCP say what they are in two octets only (RFC 3550 §5.1, RFC 5761 §4). */
function looksLikeRtp(payload: Uint8Array): boolean {
  if (payload.length < 8 || payload[0]! >> 6 !== 2) return false;
  const second = payload[1]!;
  if (second >= 192 && second <= 223) return payload.length % 4 === 0;
  const type = second & 0x7f;
  const sources = payload[0]! & 15;
  return (type <= 34 || type >= 96) && payload.length >= 12 + 4 * sources;
}

function dissectPiece(
  at: number,
  direction: "in" | "out",
  segment: Segment,
  piece: Piece,
): Dissected {
  if (piece.kind !== "message") {
    return plain(at, direction, segment, piece.kind);
  }
  const message = piece.octets;
  const fields = readFields(message, "stream");
  return {
    fact: seen(at, direction, segment, "sip", message.length, fields),
    message,
  };
}

function plain(
  at: number,
  direction: "in" | "out",
  segment: Segment,
  type: PacketClass,
): Dissected {
  const fact = seen(at, direction, segment, type, segment.octets, NO_FIELDS);
  return { fact, message: null };
}

function seen(
  at: number,
  direction: "in" | "out",
  segment: Segment,
  type: PacketClass,
  octets: number,
  fields: SipFields,
): PacketSeen {
  const isIn = direction === "in";
  return {
    kind: "packet-seen",
    stage: "nic",
    at,
    direction,
    transport: segment.transport,
    host: isIn ? segment.source : segment.destination,
    port: isIn ? segment.sourcePort : segment.destinationPort,
    localHost: isIn ? segment.destination : segment.source,
    localPort: isIn ? segment.destinationPort : segment.sourcePort,
    class: type,
    octets,
    ...fields,
  };
}

/** What a message says, or what can be read of a broken one. */
function readFields(
  bytes: Uint8Array,
  framing: "datagram" | "stream",
): SipFields {
  const read = parse(bytes, 0, bytes.length, framing);
  const message = read.kind === "message" ? read : read.message;
  if (message === null) return NO_FIELDS;
  const header = message.method === "REGISTER" ? "to" : "from";
  return {
    method: message.method.slice(0, LONGEST_NUMBER),
    status: message.isRequest ? 0 : Math.max(message.status, 0),
    number: printable(numberOf(message, header), LONGEST_NUMBER),
    callId: message.callId.slice(0, LONGEST_TEXT),
    cseq: Math.max(message.cseq, 0),
    hasCredentials: message.has("authorization"),
    userAgent: message.userAgent.slice(0, LONGEST_TEXT),
  };
}
