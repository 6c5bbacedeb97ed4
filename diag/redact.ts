/**
 * Takes the secrets out of a SIP message: what a digest answers (RFC 7616 §3.4), passwords in
 * URIs (RFC 3261 §19.1.1), keys of SRTP (RFC 4568 §6.1, RFC 4567 §3, RFC 8866 §5.12), bearer
 * tokens (RFC 8898 §2), and what people write and type in calls. Each secret becomes as many
 * stars, so that lengths and offsets stay true.
 * @module
 */

import { readText, toOctets } from "../sip/octet.ts";

/**
 * Header fields in which the parameters below are secret, with their folded lines (RFC 3261
 * §7.3.1).
 */
const CREDENTIALS =
  /^(?:proxy-)?(?:authorization|authentication-info)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*/gim;
const SECRET_PARAMETER =
  /\b(response|cnonce|rspauth|nextnonce|password|auth)(\s*=\s*)("(?:[^"\\]|\\.)*"?|[^\s,;"]+)/gi;
/** Of any other scheme than Digest everything is secret. */
const TOKEN =
  /^([^:]*authorization[ \t]*:\s*(?!digest\s)(?:[\w-]+[ \t]+)?)(\S[^]*)/i;
/** `sip:user:password@` or a `sips:` one, also where a domain was typed with a user in it. */
const URI_PASSWORD = /\b(sips?:[^\s:<>"]{0,128}:)([^\s@<>"]{1,256})(?=@)/gi;
const SDP_KEY =
  /^(a=crypto:[^\r\n]*?inline:|k=(?:clear|base64|uri):|a=key-mgmt:mikey )([^\r\n]*)/gim;
const ICE_PASSWORD = /^(a=ice-pwd:)([^\r\n]*)/gim;

/**
 * Gives the text with stars for secrets; it keeps its length.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { redactText } from "./redact.ts";
 * assert.equal(
 *   redactText('Authorization: Digest username="1001", response="6629fa", nc=00000001'),
 *   'Authorization: Digest username="1001", response="******", nc=00000001',
 * );
 * assert.equal(redactText("To: <sip:1001:secret@pbx.example>"), "To: <sip:1001:******@pbx.example>");
 * ```
 */
export function redactText(text: string): string {
  return hideBody(text).replace(CREDENTIALS, hideParameters)
    .replace(URI_PASSWORD, hideSecond)
    .replace(SDP_KEY, hideSecond)
    .replace(ICE_PASSWORD, hideSecond);
}

/** What people write to each other, and the digits that they type (RFC 3428, RFC 6086). */
const PRIVATE_BODY =
  /^(?:content-type|c)[ \t]*:[ \t]*(?:text\/|application\/(?:dtmf|im-)|message\/(?!sipfrag))/im;

/** Hides the body of a message that is no business of whoever looks after the server. */
function hideBody(text: string): string {
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return text;
  const at = end.index + end[0].length;
  if (!PRIVATE_BODY.test(text.slice(0, at))) return text;
  return text.slice(0, at) + text.slice(at).replace(/[^\r\n]/g, "*");
}

/** The same for octets. */
export function redactOctets(octets: Uint8Array): Uint8Array {
  return toOctets(redactText(readText(octets, 0, octets.length)));
}

function hideParameters(field: string): string {
  return field.replace(TOKEN, hideSecond).replace(
    SECRET_PARAMETER,
    (_, name: string, equals: string, value: string) =>
      name + equals + hide(value),
  );
}

function hideSecond(_: string, before: string, secret: string): string {
  return before + hide(secret);
}

/** Quotes at both ends, line ends and what folds a line stay. */
function hide(secret: string): string {
  return secret.replace(
    /^"|"$|\r?\n[ \t]|\r$|[^\r\n]/g,
    (unit) => unit.length === 1 && unit !== '"' && unit !== "\r" ? "*" : unit,
  );
}
