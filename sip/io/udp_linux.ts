/**
 * The UDP transport of Linux: all listeners on one loop. While datagrams come, it waits inside
 * short system calls; when they stop, it waits beside the event loop, where a wake-up costs more
 * (measured: 20 against 45 µs of CPU a datagram that comes alone).
 * @module
 */

import { setImmediate } from "node:timers";
import type { SipFact } from "../fact.ts";
import type { Outbox } from "../outbox.ts";
import { findInherited, type InheritedSocket } from "./inherited_sockets.ts";
import type { Libc } from "./libc.ts";
import type { Listening, Receive, Transport } from "./transport.ts";
import { ErrorQueue } from "./udp_errors.ts";
import { GATHER_MICROSECONDS, UdpPace } from "./udp_pace.ts";
import { UdpReceiver } from "./udp_receiver.ts";
import { UdpSender } from "./udp_sender.ts";
import { openUdpSocket, type UdpSocket } from "./udp_socket.ts";
import { UdpTrouble } from "./udp_trouble.ts";

const POLLIN = 1;
const POLLERR = 8;
const EFD_CLOEXEC = 0x80000;
/** How long after the last datagram the loop still waits inside system calls. */
const LINGER_MS = 5;
/** At least this often the event loop gets its turn (timers, TCP, HTTP). */
const TURN_MS = 4;
/** The longest wait inside a system call. */
const WAIT_MS = 1;

/** Receives and sends through the C library, which it closes in the end. */
export class LinuxUdp implements Transport {
  readonly name = "udp";
  readonly listening: readonly Listening[];
  readonly #libc: Libc;
  readonly #sockets: readonly UdpSocket[];
  readonly #trouble: UdpTrouble;
  readonly #errors: ErrorQueue;
  readonly #receiver: UdpReceiver;
  readonly #sender: UdpSender;
  readonly #pace = new UdpPace();
  /** One `struct pollfd` a socket, and the last for the event that wakes the wait. */
  readonly #poll: Uint8Array<ArrayBuffer>;
  readonly #pollWords: Uint32Array;
  readonly #socketCount: bigint;
  readonly #waker: number;
  /** When datagrams came last. */
  #lastMs = -Infinity;
  /** The socket that is read first: each in its turn. */
  #first = 0;
  #isRunning = false;
  #isClosing = false;
  #isClosed = false;

  /** Opens every listener or none, but those that it inherits; throws BindError. */
  constructor(
    libc: Libc,
    listen: readonly { readonly host: string; readonly port: number }[],
    wallMs: () => number,
    inherited: readonly InheritedSocket[] = [],
  ) {
    this.#libc = libc;
    const sockets: UdpSocket[] = [];
    try {
      for (const address of listen) {
        const { host, port } = address;
        const id = sockets.length;
        const own = findInherited(inherited, "udp", address);
        sockets.push(openUdpSocket(libc, id, host, port, own));
      }
    } catch (error) {
      for (const { descriptor } of sockets) libc.call.close(descriptor);
      libc.close();
      throw error;
    }
    this.#sockets = sockets;
    this.listening = sockets.map(({ host, port }) => ({
      transport: "udp",
      host,
      port,
    }));
    this.#trouble = new UdpTrouble(wallMs);
    this.#errors = new ErrorQueue(libc, this.#trouble);
    this.#receiver = new UdpReceiver(libc, this.#errors, this.#trouble);
    this.#sender = new UdpSender(libc, this.#errors, this.#trouble);
    this.#socketCount = BigInt(sockets.length);
    this.#waker = libc.call.eventfd(0, EFD_CLOEXEC);
    const descriptors = [
      ...sockets.map(({ descriptor }) => descriptor),
      this.#waker,
    ];
    this.#poll = new Uint8Array(new ArrayBuffer(8 * descriptors.length));
    this.#pollWords = new Uint32Array(this.#poll.buffer);
    descriptors.forEach((descriptor, i) => {
      this.#pollWords[2 * i] = descriptor;
      this.#pollWords[2 * i + 1] = POLLIN;
    });
  }

  async run(receive: Receive): Promise<void> {
    this.#isRunning = true;
    try {
      while (!this.#isClosing) {
        if (this.#work(receive)) {
          await new Promise<void>((resolve) => setImmediate(resolve));
        } else if (!this.#isClosing) {
          await this.#libc.call.pollAside(
            this.#poll,
            this.#socketCount + 1n,
            -1,
          );
          this.#drainErrors();
        }
      }
    } finally {
      this.#isRunning = false;
      this.#closeAll();
    }
  }

  send(outbox: Outbox): void {
    if (!this.#isClosed) this.#sender.send(this.#sockets, outbox);
  }

  takeFacts(): SipFact[] {
    return this.#trouble.take();
  }

  close(): void {
    this.#isClosing = true;
    if (this.#isRunning) {
      this.#libc.call.write(
        this.#waker,
        new Uint8Array(BigUint64Array.of(1n).buffer),
        8n,
      );
    } else {
      this.#closeAll();
    }
  }

  /** Works until the event loop wants its turn (true) or nothing came for a while (false). */
  #work(receive: Receive): boolean {
    const turnEndsAt = performance.now() + TURN_MS;
    while (!this.#isClosing) {
      const count = this.#receiver.fill(this.#sockets, this.#first++);
      const now = performance.now();
      if (count > 0) {
        this.#lastMs = now;
        this.#pace.took(count, now);
        receive(this.#receiver.inbound, count);
      } else if (now - this.#lastMs >= LINGER_MS) {
        return false;
      }
      if (now >= turnEndsAt) return true;
      if (count > 0 && this.#pace.gathers()) {
        this.#libc.call.usleep(GATHER_MICROSECONDS);
      } else {
        if (
          this.#libc.call.poll(this.#poll, this.#socketCount, WAIT_MS) === 0
        ) return true;
        this.#drainErrors();
      }
    }
    return true;
  }

  /** Empties the error queues, which would else make every wait end at once. */
  #drainErrors(): void {
    for (let i = 0; i < this.#sockets.length; i++) {
      if ((this.#pollWords[2 * i + 1]! >>> 16 & POLLERR) !== 0) {
        this.#errors.drain(this.#sockets[i]!);
      }
    }
  }

  #closeAll(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { descriptor } of this.#sockets) {
      this.#libc.call.close(descriptor);
    }
    this.#libc.call.close(this.#waker);
    this.#libc.close();
  }
}
