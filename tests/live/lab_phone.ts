/**
 * A phone written for tests: it registers by UDP with digest (RFC 3261 §10.2, RFC 7616), repeats
 * itself as RFC 3261 §17.1.2.2 says, answers OPTIONS, and remembers what reached it.
 * @module
 */

import { randomBytes } from "node:crypto";
import {
  type Algorithm,
  answerChallenge,
  type Challenge,
  readChallenge,
} from "./lab_digest.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Timer E of RFC 3261 §17.1.2.2: 0.5, 1, 2, 4, 4 seconds apart. */
const REPEAT_AFTER_MS = [500, 1500, 3500, 7500, 11500];

/** A message that reached the phone. */
export interface Received {
  readonly text: string;
  readonly from: Deno.NetAddr;
  /** The status of a response, 0 for a request. */
  readonly status: number;
}

export interface PhoneOptions {
  readonly socket: Deno.DatagramConn;
  readonly server: { readonly host: string; readonly port: number };
  readonly number: string;
  readonly password: string;
  /** Which digest to choose of those that are offered. */
  readonly algorithm?: Algorithm;
  /** The address in Via and Contact; the socket's own when left out. */
  readonly host?: string;
  /** What it calls itself. */
  readonly userAgent?: string;
  /** More header lines of its requests. */
  readonly headers?: readonly string[];
  /** The realm that it answers for, whatever it was asked. */
  readonly realm?: string;
}

interface Outstanding {
  readonly take: (response: Received | null) => void;
}

/** One phone on one socket. Close it before the lab closes. */
export class ScriptPhone {
  /** Requests of the server, newest last. */
  readonly requests: Received[] = [];
  /** The datagram that carried the last request of this phone, to be sent again as it is. */
  lastSent: Uint8Array<ArrayBuffer> = new Uint8Array();
  readonly number: string;
  readonly #options: PhoneOptions;
  readonly #callId = randomBytes(8).toString("hex");
  readonly #tag = randomBytes(4).toString("hex");
  readonly #outstanding = new Map<string, Outstanding>();
  readonly #closed: Promise<void>;
  #cseq = 0;
  #nonceCount = 0;
  #challenge: Challenge | null = null;

  constructor(options: PhoneOptions) {
    this.#options = options;
    this.number = options.number;
    this.#closed = this.#receive();
  }

  /** `sip:NUMBER@HOST:PORT` of the phone's own socket. */
  get contact(): string {
    return `sip:${this.number}@${this.#address()}`;
  }

