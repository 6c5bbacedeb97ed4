/**
 * What the doctor looks at besides the server's own facts: the network card, the packet filters
 * and the kernel's counters, again and again while the watch goes on; names and ports once.
 * @module
 */

import { readFirewall } from "../../diag/io/firewall.ts";
import { readKernelCounters } from "../../diag/io/kernel_reading.ts";
import { lookUpName } from "../../diag/io/name_lookup.ts";
import { openPacketSocket, PacketSocket } from "../../diag/io/packet_socket.ts";
import { readPorts } from "../../diag/io/port_owners.ts";
import { askPublicAddress } from "../../diag/io/public_address.ts";
import { listLocalAddresses, readServer } from "../../diag/io/server_view.ts";
import type {
  FirewallQuestion,
  FirewallRules,
} from "../../diag/machine/firewall.ts";
import { judgeFirewall } from "../../diag/machine/firewall.ts";
import {
  growthOf,
  type KernelCounters,
} from "../../diag/machine/kernel_counters.ts";
import type { NameView } from "../../diag/scene.ts";
import type { KnownScene } from "../../diag/watch.ts";
import { type Dissected, Dissector } from "../../diag/wire/dissect.ts";
import { Replay } from "../../diag/replay/replay.ts";
import type { StoryFact } from "../../diag/story/story_book.ts";
import { type Ends, endsOf } from "../../diag/wire/ends.ts";
import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import { readServedConfig } from "./api_client.ts";
import { readKnownExtensions } from "./known_extensions.ts";
import { watchedPorts } from "../watched_ports.ts";

const COUNTERS_EVERY_MS = 1000;
const RULES_EVERY_MS = 2000;
/** Pieces of one datagram come together: what misses one a second later will not get it. */
const FRAGMENTS_EVERY_MS = 1000;
const MOST_SOURCES = 8;

/** What the doctor was told and found out before the watch. */
export interface SensesOptions {
  readonly config: Config;
  /** 0: no server runs. */
  readonly pid: number;
  /** Where the running server listens; empty where none runs. */
  readonly listen: readonly Address[];
  readonly serveCommand: string;
  /** Whether a server runs that does not tell its facts: then the card alone has to show them. */
  readonly isMute: boolean;
  /** The server's name as it was typed into the phone; "" where nobody said. */
  readonly name: string;
  /** Whether sound is looked at on the card too: the sound of many calls would be a burden. */
  readonly isSoundWatched: boolean;
  /** Whether the card may be looked at; it may where nobody says. */
  readonly mayCapture?: boolean;
  /** How often the packet filters are read; every two seconds where nobody says. */
  readonly rulesEveryMs?: number;
}

/** Looks at the machine while the doctor watches. */
export class DoctorSenses {
  readonly #options: SensesOptions;
  /** With what the server was started with, where one runs. */
  #config: Config;
  readonly #listen: readonly Address[];
  readonly #socket: PacketSocket | null;
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  /** The phones that the rules are asked about, and the addresses of ours that they write to. */
  readonly #sources = new Map<string, string>();
  /** The same for sound: the phones of a call. */
  readonly #soundSources = new Map<string, string>();
  #known: KnownScene = {};
  #rules: FirewallRules | null = null;
  #counters: KernelCounters | null = null;
  #isReadingRules = false;
  #isStopped = false;
  #endReplay = () => {};

