/**
 * What is in the program, as a bill of materials: CycloneDX 1.6 in JSON. The same commit gives
 * the same text: no clock and no chance is in it.
 * @module
 */

import { createHash } from "node:crypto";
import type { EmbeddedPackage } from "./embedded_package.ts";

export interface Contents {
  readonly version: string;
  readonly license: string;
  readonly commit: string;
  /** When the commit was made. */
  readonly committedMs: number;
  readonly packages: readonly EmbeddedPackage[];
  readonly runtimes: readonly EmbeddedRuntime[];
}

/** The runtime in one of the programs. */
export interface EmbeddedRuntime {
  readonly target: string;
  /** "" where it is not known. */
  readonly version: string;
  /** Of the runtime alone, in hexadecimal digits; "" where it is not known. */
  readonly sha256: string;
}

/** Writes the bill. */
export function writeSbom(contents: Contents): string {
  const { version, license, commit, committedMs, packages, runtimes } =
    contents;
  const own = `pkg:generic/pbx@${version}`;
  const parts = [
    ...packages.map(describePackage),
    ...runtimes.map(describeRuntime),
  ];
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${nameUuid(JSON.stringify(contents))}`,
    version: 1,
    metadata: {
      timestamp: new Date(committedMs).toISOString(),
      component: {
        type: "application",
        "bom-ref": own,
        name: "pbx",
        version,
        purl: own,
        licenses: [{ license: { id: license } }],
        properties: [{ name: "pbx:commit", value: commit }],
      },
    },
    components: parts,
    dependencies: [
      { ref: own, dependsOn: parts.map((part) => part["bom-ref"]) },
      ...packages.map(({ name, version, needs }) => ({
        ref: spellPurl(name, version),
        dependsOn: needs.map((need) => {
          const split = need.lastIndexOf("@");
          return spellPurl(need.slice(0, split), need.slice(split + 1));
        }),
      })),
    ],
  };
  return JSON.stringify(bill, null, 2) + "\n";
}

function describePackage(
  { name, version, integrity, license }: EmbeddedPackage,
) {
  const purl = spellPurl(name, version);
  const slash = name.indexOf("/");
  return {
    type: "library",
    "bom-ref": purl,
    ...(slash < 0 ? { name } : {
      group: name.slice(0, slash),
      name: name.slice(slash + 1),
    }),
    version,
    purl,
    ...hashesOf(integrity),
    ...licensesOf(license),
  };
}

function describeRuntime({ target, version, sha256 }: EmbeddedRuntime) {
  const purl = version === ""
    ? `pkg:github/denoland/deno?target=${target}`
    : `pkg:github/denoland/deno@v${version}?target=${target}`;
  return {
    type: "platform",
    "bom-ref": purl,
    name: "denort",
    ...(version === "" ? {} : { version }),
    description: `the Deno runtime of the program for ${target}`,
    purl,
    ...(sha256 === "" ? {} : { hashes: [{ alg: "SHA-256", content: sha256 }] }),
    licenses: [{ license: { id: "MIT" } }],
  };
}

/** The scope of a name is written with `%40` in a package URL. */
function spellPurl(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function hashesOf(integrity: string): object {
  const digest = /^sha512-([A-Za-z0-9+/]+={0,2})$/.exec(integrity)?.[1];
  if (digest === undefined) return {};
  const content = Array.from(
    atob(digest),
    (unit) => unit.charCodeAt(0).toString(16).padStart(2, "0"),
  ).join("");
  return { hashes: [{ alg: "SHA-512", content }] };
}

function licensesOf(license: string): object {
  if (license === "") return {};
  return /^[A-Za-z0-9.+-]+$/.test(license)
    ? { licenses: [{ license: { id: license } }] }
    : { licenses: [{ expression: license }] };
}

/** A UUID that follows from the contents (RFC 9562 §5.8: version 8). */
function nameUuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = "89ab"[parseInt(hex[16]!, 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
