/**
 * A phone written for tests that makes and takes calls as no real phone would on demand: each
 * message is the test's own choice (RFC 3261 §8, §12 to §15, over UDP).
 * @module
 */

import { randomBytes } from "node:crypto";
import { answerChallenge, readChallenge } from "./lab_digest.ts";
import type { Received } from "./lab_phone.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const PATIENCE_MS = 8000;
const ALLOW =
  "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, REFER, NOTIFY";

export interface CallerOptions {
  readonly socket: Deno.DatagramConn;
  readonly server: { readonly host: string; readonly port: number };
  readonly number: string;
  readonly password: string;
}

/** One side of a dialog (RFC 3261 §12). */
export interface Talk {
  readonly callId: string;
  readonly localTag: string;
  readonly local: string;
  readonly remote: string;
  /** "" until an answer named one. */
  remoteTag: string;
  /** The URI that requests go to. */
  target: string;
  cseq: number;
  /** The header line that answers the last challenge. */
  credentials: string;
}

/** What a request has besides the usual. */
export interface Extra {
  readonly headers?: readonly string[];
  /** A session description, or a text in the type that a header names. */
  readonly body?: string;
  /** The request's URI; the dialog's target when left out. */
  readonly uri?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly maxForwards?: number;
  /** No ACK follows an answer. */
  readonly isMute?: boolean;
}

/** One phone on one socket. Close it before the lab closes. */
export class Caller {
  /** Everything that came in, in order. */
  readonly inbox: Received[] = [];
  readonly number: string;
  readonly #options: CallerOptions;
  readonly #closed: Promise<void>;
  readonly #wakers = new Set<() => void>();

  constructor(options: CallerOptions) {
    this.#options = options;
    this.number = options.number;
    this.#closed = this.#receive();
  }

  /** `HOST:PORT` of its own socket. */
  get address(): string {
    const { hostname, port } = this.#options.socket.addr as Deno.NetAddr;
    return hostname.includes(":")
      ? `[${hostname}]:${port}`
      : `${hostname}:${port}`;
  }

  /** The server's host, as it stands in URIs. */
  get domain(): string {
    const { host } = this.#options.server;
    return host.includes(":") ? `[${host}]` : host;
  }

  /** Registers its own address; throws when that fails. */
  async register(parameters = "", expiresSeconds = 60): Promise<void> {
    const talk = this.open(this.number);
    talk.target = `sip:${this.domain}`;
    const expiry = `;expires=${expiresSeconds}`;
    const contact = `Contact: ${this.#contact()}${expiry}${parameters}`;
    const answer = await this.ask(talk, "REGISTER", { headers: [contact] });
    if (statusOf(answer) !== 200) throw new Error(answer?.text ?? "no answer");
  }

  /** A call to a number, or something else of that kind, that was not sent yet. */
  open(number: string): Talk {
    return {
      callId: randomBytes(8).toString("hex"),
      localTag: randomBytes(4).toString("hex"),
      local: `sip:${this.number}@${this.domain}`,
      remote: `sip:${number}@${this.domain}`,
      remoteTag: "",
      target: `sip:${number}@${this.domain}`,
      cseq: 0,
      credentials: "",
    };
  }

  /** This phone's side of the dialog that its answer to an INVITE makes. */
  accept(invite: Received): Talk {
    const from = headerOf(invite, "From");
    return {
      callId: headerOf(invite, "Call-ID"),
      localTag: tagFor(invite),
      local: uriOf(headerOf(invite, "To")),
      remote: uriOf(from),
      remoteTag: tagOf(from),
      target: uriOf(headerOf(invite, "Contact")),
      cseq: 0,
      credentials: "",
    };
  }

  /**
   * Sends a request, answers one challenge, and gives the final answer, or null when none came.
   * After an INVITE the ACK follows by itself.
   */
  async ask(
    talk: Talk,
    method: string,
    extra: Extra = {},
    timeoutMs = PATIENCE_MS,
  ): Promise<Received | null> {
    for (let attempt = 0;; attempt++) {
      const from = this.inbox.length;
      const cseq = extra.cseq ?? talk.cseq + 1;
      const branch = extra.branch ?? branchOf(talk, cseq);
      await this.send(talk, method, { ...extra, branch });
      const answer = await this.#final(method, branch, from, timeoutMs);
      if (answer === null) return null;
      if (method === "INVITE") await this.#acknowledge(talk, answer, extra);
      if (answer.status !== 401 || attempt > 0) return answer;
      const challenge = readChallenge(answer.text, "MD5");
      if (challenge === null) return answer;
      talk.credentials = answerChallenge(challenge, {
        number: this.number,
        password: this.#options.password,
        uri: extra.uri ?? talk.target,
        count: 1,
        method,
      });
    }
  }

