/**
 * Octets that are put one behind the other, without an array for each piece.
 * @module
 */

const encoder = new TextEncoder();

export class OctetPile {
  #octets = new Uint8Array(1 << 16);
  #length = 0;

  addText(text: string): void {
    // a UTF-16 unit takes three octets at most
    this.#makeRoom(3 * text.length);
    const room = this.#octets.subarray(this.#length);
    this.#length += encoder.encodeInto(text, room).written;
  }

  addOctets(octets: Uint8Array): void {
    this.#makeRoom(octets.length);
    this.#octets.set(octets, this.#length);
    this.#length += octets.length;
  }

  /** All of them; the pile is not to be used after that. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#octets.subarray(0, this.#length);
  }

  #makeRoom(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#octets.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#octets.length));
    larger.set(this.#octets.subarray(0, this.#length));
    this.#octets = larger;
  }
}
