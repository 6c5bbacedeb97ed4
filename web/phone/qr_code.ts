/**
 * QR codes (ISO/IEC 18004) of links: as one path of SVG for a page, as letters for a terminal.
 * @module
 */

import { encode } from "uqr";

/** The quiet zone that readers need around it. */
const BORDER = 4;

/** A code as the path that its dark modules make, each one unit wide. */
export interface QrPath {
  /** Width and height, the quiet zone included. */
  readonly size: number;
  readonly path: string;
}

/** Draws a code; each run of dark modules in a row is one piece of the path. */
export function drawQrCode(text: string): QrPath {
  const { size, data } = encode(text, { ecc: "M", border: BORDER });
  const pieces: string[] = [];
  data.forEach((row, y) => {
    for (let x = 0; x < size;) {
      let end = x;
      while (row[end] === true) end++;
      if (end > x) pieces.push(`M${x} ${y}h${end - x}v1h${x - end}z`);
      x = end + 1;
    }
  });
  return { size, path: pieces.join("") };
}

/**
 * Writes a code in half blocks, two rows in a line. Most terminals are dark, so what is light is
 * written; most readers take a code either way.
 */
export function writeQrCode(text: string): string {
  const { size, data } = encode(text, { ecc: "L", border: 2 });
  const isLight = (x: number, y: number) => y < size && !data[y]?.[x];
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    let line = "";
    for (let x = 0; x < size; x++) {
      const upper = isLight(x, y);
      const lower = isLight(x, y + 1);
      line += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    lines.push(line);
  }
  return lines.join("\n") + "\n";
}
