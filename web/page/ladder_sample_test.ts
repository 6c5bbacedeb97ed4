/**
 * Messages of a phone behind a router, for the tests of pages.
 * @module
 */

import type { WireMessage } from "../../diag/bundle/bundle_message.ts";
import { Flow } from "../../sip/flow.ts";
import { toOctets } from "../../sip/octet.ts";

export const AT = Date.UTC(2026, 2, 14, 9, 30);
export const PHONE = "198.51.100.7:40112";

export interface SampleWish {
  readonly at?: number;
  readonly direction?: "in" | "out";
  readonly peer?: string;
  readonly transport?: "udp" | "tcp";
}

/** A message between a phone and the server; comes in from `PHONE` unless it is said otherwise. */
export function sampleMessage(
  text: string,
  { at = AT, direction = "in", peer = PHONE, transport = "udp" }: SampleWish =
    {},
): WireMessage {
  const colon = peer.lastIndexOf(":");
  const host = peer.slice(0, colon).replace(/^\[|\]$/g, "");
  const port = Number(peer.slice(colon + 1));
  const flow = new Flow(transport, 0, "203.0.113.5", 5060, host, port);
  return { at, direction, flow, octets: toOctets(text) };
}

export interface SampleNames {
  readonly from?: string;
  readonly to?: string;
  readonly cseq?: number;
  /** Header fields, each with its line end. */
  readonly headers?: string;
}

/** A request as a phone writes it. */
export function sampleRequest(
  method: string,
  { from = "1001", to = "1001", cseq = 1, headers = "" }: SampleNames = {},
): string {
  return `${method} sip:pbx.example SIP/2.0\r\n` +
    sampleHead(method, from, to, cseq) + headers + "Content-Length: 0\r\n\r\n";
}

/** An answer to it. */
export function sampleAnswer(
  status: string,
  method: string,
  { from = "1001", to = "1001", cseq = 1, headers = "" }: SampleNames = {},
): string {
  return `SIP/2.0 ${status}\r\n` + sampleHead(method, from, to, cseq) +
    headers + "Content-Length: 0\r\n\r\n";
}

function sampleHead(method: string, from: string, to: string, cseq: number) {
  return `Via: SIP/2.0/UDP 192.168.1.20:5062;branch=z9hG4bK${method}${cseq}\r\n` +
    `From: <sip:${from}@pbx.example>;tag=a\r\n` +
    `To: <sip:${to}@pbx.example>\r\n` +
    `Call-ID: call-of-${from}\r\nCSeq: ${cseq} ${method}\r\n`;
}

export const CREDENTIALS =
  'Authorization: Digest username="1001", realm="pbx", nonce="abc", ' +
  'uri="sip:pbx.example", response="0123456789abcdef0123456789abcdef"\r\n';
