/**
 * The lines of a story that say what is known of the server and its machine. Without any, it runs
 * on 203.0.113.5, port 5060, and nobody looks at the network card or the firewall.
 *
 *     now 60            since 0           over              offline
 *     asked 1002        extensions 1001,1002                name pbx.example.org typed
 *     server down listen=0.0.0.0:5060 addresses=203.0.113.5 public= domains= error= limit=5
 *     config where=pbx.toml:3 path=sip what="no port" hint="write one"
 *     holder udp 0.0.0.0:5060 ours        holder udp 0.0.0.0:5060 pid=700 program=kamailio
 *     dns pbx.example.org ipv4=203.0.113.5 ipv6= error=
 *     watched 5060-5070 sound             the card is looked at, for sound too
 *     firewall ufw unreadable=
 *     flow in udp 5060 drop rule= recent=3 command= source=
 *     kernel ports=0 errors=0 fragments=0 drops=0 limit=212992
 *     clock jumped=3600 at=12
 * @module
 */

import type {
  ClockView,
  ConfigFaultView,
  FirewallFlow,
  FirewallView,
  KernelView,
  NameView,
  PortHolder,
  Scene,
  ServerView,
  WireView,
} from "../diag/scene.ts";
import type { TransportName } from "../sip/flow.ts";
import { type Line, listOf, splitPlace, timeOf } from "./story_file.ts";

const SERVER: ServerView = {
  isRunning: true,
  pid: 4711,
  unit: "",
  unitState: "",
  lastError: "",
  startCommand: "systemctl start pbx",
  listen: [{ host: "0.0.0.0", port: 5060 }],
  localAddresses: ["127.0.0.1", "203.0.113.5"],
  publicAddress: "203.0.113.5",
  domains: [],
  rtp: { first: 10000, last: 19999 },
  contactLimit: 5,
};

export class SceneReader {
  asked = "";
  #now = 60;
  #since = 0;
  #flags = { isOver: false, isOffline: false, isNameTyped: false };
  #name = "";
  #server: ServerView | null = SERVER;
  #extensions: readonly string[] | null = null;
  readonly #faults: ConfigFaultView[] = [];
  readonly #holders: PortHolder[] = [];
  readonly #names: NameView[] = [];
  readonly #flows: FirewallFlow[] = [];
  #firewall: Omit<FirewallView, "flows"> | null = null;
  #wire: WireView | null = null;
  #kernel: KernelView | null = null;
  #clock: ClockView | null = null;

  read(line: Line): void {
    const { words, values } = line;
    const [subject, first = ""] = words;
    switch (subject) {
      case "now":
        this.#now = Number(first);
        return;
      case "since":
        this.#since = Number(first);
        return;
      case "over":
        this.#flags.isOver = true;
        return;
      case "offline":
        this.#flags = { ...this.#flags, isOffline: true, isOver: true };
        this.#server = null;
        return;
      case "asked":
        this.asked = first;
        return;
      case "extensions":
        this.#extensions = listOf(first);
        return;
      case "name":
        this.#name = first;
        this.#flags.isNameTyped = words.includes("typed");
        return;
      case "server":
        this.#server = readServer(line);
        return;
      case "config": {
        const { where = "", path = "", what = "", hint = "" } = values;
        this.#faults.push({ where, path, what, hint });
        return;
      }
      case "holder":
        this.#holders.push(readHolder(line));
        return;
      case "dns":
        this.#names.push(readName(line));
        return;
      case "watched":
        this.#wire = {
          since: timeOf(values["since"] ?? "0"),
          ports: first,
          hasSound: words.includes("sound"),
        };
        return;
      case "firewall":
        this.#firewall = {
          tool: first,
          unreadable: values["unreadable"] ?? "",
        };
        return;
      case "flow":
        this.#firewall ??= { tool: "nft", unreadable: "" };
        this.#flows.push(readFlow(line));
        return;
      case "kernel":
        this.#kernel = {
          udpNoPorts: Number(values["ports"] ?? 0),
          udpBufferErrors: Number(values["errors"] ?? 0),
          reassemblyFailures: Number(values["fragments"] ?? 0),
          socketDrops: Number(values["drops"] ?? 0),
          receiveBufferLimit: Number(values["limit"] ?? 212992),
        };
        return;
      case "clock":
        this.#clock = {
          jumpedSeconds: Number(values["jumped"]),
          jumpedAt: timeOf(values["at"]),
        };
        return;
      default:
        throw new SyntaxError(`unknown: ${subject}`);
    }
  }

  scene(): Partial<Scene> & { readonly now: number } {
    return {
      now: timeOf(String(this.#now)),
      since: timeOf(String(this.#since)),
      ...this.#flags,
      name: this.#name,
      server: this.#server,
      extensions: this.#extensions,
      configFaults: this.#faults,
      ports: this.#holders.length === 0 ? null : { holders: this.#holders },
      names: this.#names,
      firewall: this.#firewall === null
        ? null
        : { ...this.#firewall, flows: this.#flows },
      wire: this.#wire,
      kernel: this.#kernel,
      clock: this.#clock,
    };
  }
}

function readServer({ words, values }: Line): ServerView {
  const addresses = values["addresses"];
  return {
    ...SERVER,
    isRunning: !words.includes("down"),
    unit: values["unit"] ?? "",
    unitState: values["state"] ?? "",
    lastError: values["error"] ?? "",
    listen: values["listen"] === undefined
      ? SERVER.listen
      : listOf(values["listen"]).map(splitPlace),
    localAddresses: addresses === undefined
      ? SERVER.localAddresses
      : ["127.0.0.1", ...listOf(addresses)],
    publicAddress: values["public"] ?? SERVER.publicAddress,
    domains: listOf(values["domains"]),
    contactLimit: Number(values["limit"] ?? SERVER.contactLimit),
  };
}

function readHolder({ words, values }: Line): PortHolder {
  const [, transport, place = ""] = words;
  const isOurs = words.includes("ours");
  return {
    transport: transportOf(transport),
    ...splitPlace(place),
    pid: Number(values["pid"] ?? (isOurs ? SERVER.pid : 0)),
    program: values["program"] ?? (isOurs ? "pbx" : ""),
    unit: values["unit"] ?? "",
    container: values["container"] ?? "",
    isOurs,
  };
}

function readName({ words, values }: Line): NameView {
  return {
    name: words[1] ?? "",
    isAsked: !words.includes("unasked"),
    ipv4: listOf(values["ipv4"]),
    ipv6: listOf(values["ipv6"]),
    services: [],
    error: values["error"] ?? "",
  };
}

function readFlow({ words, values }: Line): FirewallFlow {
  const [, direction, transport, ports = "", outcome] = words;
  const [first, last = first] = ports.split("-").map(Number);
  return {
    direction: direction === "out" ? "out" : "in",
    transport: transportOf(transport),
    first: first!,
    last: last!,
    source: values["source"] ?? "",
    outcome: outcome as FirewallFlow["outcome"],
    rule: values["rule"] ?? "",
    packets: Number(values["recent"] ?? -1),
    recentPackets: Number(values["recent"] ?? -1),
    command: values["command"] ?? "",
  };
}

function transportOf(word: string | undefined): TransportName {
  if (word === "udp" || word === "tcp") return word;
  throw new SyntaxError(`no transport: ${word}`);
}
