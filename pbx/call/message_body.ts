/**
 * Bodies of messages on their way from one phone to the other (RFC 3261 §7.4, RFC 5621).
 * @module
 */

import type { Message } from "../../sip/message.ts";
import { printable, readText } from "../../sip/octet.ts";
import { parseSdp, type SessionDescription } from "../../sip/sdp.ts";
import type { Body } from "../../sip/serialize.ts";

/** Sound needs less, and so does what people write to each other. */
const MOST_OCTETS = 16_384;
const BOUNDARY = /;\s*boundary="?([^";,]{1,70})"?/i;

/** Whether a body is longer than anything that is passed on. */
export function isBodyTooLong(message: Message): boolean {
  return message.bodyEnd - message.bodyStart > MOST_OCTETS;
}

/** A body as it came; undefined where there is none. */
export function bodyOf(message: Message): Body | undefined {
  const { bytes, bodyStart, bodyEnd } = message;
  if (bodyEnd <= bodyStart || isBodyTooLong(message)) return undefined;
  const type = printable(message.value("content-type") ?? "text/plain", 256);
  return { type, text: readText(bytes, bodyStart, bodyEnd) };
}

/**
 * What a message says of sound: a description, null where it says nothing, and "broken" where
 * that cannot be read. Of several parts, the first one that is a description counts.
 */
export function descriptionOf(
  message: Message,
): SessionDescription | null | "broken" {
  const body = bodyOf(message);
  if (body === undefined) return null;
  const type = body.type.toLowerCase();
  if (type.startsWith("application/sdp")) {
    return parseSdp(body.text) ?? "broken";
  }
  if (!type.startsWith("multipart/")) return null;
  const boundary = BOUNDARY.exec(body.type)?.[1];
  if (boundary === undefined) return "broken";
  for (const part of body.text.split(`--${boundary}`)) {
    const head = part.search(/\r?\n\r?\n/);
    if (
      head < 0 || !/content-type:\s*application\/sdp/i.test(part.slice(0, head))
    ) {
      continue;
    }
    return parseSdp(part.slice(head).trimStart()) ?? "broken";
  }
  return null;
}
