/**
 * A real proxy (Kamailio) on the router of the lab, the only way from the phones behind it to the
 * server: Path on REGISTER (RFC 3327), Record-Route on INVITE (RFC 3261 §16.6, in both networks),
 * and no service for a request of the server that has no Route. SIP that would go past it is lost
 * and counted.
 *
 *     phone 192.168.77.20 -- 192.168.77.1 proxy 198.51.100.7 -- 192.0.2.1 server
 *
 * @module
 */

import type { Lab } from "./lab.ts";
import { passwordOf } from "./lab_call.ts";
import { Caller, type Extra, headerOf, type Talk } from "./lab_caller.ts";
import type { Received } from "./lab_phone.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { until } from "./lab_process.ts";

/** Where phones find the proxy. */
export const INNER = "192.168.77.1";

const FIRST_VIA = /^Via:.*$/im;
const SEEN = /request (\w+) from (\S+) tag=(\S*) route=<?([^>\n]*)/g;

/** A request that reached the proxy. */
export interface Passed {
  readonly method: string;
  /** The address it came from. */
  readonly source: string;
  readonly isInDialog: boolean;
  /** The URI of its first Route; "" for none. */
  readonly route: string;
}

export interface Proxy {
  /** The requests that came to it, in order. */
  readonly passed: () => Passed[];
  /** How many datagrams of SIP would have gone past it. */
  readonly strays: () => Promise<number>;
}

/** Starts the proxy, and closes every other way for SIP. */
export async function startProxy(lab: Lab, network: Network): Promise<Proxy> {
  const { router } = network;
  await lab.run(router, ["nft", "-f", "-"], GUARD);
  const file = `${lab.directory}/proxy.cfg`;
  Deno.writeTextFileSync(file, CONFIGURATION);
  const command = ["kamailio", "-f", file, "-DD", "-E", "-m", "16"];
  const program = lab.spawn(router, { command });
  await until("the proxy listens", async () => {
    if (program.exitCode !== null) throw new Error(program.output);
    const held = await lab.run(router, ["ss", "-Huln", "sport = :5060"]);
    return held.includes(`${INNER}:5060`) &&
      held.includes(`${ADDRESS.router}:5060`);
  });
  const passed = () =>
    [...program.output.matchAll(SEEN)].map(
      ([, method = "", source = "", tag = "", route = ""]) => ({
        method,
        source,
        isInDialog: tag !== "" && tag !== "<null>",
        route: route === "null" ? "" : route,
      }),
    );
  const strays = async () => {
    const rules = await lab.run(router, ["nft", "list", "table", "ip", "sip"]);
    const counts = [...rules.matchAll(/packets (\d+)/g)];
    if (counts.length !== 2) throw new Error(rules);
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  };
  return { passed, strays };
}

/** A phone of our own behind the proxy: it follows the routes of its calls (RFC 3261 §12.2.1.1). */
export class ProxiedCaller extends Caller {
  override get domain(): string {
    return ADDRESS.server;
  }

  override send(
    talk: Talk,
    method: string,
    extra: Extra = {},
  ): Promise<number> {
    const routes = talk.remoteTag === "" ? [] : this.#routesOf(talk);
    const headers = routes.map((route) => `Route: ${route}`);
    return super.send(talk, method, {
      ...extra,
      headers: [...headers, ...extra.headers ?? []],
    });
  }

  /** What comes by a proxy has its branch wherever the proxy left it, at the end of Via too. */
  override next(
    isWanted: (message: Received) => boolean,
    from: number,
    timeoutMs: number,
  ): Promise<Received | null> {
    const isFound = (message: Received) =>
      isWanted({ ...message, text: message.text.replace(FIRST_VIA, "$&;") });
    return super.next(isFound, from, timeoutMs);
  }

  /** The routes of a call as its first INVITE or the 200 has them, the nearest first. */
  #routesOf({ callId }: Talk): string[] {
    const first = this.inbox.find((message) => {
      const isInvite = message.text.startsWith("INVITE ") ||
        (message.status >= 200 && message.status < 300 &&
          headerOf(message, "CSeq").endsWith(" INVITE"));
      return isInvite && headerOf(message, "Call-ID") === callId;
    });
    if (first === undefined) return [];
    const routes = [...first.text.matchAll(/^Record-Route:(.*)$/gim)]
      .flatMap(([, list = ""]) => list.split(","))
      .map((route) => route.trim());
    return first.status === 0 ? routes : routes.reverse();
  }
}

/** A phone of our own that is registered through the proxy. */
export async function openProxied(
  network: Network,
  number: string,
): Promise<ProxiedCaller> {
  const caller = new ProxiedCaller({
    socket: openUdpSocket(network.nat, ADDRESS.nat),
    server: { host: INNER, port: 5060 },
    number,
    password: passwordOf(number),
  });
  await caller.register();
  return caller;
}

const GUARD = `table ip sip {
  chain forward {
    type filter hook forward priority 0;
    udp dport 5060 counter drop
    udp sport 5060 counter drop
  }
}
`;

const CONFIGURATION = `#!KAMAILIO
debug=0
log_stderror=yes
children=1
disable_tcp=yes
auto_aliases=no
dns=off
rev_dns=off
dns_try_ipv6=off
mhomed=1
listen=udp:${INNER}:5060
listen=udp:${ADDRESS.router}:5060
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "xlog.so"
modparam("rr", "enable_full_lr", 1)

request_route {
  xlog("L_ALERT", "request $rm from $si tag=$tt route=$hdr(Route)\\n");
  if (!mf_process_maxfwd_header("20")) {
    sl_send_reply("483", "Too Many Hops");
    exit;
  }
  if (is_method("CANCEL")) {
    if (t_check_trans()) { t_relay(); }
    exit;
  }
  if (is_method("ACK") && t_check_trans()) { t_relay(); exit; }
  if (!is_present_hf("Route") && (has_totag() || $si == "${ADDRESS.server}")) {
    if (!is_method("ACK")) { sl_send_reply("404", "No route"); }
    exit;
  }
  loose_route();
  t_check_trans();
  if (is_method("REGISTER")) {
    append_hf("Path: <sip:${ADDRESS.router}:5060;lr>\\r\\n");
    append_hf("Supported: path\\r\\n");
  }
  if (is_method("INVITE") && !has_totag()) { record_route(); }
  t_relay();
}
`;
