/**
 * Knows datagrams that a capture shows twice: where it looks at all interfaces, what a bridge or
 * a VLAN passes on comes once more at each. Nobody repeats a message as soon as that
 * (RFC 3261 §17.1.2.2).
 * @module
 */

import type { Segment } from "./packet.ts";

interface Recent {
  readonly at: number;
  readonly digest: number;
  readonly segment: Segment;
}

const COPY_MS = 20;
const MOST_RECENT = 32;

export class Copies {
  /** The oldest first. */
  readonly #recent: Recent[] = [];

  /** Whether the same datagram came a moment ago; keeps it, so its octets may not change. */
  isCopy(segment: Segment, at: number): boolean {
    const recent = this.#recent;
    while (
      recent.length > 0 &&
      (recent.length >= MOST_RECENT || at - recent[0]!.at > COPY_MS)
    ) recent.shift();
    const digest = digestOf(segment.payload);
    const isCopy = recent.some((other) =>
      other.digest === digest && equals(other.segment, segment)
    );
    if (!isCopy) recent.push({ at, digest, segment });
    return isCopy;
  }
}

/** Tells most datagrams apart, at a fraction of the cost of a comparison with all of them. */
function digestOf(octets: Uint8Array): number {
  let digest = 0x811c9dc5;
  for (let i = 0; i < octets.length; i++) {
    digest = Math.imul(digest ^ octets[i]!, 0x01000193);
  }
  return digest;
}

function equals(a: Segment, b: Segment): boolean {
  return a.source === b.source && a.sourcePort === b.sourcePort &&
    a.destination === b.destination &&
    a.destinationPort === b.destinationPort &&
    a.payload.length === b.payload.length &&
    a.payload.every((octet, i) => octet === b.payload[i]);
}
