/**
 * Keys of encrypted sound in a description (RFC 4568): each phone has offered some, and of two
 * offers an answer is made.
 *
 *     a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY
 *              tag suite                 the key of the one who writes the line
 * @module
 */

interface Crypto {
  readonly tag: string;
  readonly suite: string;
  readonly rest: string;
}

const MOST_KEYS = 16;
const CRYPTO = /^a=crypto:(\d{1,9}) (\w{1,64}) (\S.*)$/;

/**
 * The line of an answer: the tag of the offer, the key of the other phone (RFC 4568 §5.1.2). With
 * the two exchanged the same suite is taken, so that each phone uses the key that the other knows.
 *
 * @returns "" where neither has keys, null where they have no suite in common.
 */
export function answerCrypto(
  offered: readonly string[],
  other: readonly string[],
): string | null {
  const [ours, theirs] = [listKeys(offered), listKeys(other)];
  if (ours.length === 0 && theirs.length === 0) return "";
  let best: { readonly rank: number; readonly line: string } | null = null;
  let bestSuite = "";
  for (let i = 0; i < ours.length; i++) {
    const { tag, suite } = ours[i]!;
    const at = theirs.findIndex((key) => key.suite === suite);
    if (at < 0) continue;
    const rank = i + at;
    const isBetter = best === null || rank < best.rank ||
      (rank === best.rank && suite < bestSuite);
    if (!isBetter) continue;
    best = { rank, line: `a=crypto:${tag} ${suite} ${theirs[at]!.rest}` };
    bestSuite = suite;
  }
  return best === null ? null : best.line;
}

/** The first key for each suite. */
function listKeys(lines: readonly string[]): readonly Crypto[] {
  const keys: Crypto[] = [];
  for (const line of lines) {
    const [, tag, suite, rest] = CRYPTO.exec(line) ?? [];
    if (tag === undefined || suite === undefined || rest === undefined) {
      continue;
    }
    if (keys.length >= MOST_KEYS) break;
    if (!keys.some((key) => key.suite === suite)) {
      keys.push({ tag, suite, rest });
    }
  }
  return keys;
}
