/**
 * Puts IP datagrams together from their fragments (RFC 791 §3.2, RFC 8200 §4.5), by the clock of
 * the capture. Fragments that overlap are refused with their datagram (RFC 5722 §4). A datagram
 * that never became whole is told when its first fragment began a SIP message: of others nobody
 * can say that a phone waits for them.
 * @module
 */

import { classifyDatagram } from "../../sip/datagram.ts";
import { type IpPacket, PROTOCOL_UDP } from "./packet.ts";

/** A datagram that was given up. */
export interface LostDatagram {
  readonly source: string;
  readonly destination: string;
}

interface Piece {
  readonly offset: number;
  /** Octets that were sent. */
  readonly length: number;
  /** What the capture kept of them. */
  readonly octets: Uint8Array;
}

interface Partial {
  readonly version: 4 | 6;
  readonly startedAt: number;
  /** When it became whole; fragments that come again for a moment are copies. */
  wholeAt: number;
  /** In order of their offsets. */
  pieces: Piece[];
  isRefused: boolean;
  /** Octets of the whole; -1: the last fragment is missing. */
  total: number;
  /** What `pieces` hold. */
  octets: number;
  /** Whether the first fragment came, and begins a SIP message. */
  isSip: boolean;
  /** As the first fragment names it. */
  protocol: number;
  readonly source: string;
  readonly destination: string;
}

const GIVE_UP_MS = 30_000;
/** How long copies of a whole datagram are passed over, and how young an end of file may find one. */
const MOMENT_MS = 1000;
const MOST_DATAGRAMS = 64;
const MOST_PIECES = 64;
const MOST_LENGTH = 65_535;
const MOST_OCTETS = 1 << 20;

export class FragmentTable {
  /** In the order in which they began. */
  readonly #partials = new Map<string, Partial>();
  #octets = 0;
  #lost: LostDatagram[] = [];

  /** Gives whole packets back, also the one that this fragment completes; else null. */
  take(packet: IpPacket, at: number): IpPacket | null {
    this.#giveUpOlder(at - GIVE_UP_MS);
    if (packet.fragment === null) return packet;
    const { version, source, destination, protocol } = packet;
    // the protocol is one of the fragments' marks in IPv4 only
    const kind = version === 4 ? protocol : 6;
    const key = `${version} ${source} ${destination} ${kind} ` +
      packet.fragment.id;
    let partial = this.#partials.get(key);
    if (partial !== undefined && partial.wholeAt !== 0) {
      if (at - partial.wholeAt < MOMENT_MS) return null;
      this.#remove(key, partial);
      partial = undefined;
    }
    if (partial === undefined) {
      partial = {
        version,
        startedAt: at,
        wholeAt: 0,
        pieces: [],
        isRefused: false,
        total: -1,
        octets: 0,
        isSip: false,
        protocol,
        source,
        destination,
      };
      this.#partials.set(key, partial);
    }
    this.#add(partial, packet);
    const whole = assemble(partial);
    if (whole !== null) {
      this.#empty(partial);
      partial.wholeAt = at;
    }
    this.#makeRoom();
    return whole;
  }

  /** What was given up since the last call, at the latest 30 s after it began. */
  takeLost(): LostDatagram[] {
    const lost = this.#lost;
    this.#lost = [];
    return lost;
  }

  /** Nothing more will come: gives up all that waited for more than a second. */
  end(at: number): void {
    this.#giveUpOlder(at - MOMENT_MS);
  }

  #add(partial: Partial, packet: IpPacket): void {
    const { payload, length } = packet;
    const { offset, isLast } = packet.fragment!;
    if (offset === 0) {
      partial.protocol = packet.protocol;
      partial.isSip = beginsSip(packet);
    }
    if (partial.isRefused) return;
    const { pieces } = partial;
    const place = pieces.findLastIndex((piece) => piece.offset <= offset) + 1;
    const before = pieces[place - 1];
    const after = pieces[place];
    if (before?.offset === offset && before.length === length) return;
    const end = offset + length;
    const isBad = length === 0 || (!isLast && length % 8 !== 0) ||
      end > MOST_LENGTH || pieces.length === MOST_PIECES ||
      (before !== undefined && before.offset + before.length > offset) ||
      (after !== undefined && end > after.offset) ||
      (isLast && (partial.total >= 0 || place !== pieces.length)) ||
      (!isLast && partial.total >= 0 && end > partial.total);
    if (isBad) {
      this.#empty(partial);
      partial.isRefused = true;
      return;
    }
    const octets = payload.slice(0, length);
    pieces.splice(place, 0, { offset, length, octets });
    partial.octets += octets.length;
    this.#octets += octets.length;
    if (isLast) partial.total = end;
  }

  #giveUpOlder(limit: number): void {
    for (const [key, partial] of this.#partials) {
      if (partial.startedAt > limit) return;
      this.#giveUp(key, partial);
    }
  }

  #makeRoom(): void {
    for (const [key, partial] of this.#partials) {
      if (
        this.#partials.size <= MOST_DATAGRAMS && this.#octets <= MOST_OCTETS
      ) return;
      this.#giveUp(key, partial);
    }
  }

  #giveUp(key: string, partial: Partial): void {
    const { source, destination, isSip, wholeAt } = partial;
    if (wholeAt === 0 && isSip) this.#lost.push({ source, destination });
    this.#remove(key, partial);
  }

  #remove(key: string, partial: Partial): void {
    this.#empty(partial);
    this.#partials.delete(key);
  }

  #empty(partial: Partial): void {
    this.#octets -= partial.octets;
    partial.octets = 0;
    partial.pieces = [];
  }
}

/** Whether a first fragment is one of a UDP datagram that looks like SIP. */
function beginsSip({ protocol, payload }: IpPacket): boolean {
  return protocol === PROTOCOL_UDP && payload.length > 8 &&
    classifyDatagram(payload, 8, payload.length) === "sip";
}

/** The whole, up to where a capture cut one of the fragments; null where one is missing. */
function assemble(partial: Partial): IpPacket | null {
  const { pieces, total, protocol, source, destination } = partial;
  if (total < 0) return null;
  let end = 0;
  for (const { offset, length } of pieces) {
    if (offset !== end) return null;
    end += length;
  }
  if (end !== total) return null;
  const payload = new Uint8Array(total);
  let kept = 0;
  for (const { offset, length, octets } of pieces) {
    payload.set(octets, offset);
    kept = offset + octets.length;
    if (octets.length < length) break;
  }
  return {
    version: partial.version,
    source,
    destination,
    protocol,
    payload: payload.subarray(0, kept),
    length: total,
    fragment: null,
  };
}
