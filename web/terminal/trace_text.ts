/**
 * Messages as the trace writes them whole: as text for people, and as one line of JSON for
 * programs. Secrets are starred by whoever hands them over.
 * @module
 */

import { escapeText } from "../../pbx/quoted.ts";
import { formatAddress } from "../../sip/flow.ts";
import type { MessageView } from "../trace_view.ts";

/** What JSON leaves as it is, and a terminal obeys. */
const OBEYED = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const INDENT = "    ";

/** The whole message, indented, and an empty line; what a terminal would obey is escaped. */
export function writeWhole(octets: Uint8Array): string {
  const lines = decodeOctets(octets).replace(/(?:\r?\n)+$/, "").split(/\r?\n/);
  return lines.map((line) => `${INDENT}${escapeText(line)}`.trimEnd() + "\n")
    .join("") + "\n";
}

/** One JSON document on one line. */
export function writeJsonLine(view: MessageView): string {
  const { at, direction, flow, octets } = view.message;
  const peer = flow.peer;
  const own = formatAddress(flow.localHost, flow.localPort);
  const document = {
    at: new Date(at).toISOString(),
    direction,
    transport: flow.transport,
    from: direction === "in" ? peer : own,
    to: direction === "in" ? own : peer,
    method: view.method,
    status: view.status,
    callId: view.callId,
    text: decodeOctets(octets),
  };
  return JSON.stringify(document).replace(OBEYED, escapeJson) + "\n";
}

function decodeOctets(octets: Uint8Array): string {
  return DECODER.decode(octets);
}

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

function escapeJson(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
