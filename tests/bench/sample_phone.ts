/**
 * Phones that the benchmark plays to an office in the same process: each remembers its nonce and
 * its counts, and writes the REGISTER that a common softphone would.
 * @module
 */

import { hash } from "node:crypto";

/** The domain and realm of every benchmark. */
export const DOMAIN = "bench.local";
const FIRST_NUMBER = 100_000;
const FIRST_PORT = 40_000;
/** As many ports as the phones write from. */
export const PORTS = 16;
const CNONCE = "b7c1f03d";
/** The number of a phone, counted from 0. */
export function numberOf(phone: number): string {
  return String(FIRST_NUMBER + phone);
}

/** The password of a phone. */
export function passwordOf(phone: number): string {
  return `pw-${numberOf(phone)}`;
}

/** The port that a phone writes from. */
export function portOf(phone: number): number {
  return FIRST_PORT + phone % PORTS;
}

/** The Authorization header field of a phone, with its line end. */
export function writeLogin(
  phone: number,
  method: string,
  uri: string,
  nonce: string,
  nonceCount: number,
): string {
  const number = numberOf(phone);
  const count = nonceCount.toString(16).padStart(8, "0");
  const ha1 = hash("md5", `${number}:${DOMAIN}:${passwordOf(phone)}`);
  const ha2 = hash("md5", `${method}:${uri}`);
  const response = hash(
    "md5",
    `${ha1}:${nonce}:${count}:${CNONCE}:auth:${ha2}`,
  );
  return `Authorization: Digest username="${number}", realm="${DOMAIN}", nonce="${nonce}", ` +
    `uri="${uri}", response="${response}", algorithm=MD5, cnonce="${CNONCE}", ` +
    `qop=auth, nc=${count}\r\n`;
}

/** The nonce of a 401. Throws where the answer is another one. */
export function readNonce(answer: string): string {
  const nonce = /nonce="([^"]+)"/.exec(answer)?.[1];
  if (!answer.startsWith("SIP/2.0 401 ") || nonce === undefined) {
    throw new Error(`no challenge: ${answer.split("\r\n", 1)[0]}`);
  }
  return nonce;
}

/** All phones of a benchmark. */
export class SamplePhones {
  readonly count: number;
  readonly #cseq: Uint32Array;
  readonly #nonceCount: Uint32Array;
  readonly #nonces: string[] = [];

  constructor(count: number) {
    this.count = count;
    this.#cseq = new Uint32Array(count);
    this.#nonceCount = new Uint32Array(count);
  }

  /** A REGISTER without credentials, which will be challenged. */
  writeFirst(phone: number): string {
    return this.#write(phone, "");
  }

  /** A REGISTER with the answer to the challenge that was taken last. */
  writeSigned(phone: number): string {
    const nonce = this.#nonces[phone]!;
    const count = ++this.#nonceCount[phone]!;
    const uri = `sip:${DOMAIN}`;
    return this.#write(
      phone,
      writeLogin(phone, "REGISTER", uri, nonce, count),
    );
  }

  /** Keeps the nonce of a 401. Throws where the answer is another one. */
  takeChallenge(phone: number, answer: string): void {
    this.#nonces[phone] = readNonce(answer);
    this.#nonceCount[phone] = 0;
  }

  #write(phone: number, authorization: string): string {
    const number = numberOf(phone);
    const port = portOf(phone);
    const cseq = ++this.#cseq[phone]!;
    return `REGISTER sip:${DOMAIN} SIP/2.0\r\n` +
      `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKb${phone}.${cseq};rport\r\n` +
      `Max-Forwards: 70\r\nFrom: <sip:${number}@${DOMAIN}>;tag=f${phone}\r\n` +
      `To: <sip:${number}@${DOMAIN}>\r\nCall-ID: b-${phone}@127.0.0.1\r\n` +
      `CSeq: ${cseq} REGISTER\r\nContact: <sip:${number}@127.0.0.1:${port}>;expires=3600\r\n` +
      `Expires: 3600\r\nAllow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, ` +
      `INFO, SUBSCRIBE, UPDATE\r\nSupported: replaces, path, outbound\r\n` +
      `User-Agent: bench-phone/1.0\r\n${authorization}Content-Length: 0\r\n\r\n`;
  }
}
