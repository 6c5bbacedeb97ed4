/**
 * Serves the HTTP interface on a socket.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { formatAddress } from "../../sip/flow.ts";
import { type ApiSource, createApi } from "../api/api.ts";

/** A listener that is open. */
export interface HttpServer {
  /** `host:port` as it was bound. */
  readonly listen: string;
  /** Ends the listener and every connection at once. */
  close(): Promise<void>;
}

/** Opens the listener; throws what `Deno.serve` throws where the address cannot be had. */
export function openHttp(address: Address, source: ApiSource): HttpServer {
  const api = createApi(source);
  const abort = new AbortController();
  const server = Deno.serve(
    {
      hostname: address.host,
      port: address.port,
      signal: abort.signal,
      onListen: () => {},
    },
    (request, info) => api.fetch(request, { peer: info.remoteAddr.hostname }),
  );
  return {
    listen: formatAddress(address.host, server.addr.port),
    close: () => {
      abort.abort();
      return server.finished;
    },
  };
}
