/**
 * Under which address a phone reaches us: the one that it wrote to, unless that is private and the
 * phone is not; then we stand behind a router ourselves, and the configuration names the public
 * address.
 * @module
 */

import { isPrivate } from "../../sip/address_kind.ts";
import { type Flow, formatAddress } from "../../sip/flow.ts";

const USUAL_PORT = 5060;

export class OwnAddress {
  readonly #publicAddress: string | null;

  constructor(publicAddress: string | null) {
    this.#publicAddress = publicAddress;
  }

  /** The address without brackets. */
  hostFor(flow: Flow): string {
    const isBehindRouter = this.#publicAddress !== null &&
      isPrivate(flow.localHost) && !isPrivate(flow.host);
    const host = isBehindRouter ? this.#publicAddress! : flow.localHost;
    // a zone means something on this machine only
    const zone = host.indexOf("%");
    return zone < 0 ? host : host.slice(0, zone);
  }

  /** Host and port as they stand in a URI. */
  hostPortFor(flow: Flow): string {
    const host = this.hostFor(flow);
    if (flow.localPort !== USUAL_PORT) {
      return formatAddress(host, flow.localPort);
    }
    return host.includes(":") ? `[${host}]` : host;
  }

  /** The URI by which a phone reaches a number of ours (RFC 3261 §8.1.1.8). */
  uriFor(number: string, flow: Flow): string {
    const at = number === "" ? "" : `${escapeUser(number)}@`;
    const transport = flow.transport === "tcp" ? ";transport=tcp" : "";
    return `sip:${at}${this.hostPortFor(flow)}${transport}`;
  }
}

/** Escapes what may not stand in the user part of a URI (RFC 3261 §25.1). */
export function escapeUser(number: string): string {
  return number.replace(
    /[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/g,
    (letter) =>
      "%" + (letter.charCodeAt(0) & 0xff).toString(16).toUpperCase()
        .padStart(2, "0"),
  );
}
