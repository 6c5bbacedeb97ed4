/**
 * Those who watch a page: some read what comes, some never read a single octet, with the smallest
 * buffer that the kernel gives.
 * @module
 */

import { type Libc, openLibc } from "../../sip/io/libc.ts";
import {
  AF_INET,
  SOCKADDR_ROOM,
  writeSockaddr,
} from "../../sip/io/sockaddr.ts";
import { parseAddress } from "../../sip/io/sockaddr.ts";

/** One event of a stream. */
export interface SeenEvent {
  readonly name: string;
  readonly id: string;
  readonly data: string;
}

/** Who reads what comes, and keeps the events. */
export class StreamReader {
  readonly path: string;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly events: SeenEvent[] = [];
  isOver = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #done: Promise<void>;

  private constructor(path: string, answer: Response) {
    this.path = path;
    this.status = answer.status;
    this.retryAfter = answer.headers.get("retry-after");
    this.#reader = answer.body!.getReader();
    this.#done = this.#read();
  }

  static async open(
    base: string,
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<StreamReader> {
    const answer = await fetch(`${base}${path}`, { headers });
    return new StreamReader(path, answer);
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
    await this.#done;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    try {
      for (;;) {
        const { value, done } = await this.#reader.read();
        if (done) break;
        text += decoder.decode(value, { stream: true });
        const end = text.lastIndexOf("\n\n");
        if (end < 0) continue;
        for (const block of text.slice(0, end).split("\n\n")) this.#take(block);
        text = text.slice(end + 2);
      }
    } catch {
      // the server is gone
    }
    this.isOver = true;
  }

  #take(block: string): void {
    const field = (name: string) =>
      new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? "";
    const name = field("event");
    if (name === "") return;
    this.events.push({ name, id: field("id"), data: field("data") });
  }
}

const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0x80000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;

type SocketCalls = Libc<
  "socket" | "setsockopt" | "connect" | "write" | "close"
>;

/** Those who ask and never read. */
export class DeafCrowd {
  readonly #libc: SocketCalls;
  readonly #sockets: number[] = [];

  constructor() {
    const libc = openLibc([
      "socket",
      "setsockopt",
      "connect",
      "write",
      "close",
    ]);
    if (libc === null) throw new Error("there is no C library");
    this.#libc = libc;
  }

  /** Asks for a path of the server at `host:port`, an IPv4 address. */
  ask(
    address: string,
    path: string,
    headers: Readonly<Record<string, string>>,
  ): void {
    const { call } = this.#libc;
    const [host = "", port = ""] = address.split(":");
    const socket = call.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) throw new Error("no socket is left");
    this.#sockets.push(socket);
    const least = new Uint8Array(Int32Array.of(1).buffer);
    call.setsockopt(socket, SOL_SOCKET, SO_RCVBUF, least, 4);
    const name = new Uint8Array(new ArrayBuffer(SOCKADDR_ROOM));
    const length = writeSockaddr(name, 0, parseAddress(host)!, Number(port));
    if (call.connect(socket, name, length) !== 0) {
      throw new Error(`cannot connect to ${address}`);
    }
    const lines = Object.entries({ Host: address, ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`);
    const request = new TextEncoder().encode(
      `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`,
    );
    call.write(socket, request, BigInt(request.length));
  }

  /** They leave. */
  leave(): void {
    for (const socket of this.#sockets.splice(0)) this.#libc.call.close(socket);
  }

  close(): void {
    this.leave();
    this.#libc.close();
  }
}
