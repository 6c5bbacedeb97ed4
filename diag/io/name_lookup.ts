/**
 * What the name system says of a name: addresses, and where SIP is served (RFC 3263 §4.1, §4.2).
 * All questions at once; what the machine's own hosts file says counts where the name system has
 * no address.
 * @module
 */

import { lookup } from "node:dns/promises";
import type { TransportName } from "../../sip/flow.ts";
import type { NameView } from "../scene.ts";

const TIMEOUT_MS = 2000;
/** More than a name of a small office has. */
const MOST_RECORDS = 16;

/** What NAPTR calls the transports that we have (RFC 3263 §4.1). */
const SERVICES: Readonly<Record<string, TransportName>> = {
  "SIP+D2U": "udp",
  "SIP+D2T": "tcp",
};

/** One question's outcome: what came, or why nothing did. */
interface Answer<T> {
  readonly records: readonly T[];
  /** "" where the name system answered, be it that there is nothing. */
  readonly failure: string;
}

type Service = NameView["services"][number];

/** Asks for everything about a name; takes 2 seconds at most and never throws. */
export async function lookUpName(name: string): Promise<NameView> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const [ipv4, ipv6, services] = await Promise.all([
    ask(() => Deno.resolveDns(name, "A", { signal })),
    ask(() => Deno.resolveDns(name, "AAAA", { signal })),
    lookUpServices(name, signal),
  ]);
  const isAsked = ipv4.failure === "" || ipv6.failure === "";
  let addresses = [...ipv4.records, ...ipv6.records];
  if (addresses.length === 0) addresses = await lookUpHosts(name, signal);
  return {
    name,
    isAsked,
    ipv4: addresses.filter((address) => !address.includes(":")),
    ipv6: addresses.filter((address) => address.includes(":")),
    services,
    error: addresses.length > 0
      ? ""
      : isAsked
      ? "no address record"
      : ipv4.failure,
  };
}

/** SRV records under the usual names, and under those that NAPTR records point to. */
async function lookUpServices(
  name: string,
  signal: AbortSignal,
): Promise<Service[]> {
  const usual: [TransportName, string][] = [
    ["udp", `_sip._udp.${name}`],
    ["tcp", `_sip._tcp.${name}`],
  ];
  const pointers = ask(() => Deno.resolveDns(name, "NAPTR", { signal }));
  const direct = usual.map((pair) => lookUpService(...pair, signal));
  const others = (await pointers).records.flatMap((record) => {
    const transport = SERVICES[record.services.toUpperCase()];
    const target = record.replacement.replace(/\.$/, "").toLowerCase();
    const isNew = transport !== undefined && target !== "" &&
      !usual.some(([, known]) => known === target);
    return isNew ? [lookUpService(transport, target, signal)] : [];
  });
  const found = await Promise.all([...direct, ...others]);
  return found.flat().slice(0, MOST_RECORDS);
}

async function lookUpService(
  transport: TransportName,
  name: string,
  signal: AbortSignal,
): Promise<Service[]> {
  const { records } = await ask(() => Deno.resolveDns(name, "SRV", { signal }));
  return records.map(({ target, port }) => ({
    transport,
    target: target.replace(/\.$/, ""),
    port,
  }));
}

async function ask<T>(question: () => Promise<T[]>): Promise<Answer<T>> {
  try {
    return { records: (await question()).slice(0, MOST_RECORDS), failure: "" };
  } catch (error) {
    return { records: [], failure: describeFailure(error) };
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "";
  const { name, message } = error as Error;
  if (name === "TimeoutError" || name === "AbortError") {
    return `no answer from the name system within ${TIMEOUT_MS / 1000} s`;
  }
  return message.split("\n")[0]!.slice(0, 160);
}

/** What the C library finds, which also looks at the hosts file; nothing when the time is over. */
function lookUpHosts(name: string, signal: AbortSignal): Promise<string[]> {
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const giveUp = () => resolve([]);
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", giveUp, { once: true });
  lookup(name, { all: true }).then(
    (found) =>
      resolve(found.slice(0, MOST_RECORDS).map(({ address }) => address)),
    giveUp,
  );
  return promise;
}
