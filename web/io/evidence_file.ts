/**
 * Recorded evidence: a capture, or the help bundle of `pbx report`, whose facts are better than
 * the capture in it. Files come from anybody: bounded, and what cannot be read is left out.
 * @module
 */

import { unzipSync } from "fflate";
import { readCaptureFile } from "../../diag/io/capture_file.ts";
import { readFact } from "../../diag/ledger/fact_json.ts";
import type { StoryFact } from "../../diag/story/story_book.ts";
import { CaptureReader, isCapture } from "../../diag/wire/pcap_read.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";

/** What a bundle tells; what it lacks is null or empty. */
export interface Bundle {
  /** In the order of time. */
  readonly facts: readonly StoryFact[];
  readonly messages: Uint8Array | null;
  readonly extensions: readonly string[] | null;
  readonly status: unknown;
  readonly config: unknown;
}

export type EvidenceFile =
  | { readonly kind: "capture"; readonly reader: CaptureReader }
  | { readonly kind: "bundle"; readonly bundle: Bundle };

const CAPTURE = "messages.pcapng";
const ENTRIES = [
  "facts.json",
  "extensions.json",
  "status.json",
  "config.json",
  CAPTURE,
];
const MOST_OCTETS = 64 << 20;
/** JSON takes many times its length in memory. */
const MOST_JSON_OCTETS = 16 << 20;
const MOST_NUMBERS = 100_000;
const decoder = new TextDecoder();

/** Reads a file, `-` for standard input; throws OperatorError where it is no evidence. */
export async function readEvidence(path: string): Promise<EvidenceFile> {
  const bytes = await readCaptureFile(path === "-" ? "/dev/stdin" : path);
  if (isCapture(bytes)) {
    return { kind: "capture", reader: new CaptureReader(bytes) };
  }
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const bundle = isArchive ? readBundle(bytes) : null;
  if (bundle !== null) return { kind: "bundle", bundle };
  throw new OperatorError(
    `${quote(path)} is neither a capture (pcap, pcapng) nor a help bundle`,
    "Record one on the server: tcpdump -i any -w calls.pcap port 5060",
  );
}

/** Null where the archive is damaged, or none of ours. */
function readBundle(bytes: Uint8Array): Bundle | null {
  let entries: Record<string, Uint8Array>;
  // an archive may have the same name a thousand times
  const wanted = new Set(ENTRIES);
  try {
    entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) =>
        originalSize <= (name === CAPTURE ? MOST_OCTETS : MOST_JSON_OCTETS) &&
        wanted.delete(name),
    });
  } catch {
    return null;
  }
  const messages = entries[CAPTURE] ?? null;
  const facts = readJson(entries["facts.json"]);
  if (messages === null && !Array.isArray(facts)) return null;
  const numbers = readJson(entries["extensions.json"]);
  return {
    facts: Array.isArray(facts)
      ? facts.map(readFact).filter((fact) => fact !== null)
        .sort((a, b) => a.at - b.at)
      : [],
    messages,
    extensions: Array.isArray(numbers)
      ? numbers.slice(0, MOST_NUMBERS).filter((one) => typeof one === "string")
        .map((one) => one.slice(0, 64))
      : null,
    status: readJson(entries["status.json"]),
    config: readJson(entries["config.json"]),
  };
}

function readJson(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return null;
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return null;
  }
}