  /** Sends a request and waits for nothing; gives its CSeq. */
  async send(talk: Talk, method: string, extra: Extra = {}): Promise<number> {
    const isNew = method !== "ACK" && method !== "CANCEL";
    const cseq = extra.cseq ?? (isNew ? ++talk.cseq : talk.cseq);
    await this.#transmit(this.#write(talk, method, cseq, extra));
    return cseq;
  }

  /** Cancels the INVITE that was sent last. */
  async cancel(talk: Talk): Promise<Received | null> {
    const from = this.inbox.length;
    const branch = branchOf(talk, talk.cseq);
    await this.send(talk, "CANCEL", { branch });
    return await this.#final("CANCEL", branch, from, PATIENCE_MS);
  }

  /** The next request of a method that came in after `from`; throws when none comes. */
  async asked(
    method: string,
    from = 0,
    timeoutMs = PATIENCE_MS,
  ): Promise<Received> {
    const found = await this.next(
      (message) => message.text.startsWith(`${method} `),
      from,
      timeoutMs,
    );
    if (found !== null) return found;
    throw new Error(`${this.number} got no ${method}:\n${this.transcript()}`);
  }

  /** The first message after `from` that is wanted, or null when none comes. */
  async next(
    isWanted: (message: Received) => boolean,
    from: number,
    timeoutMs: number,
  ): Promise<Received | null> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const found = this.inbox.slice(from).find(isWanted);
      if (found !== undefined) return found;
      const leftMs = end - performance.now();
      if (leftMs <= 0) return null;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wakers.add(resolve);
      const timer = setTimeout(resolve, leftMs);
      await promise;
      clearTimeout(timer);
      this.#wakers.delete(resolve);
    }
  }

  /** Answers a request. */
  async reply(
    request: Received,
    status: number,
    extra: Pick<Extra, "headers" | "body"> = {},
  ): Promise<void> {
    const to = headerOf(request, "To");
    await this.#transmit([
      `SIP/2.0 ${status} Answer`,
      ...linesOf(request, ["Via", "From", "Call-ID", "CSeq", "Record-Route"]),
      `To: ${to.includes("tag=") ? to : `${to};tag=${tagFor(request)}`}`,
      `Contact: ${this.#contact()}`,
      ALLOW,
      ...extra.headers ?? [],
      ...bodyLines(extra.body, extra.headers),
    ].join("\r\n"));
  }

  /** Sends a text as it is. */
  async sendRaw(text: string): Promise<void> {
    await this.#transmit(text);
  }

  /** What came in, for the message of a failure. */
  transcript(): string {
    return this.inbox.map(({ text }) => text).join("\n----\n");
  }

  async close(): Promise<void> {
    this.#options.socket.close();
    await this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #contact(): string {
    return `<sip:${this.number}@${this.address}>`;
  }

  #write(talk: Talk, method: string, cseq: number, extra: Extra): string {
    const branch = extra.branch ??
      (method === "ACK"
        ? `z9hG4bK${randomBytes(8).toString("hex")}`
        : branchOf(talk, cseq));
    const tag = talk.remoteTag === "" ? "" : `;tag=${talk.remoteTag}`;
    const isRegister = method === "REGISTER";
    return [
      `${method} ${extra.uri ?? talk.target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.address};rport;branch=${branch}`,
      `Max-Forwards: ${extra.maxForwards ?? 70}`,
      `From: <${talk.local}>;tag=${talk.localTag}`,
      `To: <${talk.remote}>${tag}`,
      `Call-ID: ${talk.callId}`,
      `CSeq: ${cseq} ${method}`,
      ...isRegister ? [] : [`Contact: ${this.#contact()}`],
      ALLOW,
      "User-Agent: lab-caller/1.0",
      ...talk.credentials === "" ? [] : [talk.credentials],
      ...extra.headers ?? [],
      ...bodyLines(extra.body, extra.headers),
    ].join("\r\n");
  }

  async #acknowledge(talk: Talk, answer: Received, extra: Extra) {
    const to = headerOf(answer, "To");
    if (answer.status >= 300) {
      const branch = branchOf(talk, talk.cseq);
      const asked = { ...talk, remoteTag: tagOf(to), credentials: "" };
      const uri = extra.uri ?? talk.target;
      await this.send(asked, "ACK", { branch, uri });
      return;
    }
    talk.remoteTag = tagOf(to);
    talk.target = uriOf(headerOf(answer, "Contact"));
    if (extra.isMute !== true) await this.send(talk, "ACK");
  }

  async #final(
    method: string,
    branch: string,
    from: number,
    timeoutMs: number,
  ): Promise<Received | null> {
    const isFinal = (message: Received) =>
      message.status >= 200 &&
      headerOf(message, "CSeq").endsWith(` ${method}`) &&
      headerOf(message, "Via").includes(`branch=${branch};`);
    return await this.next(isFinal, from, timeoutMs);
  }

  async #transmit(text: string): Promise<void> {
    const { host, port } = this.#options.server;
    const to = { transport: "udp", hostname: host, port } as const;
    await this.#options.socket.send(encoder.encode(text), to);
  }

  async #receive(): Promise<void> {
    for (;;) {
      try {
        const [datagram, from] = await this.#options.socket.receive();
        const text = decoder.decode(datagram);
        const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
        this.inbox.push({ text, from: from as Deno.NetAddr, status });
        if (text.startsWith("OPTIONS ")) {
          await this.reply(this.inbox.at(-1)!, 200);
        }
        for (const wake of this.#wakers) wake();
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionRefused)) return;
      }
    }
  }
}

