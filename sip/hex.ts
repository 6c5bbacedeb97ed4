/**
 * Hexadecimal digits, lower case.
 * @module
 */

const DIGITS = Uint8Array.from(
  "0123456789abcdef",
  (digit) => digit.charCodeAt(0),
);
/** Digits on their way into text: adding two letters at a time makes a tree that has to be felled. */
const UNITS: ReadonlyMap<number, number[]> = new Map(
  [16, 32, 36, 64].map((length) => [length, new Array<number>(length).fill(0)]),
);

/** Digits of unsigned 32-bit numbers, eight for each, put one behind the other. */
export class HexText {
  readonly #units: number[];
  #length = 0;

  /** @param length how many digits the text will have: 16, 32, 36 or 64. */
  constructor(length: number) {
    this.#units = UNITS.get(length)!;
  }

  /** Adds the lowest digits of a number. */
  add(value: number, digits: number): this {
    for (let shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      this.#units[this.#length++] = DIGITS[(value >>> shift) & 15]!;
    }
    return this;
  }

  toString(): string {
    return String.fromCharCode.apply(null, this.#units);
  }
}

/** The digits of 16 or 32 octets. */
export function hexOf(octets: Uint8Array, start: number, end: number): string {
  const text = new HexText(2 * (end - start));
  for (let i = start; i < end; i++) text.add(octets[i]!, 2);
  return text.toString();
}

/** The octets that digits stand for. */
export function octetsOfHex(digits: string): Uint8Array<ArrayBuffer> {
  const native: unknown = Reflect.get(Uint8Array, "fromHex");
  if (typeof native === "function") return native.call(Uint8Array, digits);
  const octets = new Uint8Array(digits.length >> 1);
  for (let i = 0; i < octets.length; i++) {
    octets[i] = parseHex(digits, 2 * i, 2 * i + 2);
  }
  return octets;
}

/** Reads lower-case digits as an unsigned number of at most 32 bits; -1 where they are none. */
export function parseHex(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    let digit = unit - 0x30;
    if (digit > 9) digit = unit >= 0x61 && unit <= 0x66 ? unit - 0x57 : -1;
    if (digit < 0) return -1;
    value = (value << 4) | digit;
  }
  return value >>> 0;
}
