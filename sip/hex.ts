/**
 * Hexadecimal digits, lower case.
 * @module
 */

const DIGITS_OF_OCTET: readonly string[] = Array.from(
  { length: 256 },
  (_, octet) => octet.toString(16).padStart(2, "0"),
);

/** Eight digits of an unsigned 32-bit number. */
export function hexOf32(value: number): string {
  return DIGITS_OF_OCTET[value >>> 24]! +
    DIGITS_OF_OCTET[(value >>> 16) & 0xff]! +
    DIGITS_OF_OCTET[(value >>> 8) & 0xff]! + DIGITS_OF_OCTET[value & 0xff]!;
}

/** The digits of octets. */
export function hexOf(octets: Uint8Array, start: number, end: number): string {
  let digits = "";
  for (let i = start; i < end; i++) digits += DIGITS_OF_OCTET[octets[i]!]!;
  return digits;
}

/** The octets that digits stand for. */
export function octetsOfHex(digits: string): Uint8Array<ArrayBuffer> {
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
