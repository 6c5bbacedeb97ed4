/**
 * What passed the network card, whether or not a socket got it: the facts of a packet capture,
 * live or from a file. They decide the stages before the socket.
 * @module
 */

import type { TransportName } from "../../sip/flow.ts";

/** What a packet is, by its first octets and its TCP flags. */
export type PacketClass =
  | "sip"
  | "keepalive"
  | "stun"
  /** A TLS record of a handshake (0x16 0x03) in TCP. */
  | "tls"
  /** A TCP segment that asks for a connection. */
  | "syn"
  /** A TCP segment that refuses or breaks one. */
  | "reset"
  /** RTP or RTCP, version 2 (RFC 3550 §5.1). */
  | "rtp"
  | "other";

/** One packet, or one SIP message that was put together from several. */
export interface PacketSeen {
  readonly kind: "packet-seen";
  readonly stage: "nic";
  /** Milliseconds since 1970, with a fraction. */
  readonly at: number;
  /** `in`: to the server; `out`: from it. */
  readonly direction: "in" | "out";
  readonly transport: TransportName;
  /** The other end, without brackets. */
  readonly host: string;
  readonly port: number;
  /** The server's end. */
  readonly localHost: string;
  readonly localPort: number;
  readonly class: PacketClass;
  readonly octets: number;
  /** Of SIP; "" and 0 of anything else. A response has a status, and its method is in its CSeq. */
  readonly method: string;
  readonly status: number;
  /** To of a REGISTER, else From. */
  readonly number: string;
  readonly callId: string;
  readonly cseq: number;
  readonly hasCredentials: boolean;
  readonly userAgent: string;
}

/** A datagram of which only some fragments came, told when they were given up (RFC 791 §3.2). */
export interface FragmentsLost {
  readonly kind: "fragments-lost";
  readonly stage: "socket";
  readonly at: number;
  readonly host: string;
  readonly localHost: string;
}

export type WireFact = PacketSeen | FragmentsLost;