/** The status of an answer, 0 for none. */
export function statusOf(answer: Received | null): number {
  return answer?.status ?? 0;
}

/** The first value of a header, "" for none. */
export function headerOf({ text }: Received, name: string): string {
  const head = text.slice(0, text.indexOf("\r\n\r\n"));
  return new RegExp(`^${name}:\\s*(.*)$`, "im").exec(head)?.[1]?.trim() ?? "";
}

/** The text after the head of a message. */
export function bodyOf({ text }: Received): string {
  return text.slice(text.indexOf("\r\n\r\n") + 4);
}

/** A session description with one line of sound. */
export function describeSound(
  host: string,
  port: number,
  direction = "sendrecv",
  version = 1,
): string {
  return [
    "v=0",
    `o=- 77 ${version} IN IP${host.includes(":") ? 6 : 4} ${host}`,
    "s=-",
    `c=IN IP${host.includes(":") ? 6 : 4} ${host}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP 0 101`,
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    `a=${direction}`,
    "",
  ].join("\r\n");
}

/** Where the sound of a description goes to. */
export function soundAddress(sdp: string): { host: string; port: number } {
  const host = /^c=IN IP[46] (\S+)/m.exec(sdp)?.[1] ?? "";
  return { host, port: Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0) };
}

function linesOf(message: Received, names: readonly string[]): string[] {
  const isWanted = new RegExp(`^(?:${names.join("|")})\\s*:`, "i");
  return message.text.split("\r\n\r\n")[0]!.split("\r\n")
    .filter((line) => isWanted.test(line));
}

function bodyLines(body = "", headers: readonly string[] = []): string[] {
  const isNamed = headers.some((line) => /^content-type:/i.test(line));
  const isDescribed = body !== "" && !isNamed;
  const octets = encoder.encode(body).length;
  return [
    ...isDescribed ? ["Content-Type: application/sdp"] : [],
    `Content-Length: ${octets}`,
    "",
    body,
  ];
}

/** CANCEL and the ACK of a refusal repeat the branch of their INVITE. */
function branchOf({ callId, localTag }: Talk, cseq: number): string {
  return `z9hG4bK${callId.slice(0, 8)}${localTag}${cseq}`;
}

function tagFor(request: Received): string {
  return `t${headerOf(request, "Call-ID").replace(/\W/g, "").slice(0, 10)}`;
}

function tagOf(value: string): string {
  return /;\s*tag=([^;\s]+)/i.exec(value)?.[1] ?? "";
}

function uriOf(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? value;
}
