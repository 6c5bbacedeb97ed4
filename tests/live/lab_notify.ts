/**
 * The ear of systemd: a socket that a service tells how it is (sd_notify(3)).
 * @module
 */

import { type Libc, openLibc } from "../../sip/io/libc.ts";
import { readNotification } from "../../web/unit/notify_message.ts";
import type { Lab } from "./lab.ts";
import { until } from "./lab_process.ts";

const AF_UNIX = 1;
const SOCK_DGRAM_NONBLOCK_CLOEXEC = 0x80802;
const MSG_DONTWAIT = 0x40;

/** What was told at once, and when. */
export interface Told {
  readonly text: string;
  /** By `performance.now()`. */
  readonly atMs: number;
}

/** It is closed with the lab. */
export class NotifySocket {
  /** As the service finds it in its environment. */
  readonly name: string;
  /** Everything that was told, in order. */
  readonly heard: Told[] = [];
  readonly #libc: Libc;
  readonly #descriptor: number;
  readonly #timer: ReturnType<typeof setInterval>;

  /** @param name a path, or `@` and a name without a file. */
  constructor(lab: Lab, name: string) {
    const libc = openLibc() ?? fail("there is no C library");
    const { address } = readNotification({ NOTIFY_SOCKET: name }, 0) ??
      fail(`${name} is no name of a socket`);
    this.name = name;
    this.#libc = libc;
    this.#descriptor = libc.call.socket(
      AF_UNIX,
      SOCK_DGRAM_NONBLOCK_CLOEXEC,
      0,
    );
    if (libc.call.bind(this.#descriptor, address, address.length) !== 0) {
      fail(`${name} cannot be had`);
    }
    this.#timer = setInterval(() => this.#read(), 10);
    lab.onClose(() => this.#close());
  }

  /** Waits for something to be told, from the `from`th on. */
  next(pattern: RegExp, from = 0, timeoutMs = 15_000): Promise<Told> {
    return until(
      `${pattern} is told`,
      () => this.heard.slice(from).find(({ text }) => pattern.test(text)),
      timeoutMs,
      10,
    );
  }

  #read(): void {
    const memory = new Uint8Array(4096);
    for (;;) {
      const length = this.#libc.call.recv(
        this.#descriptor,
        memory,
        memory.length,
        MSG_DONTWAIT,
      );
      if (length < 0) return;
      const text = new TextDecoder().decode(memory.subarray(0, length));
      this.heard.push({ text, atMs: performance.now() });
    }
  }

  #close(): void {
    clearInterval(this.#timer);
    this.#libc.call.close(this.#descriptor);
    this.#libc.close();
  }
}

function fail(why: string): never {
  throw new Error(why);
}
