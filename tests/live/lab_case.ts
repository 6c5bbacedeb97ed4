/**
 * A live test that knows which programs and rights it needs. What is missing is named and the test
 * is counted as skipped; with `PBX_REQUIRE_ALL=1` it is a failure.
 * @module
 */

import { Lab } from "./lab.ts";

/** What a live test needs; `namespaces` means root and the right to make network namespaces. */
export type Need = "namespaces" | "root" | (string & Record<never, never>);

const NETWORK_PROGRAMS = ["ip", "nft", "sysctl"];

/** Those needs that this machine does not meet. */
export function missingPrograms(needs: readonly Need[]): string[] {
  return needs.flatMap((need) => {
    if (need === "root") return Deno.uid() === 0 ? [] : ["root"];
    if (need !== "namespaces") return hasProgram(need) ? [] : [need];
    const missing = missingPrograms(["root", ...NETWORK_PROGRAMS]);
    if (missing.length > 0) return missing;
    return canMakeNamespace() ? [] : ["the right to make network namespaces"];
  });
}

/** Declares a test that runs in a lab of its own. */
export function liveTest(
  name: string,
  needs: readonly Need[],
  body: (lab: Lab) => Promise<void>,
): void {
  const missing = missingPrograms(needs);
  const isRequired = Deno.env.get("PBX_REQUIRE_ALL") === "1";
  if (missing.length > 0 && !isRequired) {
    console.log(`skipped, missing ${missing.join(", ")}: ${name}`);
  }
  Deno.test({
    name,
    ignore: missing.length > 0 && !isRequired,
    fn: async () => {
      if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")}`);
      await using lab = await Lab.open();
      await body(lab);
    },
  });
}

function hasProgram(name: string): boolean {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return folders.some((folder) => {
    try {
      return Deno.statSync(`${folder}/${name}`).isFile;
    } catch {
      return false;
    }
  });
}

function canMakeNamespace(): boolean {
  const name = `pbx${Deno.pid}probe`;
  const ip = (action: string) =>
    new Deno.Command("ip", {
      args: ["netns", action, name],
      stdout: "null",
      stderr: "null",
    })
      .outputSync().success;
  return ip("add") && ip("del");
}
