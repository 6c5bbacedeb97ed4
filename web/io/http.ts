/**
 * Serves HTTP on a socket, with TLS where there is a certificate. The command line of the machine
 * cannot ask through a certificate that names a domain, so it has a plain listener of its own then.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { formatAddress, isLoopback } from "../../sip/flow.ts";
import type { Connection } from "../api/connection.ts";
import { readTlsFiles, type TlsMaterial, type TlsPlace } from "./tls_files.ts";

/** Answers a request. */
export type AnswerHttp = (
  request: Request,
  connection: Connection,
) => Response | Promise<Response>;

/** Is told why a listener broke off; it is opened anew. */
export type OnBreak = (error: unknown) => void;

/** A listener that is open. */
export interface HttpServer {
  /** `host:port` as it was bound. */
  readonly listen: string;
  /** `host:port` without TLS, for the command line of this machine. */
  readonly local: string;
  /** When the certificate ends; null without TLS, NaN where that cannot be read. */
  readonly certificateEndsMs: number | null;
  /**
   * Opens the listener anew on the same port with the certificate as it is on disk now. Where that
   * cannot be used it throws an `OperatorError`, and the old one goes on. Nothing without TLS.
   */
  reopen(): Promise<void>;
  /** Ends the listener and every connection at once. */
  close(): Promise<void>;
}

interface Listener {
  readonly address: Address;
  close(): Promise<void>;
}

interface OnceListener extends Listener {
  /** Settled when it listens no more, for whatever reason. */
  readonly finished: Promise<void>;
}

/**
 * Opens the listener; throws what `Deno.serve` throws where the address cannot be had, and an
 * `OperatorError` where the files of TLS cannot be used.
 */
export function openHttp(
  address: Address,
  files: TlsPlace | null,
  answer: AnswerHttp,
  onBreak: OnBreak,
): HttpServer {
  let tls = files === null ? null : readTlsFiles(files);
  let listener = keepListening(address, tls, answer, onBreak);
  const bound = listener.address;
  let local: Listener;
  try {
    local = tls === null
      ? listener
      : keepListening(LOCAL, null, answer, onBreak);
  } catch (error) {
    listener.close();
    throw error;
  }
  let isClosed = false;
  let last = Promise.resolve();
  const reopen = async () => {
    if (files === null || isClosed) return;
    const fresh = readTlsFiles(files);
    await listener.close();
    listener = keepListening(bound, fresh, answer, onBreak);
    tls = fresh;
  };
  return {
    listen: spell(bound),
    local: spell(local.address),
    get certificateEndsMs() {
      return tls?.endsMs ?? null;
    },
    reopen: () => {
      const done = last.then(reopen);
      last = done.catch(() => {});
      return done;
    },
    close: async () => {
      isClosed = true;
      await last;
      await listener.close();
      if (local !== listener) await local.close();
    },
  };
}

const LOCAL: Address = { host: "127.0.0.1", port: 0 };
/** After so long a listener that broke off is opened anew. */
const REOPEN_MS = 1000;

/**
 * Listens until it is closed. `Deno.serve` gives up for good where a connection cannot be taken, as
 * when all files that a process may have are open: then all connections are let go, which gives
 * their files back, and it listens anew.
 */
function keepListening(
  address: Address,
  tls: TlsMaterial | null,
  answer: AnswerHttp,
  onBreak: OnBreak,
): Listener {
  let listener = listen(address, tls, answer);
  const bound = listener.address;
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    try {
      listener = listen(bound, tls, answer);
      watch(listener);
    } catch {
      timer = setTimeout(again, REOPEN_MS);
    }
  };
  const watch = ({ finished, close }: OnceListener) => {
    finished.catch((error: unknown) => {
      if (!isClosed) onBreak(error);
      return close().catch(() => {});
    }).then(() => {
      if (!isClosed) timer = setTimeout(again, REOPEN_MS);
    });
  };
  watch(listener);
  return {
    address: bound,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      return listener.close().catch(() => {});
    },
  };
}

function listen(
  { host, port }: Address,
  tls: TlsMaterial | null,
  answer: AnswerHttp,
): OnceListener {
  const abort = new AbortController();
  const server = Deno.serve(
    {
      hostname: host,
      port,
      signal: abort.signal,
      onListen: () => {},
      ...(tls !== null && { cert: tls.cert, key: tls.key }),
    },
    (request, info) => {
      const peer = plainAddress(info.remoteAddr.hostname);
      return answer(request, {
        peer,
        isSecure: tls !== null || isLoopback(peer),
        get ended() {
          return info.completed;
        },
      });
    },
  );
  return {
    address: { host, port: server.addr.port },
    finished: server.finished,
    close: () => {
      abort.abort();
      return server.finished;
    },
  };
}

/** An IPv4 address as it is, also where a listener of IPv6 took the connection. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

function spell({ host, port }: Address): string {
  return formatAddress(host, port);
}
