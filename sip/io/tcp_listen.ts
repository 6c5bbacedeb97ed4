/**
 * The listening sockets of TCP: Deno's own, or, where some were open before this program was, all
 * of them through the C library.
 * @module
 */

import { BindError } from "./bind_error.ts";
import { findInherited, type InheritedSocket } from "./inherited_sockets.ts";
import { openLibc } from "./libc.ts";
import { Poller } from "./poller.ts";
import type { Acceptor } from "./stream.ts";
import { openLinuxAcceptor, TCP_CALLS } from "./tcp_linux.ts";
import type { Listening } from "./transport.ts";

/** Sockets that listen. */
export interface Listeners {
  readonly acceptors: readonly Acceptor[];
  readonly listening: readonly Listening[];
  /** Who has to run for connections to move; null where Deno does that. */
  readonly poller: Poller | null;
}

type Listen = readonly { readonly host: string; readonly port: number }[];

/** Listens on every address, or on none; throws BindError for the first that cannot be had. */
export function listenTcp(
  listen: Listen,
  inherited: readonly InheritedSocket[],
): Listeners {
  const isAny = inherited.some(({ transport }) => transport === "tcp");
  return isAny ? listenByLibc(listen, inherited) : listenByDeno(listen);
}

function listenByLibc(
  listen: Listen,
  inherited: readonly InheritedSocket[],
): Listeners {
  const libc = openLibc(TCP_CALLS);
  if (libc === null) throw new Error("No C library to inherit sockets with");
  const poller = new Poller(libc);
  try {
    const acceptors = listen.map((address) =>
      openLinuxAcceptor(
        libc,
        poller,
        address.host,
        address.port,
        findInherited(inherited, "tcp", address),
      )
    );
    const listening = acceptors.map(({ addr }, i): Listening => ({
      transport: "tcp",
      host: listen[i]!.host,
      port: addr.port,
    }));
    return { acceptors, listening, poller };
  } catch (error) {
    poller.close();
    throw error;
  }
}

function listenByDeno(listen: Listen): Listeners {
  const acceptors: Deno.TcpListener[] = [];
  const listening: Listening[] = [];
  // Deno's socket of `::` takes IPv4 as well, so `0.0.0.0` beside it may be had already.
  const isWildcard = (host: string) => host === "::";
  const ordered = [
    ...listen.filter(({ host }) => isWildcard(host)),
    ...listen.filter(({ host }) => !isWildcard(host)),
  ];
  for (const { host, port } of ordered) {
    try {
      const acceptor = Deno.listen({ hostname: host, port });
      acceptors.push(acceptor);
      listening.push({ transport: "tcp", host, port: acceptor.addr.port });
    } catch (error) {
      const code = codeOf(error);
      if (
        code === "EADDRINUSE" && host === "0.0.0.0" &&
        listening.some((other) => isWildcard(other.host) && other.port === port)
      ) {
        listening.push({ transport: "tcp", host, port });
        continue;
      }
      for (const acceptor of acceptors) acceptor.close();
      throw new BindError("tcp", host, port, code);
    }
  }
  return { acceptors, listening, poller: null };
}

function codeOf(error: unknown): string {
  if (
    error instanceof Error && "code" in error && typeof error.code === "string"
  ) {
    return error.code;
  }
  if (error instanceof Deno.errors.PermissionDenied) return "EACCES";
  return error instanceof Error ? error.message : String(error);
}
