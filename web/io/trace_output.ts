/**
 * What a trace writes: lines for people, JSON for programs, and a capture file. Secrets are starred
 * here unless they were asked for.
 * @module
 */

import {
  MessageCapture,
  type WireMessage,
} from "../../diag/bundle/bundle_message.ts";
import { CaptureFile } from "../../diag/io/capture_file.ts";
import { redactOctets } from "../../diag/redact.ts";
import type { FragmentsLost, PacketSeen } from "../../diag/wire/packet_fact.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { Ladder } from "../terminal/ladder.ts";
import type { TraceFilter } from "../trace_filter.ts";
import { writeJsonLine, writeWhole } from "../terminal/trace_text.ts";
import { viewMessage } from "../trace_view.ts";
import { requireNew } from "./new_file.ts";
import type { Shell } from "./shell.ts";

/** In which form messages are shown. */
export interface TraceForm {
  /** Where they are captured; `-` means standard output, and then nothing else is written there. */
  readonly pcap?: string | undefined;
  readonly verbose?: true | undefined;
  readonly secrets?: true | undefined;
  readonly json?: true | undefined;
}

/** Columns where nobody knows how wide the terminal is. */
const USUAL_COLUMNS = 100;
const FEWEST_COLUMNS = 40;
const MOST_PEERS = 65_536;

/** Writes what passes the filter, in the form that was asked for. */
export class TraceOutput {
  /** Messages that were shown. */
  count = 0;
  readonly #shell: Shell;
  readonly #filter: TraceFilter;
  readonly #form: TraceForm;
  readonly #ladder: Ladder;
  readonly #capture: CaptureOutput | null;
  readonly #peers = new Set<string>();
  readonly #isSilent: boolean;

  /** Throws OperatorError where the capture cannot be written. */
  constructor(
    shell: Shell,
    filter: TraceFilter,
    form: TraceForm,
  ) {
    this.#shell = shell;
    this.#filter = filter;
    this.#form = form;
    this.#capture = openCapture(shell, form.pcap);
    this.#isSilent = form.pcap === "-";
    this.#ladder = new Ladder({ paint: shell.paint, columns: readColumns() });
  }

  message(seen: WireMessage): void {
    const view = viewMessage(seen);
    if (!this.#filter.accepts(view)) return;
    this.count++;
    if (this.#peers.size < MOST_PEERS) this.#peers.add(seen.flow.host);
    const octets = this.#form.secrets ? seen.octets : redactOctets(seen.octets);
    const message = { ...seen, octets };
    this.#capture?.add(message);
    if (this.#isSilent) return;
    if (this.#form.json) {
      this.#shell.print(writeJsonLine({ ...view, message }));
      return;
    }
    const whole = this.#form.verbose ? writeWhole(octets) : "";
    this.#shell.print(this.#ladder.line(view) + whole);
  }

  sign(fact: PacketSeen | FragmentsLost): void {
    if (this.#isSilent || this.#form.json) return;
    const port = fact.kind === "packet-seen" ? fact.port : 0;
    if (!this.#filter.acceptsPeer({ host: fact.host, port })) return;
    this.#print(this.#ladder.sign(fact));
  }

  /** Tells what was only counted so far. */
  flushSigns(): void {
    this.#print(this.#ladder.rest());
  }

  summary(dropped: number): string {
    const { count } = this;
    const messages = count === 1 ? "1 message" : `${count} messages`;
    const peers = this.#peers.size === 1
      ? "1 peer"
      : `${this.#peers.size} peers`;
    const lost = dropped === 0
      ? ""
      : `; ${dropped} more came too fast to be seen`;
    return `${messages} of ${peers}${lost}`;
  }

  close(): void {
    this.#capture?.close();
  }

  #print(text: string): void {
    if (text !== "") this.#shell.print(text);
  }
}

/** A capture file, or standard output. */
interface CaptureOutput {
  add(message: WireMessage): void;
  close(): void;
}

function openCapture(
  shell: Shell,
  path: string | undefined,
): CaptureOutput | null {
  if (path === undefined) return null;
  const capture = new MessageCapture();
  const output = path === "-" ? openStdout() : openNew(path);
  output.write(capture.begin(shell.version));
  return {
    add: (message) => output.write(capture.add(message)),
    close: () => output.close(),
  };
}

function openNew(path: string): CaptureFile {
  requireNew(path);
  return new CaptureFile(path);
}

function openStdout(): Pick<CaptureFile, "write" | "close"> {
  if (Deno.stdout.isTerminal()) {
    throw new OperatorError(
      "A capture is no text for a terminal",
      "Send it to a program: pbx trace --pcap - | wireshark -k -i -",
      2,
    );
  }
  return {
    write: (blocks) => {
      for (let at = 0; at < blocks.length;) {
        at += Deno.stdout.writeSync(blocks.subarray(at));
      }
    },
    close: () => {},
  };
}

function readColumns(): number {
  if (!Deno.stdout.isTerminal()) return USUAL_COLUMNS;
  try {
    return Math.max(FEWEST_COLUMNS, Deno.consoleSize().columns);
  } catch {
    return USUAL_COLUMNS;
  }
}
