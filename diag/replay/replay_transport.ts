/**
 * What came to the server apart from SIP: signs of life, STUN, garbage, connections, and TLS,
 * which is a fault only where the server does not answer in it.
 * @module
 */

import { Flow, formatAddress } from "../../sip/flow.ts";
import { BoundedMap } from "../bounded_map.ts";
import type { StoryFact } from "../story/story_book.ts";
import type { Ends, ServerEnd } from "../wire/ends.ts";
import { type Segment, TCP_FLAG } from "../wire/packet.ts";
import type { PacketSeen } from "../wire/packet_fact.ts";

const MOST_FLOWS = 4096;
const MOST_HELD = 1024;
const MOST_TLS_ENDS = 64;
/** Ports that people take for the port of SIP; what comes to others is none of ours. */
const FIRST_USUAL = 5060;
const LAST_USUAL = 5090;
const NEIGHBOURS = 10;

const ACCEPTING = TCP_FLAG.syn | TCP_FLAG.ack;

/** The two ends of a packet. */
type Places = Pick<
  PacketSeen,
  "transport" | "localHost" | "localPort" | "host" | "port"
>;

export class ReplayTransport {
  readonly #ends: Ends;
  readonly #flows = new BoundedMap<Flow>(MOST_FLOWS);
  readonly #open = new BoundedMap<true>(MOST_FLOWS);
  /** TLS from phones, until it is clear whether the server speaks it. */
  readonly #held: PacketSeen[] = [];
  readonly #tlsEnds = new Map<string, ServerEnd>();

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  /** Where the server answered in TLS. */
  get tlsEnds(): readonly ServerEnd[] {
    return [...this.#tlsEnds.values()];
  }

  /** The way between the two ends of a packet. */
  flowOf(places: Places): Flow {
    const { transport, localHost, localPort, host, port } = places;
    const key = placesOf(places);
    let flow = this.#flows.get(key);
    if (flow === undefined) {
      flow = new Flow(transport, 0, localHost, localPort, host, port);
      this.#flows.put(key, flow);
    }
    return flow;
  }

  /** Takes every packet, SIP as well. */
  take(packet: PacketSeen, facts: StoryFact[]): void {
    const { class: type, direction, transport } = packet;
    // sound is told by its call
    if (type === "rtp" || !(type === "sip" || this.#isNear(packet))) return;
    if (type === "tls") {
      this.#takeTls(packet);
      return;
    }
    facts.push(packet);
    if (direction === "out") return;
    if (transport === "tcp") this.#takeSegment(packet, facts);
    else if (this.#ends.ports.has(packet.localPort)) {
      this.#takeDatagram(packet, facts);
    }
  }

  /** The server accepts a connection (RFC 9293 §3.5). */
  accept(at: number, segment: Segment, facts: StoryFact[]): void {
    const { source, sourcePort, destination, destinationPort } = segment;
    const isAccepting = (segment.flags & ACCEPTING) === ACCEPTING &&
      this.#ends.hosts.has(source);
    if (!isAccepting) return;
    const packet = {
      transport: "tcp",
      localHost: source,
      localPort: sourcePort,
      host: destination,
      port: destinationPort,
    } as const;
    if (this.#isNear(packet)) this.#openOnce(at, packet, facts);
  }

  /** The file is over: TLS that nobody answered. */
  end(facts: StoryFact[]): void {
    for (const packet of this.#held) {
      const { localHost, localPort, at } = packet;
      if (this.#tlsEnds.has(formatAddress(localHost, localPort))) continue;
      facts.push(packet);
      if (!this.#ends.ports.has(localPort)) continue;
      facts.push({
        kind: "transport-trouble",
        at,
        flow: this.flowOf(packet),
        stage: "transport",
        what: "tls-offered",
        count: 0,
        detail: "",
      });
    }
    this.#held.length = 0;
  }

  #isNear({ localPort }: Places): boolean {
    if (localPort >= FIRST_USUAL && localPort <= LAST_USUAL) return true;
    for (const port of this.#ends.ports) {
      if (Math.abs(port - localPort) <= NEIGHBOURS) return true;
    }
    return false;
  }

  #takeTls(packet: PacketSeen): void {
    const { direction, localHost: host, localPort: port } = packet;
    if (direction === "in") {
      if (this.#held.length < MOST_HELD) this.#held.push(packet);
    } else if (this.#tlsEnds.size < MOST_TLS_ENDS) {
      const end = { transport: "tcp", host, port } as const;
      this.#tlsEnds.set(formatAddress(host, port), end);
    }
  }

  #takeSegment(packet: PacketSeen, facts: StoryFact[]): void {
    const { class: type, at } = packet;
    if (type === "syn" || type === "reset") this.#open.delete(placesOf(packet));
    // a connection that is older than the file
    if (type === "sip" || type === "keepalive") {
      this.#openOnce(at, packet, facts);
    }
  }

  #openOnce(at: number, places: Places, facts: StoryFact[]): void {
    const key = placesOf(places);
    if (this.#open.get(key)) return;
    this.#open.put(key, true);
    facts.push({
      kind: "connection-opened",
      at,
      flow: this.flowOf(places),
      stage: "transport",
    });
  }

  #takeDatagram(packet: PacketSeen, facts: StoryFact[]): void {
    const { class: type, at, octets } = packet;
    if (type !== "keepalive" && type !== "stun" && type !== "other") return;
    facts.push({
      kind: "datagram-seen",
      at,
      flow: this.flowOf(packet),
      stage: "transport",
      class: type === "other"
        ? "garbage"
        : type === "keepalive" && octets === 0
        ? "empty"
        : type,
      octets,
      head: "",
    });
  }
}

function placesOf(
  { transport, localHost, localPort, host, port }: Places,
): string {
  return `${transport} ${formatAddress(localHost, localPort)} ${
    formatAddress(host, port)
  }`;
}
