/**
 * What a dialled number means: an extension, a service of the exchange, or a phone that rings
 * somewhere else and is to be taken here.
 *
 *     1002      the extension
 *     *43       echo: what comes in goes back
 *     *60       a tone
 *     **        takes the phone that has rung longest
 *     **1002    takes a phone of 1002 that rings
 *
 * @module
 */

import type { Service } from "./call.ts";

export type Destination =
  | { readonly kind: "extension"; readonly number: string }
  | { readonly kind: "service"; readonly service: Service }
  /** Of any number where `number` is "". */
  | { readonly kind: "pickup"; readonly number: string }
  | { readonly kind: "unknown" };

const SERVICES: Readonly<Record<string, Service>> = {
  "*43": "echo",
  "*60": "tone",
};
const PICKUP = "**";

/**
 * Reads a dialled number.
 *
 * @param isExtension whether there is an extension of that number.
 */
export function readDestination(
  dialled: string,
  isExtension: (number: string) => boolean,
): Destination {
  if (isExtension(dialled)) return { kind: "extension", number: dialled };
  const service = Object.hasOwn(SERVICES, dialled) ? SERVICES[dialled] : null;
  if (service) return { kind: "service", service };
  if (dialled.startsWith(PICKUP)) {
    const number = dialled.slice(PICKUP.length);
    if (number === "" || isExtension(number)) return { kind: "pickup", number };
  }
  return { kind: "unknown" };
}
