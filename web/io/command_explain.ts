/**
 * `pbx explain`: the same verdicts from recorded evidence, a capture of any SIP server or a help
 * bundle. Nothing is asked and nothing is changed.
 * @module
 */

import { listLocalAddresses } from "../../diag/io/server_view.ts";
import { nearestNumbers } from "../../pbx/nearest_number.ts";
import { Replay } from "../../diag/replay/replay.ts";
import {
  type JudgedPhone,
  judgeEvidence,
} from "../../diag/replay/replay_judge.ts";
import {
  Recording,
  recordingView,
} from "../../diag/replay/replay_recording.ts";
import type { Scene, ServerView } from "../../diag/scene.ts";
import { clockOf, makeScene } from "../../diag/scene_make.ts";
import { chooseLanguage, textsOf } from "../../diag/texts/texts.ts";
import type { Language } from "../../diag/verdict.ts";
import { endsOf, findServers, type ServerEnd } from "../../diag/wire/ends.ts";
import { CaptureReader } from "../../diag/wire/pcap_read.ts";
import { writeVerdict } from "../../diag/write_verdict.ts";
import type { Config } from "../../pbx/config.ts";
import { readIp } from "../../pbx/config_value.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";
import { formatAddress } from "../../sip/flow.ts";
import { parseHostPort } from "../../sip/parse_uri.ts";
import {
  type ExplainedVerdict,
  type Explanation,
  explanationExit,
  formatExplanation,
} from "../terminal/explain_text.ts";
import { type Bundle, readEvidence } from "./evidence_file.ts";
import {
  type KnownExtensions,
  readKnownExtensions,
} from "./known_extensions.ts";
import type { ConfigOptions } from "./load_config.ts";
import { printJson, type Shell } from "./shell.ts";

export interface ExplainOptions extends ConfigOptions {
  /** Only the phones of this extension. */
  readonly number?: string | undefined;
  /** The server's address in the capture, `HOST[:PORT]`. */
  readonly server?: string | undefined;
  readonly lang?: string | undefined;
  readonly json?: true | undefined;
}

const USUAL_PORT = 5060;

/** Gives the exit code: 0 where every phone is well; throws OperatorError for what is no evidence. */
export async function explainFile(
  shell: Shell,
  config: Config,
  file: string,
  options: ExplainOptions,
): Promise<number> {
  const language = chooseLanguage(options.lang, shell.environment);
  const named = options.server === undefined
    ? null
    : readServerOption(options.server);
  const evidence = await readEvidence(file);
  const run = { config, options, named };
  const { recording, scene } = evidence.kind === "capture"
    ? readCapture(evidence.reader, run)
    : readBundle(evidence.bundle, run);
  const number = options.number ?? "";
  const { phones, noise, numbers } = judgeEvidence(
    recording.book.stories(),
    recording.book.trails(),
    scene,
    number,
  );
  const explanation: Explanation = {
    file,
    server: recording.ends.map(({ transport, host, port }) =>
      `${transport} ${formatAddress(host, port)}`
    ),
    packets: recording.packets,
    messages: recording.messages,
    verdicts: phones.map((phone) => write(phone, language)),
    noise: { hosts: noise.hosts, tries: noise.tries },
    damage: recording.damage,
  };
  if (options.json) printJson(shell, explanation);
  else {
    const known = [...new Set([...numbers, ...scene.extensions ?? []])];
    const missing = number === "" || numbers.includes(number)
      ? null
      : { number, nearest: nearestNumbers(number, known) };
    shell.print(
      formatExplanation(explanation, missing, language, shell.paint),
    );
  }
  return explanationExit(explanation);
}

/** What all kinds of evidence are read with. */
interface Run {
  readonly config: Config;
  readonly options: ExplainOptions;
  /** Port 0: whichever it uses. */
  readonly named: { readonly host: string; readonly port: number } | null;
}

interface ReadEvidence {
  readonly recording: Recording;
  readonly scene: Scene;
}

