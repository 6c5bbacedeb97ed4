/**
 * What the TCP transport needs of a listening socket and of a connection: what Deno's have, and
 * those on inherited descriptors as well.
 * @module
 */

/** One end of a connection. */
export interface StreamAddress {
  readonly hostname: string;
  readonly port: number;
}

/** A connection. One read and one write may be under way at a time. */
export interface Stream {
  readonly localAddr: StreamAddress;
  readonly remoteAddr: StreamAddress;
  /** Waits for octets; gives how many, or null at the end of the stream. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null>;
  /** Gives how many octets the kernel took; waits until it takes at least one. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

/** A socket that listens. */
export interface Acceptor {
  readonly addr: StreamAddress;
  /** Waits for the next connection; rejects also when the socket is closed. */
  accept(): Promise<Stream>;
  close(): void;
}
