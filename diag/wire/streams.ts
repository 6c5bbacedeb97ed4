/**
 * Puts TCP payload in order and cuts it into SIP messages, one direction of a connection at a
 * time. Simple on purpose: what comes twice is passed over, what comes early waits, and where
 * octets are missing (the capture lost them, or began in the middle) the stream goes on with the
 * next segment that begins like a message.
 * @module
 */

import { classifyDatagram } from "../../sip/datagram.ts";
import { formatAddress } from "../../sip/flow.ts";
import { Framer, TLS_HELLO } from "../../sip/framing.ts";
import { type Segment, TCP_FLAG } from "./packet.ts";

/** What a segment brought to its end. */
export type Piece =
  | {
    readonly kind: "message";
    /** A copy. */
    readonly octets: Uint8Array;
  }
  /** Empty lines between messages. */
  | { readonly kind: "keepalive" }
  | { readonly kind: "tls" }
  /** A segment that belongs to no message. */
  | { readonly kind: "other" };

interface Stream {
  framer: Framer;
  /** Whether nobody knows where the next message begins. */
  isLost: boolean;
  /** The sequence number that comes next. */
  next: number;
  /** Segments that came early. */
  readonly early: Early[];
}

interface Early {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly octets: number;
}

const MOST_STREAMS = 256;
const MOST_EARLY = 32;
/** A step that no window explains: another connection on the same ports. */
const LONGEST_STEP = 1 << 20;

export class Streams {
  /** The one that was used last stands last. */
  readonly #streams = new Map<string, Stream>();

  /** Gives what the segment completes; nothing for a segment without payload. */
  take(segment: Segment): Piece[] {
    const { sequence, octets, flags } = segment;
    const key = formatAddress(segment.source, segment.sourcePort) + ">" +
      formatAddress(segment.destination, segment.destinationPort);
    const pieces: Piece[] = [];
    if ((flags & TCP_FLAG.syn) !== 0) {
      this.#keep(key, begin((sequence + 1) >>> 0));
    } else if (octets > 0) {
      const stream = this.#streams.get(key) ?? begin(sequence);
      this.#keep(key, stream);
      place(stream, segment, pieces);
    }
    if ((flags & (TCP_FLAG.rst | TCP_FLAG.fin)) !== 0) {
      this.#streams.delete(key);
    }
    return pieces;
  }

  #keep(key: string, stream: Stream): void {
    this.#streams.delete(key);
    this.#streams.set(key, stream);
    if (this.#streams.size <= MOST_STREAMS) return;
    for (const oldest of this.#streams.keys()) {
      this.#streams.delete(oldest);
      return;
    }
  }
}

function begin(next: number): Stream {
  return { framer: new Framer(), isLost: false, next, early: [] };
}

/** Puts a segment into its place; what waited for it follows. */
function place(stream: Stream, segment: Early, pieces: Piece[]): void {
  const step = (segment.sequence - stream.next) | 0;
  if (Math.abs(step) > LONGEST_STEP) {
    stream.early.length = 0;
    skipTo(stream, segment.sequence);
  } else if (step > 0) {
    const { sequence, octets } = segment;
    // the buffer of a live capture is used again
    stream.early.push({ sequence, octets, payload: segment.payload.slice() });
    if (stream.early.length <= MOST_EARLY) return;
    skipTo(stream, earliest(stream).sequence);
    segment = takeEarliest(stream);
  }
  feed(stream, segment, pieces);
  while (
    stream.early.length > 0 &&
    ((earliest(stream).sequence - stream.next) | 0) <= 0
  ) feed(stream, takeEarliest(stream), pieces);
}

/** Octets up to `sequence` will not come. */
function skipTo(stream: Stream, sequence: number): void {
  stream.next = sequence;
  stream.isLost = true;
}

function earliest({ early, next }: Stream): Early {
  return early.reduce((best, segment) =>
    ((segment.sequence - next) | 0) < ((best.sequence - next) | 0)
      ? segment
      : best
  );
}

function takeEarliest(stream: Stream): Early {
  const segment = earliest(stream);
  stream.early.splice(stream.early.indexOf(segment), 1);
  return segment;
}

/** Reads on with a segment that begins at the octet that comes next, or before it. */
function feed(stream: Stream, segment: Early, pieces: Piece[]): void {
  const known = (stream.next - segment.sequence) | 0;
  if (known >= segment.octets) return;
  stream.next = (segment.sequence + segment.octets) >>> 0;
  const payload = segment.payload.subarray(known);
  const isCut = segment.payload.length < segment.octets;
  const isStart = classifyDatagram(payload, 0, payload.length) === "sip";
  if (stream.isLost) {
    if (!isStart) {
      pieces.push({ kind: "other" });
      return;
    }
    stream.framer = new Framer();
    stream.isLost = false;
  }
  stream.framer.push(payload);
  readFrames(stream, pieces);
  if (!isCut || stream.isLost) return;
  // the end of the segment is missing in the capture: what is there of its last message is shown
  if (isStart && stream.framer.waiting === payload.length) {
    pieces.push({ kind: "message", octets: payload.slice() });
  }
  stream.isLost = true;
}

function readFrames(stream: Stream, pieces: Piece[]): void {
  for (;;) {
    const frame = stream.framer.next();
    switch (frame?.kind) {
      case undefined:
        return;
      case "message": {
        const { bytes, start, end } = frame;
        pieces.push({ kind: "message", octets: bytes.slice(start, end) });
        break;
      }
      case "ping":
      case "pong":
        pieces.push({ kind: "keepalive" });
        break;
      case "lost":
        stream.isLost = true;
        pieces.push({ kind: frame.what === TLS_HELLO ? "tls" : "other" });
    }
  }
}
