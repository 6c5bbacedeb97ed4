/**
 * One TCP connection: reads messages out of it, and writes without ever waiting for the peer.
 * @module
 */

import type { Flow } from "../flow.ts";
import { type Frame, Framer, TLS_HELLO } from "../framing.ts";
import type { Stream } from "./stream.ts";

/** How much is read at once, in octets. */
const READ_OCTETS = 8192;
/** The answer to a ping, RFC 5626 §3.5.1. */
const PONG: Uint8Array = new Uint8Array([0x0d, 0x0a]);
/** What may wait without being the beginning of a message: half a ping. */
const EMPTY_LINE = PONG.length;
const NOTHING: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/** What happens on a connection, told to the transport. */
export interface ConnectionUser {
  /** Complete messages; valid until this returns. */
  readonly onMessages: (
    messages: readonly (Frame & { kind: "message" })[],
  ) => void;
  /** A keep-alive of 2 or 4 octets. */
  readonly onKeepAlive: (octets: number) => void;
  readonly onClosed: () => void;
  readonly onTrouble: (
    what: "framing-lost" | "tls-offered" | "connection-broken",
    detail: string,
  ) => void;
}

export class TcpConnection {
  readonly flow: Flow;
  readonly #conn: Stream;
  readonly #queueOctets: number;
  readonly #user: ConnectionUser;
  readonly #closed: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #framer = new Framer();
  #isFinishing = false;
  #isClosed = false;
  /** When it was opened or showed life, on the clock of `performance.now()`. */
  #activeAtMs = performance.now();
  #hasHadMessage = false;
  /** Whether somebody who proved himself is behind it; such a one may be idle for long. */
  isKept = false;
  readonly openedAtMs = performance.now();

  /** What waits behind the write that is under way: `#queue[0..#queued)`. */
  #queue = NOTHING;
  #queued = 0;
  /** All octets that the kernel has not taken. */
  #unsent = 0;
  #writer: Promise<void> | null = null;

  constructor(
    conn: Stream,
    flow: Flow,
    queueOctets: number,
    user: ConnectionUser,
  ) {
    this.#conn = conn;
    this.flow = flow;
    this.#queueOctets = queueOctets;
    this.#user = user;
  }

  get hasHadMessage(): boolean {
    return this.#hasHadMessage;
  }

  get activeAtMs(): number {
    return this.#activeAtMs;
  }

  /**
   * Reads until the stream ends or breaks or `close()`; what is queued is then written out.
   * Resolves when the kernel has the socket back.
   */
  async run(): Promise<void> {
    try {
      await this.#read();
      await this.#flush();
    } finally {
      this.close();
    }
    await this.#writer;
  }

  /** Queues a copy of octets. Never waits: a peer that does not read is cut off. */
  write(bytes: Uint8Array, start: number, end: number): void {
    if (this.#isClosed) return;
    this.#unsent += end - start;
    if (this.#unsent > this.#queueOctets) {
      this.#user.onTrouble(
        "connection-broken",
        `peer does not read: over ${this.#queueOctets} octets wait`,
      );
      this.close();
      return;
    }
    const needed = this.#queued + end - start;
    if (needed > this.#queue.length) {
      const larger = new Uint8Array(Math.max(needed, this.#queue.length * 2));
      larger.set(this.#queue.subarray(0, this.#queued));
      this.#queue = larger;
    }
    this.#queue.set(bytes.subarray(start, end), this.#queued);
    this.#queued = needed;
    this.#writer ??= this.#writeQueue();
  }

  /** Takes no message any more, and ends when the kernel has what is queued, or by `close()`. */
  finish(): void {
    this.#isFinishing = true;
    if (this.#writer === null) this.close();
    else this.#flush().then(() => this.close());
  }

  /**
   * Ends it at once. Deno before 2.9 keeps a write that was blocked, and 2.8 also a read
   * (denoland/deno#35292), and with it the socket, until the peer moves; `closeWrite()` makes it.
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue = NOTHING;
    this.#queued = 0;
    this.#conn.closeWrite().catch(() => {});
    this.#conn.close();
    this.#closed.resolve();
    this.#user.onClosed();
  }

  async #read(): Promise<void> {
    const chunk = new Uint8Array(READ_OCTETS);
    while (!this.#isClosed) {
      let length: number | null;
      try {
        length = await this.#conn.read(chunk);
      } catch (error) {
        return this.#break(error);
      }
      // it may have been read before the end, and is told after it
      if (this.#isFinishing || this.#isClosed) return;
      if (length === null) {
        if (this.#framer.waiting > EMPTY_LINE) {
          this.#user.onTrouble("connection-broken", "ended within a message");
        }
        return;
      }
      this.#framer.push(chunk.subarray(0, length));
      if (!this.#takeFrames()) return;
    }
  }

  /** Hands over what is complete. False: the stream cannot be understood any more. */
  #takeFrames(): boolean {
    const messages: (Frame & { kind: "message" })[] = [];
    let lost: string | null = null;
    for (
      let frame = this.#framer.next();
      frame !== null;
      frame = this.#framer.next()
    ) {
      if (frame.kind === "lost") {
        lost = frame.what;
        break;
      }
      if (frame.kind === "message") {
        this.#hasHadMessage = true;
        messages.push(frame);
      } else {
        this.#user.onKeepAlive(frame.kind === "ping" ? 4 : 2);
        if (frame.kind === "ping") this.write(PONG, 0, PONG.length);
      }
      // Keep-alives alone do not keep a stranger.
      if (this.#hasHadMessage) this.#activeAtMs = performance.now();
    }
    if (messages.length > 0) this.#user.onMessages(messages);
    if (lost !== null) {
      const what = lost === TLS_HELLO ? "tls-offered" : "framing-lost";
      this.#user.onTrouble(what, lost);
    }
    return lost === null;
  }

  async #writeQueue(): Promise<void> {
    try {
      while (this.#queued > 0) {
        const batch = this.#queue.subarray(0, this.#queued);
        this.#queue = NOTHING;
        this.#queued = 0;
        for (let at = 0; at < batch.length;) {
          const written = await this.#conn.write(batch.subarray(at));
          at += written;
          this.#unsent -= written;
        }
      }
    } catch (error) {
      this.#break(error);
    }
    this.#writer = null;
  }

  async #flush(): Promise<void> {
    while (this.#writer !== null && !this.#isClosed) {
      await Promise.race([this.#writer, this.#closed.promise]);
    }
  }

  #break(error: unknown): void {
    if (this.#isClosed) return;
    const detail = error instanceof Error ? error.message : String(error);
    this.#user.onTrouble("connection-broken", detail);
    this.close();
  }
}
