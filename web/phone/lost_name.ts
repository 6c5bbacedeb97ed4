/**
 * Configured names under which phones do not find the server, as the last check of names saw it.
 * @module
 */

import type { CheckResult } from "../../diag/machine/check_finding.ts";
import type { NameView } from "../../diag/scene.ts";

export interface LostName {
  readonly name: string;
  /** Where it leads instead, separated by commas; "" for nowhere. */
  readonly addresses: string;
}

/** Finds them; none where nothing was checked. */
export function findLostNames(
  results: readonly CheckResult[] | null,
): readonly LostName[] {
  const details = results?.find(({ id }) => id === "dns")?.finding.details;
  return (details ?? []).flatMap(({ key, values }): LostName[] => {
    const name = String(values["name"] ?? "");
    if (key === "dns-no-address") return [{ name, addresses: "" }];
    if (key !== "dns-wrong") return [];
    return [{ name, addresses: String(values["addresses"] ?? "") }];
  });
}

/** The same for the rules of the diagnosis. */
export function viewLostName({ name, addresses }: LostName): NameView {
  const found = addresses === "" ? [] : addresses.split(", ");
  return {
    name,
    isAsked: true,
    ipv4: found.filter((address) => !address.includes(":")),
    ipv6: found.filter((address) => address.includes(":")),
    services: [],
    error: "",
  };
}
