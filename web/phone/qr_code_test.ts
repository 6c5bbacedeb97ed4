import assert from "node:assert/strict";
import { encode } from "uqr";
import { drawQrCode, writeQrCode } from "./qr_code.ts";

const LINK = `http://pbx.example:8060/provision/${
  "0123456789abcdef".repeat(2)
}/linphone.xml`;

Deno.test("drawQrCode() fills the dark modules and no other", () => {
  const { size, path } = drawQrCode(LINK);
  const { data } = encode(LINK, { ecc: "M", border: 4 });
  const drawn = data.map((row) => row.map(() => false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let i = 0; i < Number(width); i++) {
      drawn[Number(y)]![Number(x) + i] = true;
    }
  }
  assert.deepEqual(drawn, data.map((row) => row.map(Boolean)));
  assert.equal(size, data.length);
  assert.ok(drawn[3]!.every((isDark) => !isDark), "no quiet zone");
});

Deno.test("writeQrCode() writes two rows of light modules in a line", () => {
  const lines = writeQrCode(LINK).trimEnd().split("\n");
  const { size, data } = encode(LINK, { ecc: "L", border: 2 });
  assert.equal(lines.length, Math.ceil(size / 2));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const letter = lines[y >> 1]![x];
      const isLight = letter === "█" || letter === (y % 2 === 0 ? "▀" : "▄");
      assert.equal(isLight, !data[y]![x], `${x} ${y}`);
    }
  }
});
