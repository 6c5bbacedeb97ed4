/**
 * The phone of the self-test: asks a server whether it is there, over UDP and TCP, and registers,
 * looks, and leaves again. Repeats itself as RFC 3261 §17.1.2.2 says, within its time.
 * @module
 */

import { Buffer } from "node:buffer";
import type { Address } from "../../pbx/config_value.ts";
import { isLoopback } from "../../sip/flow.ts";
import { toOctets } from "../../sip/octet.ts";
import type { Message } from "../../sip/message.ts";
import { parse } from "../../sip/parse.ts";
import type { Credentials } from "../../sip/parse_credentials.ts";
import {
  ANSWER_SECONDS,
  type Probe,
  type RegistrationOutcome,
} from "../machine/check_probe.ts";
import {
  answerChallenge,
  contactOf,
  findChallenge,
  type TestAccount,
  type TestRequest,
  uriOf,
  writeTestRequest,
} from "../machine/test_request.ts";

const TIMEOUT_MS = ANSWER_SECONDS * 1000;
/** Timer E of RFC 3261 §17.1.2.2, as far as the time goes. */
const REPEAT_AFTER_MS = [500, 1500];
/** Long enough for the test, and soon over if it is broken off. */
const EXPIRES_SECONDS = 60;
const MOST_OCTETS = 16_384;
/** Who the probes come from: of numbers that begin so the page and the log tell nothing. */
const PROBE_NUMBER = "selftest-probe";

/** One phone on a UDP socket of its own. Use with `using`. */
export class TestPhone {
  readonly #server: Address;
  readonly #socket: Deno.DatagramConn;
  readonly #local: Address;
  readonly #callId = randomDigits();
  readonly #tag = randomDigits();
  #cseq = 0;

  /** Opens a socket; throws what the system says. */
  constructor(server: Address) {
    this.#server = server;
    const hostname = ownHost(server.host);
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    const { port } = this.#socket.addr as Deno.NetAddr;
    this.#local = { host: hostname, port };
  }

  /** Asks whether the server is there. */
  async ask(): Promise<Probe> {
    const startMs = performance.now();
    const answer = await this.#send("OPTIONS", PROBE_NUMBER, 0, "");
    const ms = answer === null ? -1 : performance.now() - startMs;
    return { transport: "udp", ...this.#server, ms, failure: "" };
  }

  /** Registers, sees that the server knows the contact, and takes it away again. */
  async register(account: TestAccount): Promise<RegistrationOutcome> {
    const startMs = performance.now();
    const { number } = account;
    const first = await this.#send("REGISTER", number, EXPIRES_SECONDS, "");
    if (first === null) return { kind: "silent", step: "REGISTER" };
    if (first.status !== 401) return refusal("REGISTER", first);
    const challenge = findChallenge(first);
    if (challenge === null) return { kind: "no-challenge" };

    const step = "REGISTER + Authorization";
    const second = await this.#authorise(account, challenge, 1);
    if (second === null) return { kind: "silent", step };
    if (second.status !== 200) return refusal(step, second);
    if (!this.#isContactIn(second, number)) return { kind: "no-contact" };

    const end = "REGISTER + Expires: 0";
    const third = await this.#authorise(account, challenge, 2);
    if (third === null) return { kind: "silent", step: end };
    if (third.status !== 200) return refusal(end, third);
    if (this.#isContactIn(third, number)) return { kind: "kept" };
    return { kind: "done", ms: performance.now() - startMs };
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #authorise(
    account: TestAccount,
    challenge: Credentials,
    count: number,
  ): Promise<Message | null> {
    const authorization = answerChallenge(
      challenge,
      account,
      uriOf(this.#server),
      count,
      randomDigits(),
    );
    const expiresSeconds = count === 1 ? EXPIRES_SECONDS : 0;
    return this.#send(
      "REGISTER",
      account.number,
      expiresSeconds,
      authorization,
    );
  }

  /** Gives the final response; null where none came in time. */
  async #send(
    method: TestRequest["method"],
    number: string,
    expiresSeconds: number,
    authorization: string,
  ): Promise<Message | null> {
    const branch = randomDigits();
    const octets = toOctets(writeTestRequest({
      method,
      transport: "udp",
      server: this.#server,
      local: this.#local,
      number,
      callId: this.#callId,
      cseq: ++this.#cseq,
      branch,
      tag: this.#tag,
      expiresSeconds,
      authorization,
    }));
    const { host, port } = this.#server;
    const send = () => {
      this.#socket.send(octets, { transport: "udp", hostname: host, port })
        .catch(() => {});
    };
    const { promise: late, resolve } = Promise.withResolvers<null>();
    let isOver = false;
    const timers = [
      ...REPEAT_AFTER_MS.map((afterMs) => setTimeout(send, afterMs)),
      setTimeout(() => resolve(null), TIMEOUT_MS),
    ];
    send();
    try {
      const answer = this.#receive(`z9hG4bK${branch}`, () => isOver);
      return await Promise.race([answer, late]);
    } finally {
      isOver = true;
      timers.forEach(clearTimeout);
    }
  }

  async #receive(
    branch: string,
    isOver: () => boolean,
  ): Promise<Message | null> {
    while (!isOver()) {
      try {
        const [octets] = await this.#socket.receive();
        const message = parse(octets, 0, octets.length);
        const isAnswer = message.kind === "message" && !message.isRequest &&
          message.branch === branch && message.status >= 200;
        if (isAnswer) return message;
      } catch (error) {
        // An ICMP error about an earlier datagram; anything else means that the socket is closed.
        if (!(error instanceof Deno.errors.ConnectionRefused)) return null;
      }
    }
    return null;
  }

  #isContactIn(response: Message, number: string): boolean {
    const contact = `<${contactOf(number, this.#local)}>`;
    return response.values("contact").some((value) => value.includes(contact));
  }
}