  /**
   * Registers `contacts` (values of a Contact header) and answers one challenge; gives the final
   * response, or null when nothing came.
   */
  async register(
    contacts: readonly string[],
    timeoutMs = 5000,
  ): Promise<Received | null> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const hadChallenge = this.#challenge !== null;
      const response = await this.#ask("REGISTER", contacts, timeoutMs);
      if (response?.status !== 401) return response;
      const challenge = readChallenge(
        response.text,
        this.#options.algorithm ?? "MD5",
      );
      if (challenge === null) return response;
      if (hadChallenge && attempt > 0 && !/stale=true/i.test(response.text)) {
        return response;
      }
      this.#challenge = challenge;
      this.#nonceCount = 0;
    }
    return null;
  }

  /** Asks the server whether it is there (RFC 3261 §11). */
  options(timeoutMs = 5000): Promise<Received | null> {
    return this.#ask("OPTIONS", [], timeoutMs);
  }

  /** Sends a datagram as it is. */
  async send(datagram: Uint8Array): Promise<void> {
    const { host, port } = this.#options.server;
    await this.#options.socket.send(datagram, {
      transport: "udp",
      hostname: host,
      port,
    });
  }

  /** The next response to the request that has this branch; used to see a repeated answer. */
  next(datagram: Uint8Array, timeoutMs: number): Promise<Received | null> {
    const branch = readBranch(decoder.decode(datagram));
    const { promise, resolve } = Promise.withResolvers<Received | null>();
    const timer = setTimeout(() => resolve(null), timeoutMs);
    this.#outstanding.set(branch, { take: resolve });
    return promise.finally(() => {
      clearTimeout(timer);
      this.#outstanding.delete(branch);
    });
  }

  /** Stops waiting: whoever waits for a response gets null. */
  abandon(): void {
    for (const { take } of this.#outstanding.values()) take(null);
  }

  async close(): Promise<void> {
    this.#options.socket.close();
    this.abandon();
    await this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(
    method: string,
    contacts: readonly string[],
    timeoutMs: number,
  ): Promise<Received | null> {
    const datagram = encoder.encode(this.#write(method, contacts));
    this.lastSent = datagram;
    const answer = this.next(datagram, timeoutMs);
    const timers: ReturnType<typeof setTimeout>[] = [];
    const send = () => this.send(datagram).catch(() => {});
    for (const afterMs of REPEAT_AFTER_MS) {
      if (afterMs < timeoutMs) timers.push(setTimeout(send, afterMs));
    }
    await send();
    try {
      return await answer;
    } finally {
      for (const timer of timers) clearTimeout(timer);
    }
  }

  #write(method: string, contacts: readonly string[]): string {
    const { host } = this.#options.server;
    const domain = host.includes(":") ? `[${host}]` : host;
    const uri = `sip:${domain}`;
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.#address()};rport;branch=z9hG4bK${
        randomBytes(8).toString("hex")
      }`,
      "Max-Forwards: 70",
      `From: <sip:${this.number}@${domain}>;tag=${this.#tag}`,
      `To: <sip:${this.number}@${domain}>`,
      `Call-ID: ${this.#callId}`,
      `CSeq: ${++this.#cseq} ${method}`,
      ...contacts.map((contact) => `Contact: ${contact}`),
      `User-Agent: ${this.#options.userAgent ?? "lab-phone/1.0"}`,
      ...this.#options.headers ?? [],
      ...(method === "REGISTER" ? this.#credentials(uri) : []),
      "Content-Length: 0",
      "\r\n",
    ].join("\r\n");
  }

  #credentials(uri: string): string[] {
    if (this.#challenge === null) return [];
    const { realm = this.#challenge.realm } = this.#options;
    return [answerChallenge({ ...this.#challenge, realm }, {
      uri,
      number: this.number,
      password: this.#options.password,
      count: ++this.#nonceCount,
    })];
  }

  #address(): string {
    const { hostname, port } = this.#options.socket.addr as Deno.NetAddr;
    const host = this.#options.host ?? hostname;
    return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  }

  async #receive(): Promise<void> {
    for (;;) {
      const datagram = await this.#options.socket.receive().catch((error) => {
        if (error instanceof Deno.errors.ConnectionRefused) return null;
        return undefined;
      });
      if (datagram === undefined) return;
      if (datagram === null) continue;
      const text = decoder.decode(datagram[0]);
      const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
      const message = { text, from: datagram[1] as Deno.NetAddr, status };
      if (status > 0) this.#outstanding.get(readBranch(text))?.take(message);
      else await this.#answer(message);
    }
  }

  async #answer(request: Received): Promise<void> {
    this.requests.push(request);
    if (!request.text.startsWith("OPTIONS ")) return;
    const lines = request.text.split("\r\n");
    const copied = lines.filter((line) =>
      /^(via|from|call-id|cseq|v|f|i)\s*:/i.test(line)
    );
    const to = lines.find((line) => /^(to|t)\s*:/i.test(line)) ??
      "To: <sip:lab>";
    const answer = [
      "SIP/2.0 200 OK",
      ...copied,
      `${to};tag=${this.#tag}`,
      "Content-Length: 0",
    ];
    const text = answer.join("\r\n") + "\r\n\r\n";
    await this.#options.socket.send(encoder.encode(text), request.from).catch(
      () => {},
    );
  }
}

function readBranch(text: string): string {
  return /branch=([^;,\s]+)/i.exec(text)?.[1] ?? "";
}
