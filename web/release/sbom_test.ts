/** @module */

import assert from "node:assert/strict";
import { type Contents, writeSbom } from "./sbom.ts";

const CONTENTS: Contents = {
  version: "1.2.3",
  license: "MIT",
  commit: "c0ffee",
  committedMs: Date.UTC(2026, 10, 30, 12),
  packages: [
    {
      name: "@scope/one",
      version: "1.0.0",
      integrity: `sha512-${btoa("\u0001".repeat(64))}`,
      license: "MIT",
      folder: "",
      needs: ["two@2.0.0-rc.1"],
    },
    {
      name: "two",
      version: "2.0.0-rc.1",
      integrity: "",
      license: "(MIT OR Apache-2.0)",
      folder: "",
      needs: [],
    },
  ],
  runtimes: [
    { target: "x86_64-unknown-linux-gnu", version: "2.6.10", sha256: "ab" },
    { target: "aarch64-unknown-linux-gnu", version: "", sha256: "" },
  ],
};

Deno.test("writeSbom() describes the program, its packages and its runtimes", () => {
  const bill = JSON.parse(writeSbom(CONTENTS));
  assert.equal(bill.bomFormat, "CycloneDX");
  assert.equal(bill.specVersion, "1.6");
  assert.equal(bill.metadata.timestamp, "2026-11-30T12:00:00.000Z");
  assert.equal(bill.metadata.component.version, "1.2.3");
  assert.deepEqual(bill.metadata.component.properties, [
    { name: "pbx:commit", value: "c0ffee" },
  ]);
  const [one, two, x86, arm] = bill.components;
  assert.equal(one.group, "@scope");
  assert.equal(one.name, "one");
  assert.equal(one.purl, "pkg:npm/%40scope/one@1.0.0");
  assert.deepEqual(one.hashes, [{ alg: "SHA-512", content: "01".repeat(64) }]);
  assert.deepEqual(one.licenses, [{ license: { id: "MIT" } }]);
  assert.deepEqual(two.licenses, [{ expression: "(MIT OR Apache-2.0)" }]);
  assert.equal(two.hashes, undefined);
  assert.equal(x86.version, "2.6.10");
  assert.deepEqual(x86.hashes, [{ alg: "SHA-256", content: "ab" }]);
  assert.equal(arm.version, undefined);
});

Deno.test("writeSbom() names only dependencies that it describes, each once", () => {
  const bill = JSON.parse(writeSbom(CONTENTS));
  const known = new Set([
    bill.metadata.component["bom-ref"],
    ...bill.components.map((part: Record<string, string>) => part["bom-ref"]),
  ]);
  assert.equal(known.size, 1 + bill.components.length);
  for (const { ref, dependsOn } of bill.dependencies) {
    for (const name of [ref, ...dependsOn]) assert.ok(known.has(name), name);
  }
  assert.deepEqual(bill.dependencies[1].dependsOn, ["pkg:npm/two@2.0.0-rc.1"]);
});

Deno.test("writeSbom() gives the same text again, and another number for other contents", () => {
  assert.equal(writeSbom(CONTENTS), writeSbom(structuredClone(CONTENTS)));
  const numbers = [CONTENTS, { ...CONTENTS, commit: "beef" }].map((contents) =>
    JSON.parse(writeSbom(contents)).serialNumber
  );
  for (const number of numbers) {
    assert.match(
      number,
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
  assert.notEqual(numbers[0], numbers[1]);
});
