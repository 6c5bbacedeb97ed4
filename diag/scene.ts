/**
 * The scene of a story: what is known of the server and its machine, which all phones share. What
 * nobody could look at is null, and a rule that needs it says nothing, or says that it guesses.
 * @module
 */

import type { TransportName } from "../sip/flow.ts";
import type { Story } from "./story/story.ts";

export interface Scene {
  /** Milliseconds since 1970, like every time here. */
  readonly now: number;
  /** Since when somebody watches; facts from before count as background. */
  readonly since: number;
  /** Whether nothing more will come: the time is over, or the evidence is a file. */
  readonly isOver: boolean;
  /** Whether the evidence comes from a file, so that absence proves little. */
  readonly isOffline: boolean;
  /** What the phone is to reach, as it was typed there or is configured; "" where unknown. */
  readonly name: string;
  /** Whether somebody said that it is what the phone has, so that a fault of it is the phone's. */
  readonly isNameTyped: boolean;
  readonly configFaults: readonly ConfigFaultView[];
  readonly server: ServerView | null;
  readonly ports: PortView | null;
  readonly names: readonly NameView[];
  /** What a packet capture saw; null: no right to look, or nobody looked. */
  readonly wire: WireView | null;
  readonly firewall: FirewallView | null;
  readonly kernel: KernelView | null;
  readonly clock: ClockView | null;
  /** The numbers that exist; null where that is unknown. */
  readonly extensions: readonly string[] | null;
  readonly noise: NoiseView;
  /** Everybody else who was seen, without the scanners: other stories of the same evidence. */
  readonly others: readonly Story[];
}

export interface ConfigFaultView {
  readonly where: string;
  readonly path: string;
  readonly what: string;
  readonly hint: string;
}

/** The server as the command line, or a bundle, finds it. */
export interface ServerView {
  readonly isRunning: boolean;
  readonly pid: number;
  /** `pbx.service`, or "" where no unit is known. */
  readonly unit: string;
  /** As systemd says it: `failed`, `inactive`; "" where unknown. */
  readonly unitState: string;
  /** The last thing that it complained of; "" where unknown. */
  readonly lastError: string;
  /** The command that starts it. */
  readonly startCommand: string;
  /** Where it listens, or where it would; UDP and TCP. */
  readonly listen: readonly { readonly host: string; readonly port: number }[];
  /** The machine's own addresses, loopback ones too. */
  readonly localAddresses: readonly string[];
  /** The address under which phones reach the machine where that is not its own; "" for unknown. */
  readonly publicAddress: string;
  readonly domains: readonly string[];
  readonly rtp: { readonly first: number; readonly last: number };
  /** The bindings an extension may have; 0: unknown. */
  readonly contactLimit: number;
}

/** Who holds the ports that the server wants. */
export interface PortView {
  readonly holders: readonly PortHolder[];
}

export interface PortHolder {
  readonly transport: TransportName;
  readonly host: string;
  readonly port: number;
  /** 0: not to be seen without root. */
  readonly pid: number;
  readonly program: string;
  readonly unit: string;
  readonly container: string;
  /** Whether it is this server. */
  readonly isOurs: boolean;
}

/** What the name system says of one name. */
export interface NameView {
  readonly name: string;
  /** Whether the name system answered at all. */
  readonly isAsked: boolean;
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  /** `_sip._udp` and `_sip._tcp`: target and port. */
  readonly services: readonly {
    readonly transport: TransportName;
    readonly target: string;
    readonly port: number;
  }[];
  /** What went wrong, such as `NXDOMAIN`; "" where nothing did. */
  readonly error: string;
}

/** The network card, while somebody watched it. */
export interface WireView {
  /** Since when. */
  readonly since: number;
  /** Ports that were looked at, `5060-5070` or `5080`. */
  readonly ports: string;
  /** Whether the ports of sound were among them. */
  readonly hasSound: boolean;
}

/** What the packet filters would do with SIP from outside. */
export interface FirewallView {
  /** `nft`, `iptables`, `ufw`, `firewalld`; the one that a person would use. */
  readonly tool: string;
  /** Why the rules could not be read; "" where they could. */
  readonly unreadable: string;
  readonly flows: readonly FirewallFlow[];
}

/** The fate of one kind of packet. */
export interface FirewallFlow {
  readonly direction: "in" | "out";
  readonly transport: TransportName;
  /** First and last port of ours (in), or of the peer (out). */
  readonly first: number;
  readonly last: number;
  readonly source: string;
  readonly outcome: "accept" | "drop" | "reject" | "unknown";
  /** The rule that decides, as the tool writes it; "" for none. */
  readonly rule: string;
  /** Packets that it has stopped; -1: it does not count. */
  readonly packets: number;
  /** Packets that it has stopped since the watch began; -1: unknown. */
  readonly recentPackets: number;
  /** What opens exactly what is needed; "" where it is open. */
  readonly command: string;
}

/** Counters of the kernel: how much each grew since the watch began, and the limits. */
export interface KernelView {
  /** `Udp NoPorts`: datagrams to closed ports. */
  readonly udpNoPorts: number;
  /** `Udp RcvbufErrors`. */
  readonly udpBufferErrors: number;
  /** `Ip ReasmFails`. */
  readonly reassemblyFailures: number;
  /** Drops of the server's own sockets, from `/proc/net/udp`. */
  readonly socketDrops: number;
  /** Octets; 0: unknown. */
  readonly receiveBufferLimit: number;
}

export interface ClockView {
  /** How far the wall clock jumped while the server ran, in seconds; 0: it did not. */
  readonly jumpedSeconds: number;
  readonly jumpedAt: number;
}

/** Scanners, of which no phone's verdict speaks. */
export interface NoiseView {
  readonly hosts: number;
  /** Requests that were turned away. */
  readonly tries: number;
  readonly userAgents: readonly string[];
  readonly lastAt: number;
}
