/**
 * `pbx trace`: SIP messages as they come and go, as a ladder, whole, as JSON, or into a capture
 * file.
 * @module
 */

import {
  readMessage,
  type WireMessage,
} from "../../diag/bundle/bundle_message.ts";
import type { FragmentsLost, PacketSeen } from "../../diag/wire/packet_fact.ts";
import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";
import { parseInteger } from "../../sip/octet.ts";
import { quoteForShell } from "../terminal/invocation.ts";
import { isServerStatus } from "../server_status.ts";
import { readWish, TraceFilter, type TraceWish } from "../trace_filter.ts";
import { askServer, findServer, type ReachableServer } from "./api_client.ts";
import { watchedPorts } from "../watched_ports.ts";
import type { ConfigOptions } from "./load_config.ts";
import { readAddresses } from "./server_file.ts";
import { type Shell, spellCommand } from "./shell.ts";
import { awaitStopSignal } from "./stop_signals.ts";
import { type TraceForm, TraceOutput } from "./trace_output.ts";
import {
  followServer,
  type TraceListener,
  type TraceSource,
  watchCards,
} from "./trace_source.ts";

/** The options of the command, as they were typed. */
export interface TraceOptions extends ConfigOptions, TraceForm {
  /** Seconds. */
  readonly past?: string | undefined;
  readonly count?: string | undefined;
}

const SIGNS_EVERY_MS = 10_000;
const USUAL_PORT = 5060;
const MOST_PAST_SECONDS = 7 * 86_400;
const ALL: TraceWish = { kind: "all" };

/** Shows messages until Ctrl-C, or until `--count` of them were shown; gives the exit code. */
export async function traceMessages(
  shell: Shell,
  config: Config,
  filter: string | undefined,
  options: TraceOptions,
): Promise<number> {
  const wish = filter === undefined ? ALL : readWish(filter);
  if (wish === null) throw wrongFilter(filter ?? "");
  const pastSeconds = readCount("--past", options.past, MOST_PAST_SECONDS);
  const most = readCount("--count", options.count, Number.MAX_SAFE_INTEGER);
  const trace = new TraceOutput(shell, new TraceFilter(wish), options);
  try {
    return await runTrace(trace, {
      shell,
      config,
      options,
      command: filter === undefined
        ? "trace"
        : `trace ${quoteForShell(filter)}`,
      pastSeconds,
      most: most ?? Infinity,
    });
  } finally {
    trace.close();
  }
}

interface TraceRun {
  readonly shell: Shell;
  readonly config: Config;
  readonly options: TraceOptions;
  /** As it was typed, without options. */
  readonly command: string;
  /** Null: nothing of the past. */
  readonly pastSeconds: number | null;
  readonly most: number;
}

async function runTrace(trace: TraceOutput, run: TraceRun): Promise<number> {
  const { shell } = run;
  const { promise: full, resolve } = Promise.withResolvers<string>();
  const listener: TraceListener = {
    onMessage: (message) => {
      if (trace.count >= run.most) return;
      trace.message(message);
      if (trace.count >= run.most) resolve("");
    },
    onSign: (fact) => trace.sign(fact),
  };
  // asked before, so that a signal while the source opens is not lost
  const stopped = awaitStopSignal(true, () => {}).then(() => "");
  const source = await openSource(run, listener);
  const timer = setInterval(() => trace.flushSigns(), SIGNS_EVERY_MS);
  try {
    const why = await Promise.race([stopped, full, source.ended]);
    if (why !== "") shell.tell(`pbx: The trace ends: ${why}\n`);
    trace.flushSigns();
    return why === "" ? 0 : 1;
  } finally {
    clearInterval(timer);
    source.close();
    shell.tell(`${trace.summary(source.countDropped())}\n`);
  }
}