function readCapture(reader: CaptureReader, run: Run): ReadEvidence {
  const found = chooseServers(findServers(reader), run.named);
  const known = readOwnExtensions(run, found);
  const ends = endsOf(found);
  const replay = new Replay({ ends, directory: known?.directory ?? null });
  const recording = new Recording(found);
  for (const frame of reader) {
    recording.countFrame(frame.at);
    recording.add(replay.take(frame));
  }
  if (recording.packets === 0) recording.see(Date.now());
  recording.add(replay.end(recording.lastAt));
  recording.ends.push(...replay.tlsEnds);
  recording.damage = reader.damage;
  const isOurs = known !== null && replay.realms.has(known.directory.realm);
  return {
    recording,
    scene: makeScene(recording.lastAt, {
      ...recordingView(recording),
      extensions: isOurs ? known.numbers : null,
    }),
  };
}

function readBundle(bundle: Bundle, run: Run): ReadEvidence {
  if (bundle.facts.length === 0 && bundle.messages !== null) {
    return readCapture(new CaptureReader(bundle.messages), run);
  }
  const { facts, extensions, status, config } = bundle;
  const recording = new Recording(listenOf(status, config));
  recording.add(facts);
  for (const { at } of facts) recording.see(at);
  if (bundle.messages !== null) {
    // each is one message of the server's own ring
    for (const _ of new CaptureReader(bundle.messages)) recording.packets++;
    recording.messages = recording.packets;
  }
  const view = recordingView(recording);
  return {
    recording,
    scene: makeScene(recording.lastAt, {
      ...view,
      server: { ...view.server, ...serverOf(config) },
      wire: null,
      clock: clockOf(facts),
      extensions,
    }),
  };
}

/** The servers that the traffic shows, or the one that somebody named. */
function chooseServers(
  found: readonly ServerEnd[],
  named: Run["named"],
): readonly ServerEnd[] {
  if (named === null) return found;
  const { host, port } = named;
  if (port === 0) {
    const own = found.filter((end) => end.host === host);
    if (own.length > 0) return own;
  }
  return [{ transport: "udp", host, port: port || USUAL_PORT }];
}

function readServerOption(text: string): { host: string; port: number } {
  const bare = readIp(text);
  const split = bare === null ? parseHostPort(text) : { host: bare, port: 0 };
  const host = split === null ? null : readIp(split.host);
  if (split !== null && host !== null) return { host, port: split.port };
  throw new OperatorError(
    `${quote(text)} is no address with or without a port`,
    "For example: --server 192.0.2.1:5060",
    2,
  );
}

/** The office of this machine, where the capture may be of its server. */
function readOwnExtensions(
  { config, options }: Run,
  found: readonly ServerEnd[],
): KnownExtensions | null {
  const own = [...listLocalAddresses(), config.publicAddress ?? ""];
  const isOwn = options.data !== undefined ||
    found.some(({ host }) => own.includes(host));
  return isOwn ? readKnownExtensions(config.dataDir) : null;
}

function write(
  { story, main, also }: JudgedPhone,
  language: Language,
): ExplainedVerdict {
  const texts = textsOf(language);
  return {
    ...writeVerdict(main, story, language, texts),
    also: also.map((finding) => writeVerdict(finding, story, language, texts)),
  };
}

/** Where the server of a bundle listens, or would. */
function listenOf(status: unknown, config: unknown): ServerEnd[] {
  const sip = fieldOf(status, "sip");
  const listen = fieldOf(sip, "listen") ?? fieldOf(config, "sip");
  if (!Array.isArray(listen)) return [];
  return listen.slice(0, 64).flatMap((entry): ServerEnd[] => {
    const host = fieldOf(entry, "host");
    const port = fieldOf(entry, "port");
    const text = typeof entry === "string"
      ? entry
      : formatAddress(String(host), Number(port));
    const read = parseHostPort(text);
    return read === null ? [] : [{ transport: "udp", ...read }];
  });
}

/** What the configuration of a bundle says of the server. */
function serverOf(config: unknown): Partial<ServerView> {
  const rtp = fieldOf(config, "rtp");
  const domains = fieldOf(config, "domains");
  const limit = Number(fieldOf(config, "contactsPerExtension"));
  return {
    rtp: {
      first: Number(fieldOf(rtp, "first")) || 0,
      last: Number(fieldOf(rtp, "last")) || 0,
    },
    domains: Array.isArray(domains) ? domains.slice(0, 64).map(String) : [],
    publicAddress: String(fieldOf(config, "publicAddress") ?? ""),
    contactLimit: Number.isInteger(limit) ? limit : 0,
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
