/**
 * Dialogs (RFC 3261 §12): what both sides have to remember so that each request inside finds its
 * way. Kept small, because an office may have thousands of them: texts are copied out of the
 * messages, which would stay in memory otherwise.
 * @module
 */

import type { Flow } from "./flow.ts";
import type { Message } from "./message.ts";
import { consistsOf, copyText, TOKEN } from "./octet.ts";
import {
  type Address,
  type AddressFault,
  parseAddress,
  parseAddressList,
} from "./parse_address.ts";
import { parseUri } from "./parse_uri.ts";
import type { Body, RequestParts } from "./serialize.ts";
import { parameterOf, type Uri } from "./uri.ts";

export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  /** "" until the other side has answered. */
  remoteTag: string;
  /** What our requests say in From, without the tag. */
  readonly local: string;
  /** What our requests say in To, without the tag. */
  readonly remote: string;
  /** The remote target (RFC 3261 §12.2.1.1): the Contact of the other side, without brackets. */
  target: string;
  /** The route set, in the order in which it is written, with angle brackets. */
  routes: readonly string[];
  localCseq: number;
  /** -1: no request has come yet. */
  remoteCseq: number;
}

const LONGEST_URI = 512;
const MOST_ROUTES = 8;
const LONGEST_ROUTES = 2048;
const LONGEST_TAG = 512;

/**
 * The dialog that a request of the other side opens (RFC 3261 §12.1.1).
 *
 * @returns null where it has not exactly one Contact that is a SIP URI, too many routes, or
 * something that could not be repeated as it is.
 */
export function openDialogByRequest(
  request: Message,
  localTag: string,
): Dialog | null {
  const target = targetOf(request);
  const routes = routesOf(request);
  const local = addressOf(request.to);
  const remote = addressOf(request.from);
  if (target === null || routes === null) return null;
  if (local === null || remote === null) return null;
  const { fromTag, callId } = request;
  if (fromTag !== "" && !isTag(fromTag)) return null;
  return {
    callId: copyText(callId, callId.length),
    localTag,
    remoteTag: copyText(fromTag, LONGEST_TAG),
    local,
    remote,
    target,
    routes,
    localCseq: 0,
    remoteCseq: request.cseq,
  };
}

/**
 * An answer of the other side makes our request's dialog, or confirms it (RFC 3261 §12.1.2).
 *
 * @returns false, and nothing is changed, where it has no tag, or routes that cannot be followed.
 */
export function confirmDialog(dialog: Dialog, response: Message): boolean {
  const { toTag } = response;
  const routes = routesOf(response);
  if (!isTag(toTag) || routes === null) return false;
  dialog.remoteTag = copyText(toTag, LONGEST_TAG);
  dialog.target = targetOf(response) ?? dialog.target;
  dialog.routes = routes.toReversed();
  return true;
}

/** The other side has moved within the dialog (RFC 3261 §12.2.1.2, RFC 3261 §12.2.2). */
export function refreshTarget(dialog: Dialog, message: Message): void {
  dialog.target = targetOf(message) ?? dialog.target;
}

/** Whether a request inside the dialog comes in its turn (RFC 3261 §12.2.2); remembers it. */
export function acceptsCseq(dialog: Dialog, request: Message): boolean {
  if (request.method === "ACK" || request.method === "CANCEL") return true;
  if (request.cseq <= dialog.remoteCseq) return false;
  dialog.remoteCseq = request.cseq;
  return true;
}

/**
 * The parts of a request inside the dialog (RFC 3261 §12.2.1.1).
 *
 * @param cseq of the INVITE that an ACK belongs to; else the next one.
 */
export function requestParts(
  dialog: Dialog,
  method: string,
  flow: Flow,
  branch: string,
  headers: string,
  body?: Body,
  cseq?: number,
): RequestParts {
  const { routes, target, remoteTag } = dialog;
  const tag = remoteTag === "" ? "" : `;tag=${remoteTag}`;
  const first = routes[0];
  const strictUri = first === undefined ? null : strictUriOf(first);
  const written = strictUri === null
    ? routes
    : [...routes.slice(1), `<${target}>`];
  return {
    method,
    uri: strictUri ?? target,
    flow,
    branch,
    from: `${dialog.local};tag=${dialog.localTag}`,
    to: `${dialog.remote}${tag}`,
    callId: dialog.callId,
    cseq: cseq ?? ++dialog.localCseq,
    headers,
    routes: written.map((route) => `Route: ${route}\r\n`).join(""),
    ...(body !== undefined && { body }),
  };
}

/** The one Contact of a message, fit for a Request-URI; null where there is none. */
function targetOf(message: Message): string | null {
  const { contacts } = message;
  if (contacts === "*" || "fault" in contacts || contacts.length !== 1) {
    return null;
  }
  return requestUriOf(contacts[0]!.uri);
}

/**
 * A SIP URI as it may stand in a Request-URI: without its headers (RFC 3261 §19.1.1), as a text
 * of its own. The grammar lets no blank, bracket or line end through.
 */
function requestUriOf(uri: Uri): string | null {
  if (uri.kind !== "sip") return null;
  const { text, headers } = uri;
  // a question mark may stand in the user part too
  const length = text.length - (headers === null ? 0 : headers.length + 1);
  return length > LONGEST_URI ? null : copyText(text, length);
}

/** The text of a SIP URI as it may stand in a Request-URI: without its headers. */
export function requestUri(text: string): string {
  if (!text.includes("?")) return text;
  const uri = parseUri(text);
  return (uri === null ? null : requestUriOf(uri)) ?? text.split("?", 1)[0]!;
}

/** Record-Route in its order; null where it cannot be followed. */
function routesOf(message: Message): readonly string[] | null {
  if (!message.has("record-route")) return NO_ROUTES;
  const routes: string[] = [];
  let length = 0;
  for (const value of message.values("record-route")) {
    length += value.length;
    const list = length > LONGEST_ROUTES ? null : parseAddressList(value);
    if (list === null || "fault" in list) return null;
    for (const { uri } of list) {
      const text = requestUriOf(uri);
      if (text === null || routes.length >= MOST_ROUTES) return null;
      routes.push(`<${text}>`);
    }
  }
  return routes;
}

const NO_ROUTES: readonly string[] = [];

/** The URI of a router of old, without `lr`, which wants to be the Request-URI; else null. */
function strictUriOf(route: string): string | null {
  const address = parseAddress(route);
  if ("fault" in address || address.uri.kind !== "sip") return null;
  const isLoose = parameterOf(address.uri.parameters, "lr") !== null;
  return isLoose ? null : requestUriOf(address.uri);
}

/** What of From or To every request repeats: the URI (RFC 3261 §12.2.1.1), without the name. */
function addressOf(address: Address | AddressFault): string | null {
  if ("fault" in address || address.uri.text.length > LONGEST_URI) return null;
  const { text } = address.uri;
  return copyText(`<${text}>`, text.length + 2);
}

function isTag(tag: string): boolean {
  return tag.length <= LONGEST_TAG && consistsOf(tag, TOKEN);
}
