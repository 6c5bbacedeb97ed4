/**
 * What belongs into each phone of the running server.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import type { ExtensionStore } from "../../pbx/io/extension_store.ts";
import { formatAddress, isLoopback } from "../../sip/flow.ts";
import type { LostName } from "../phone/lost_name.ts";
import type { PageOpening } from "../phone/phone_card.ts";
import type { PhoneDesk } from "../phone/phone_desk.ts";
import type { ProvisionLinks } from "../phone/provision_links.ts";
import { splitServer } from "../phone/phone_card.ts";
import { choosePhoneAddress } from "../phone_address.ts";

export interface PhoneDeskParts {
  readonly config: Config;
  readonly localAddresses: readonly string[];
  readonly extensions: Pick<ExtensionStore, "get" | "isPassword">;
  readonly links: ProvisionLinks;
  /** Names that phones do not find, as far as that is known. */
  lostNames(): readonly LostName[];
  opening(): PageOpening;
  random(octets: number): Uint8Array;
  nowMs(): number;
}

export function openPhoneDesk(parts: PhoneDeskParts): PhoneDesk {
  const { config, localAddresses, extensions, links, nowMs } = parts;
  const choose = () => chooseServer(config, localAddresses, parts.lostNames());
  return {
    links,
    nowMs,
    random: parts.random,
    isPassword: (number, password) => extensions.isPassword(number, password),
    get outside() {
      return findOutside(config, choose().server);
    },
    get opening() {
      return parts.opening();
    },
    accountOf: (number) => {
      const extension = extensions.get(number);
      if (extension === null) return null;
      const kept = links.find(number, nowMs());
      // the command line may have given it another one since
      const isRight = kept !== null &&
        extensions.isPassword(number, kept.password);
      if (kept !== null && !isRight) links.forget(number);
      return {
        ...extension,
        ...choose(),
        transport: "udp",
        password: isRight ? kept.password : null,
      };
    },
  };
}

/** The first name that leads here, else an address. */
export function chooseServer(
  config: Config,
  localAddresses: readonly string[],
  lost: readonly LostName[],
): { readonly server: string; readonly lostName: LostName | null } {
  const lostName = lost.find(({ name }) => name === config.domains[0]) ?? null;
  const domains = config.domains.filter((domain) =>
    !lost.some(({ name }) => name === domain)
  );
  const server = choosePhoneAddress({ ...config, domains }, localAddresses);
  return { server, lostName };
}

/** Where phones reach the page, as far as its address says that they do. */
function findOutside(config: Config, server: string): string | null {
  const { http, tls } = config;
  if (http === null || http.port === 0 || isLoopback(http.host)) return null;
  const host = splitServer(server).host.replace(/^\[|\]$/g, "");
  const scheme = tls === null ? "http" : "https";
  return `${scheme}://${formatAddress(host, http.port)}`;
}
