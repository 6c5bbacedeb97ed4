/**
 * The grammar of URIs (RFC 3261 §19.1.1, §25.1), strict: nothing is guessed from a broken one.
 *
 *     SIP-URI  = "sip:" [ userinfo ] hostport uri-parameters [ headers ]
 *     userinfo = ( user / telephone-subscriber ) [ ":" password ] "@"
 *
 * Lax in one place: an underscore in a host name, which Windows networks have.
 * @module
 */

import { consistsOf, HOST, parseInteger, USER } from "./octet.ts";
import type { Parameter, SipUri, Uri } from "./uri.ts";

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const ESCAPED_USER = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/#]|%[0-9A-Fa-f]{2})+$/;
const PASSWORD = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,]|%[0-9A-Fa-f]{2})*$/;
const PARAMETER = /^(?:[A-Za-z0-9\-_.!~*'()[\]/:&+$]|%[0-9A-Fa-f]{2})+$/;
const HEADERS = /^(?:[A-Za-z0-9\-_.!~*'()[\]/?:+$&=]|%[0-9A-Fa-f]{2})+$/;
const OTHER = /^[\x21-\x7e]+$/;

/** Reads a URI that fills the text; null where it breaks the grammar. */
export function parseUri(text: string): Uri | null {
  const colon = text.indexOf(":");
  if (colon < 0) return null;
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme !== "sip" && scheme !== "sips") {
    const isOther = SCHEME.test(scheme) && colon + 1 < text.length &&
      OTHER.test(text) &&
      !/[<>"]/.test(text);
    return isOther ? { kind: "other", scheme, text } : null;
  }
  return parseSipUri(text, scheme, text.slice(colon + 1));
}

function parseSipUri(
  text: string,
  scheme: "sip" | "sips",
  rest: string,
): SipUri | null {
  let user: string | null = null;
  let password: string | null = null;
  const sign = rest.indexOf("@");
  if (sign >= 0) {
    user = rest.slice(0, sign);
    rest = rest.slice(sign + 1);
    const colon = user.indexOf(":");
    if (colon >= 0) {
      password = user.slice(colon + 1);
      user = user.slice(0, colon);
      if (!PASSWORD.test(password)) return null;
    }
    if (!consistsOf(user, USER) && !ESCAPED_USER.test(user)) return null;
  }
  let headers: string | null = null;
  const question = rest.indexOf("?");
  if (question >= 0) {
    headers = rest.slice(question + 1);
    rest = rest.slice(0, question);
    if (!HEADERS.test(headers)) return null;
  }
  const semicolon = rest.indexOf(";");
  const hostPort = parseHostPort(
    semicolon < 0 ? rest : rest.slice(0, semicolon),
  );
  if (hostPort === null) return null;
  const parameters = semicolon < 0
    ? NO_PARAMETERS
    : parseParameters(rest.slice(semicolon + 1));
  if (parameters === null) return null;
  const { host, port } = hostPort;
  return {
    kind: "sip",
    scheme,
    user,
    password,
    host,
    port,
    parameters,
    headers,
    text,
  };
}

const NO_PARAMETERS: readonly Parameter[] = [];

function parseParameters(text: string): readonly Parameter[] | null {
  const parameters: Parameter[] = [];
  for (const part of text.split(";")) {
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? null : part.slice(equals + 1);
    if (!PARAMETER.test(name) || (value !== null && !PARAMETER.test(value))) {
      return null;
    }
    parameters.push({ name: name.toLowerCase(), value });
  }
  return parameters;
}

/** Reads `host [ ":" port ]`; the host in lower case and without brackets, port 0 for none. */
export function parseHostPort(
  text: string,
): { host: string; port: number } | null {
  let host = text;
  let port = 0;
  const close = text.lastIndexOf("]");
  const colon = text.indexOf(":", close < 0 ? 0 : close);
  if (colon >= 0) {
    port = parseInteger(text.slice(colon + 1), 65535);
    if (port <= 0) return null;
    host = text.slice(0, colon);
  }
  if (host.startsWith("[")) {
    const address = host.slice(1, -1);
    return host.endsWith("]") && isIpv6(address)
      ? { host: address.toLowerCase(), port }
      : null;
  }
  if (!isHostName(host)) {
    return null;
  }
  return { host: host.toLowerCase(), port };
}

/** Whether text is a host name or an IPv4 address; what is only digits and dots is the latter. */
function isHostName(text: string): boolean {
  if (!consistsOf(text, HOST) || /^[.-]|-\.?$|\.\.$/.test(text)) return false;
  return isLetterIn(text) || isIpv4(text);
}

function isLetterIn(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x39 || unit === 0x2d) return true;
  }
  return false;
}

/** Whether text is a dotted IPv4 address, each part at most 255 and without leading zeros. */
export function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/**
 * Whether text is an IPv6 address without brackets (RFC 3986 §3.2.2, not the looser rule of
 * RFC 3261 §25.1, which RFC 5954 replaced).
 */
export function isIpv6(text: string): boolean {
  if (text.length > 45 || !/^[0-9A-Fa-f:.]+$/.test(text)) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [position, half] of halves.entries()) {
    if (half === "") continue;
    const parts = half.split(":");
    for (const [i, part] of parts.entries()) {
      const isLast = position === halves.length - 1 && i === parts.length - 1;
      if (part.includes(".")) {
        if (!isLast || !isIpv4(part)) return false;
        groups += 2;
      } else {
        if (!/^[0-9A-Fa-f]{1,4}$/.test(part)) return false;
        groups++;
      }
    }
  }
  return halves.length === 2 ? groups <= 7 : groups === 8;
}
