/**
 * The requests of the test phone that the self-test registers (RFC 3261 §10.2, §11.1), and its
 * answer to a challenge (RFC 7616 §3.4).
 * @module
 */

import { hash } from "node:crypto";
import { formatAddress, type TransportName } from "../../sip/flow.ts";
import { hexOf } from "../../sip/hex.ts";
import type { Address } from "../../pbx/config_value.ts";
import { toOctets } from "../../sip/octet.ts";
import { algorithmOf, hashPassword } from "../../sip/digest.ts";
import type { Message } from "../../sip/message.ts";
import {
  type Credentials,
  parseCredentials,
} from "../../sip/parse_credentials.ts";

/** What a test phone logs in with. */
export interface TestAccount {
  readonly number: string;
  readonly password: string;
}

export interface TestRequest {
  readonly method: "OPTIONS" | "REGISTER";
  readonly transport: TransportName;
  readonly server: Address;
  /** The phone's own address. */
  readonly local: Address;
  readonly number: string;
  readonly callId: string;
  readonly cseq: number;
  /** Without the magic cookie of RFC 3261 §8.1.1.7. */
  readonly branch: string;
  readonly tag: string;
  /** Of a REGISTER; 0 takes the contact away again. */
  readonly expiresSeconds: number;
  /** The value of Authorization; "" for none. */
  readonly authorization: string;
}

/** The address at which the test phone claims to be reached. */
export function contactOf(number: string, local: Address): string {
  return `sip:${number}@${formatAddress(local.host, local.port)}`;
}

/** The Request-URI, which is also what the digest is made over. */
export function uriOf(server: Address): string {
  const host = server.host.includes(":") ? `[${server.host}]` : server.host;
  return `sip:${host}`;
}

/** Writes a request. */
export function writeTestRequest(request: TestRequest): string {
  const { method, transport, server, local, number, authorization } = request;
  const uri = uriOf(server);
  const who = `<sip:${number}@${uri.slice(4)}>`;
  const contact = `<${contactOf(number, local)}>`;
  const via = formatAddress(local.host, local.port);
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/${transport.toUpperCase()} ${via};rport;branch=z9hG4bK${request.branch}`,
    "Max-Forwards: 70",
    `From: ${who};tag=${request.tag}`,
    `To: ${method === "REGISTER" ? who : `<${uri}>`}`,
    `Call-ID: ${request.callId}`,
    `CSeq: ${request.cseq} ${method}`,
    ...(method === "REGISTER"
      ? [`Contact: ${contact};expires=${request.expiresSeconds}`]
      : []),
    ...(authorization === "" ? [] : [`Authorization: ${authorization}`]),
    "User-Agent: pbx-selftest",
    "Content-Length: 0",
    "\r\n",
  ].join("\r\n");
}

/** The first challenge of a response that can be answered; null where there is none. */
export function findChallenge(response: Message): Credentials | null {
  const value = response.valueOfOther("www-authenticate");
  if (value === null) return null;
  const bytes = toOctets(value);
  const slice = (start: number, end: number) => value.slice(start, end);
  const challenge = parseCredentials({ bytes, slice }, 0, bytes.length);
  const isUsable = challenge !== null && challenge.scheme === "digest" &&
    challenge.nonce !== "" && algorithmOf(challenge) !== null &&
    challenge.qop.split(",").some((word) => word.trim() === "auth");
  return isUsable ? challenge : null;
}

/**
 * Answers a challenge of `findChallenge` with qop=auth.
 *
 * @param count how many times its nonce was used, this one included.
 */
export function answerChallenge(
  challenge: Credentials,
  account: TestAccount,
  uri: string,
  count: number,
  cnonce: string,
): string {
  const { realm, nonce } = challenge;
  const algorithm = algorithmOf(challenge) ?? "MD5";
  const name = algorithm === "MD5" ? "md5" : "sha256";
  const secret = hashPassword(
    algorithm,
    account.number,
    realm,
    account.password,
  );
  const ha1 = hexOf(secret, 0, secret.length);
  const nc = count.toString(16).padStart(8, "0");
  const ha2 = hash(name, `REGISTER:${uri}`);
  const response = hash(name, `${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`);
  return `Digest username="${account.number}", realm="${realm}", ` +
    `nonce="${nonce}", uri="${uri}", response="${response}", ` +
    `algorithm=${algorithm}, qop=auth, nc=${nc}, cnonce="${cnonce}"`;
}
