/**
 * Whom a REFER names (RFC 3515 §2.1), and which dialog of his is to be replaced (RFC 3891 §6.1):
 *
 *     Refer-To: <sip:1003@pbx.example?Replaces=call%3Bto-tag%3D1%3Bfrom-tag%3D2>
 *
 * @module
 */

import { consistsOf, TOKEN } from "./octet.ts";
import { parseAddress } from "./parse_address.ts";
import { type SipUri, unescapeText } from "./uri.ts";

export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Whether only a dialog that is not answered yet is meant. */
  readonly isEarlyOnly: boolean;
}

export interface ReferTo {
  readonly uri: SipUri;
  readonly replaces: Replaces | null;
}

const LONGEST = 2048;

/** Reads the value of Refer-To; null where it names no SIP URI or cannot be read. */
export function parseReferTo(text: string): ReferTo | null {
  if (text.length > LONGEST) return null;
  const address = parseAddress(text);
  if ("fault" in address || address.uri.kind !== "sip") return null;
  const { uri } = address;
  const headers = (uri.headers ?? "").split("&")
    .filter((header) => /^replaces=/i.test(header));
  if (headers.length === 0) return { uri, replaces: null };
  const value = headers[0]!.slice("replaces=".length);
  const replaces = headers.length > 1
    ? null
    : parseReplaces(unescapeText(value));
  return replaces === null ? null : { uri, replaces };
}

/**
 * Reads the value of Replaces; null where it cannot be read, also where it could mean two dialogs
 * (RFC 3891 §3).
 */
export function parseReplaces(text: string): Replaces | null {
  if (text.length > LONGEST) return null;
  const [first = "", ...parameters] = text.split(";");
  const callId = first.trim();
  if (!CALL_ID.test(callId)) return null;
  let toTag = "", fromTag = "", isEarlyOnly = false;
  for (const parameter of parameters) {
    const equals = parameter.indexOf("=");
    const name = equals < 0 ? parameter : parameter.slice(0, equals);
    const value = equals < 0 ? "" : parameter.slice(equals + 1).trim();
    switch (name.trim().toLowerCase()) {
      case "to-tag":
        if (toTag !== "" || !consistsOf(value, TOKEN)) return null;
        toTag = value;
        break;
      case "from-tag":
        if (fromTag !== "" || !consistsOf(value, TOKEN)) return null;
        fromTag = value;
        break;
      case "early-only":
        isEarlyOnly = true;
    }
  }
  if (toTag === "" || fromTag === "") return null;
  return { callId, toTag, fromTag, isEarlyOnly };
}

/** `word [ "@" word ]` (RFC 3261 §25.1), lax: whatever has no blank in it. */
const CALL_ID = /^[\x21-\x7e]+$/;