  constructor(options: SensesOptions) {
    this.#options = options;
    this.#config = readServedConfig(options.config);
    this.#listen = options.listen.length > 0
      ? options.listen
      : this.#config.sip;
    const opened = options.mayCapture === false ? null : openPacketSocket({
      sip: watchedPorts(this.#listen),
      rtp: options.isSoundWatched ? this.#config.rtp : null,
    });
    this.#socket = opened instanceof PacketSocket ? opened : null;
  }

  /** The ports that are watched on the card, as text; null where it may not be watched. */
  get wirePorts(): string | null {
    if (this.#socket === null) return null;
    return watchedPorts(this.#listen).map(({ first, last }) =>
      `${first}-${last}`
    ).join(", ");
  }

  /** What is known so far. */
  get known(): KnownScene {
    return this.#known;
  }

  /** Adds what somebody else knows. */
  learn(known: KnownScene): void {
    this.#known = { ...this.#known, ...known };
  }

  /** Begins to look; resolves when everything was looked at once. */
  async start(onWireFact: (fact: StoryFact) => void): Promise<void> {
    this.#watchCard(onWireFact);
    const { pid } = this.#options;
    this.#counters = await readKernelCounters(pid);
    if (this.#isStopped) return;
    this.#timers.push(
      setInterval(() => this.readCounters(), COUNTERS_EVERY_MS),
      setInterval(
        () => this.#readRules(),
        this.#options.rulesEveryMs ?? RULES_EVERY_MS,
      ),
    );
    await Promise.all([
      this.#readNames(),
      // both start programs, which in a server must not all be at once
      this.#readRules().then(() => this.lookAtServer(pid)),
    ]);
    await this.readCounters();
  }

  /** From now on the rules are also asked about this phone. */
  askAbout(host: string, localHost: string): void {
    this.#ask(this.#sources, host, localHost);
  }

  /** From now on the rules are also asked about the sound of this phone. */
  askAboutSound(host: string, localHost: string): void {
    this.#ask(this.#soundSources, host, localHost);
  }

  #ask(sources: Map<string, string>, host: string, localHost: string): void {
    const isKnown = sources.get(host) === localHost;
    if (host === "" || isKnown || sources.size >= MOST_SOURCES) return;
    sources.set(host, localHost);
    this.#readRules();
  }

  /** The watch is over: looks once more, and tells what only an end shows. */
  async finish(): Promise<void> {
    await this.readCounters();
    this.#endReplay();
    this.#endReplay = () => {};
  }

  /** Looks at the kernel's counters now, and not only when it is time. */
  async readCounters(): Promise<void> {
    const before = this.#counters;
    const now = await readKernelCounters(this.#options.pid);
    if (before !== null && now !== null) {
      this.learn({ kernel: growthOf(now, before) });
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#socket?.close();
  }

  #watchCard(onWireFact: (fact: StoryFact) => void): void {
    const hosts = listLocalAddresses();
    const ends = endsOf(
      hosts.flatMap((host) => this.#listen.map(({ port }) => ({ host, port }))),
    );
    if (this.#options.isMute) return this.#replayCard(ends, onWireFact);
    const dissector = new Dissector(ends);
    const tell = (found: readonly Dissected[]) => {
      for (const { fact } of found) onWireFact(fact);
    };
    this.#socket?.run((frame) => tell(dissector.take(frame))).catch(() => {});
    this.#timers.push(
      setInterval(() => tell(dissector.end(Date.now())), FRAGMENTS_EVERY_MS),
    );
  }

  /** What the server would tell is inferred from what it answers, as from a file. */
  #replayCard(ends: Ends, onFact: (fact: StoryFact) => void): void {
    const known = readKnownExtensions(this.#options.config.dataDir);
    const replay = new Replay({ ends, directory: known?.directory ?? null });
    this.#endReplay = () => replay.end(Date.now()).forEach(onFact);
    this.learn({ isOffline: true, extensions: known?.numbers ?? null });
    this.#socket?.run((frame) => replay.take(frame).forEach(onFact))
      .catch(() => {});
  }

  /** Looks at the process of the server, 0 for none, and at who holds its ports. */
  async lookAtServer(pid: number): Promise<void> {
    const { listen, serveCommand } = this.#options;
    if (pid > 0) this.#config = readServedConfig(this.#options.config);
    const config = this.#config;
    const publicAddress = config.stunServer === null
      ? ""
      : await askPublicAddress(config.stunServer);
    const [server, ports] = await Promise.all([
      readServer({ config, pid, listen, publicAddress, serveCommand }),
      readPorts(this.#listen, pid),
    ]);
    this.learn({ server, ports });
  }

  async #readNames(): Promise<void> {
    const { config, name } = this.#options;
    const typed = name === "" ? [] : [name];
    const wanted = new Set([...typed, ...config.domains]);
    const names: NameView[] = await Promise.all(
      [...wanted].filter(isName).map(lookUpName),
    );
    this.learn({
      names,
      name: name || (config.domains[0] ?? ""),
      isNameTyped: name !== "",
    });
  }

  async #readRules(): Promise<void> {
    if (this.#isReadingRules) return;
    this.#isReadingRules = true;
    try {
      const rules = await readFirewall();
      const before = this.#rules ??= rules;
      this.learn({
        firewall: judgeFirewall(rules, this.#questions(), before),
      });
    } finally {
      this.#isReadingRules = false;
    }
  }

  #questions(): FirewallQuestion[] {
    const { rtp } = this.#config;
    const questions: FirewallQuestion[] = [];
    const ask = (
      question:
        & Pick<FirewallQuestion, "direction" | "transport" | "first">
        & Partial<FirewallQuestion>,
    ) =>
      questions.push({
        last: question.first,
        source: "",
        interface: "",
        localAddress: "",
        otherPort: 0,
        ...question,
      });
    const ports = new Set(this.#listen.map(({ port }) => port));
    for (
      const [source, localAddress] of [...this.#sources, ["", ""]] as const
    ) {
      for (const first of ports) {
        for (const transport of ["udp", "tcp"] as const) {
          ask({ direction: "in", transport, first, source, localAddress });
        }
        const otherPort = first;
        const any = {
          first: 1024,
          last: 65535,
          source,
          localAddress,
          otherPort,
        };
        ask({ direction: "out", transport: "udp", ...any });
      }
    }
    for (
      const [source, localAddress] of [...this.#soundSources, ["", ""]] as const
    ) {
      const { first, last } = rtp;
      const sound = { first, last, source, localAddress };
      ask({ direction: "in", transport: "udp", ...sound });
    }
    return questions;
  }
}

function isName(host: string): boolean {
  return !host.includes(":") && !/^\d+(\.\d+){3}$/.test(host);
}
