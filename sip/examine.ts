/**
 * Whether a well-formed request can be served at all (RFC 3261 §8.2, §16.3): the header fields
 * that are read lazily, the scheme of the Request-URI, the extensions that it requires, the hops
 * that it has left and the kind of its body.
 * @module
 */

import type { Message } from "./message.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** The option tags that a request may require (RFC 3327, RFC 5626, RFC 4028, RFC 3891). */
export const SUPPORTED_OPTIONS = ["path", "outbound", "timer", "replaces"];

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const LONGEST_TAG = 512;
const ACCEPTED_BODIES = ["application/sdp", "multipart/"];

/** Returns the refusal that the request deserves, or null. */
export function examine(message: Message): Refusal | null {
  if (!message.isRequest) return null;
  return examineAddresses(message) ?? examineTarget(message) ??
    examineOptions(message) ??
    examineBody(message);
}

function badRequest(what: string, detail: string): Refusal {
  return refuse(400, what, "parse", "malformed", detail);
}

function examineAddresses(message: Message): Refusal | null {
  const { from, to, contacts } = message;
  if ("fault" in from) return badRequest("Bad From", from.fault);
  if (message.fromTag.length > LONGEST_TAG) {
    return badRequest("Bad From", "tag too long");
  }
  if ("fault" in to) return badRequest("Bad To", to.fault);
  if (contacts !== "*" && "fault" in contacts) {
    return badRequest("Bad Contact", contacts.fault);
  }
  if (message.callId.includes(" ")) {
    return badRequest("Bad Call-ID", "blank in it");
  }
  if (message.method === "REGISTER" && to.uri.kind !== "sip") {
    return badRequest("To is not a SIP URI", to.uri.scheme);
  }
  return null;
}

function examineTarget(message: Message): Refusal | null {
  const target = message.target;
  if (target === null) {
    return badRequest("Bad Request-URI", message.requestUri.slice(0, 128));
  }
  if (target.kind !== "sip") {
    const why = "unsupported-scheme";
    return refuse(
      416,
      "Unsupported URI Scheme",
      "parse",
      why,
      target.scheme.slice(0, 32),
    );
  }
  if (target.headers !== null) {
    return badRequest("Request-URI with headers", "");
  }
  // we are the last hop for ourselves, and for a registration
  if (
    message.maxForwards === 0 && message.method !== "REGISTER" &&
    target.user !== null
  ) {
    return refuse(483, "Too Many Hops", "parse", "too-many-hops");
  }
  return null;
}

function examineOptions(message: Message): Refusal | null {
  if (message.method === "ACK" || message.method === "CANCEL") return null;
  if (!message.has("require") && !message.has("proxy-require")) return null;
  const required = [
    ...message.values("require"),
    ...message.values("proxy-require"),
  ]
    .flatMap((value) => value.split(","))
    .map((tag) => tag.trim())
    .filter((tag) =>
      tag !== "" && !SUPPORTED_OPTIONS.includes(tag.toLowerCase())
    )
    .slice(0, 16);
  if (required.length === 0) return null;
  if (!required.every((tag) => TOKEN.test(tag))) {
    return badRequest("Bad Require", "an option tag that is no token");
  }
  const tags = required.join(", ").slice(0, 256);
  const headers = `Unsupported: ${tags}\r\n`;
  return refuse(
    420,
    "Bad Extension",
    "parse",
    "unsupported-extension",
    tags,
    headers,
  );
}

function examineBody(message: Message): Refusal | null {
  if (message.method !== "INVITE") return null;
  const accept = message.value("accept");
  if (accept !== null && !/application\/(?:sdp|\*)|\*\/\*/i.test(accept)) {
    return refuse(
      406,
      "Not Acceptable",
      "parse",
      "not-acceptable",
      accept.slice(0, 64),
    );
  }
  if (message.bodyEnd === message.bodyStart) return null;
  const encoding = message.value("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    const headers = "Accept-Encoding: identity\r\n";
    return unsupportedBody(encoding, headers);
  }
  const type = (message.value("content-type") ?? "").toLowerCase();
  if (ACCEPTED_BODIES.some((accepted) => type.startsWith(accepted))) {
    return null;
  }
  return unsupportedBody(type, "Accept: application/sdp\r\n");
}

function unsupportedBody(detail: string, headers: string): Refusal {
  const why = "unsupported-content";
  return refuse(
    415,
    "Unsupported Media Type",
    "parse",
    why,
    detail.slice(0, 64),
    headers,
  );
}
