/**
 * What the numbers mean that can be dialled.
 * @module
 */

import assert from "node:assert/strict";
import { type Destination, readDestination } from "./number_plan.ts";

const EXTENSIONS = ["1001", "1002", "*60", "**9"];
const isExtension = (number: string) => EXTENSIONS.includes(number);

Deno.test("readDestination() reads extensions, services and pickups", () => {
  const table: readonly (readonly [string, Destination])[] = [
    ["1001", { kind: "extension", number: "1001" }],
    ["*43", { kind: "service", service: "echo" }],
    // an extension comes before a service of that name
    ["*60", { kind: "extension", number: "*60" }],
    ["**9", { kind: "extension", number: "**9" }],
    ["**", { kind: "pickup", number: "" }],
    ["**1002", { kind: "pickup", number: "1002" }],
  ];
  for (const [dialled, destination] of table) {
    assert.deepEqual(readDestination(dialled, isExtension), destination);
  }
  const none = readDestination("*60", () => false);
  assert.deepEqual(none, { kind: "service", service: "tone" });
});

Deno.test("readDestination() knows nothing else, whatever it is called", () => {
  const strange = [
    "",
    "1003",
    "*",
    "***",
    "**1003",
    "*44",
    "1001 ",
    "__proto__",
  ];
  for (const dialled of [...strange, "constructor", "toString", "**toString"]) {
    const destination = readDestination(dialled, isExtension);
    assert.deepEqual(destination, { kind: "unknown" }, dialled);
  }
});