/** Asks over a TCP connection of its own. */
export async function askOverTcp(server: Address): Promise<Probe> {
  const { host, port } = server;
  const probe = { transport: "tcp", host, port, ms: -1, failure: "" } as const;
  const startMs = performance.now();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let connection: Deno.TcpConn | null = null;
  try {
    connection = await Deno.connect({ hostname: host, port, signal });
    const { hostname, port: localPort } = connection.localAddr as Deno.NetAddr;
    const octets = toOctets(writeTestRequest({
      method: "OPTIONS",
      transport: "tcp",
      server,
      local: { host: hostname, port: localPort },
      number: PROBE_NUMBER,
      callId: randomDigits(),
      cseq: 1,
      branch: randomDigits(),
      tag: randomDigits(),
      expiresSeconds: 0,
      authorization: "",
    }));
    const open = connection;
    signal.addEventListener("abort", () => closeQuietly(open));
    await open.write(octets);
    const hasAnswer = await readAnswer(open);
    return hasAnswer ? { ...probe, ms: performance.now() - startMs } : probe;
  } catch (error) {
    if (signal.aborted) return probe;
    const failure = error instanceof Deno.errors.ConnectionRefused
      ? "ECONNREFUSED"
      : error instanceof Error
      ? error.message
      : String(error);
    return { ...probe, failure };
  } finally {
    if (connection !== null) closeQuietly(connection);
  }
}

/** Whether the head of a response comes before the connection ends. */
async function readAnswer(connection: Deno.TcpConn): Promise<boolean> {
  const chunk = new Uint8Array(4096);
  let text = "";
  while (text.length < MOST_OCTETS) {
    const count = await connection.read(chunk);
    if (count === null) return false;
    text += Buffer.from(chunk.subarray(0, count)).toString("latin1");
    if (text.includes("\r\n\r\n")) return /^SIP\/2\.0 \d{3} /.test(text);
  }
  return false;
}

function refusal(step: string, response: Message): RegistrationOutcome {
  const { status } = response;
  const reason = /^SIP\/2\.0 \d{3} ([^\r\n]{0,80})/.exec(
    response.slice(response.start, response.bodyStart),
  )?.[1] ?? "";
  return { kind: "refused", step, status, reason };
}

/** From where a socket of this machine writes to that address. */
function ownHost(server: string): string {
  if (!isLoopback(server)) return server;
  return server.includes(":") ? "::1" : "127.0.0.1";
}

function randomDigits(): string {
  return crypto.getRandomValues(new Uint8Array(8)).toHex();
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}
