/**
 * The checks that touch the network: where the server listens, who holds its ports, whether it
 * answers, names, routes and the firewall. They read; `machine/check_*.ts` decide.
 * @module
 */

import {
  type Address,
  type PortRange,
  readIp,
} from "../../pbx/config_value.ts";
import type { TransportName } from "../../sip/flow.ts";
import { hostOf } from "../../sip/address_kind.ts";
import { toReachable } from "../machine/bound_address.ts";
import { judgeBind } from "../machine/check_bind.ts";
import { judgeDns } from "../machine/check_dns.ts";
import type { CheckFinding } from "../machine/check_finding.ts";
import { judgeFirewallView } from "../machine/check_firewall.ts";
import { judgePort } from "../machine/check_port.ts";
import {
  judgeLoopback,
  judgeRegister,
  type Probe,
  type RegistrationOutcome,
  type Substitute,
} from "../machine/check_probe.ts";
import { judgeRoute, type RouteReading } from "../machine/check_route.ts";
import { type FirewallQuestion, judgeFirewall } from "../machine/firewall.ts";
import type { CheckRun, RegisteredPhone } from "./check_run.ts";
import { readFirewall } from "./firewall.ts";
import { lookUpName } from "./name_lookup.ts";
import { readPorts } from "./port_owners.ts";
import { askPublicAddress } from "./public_address.ts";
import { findSourceAddresses } from "./source_address.ts";
import { askOverTcp, TestPhone } from "./test_phone.ts";

/** Addresses of documentation (RFC 5737, RFC 3849): only the default route leads there. */
const INTERNET = ["203.0.113.1", "2001:db8:ffff::1"];
/** Where phones send from, mostly. */
const FIRST_PHONE_PORT = 1024;
const LAST_PORT = 65_535;
/** More phones than anybody reads of. */
const MOST_PHONES = 200;

export function checkBind(run: CheckRun): CheckFinding {
  const { receiveBuffer, isBufferFree } = run.limits();
  return judgeBind({
    isRunning: run.serverPid > 0,
    listen: run.listen,
    tries: run.tries(),
    receiveBuffer,
    isBufferFree,
    isRoot: run.context.isRoot,
  });
}

export async function checkPort(run: CheckRun): Promise<CheckFinding> {
  const { listen, serverPid } = run;
  const tries = run.tries();
  const ports = await readPorts(listen, serverPid);
  const { isRoot } = run.context;
  return judgePort({ serverPid, listen, ports, tries, isRoot });
}

export async function checkLoopback(run: CheckRun): Promise<CheckFinding> {
  const isDown = run.context.server === null;
  let targets = run.listen.map(toReachable);
  if (isDown) {
    try {
      targets = [(await run.temporary()).address];
    } catch (error) {
      return judgeRegister(notStarted(error), { kind: "down" }, "");
    }
  }
  const probes = await Promise.all(targets.flatMap((target) => [
    askOverUdp(target),
    askOverTcp(target),
  ]));
  const substitute = { kind: isDown ? "down" : "none" } as const;
  return judgeLoopback(probes, substitute, await run.startCommand());
}

async function askOverUdp(target: Address): Promise<Probe> {
  using phone = new TestPhone(target);
  return await phone.ask();
}

export async function checkRegister(run: CheckRun): Promise<CheckFinding> {
  const { server } = run.context;
  const startCommand = await run.startCommand();
  let substitute: Substitute = { kind: "down" };
  if (server !== null) {
    try {
      const account = await run.account(server);
      using phone = new TestPhone(toReachable(server.listen[0]!));
      const outcome = await phone.register(account);
      return judgeRegister(outcome, { kind: "none" }, startCommand);
    } catch (error) {
      substitute = { kind: "unasked", cause: messageOf(error) };
    }
  }
  let outcome: RegistrationOutcome;
  try {
    const { address, account } = await run.temporary();
    using phone = new TestPhone(address);
    outcome = await phone.register(account);
  } catch (error) {
    outcome = notStarted(error);
  }
  return judgeRegister(outcome, substitute, startCommand);
}

export async function checkDns(run: CheckRun): Promise<CheckFinding> {
  const { config } = run.context;
  const { stunServer } = config;
  const names = config.domains.filter((domain) => readIp(domain) === null);
  const [views, seen] = await Promise.all([
    Promise.all(names.map(lookUpName)),
    config.publicAddress === null && stunServer !== null && names.length > 0
      ? askPublicAddress(stunServer)
      : "",
  ]);
  return judgeDns({
    names: views,
    localAddresses: run.localAddresses,
    publicAddress: config.publicAddress ?? seen,
    listen: run.listen,
  });
}

export async function checkRoute(run: CheckRun): Promise<CheckFinding> {
  const phones = await listPhones(run);
  const hosts = phones.map(({ source }) => hostOf(source));
  const found = await findSourceAddresses([...INTERNET, ...hosts]);
  const routeTo = (host: string) => found.get(host) ?? null;
  const routes = phones.map(({ number, local }, i) => {
    const host = hosts[i]!;
    return { number, host, local, route: routeTo(host) };
  });
  return judgeRoute(chooseRoute(INTERNET.map(routeTo)), routes);
}

/** The first way that there is, else why there is none. */
function chooseRoute(
  readings: readonly (RouteReading | null)[],
): RouteReading | null {
  return readings.find((reading) => reading !== null && "host" in reading) ??
    readings[0] ?? null;
}

async function listPhones(
  { context }: CheckRun,
): Promise<readonly RegisteredPhone[]> {
  try {
    const phones = await context.server?.listPhones() ?? [];
    return phones.slice(0, MOST_PHONES);
  } catch {
    // The check of the registration says that the server cannot be asked.
    return [];
  }
}

export async function checkFirewall(run: CheckRun): Promise<CheckFinding> {
  const questions = listQuestions(run.listen, run.context.config.rtp);
  return judgeFirewallView(judgeFirewall(await readFirewall(), questions));
}

/** SIP and media that come in, and answers that go out, for each kind of address. */
function listQuestions(
  listen: readonly Address[],
  rtp: PortRange,
): FirewallQuestion[] {
  const sources = new Set(
    listen.map(({ host }) => host.includes(":") ? "::" : "0.0.0.0"),
  );
  return [...sources].flatMap((source) => {
    const ask = (
      direction: "in" | "out",
      transport: TransportName,
      first: number,
      last: number,
      otherPort: number,
    ) => ({
      direction,
      transport,
      first,
      last,
      otherPort,
      source,
      interface: "",
      localAddress: "",
    });
    const isIpv6 = source === "::";
    const ports = new Set(
      listen.filter(({ host }) => host.includes(":") === isIpv6)
        .map(({ port }) => port),
    );
    return [
      ...[...ports].flatMap((port) => [
        ask("in", "udp", port, port, 0),
        ask("in", "tcp", port, port, 0),
        ask("out", "udp", FIRST_PHONE_PORT, LAST_PORT, port),
      ]),
      ask("in", "udp", rtp.first, rtp.last, 0),
    ];
  });
}

function notStarted(error: unknown): RegistrationOutcome {
  return { kind: "not-started", cause: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
