/**
 * The header fields that somebody here asks for, with their compact forms (RFC 3261 §7.3.3,
 * §20), recognised from octets without making text of them.
 * @module
 */

import { equalsLower } from "./octet.ts";

/**
 * Known header fields; the position in this list is the number that the index of a message holds.
 * There is room for 31, because the mask of those that are present has 32 bits; for a rarer one
 * there is `valueOfOther`.
 */
const NAMES = [
  ["via", "v"],
  ["from", "f"],
  ["to", "t"],
  ["call-id", "i"],
  ["cseq"],
  ["contact", "m"],
  ["max-forwards"],
  ["content-length", "l"],
  ["content-type", "c"],
  ["content-encoding", "e"],
  ["expires"],
  ["authorization"],
  ["proxy-authorization"],
  ["require"],
  ["proxy-require"],
  ["supported", "k"],
  ["accept"],
  ["user-agent"],
  ["route"],
  ["record-route"],
  ["path"],
  ["date"],
  ["timestamp"],
  ["event", "o"],
  ["server"],
  ["unsupported"],
  ["retry-after"],
  ["allow"],
  ["session-expires", "x"],
  ["replaces"],
  ["refer-to", "r"],
] as const;

export type HeaderName = (typeof NAMES)[number][0];

/** The number of a header field that is not in the list. */
export const OTHER_HEADER = NAMES.length;

const NUMBERS: Readonly<Record<HeaderName, number>> = Object.fromEntries(
  NAMES.map((names, number) => [names[0], number]),
) as Record<HeaderName, number>;

interface Candidate {
  readonly text: string;
  readonly number: number;
}

const BUCKETS = 128;
const TABLE = makeTable();

function bucketOf(length: number, first: number, last: number): number {
  return (length * 31 + (first | 0x20) * 7 + (last | 0x20)) & (BUCKETS - 1);
}

function makeTable(): readonly (readonly Candidate[])[] {
  const table: Candidate[][] = Array.from({ length: BUCKETS }, () => []);
  NAMES.forEach((names, number) => {
    for (const text of names) {
      const bucket = bucketOf(
        text.length,
        text.charCodeAt(0),
        text.charCodeAt(text.length - 1),
      );
      table[bucket]!.push({ text, number });
    }
  });
  return table;
}

/** The number of a header field by its name. */
export function headerNumber(name: HeaderName): number {
  return NUMBERS[name];
}

/** The number of the header field whose name stands in these octets, long or compact, any case. */
export function recogniseHeader(
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const candidates =
    TABLE[bucketOf(end - start, bytes[start]!, bytes[end - 1]!)]!;
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i]!;
    if (equalsLower(bytes, start, end, candidate.text)) return candidate.number;
  }
  return OTHER_HEADER;
}
