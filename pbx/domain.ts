/**
 * Which hosts are ours: every one where no domain is configured, else the configured names and
 * the addresses of the machine; but `localhost` in a request from outside is nobody's, because it
 * means the phone itself.
 * @module
 */

import { type Flow, isLoopback } from "../sip/flow.ts";
import type { SipUri } from "../sip/uri.ts";

export class Domains {
  readonly #names: ReadonlySet<string>;
  readonly #addresses: ReadonlySet<string>;

  /** @param addresses of the machine, and its public one behind a provider's router. */
  constructor(names: readonly string[], addresses: readonly string[]) {
    this.#names = new Set(names.map((name) => name.toLowerCase()));
    this.#addresses = new Set(
      addresses.map((address) => address.toLowerCase()),
    );
  }

  /** Whether a request that names this host may be served. */
  isOurs(uri: SipUri, flow: Flow): boolean {
    const host = uri.host.endsWith(".") ? uri.host.slice(0, -1) : uri.host;
    if (host === "localhost" || isLoopback(host)) {
      return isLoopback(flow.host) || flow.host === flow.localHost;
    }
    return this.#names.size === 0 || this.#names.has(host) ||
      this.#addresses.has(host) ||
      host === flow.localHost;
  }
}
