/** @module */

import assert from "node:assert/strict";
import { listEmbedded } from "./embedded_package.ts";

const PACKAGES = {
  "b@2.0.0_c@3.0.0": {
    name: "b",
    version: "2.0.0",
    dependencies: ["c@3.0.0"],
    localPath: "/cache/b/2.0.0",
  },
  "c@3.0.0": { name: "c", version: "3.0.0", dependencies: ["b@2.0.0_c@3.0.0"] },
  "@a/a@1.0.0": { name: "@a/a", version: "1.0.0", dependencies: [] },
  "tool@9.0.0": { name: "tool", version: "9.0.0", dependencies: [] },
};

Deno.test("listEmbedded() lists what imports reach, once, and nothing else", () => {
  const graph = (...names: readonly string[]) => ({
    modules: [{}, ...names.map((npmPackage) => ({ npmPackage }))],
    npmPackages: PACKAGES,
  });
  const found = listEmbedded(
    [graph("b@2.0.0_c@3.0.0", "b@2.0.0_c@3.0.0"), graph("@a/a@1.0.0", "gone")],
    { npm: { "b@2.0.0_c@3.0.0": { integrity: "sha512-AAAA" } } },
  );
  assert.deepEqual(found.map(({ name }) => name), ["@a/a", "b", "c"]);
  assert.deepEqual(found[1], {
    name: "b",
    version: "2.0.0",
    integrity: "sha512-AAAA",
    license: "",
    folder: "/cache/b/2.0.0",
    needs: ["c@3.0.0"],
  });
  assert.equal(found[2]?.integrity, "");
});