/** Opens the best source that there is, and says which. Throws where there is none. */
async function openSource(
  run: TraceRun,
  listener: TraceListener,
): Promise<TraceSource> {
  const { shell, config, options } = run;
  const since = run.pastSeconds === null
    ? null
    : Date.now() - run.pastSeconds * 1000;
  const found = findAskable(config.dataDir);
  const listen = found.server === null ? config.sip : await askListen(config);
  const ports = watchedPorts(listen);
  const ownPorts = [...listen.map(({ port }) => port), USUAL_PORT];
  const early = new Waiting(listener);
  const cards = watchCards(ports, ownPorts, early);
  if (cards !== null) {
    const named = ports.map(({ first, last }) => `${first}-${last}`).join(", ");
    shell.tell(`Watching the network cards, ports ${named}; Ctrl-C ends\n`);
    if (since !== null) {
      await tellPast(run, found.server, since, early.openedAt, listener);
    }
    early.release();
    return cards;
  }
  const words = `${run.command}${repeatOptions(options)}`;
  const hint = `sudo ${spellCommand(shell, words, options)}`;
  if (found.server !== null) {
    shell.tell(
      `Watching what the server (pid ${found.server.pid}) gets and sends; Ctrl-C ends. ` +
        `What a firewall drops is seen by: ${hint}\n`,
    );
    early.release();
    return followServer(
      found.server,
      options.secrets === true,
      since,
      listener,
    );
  }
  throw new OperatorError(
    `Nothing shows the messages: no right to watch the network cards, and ${found.why}`,
    `Run it as root: ${hint}`,
    1,
  );
}

/** Where the running server listens; where it does not say, what is configured. */
async function askListen(
  { dataDir, sip }: Config,
): Promise<readonly Address[]> {
  const status = await askServer(dataDir, "/api/v1/status").catch(() => null);
  return isServerStatus(status) ? readAddresses(status.sip.listen) : sip;
}

/** Shows what the server has kept; what came since then is shown by the source. */
async function tellPast(
  { shell, config, options }: TraceRun,
  server: ReachableServer | null,
  since: number,
  until: number,
  listener: TraceListener,
): Promise<void> {
  if (server === null) {
    shell.tell("No messages of the past: only a running server keeps them\n");
    return;
  }
  const secrets = options.secrets ? "&secrets=1" : "";
  const path = `/api/v1/messages?since=${since}${secrets}`;
  const kept = await askServer(config.dataDir, path).catch(
    (error: Error) => shell.tell(`No messages of the past: ${error.message}\n`),
  );
  for (const value of Array.isArray(kept) ? kept : []) {
    const message = readMessage(value);
    if (message !== null && message.at < until) listener.onMessage(message);
  }
}

/** Holds back what comes while the past is told. */
class Waiting implements TraceListener {
  /** When it began, in milliseconds since 1970. */
  readonly openedAt = Date.now();
  readonly #listener: TraceListener;
  #held: (() => void)[] | null = [];

  constructor(listener: TraceListener) {
    this.#listener = listener;
  }

  onMessage(message: WireMessage): void {
    this.#pass(() => this.#listener.onMessage(message));
  }

  onSign(fact: PacketSeen | FragmentsLost): void {
    this.#pass(() => this.#listener.onSign(fact));
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const tell of held) tell();
  }

  #pass(tell: () => void): void {
    if (this.#held === null) tell();
    else this.#held.push(tell);
  }
}

/** The server that can be asked, or why there is none. */
function findAskable(
  dataDir: string,
): { readonly server: ReachableServer | null; readonly why: string } {
  try {
    const server = findServer(dataDir);
    return { server, why: `no server is running on \`${dataDir}\`` };
  } catch (error) {
    if (error instanceof OperatorError) {
      return { server: null, why: error.message };
    }
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    return { server: null, why: `no permission for \`${dataDir}\`` };
  }
}

/** The options of this command only, with a blank in front. */
function repeatOptions({ pcap, verbose, secrets, json }: TraceOptions): string {
  return (pcap === undefined ? "" : ` --pcap ${quoteForShell(pcap)}`) +
    (verbose ? " --verbose" : "") + (secrets ? " --secrets" : "") +
    (json ? " --json" : "");
}

/** Null where the option was not given. */
function readCount(
  name: string,
  text: string | undefined,
  most: number,
): number | null {
  if (text === undefined) return null;
  const count = parseInteger(text, most);
  if (count >= 1) return count;
  throw new OperatorError(
    `\`${name}\` needs a whole number from 1 to ${most}, not ${quote(text)}`,
    "",
    2,
  );
}

function wrongFilter(text: string): OperatorError {
  return new OperatorError(
    `${quote(text)} is neither a number nor an IP address`,
    "Write `1001`, `192.0.2.7`, `192.0.2.7:5060` or `[2001:db8::7]:5060`",
    2,
  );
}
