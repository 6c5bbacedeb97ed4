/**
 * What every transport offers to the exchange, so that the core does not know which one carries
 * a message.
 * @module
 */

import type { SipFact } from "../fact.ts";
import type { TransportName } from "../flow.ts";
import type { Flow } from "../flow.ts";
import type { Outbox } from "../outbox.ts";

/** One message as it came in. Valid until the receiver returns: the memory is used again. */
export interface Inbound {
  bytes: Uint8Array;
  start: number;
  end: number;
  flow: Flow;
}

/** Where a transport listens. */
export interface Listening {
  readonly transport: TransportName;
  readonly host: string;
  readonly port: number;
}

/** Takes a batch: the first `count` entries of `inbound`. Must send before it returns. */
export type Receive = (inbound: readonly Inbound[], count: number) => void;

export interface Transport {
  readonly name: TransportName;
  readonly listening: readonly Listening[];
  /** Receives until `close()`; resolves when the last socket is closed. */
  run(receive: Receive): Promise<void>;
  /** Sends those messages of the outbox whose flow is this transport's. Never throws. */
  send(outbox: Outbox): void;
  /** A phone has proved itself on this flow: its connection may be idle for long. */
  keep?(flow: Flow): void;
  /** Takes the facts that came up since the last call (drops, ICMP errors, connections). */
  takeFacts(): SipFact[];
  close(): void;
}
