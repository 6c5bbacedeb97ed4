/**
 * What belongs into each phone, while it is known; and where its files can be fetched.
 * @module
 */

import { isLoopback } from "../../sip/flow.ts";
import type { PageOpening, PhoneAccount, PhoneLinks } from "./phone_card.ts";
import { PHONE_FILES, type PhoneFile } from "./phone_card.ts";
import { FILE_KINDS } from "./phone_file.ts";
import type { ProvisionLinks } from "./provision_links.ts";

/** Asked anew for each page; each question costs next to nothing. */
export interface PhoneDesk {
  readonly links: ProvisionLinks;
  nowMs(): number;
  random(octets: number): Uint8Array;
  /** With its password as long as that is kept; null where there is no such extension. */
  accountOf(number: string): PhoneAccount | null;
  isPassword(number: string, password: string): boolean;
  /** Where others than this machine reach the page, such as `http://pbx.example:8060`; or null. */
  readonly outside: string | null;
  readonly opening: PageOpening;
}

/** How the one who asks has reached the page. */
export interface Reached {
  /** The header `Host`; undefined for none. */
  readonly host: string | undefined;
  readonly isSecure: boolean;
}

/** Makes the links of an extension; null where its password is not kept any more. */
export function makeLinks(
  desk: PhoneDesk,
  number: string,
  reached: Reached,
): PhoneLinks | null {
  const nowMs = desk.nowMs();
  const kept = desk.links.find(number, nowMs);
  if (kept === null) return null;
  const base = chooseBase(reached, desk.outside);
  const once = base === null
    ? null
    : mapFiles((file) =>
      `${base}/provision/${
        desk.links.make(number, file, desk.random(16), nowMs)
      }/${FILE_KINDS[file].isFolder ? "" : FILE_KINDS[file].name}`
    );
  const downloads = mapFiles((file) =>
    `/extensions/${encodeURIComponent(number)}/files/${FILE_KINDS[file].name}`
  );
  return { downloads, once, endMs: kept.endMs, opening: desk.opening };
}

/**
 * Where a phone finds the page: as the administrator did, unless that was from this machine or
 * through a tunnel.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chooseBase } from "./phone_desk.ts";
 * assert.equal(chooseBase({ host: "pbx.example", isSecure: true }, null), "https://pbx.example");
 * assert.equal(chooseBase({ host: "localhost:8060", isSecure: false }, null), null);
 * ```
 */
export function chooseBase(
  { host, isSecure }: Reached,
  outside: string | null,
): string | null {
  if (host === undefined || !/^[\w.:[\]-]+$/.test(host)) return outside;
  const name = host.replace(/:\d*$/, "").replace(/^\[|\]$/g, "");
  if (name === "localhost" || isLoopback(name)) return outside;
  return `${isSecure ? "https" : "http"}://${host}`;
}

function mapFiles(
  write: (file: PhoneFile) => string,
): Readonly<Record<PhoneFile, string>> {
  return Object.fromEntries(
    PHONE_FILES.map((file) => [file, write(file)]),
  ) as Record<PhoneFile, string>;
}
