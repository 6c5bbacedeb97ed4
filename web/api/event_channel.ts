/**
 * What all who wish to see the same are given: events, written and encoded once for all of them.
 * The newest are kept, so much of them; a reader is a place among them, and who reads too slowly
 * is told how many he has missed.
 * @module
 */

/** What is kept for those who have not read it yet, in octets. */
const KEPT_OCTETS = 1 << 20;
/** About what a reader gets at once; also where he goes on who has missed something. */
const TURN_OCTETS = 1 << 17;

/** What somebody wants to see. */
export interface WatchWish {
  readonly facts: boolean;
  readonly messages: boolean;
  /** Whether messages come as they are, with their credentials. */
  readonly secrets: boolean;
}

/** Events that were encoded together. */
interface Chunk {
  readonly octets: Uint8Array;
  /** The number of its first event. */
  readonly begin: number;
  /** The number of the event behind its last one. */
  readonly end: number;
}

/** What a reader gets, and where he goes on. */
export interface Turn {
  readonly octets: readonly Uint8Array[];
  readonly place: number;
}

export class EventChannel {
  readonly wish: WatchWish;
  readers = 0;
  readonly #encoder = new TextEncoder();
  #text = "";
  #chunks: Chunk[] = [];
  #octets = 0;
  /** The number of the first event that was not sealed yet. */
  #open = 0;
  /** The number of the next event. */
  #next = 0;
  /** What was joined for one reader serves the others at his place. */
  readonly #joined = new Map<number, Chunk>();

  constructor(wish: WatchWish) {
    this.wish = wish;
  }

  /** The place behind everything that has been written. */
  get end(): number {
    return this.#next;
  }

  write(event: string): void {
    this.#text += event;
    this.#next++;
  }

  /** Says to all that so many events never came here. */
  skip(count: number): void {
    this.#text += writeEvent("dropped", { count });
    this.#next += count;
  }

  /** Encodes what was written since. */
  seal(): void {
    if (this.#text === "") return;
    const octets = this.#encoder.encode(this.#text);
    this.#text = "";
    this.#joined.clear();
    this.#chunks.push({ octets, begin: this.#open, end: this.#next });
    this.#open = this.#next;
    this.#octets += octets.length;
    while (this.#octets > KEPT_OCTETS && this.#chunks.length > 1) {
      this.#octets -= this.#chunks.shift()!.octets.length;
    }
  }

  /** What stands behind a place, or its beginning; null for nothing. */
  read(place: number): Turn | null {
    const [oldest] = this.#chunks;
    if (oldest === undefined || place >= this.#open) return null;
    const isBehind = place < oldest.begin;
    const begin = isBehind ? this.#findNewest() : place;
    const { octets, end } = this.#joined.get(begin) ?? this.#join(begin);
    if (!isBehind) return { octets: [octets], place: end };
    const lost = writeEvent("dropped", { count: begin - place });
    return { octets: [this.#encoder.encode(lost), octets], place: end };
  }

  /** Where the newest begins, as much as a reader gets at once. */
  #findNewest(): number {
    let octets = 0;
    let begin = this.#open;
    for (const chunk of this.#chunks.toReversed()) {
      octets += chunk.octets.length;
      if (begin < this.#open && octets > TURN_OCTETS) break;
      begin = chunk.begin;
    }
    return begin;
  }

  #join(begin: number): Chunk {
    const pieces: Uint8Array[] = [];
    let length = 0;
    let end = begin;
    for (const chunk of this.#chunks) {
      if (chunk.begin < begin) continue;
      if (length > 0 && length + chunk.octets.length > TURN_OCTETS) break;
      pieces.push(chunk.octets);
      length += chunk.octets.length;
      end = chunk.end;
    }
    const octets = pieces.length === 1 ? pieces[0]! : join(pieces, length);
    const joined = { octets, begin, end };
    this.#joined.set(begin, joined);
    return joined;
  }
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** An event as it is sent. */
export function writeEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
