/**
 * The first lines of a server that starts: where it listens, where its data is, and what to type
 * next.
 * @module
 */

import { formatAddress, isLoopback } from "../../sip/flow.ts";

/** What is known of the machine that serves the page. */
export interface PagePlace {
  /** The configured ones. */
  readonly domains: readonly string[];
  /** Where phones reach the machine where that is not its own address; null for unknown. */
  readonly publicAddress: string | null;
  /** The machine's own addresses, for listeners on all of them. */
  readonly localAddresses: readonly string[];
}

/** What the first lines tell. */
export interface Startup extends PagePlace {
  readonly version: string;
  /** What to type in place of `pbx`. */
  readonly invocation: string;
  readonly sip: readonly { readonly host: string; readonly port: number }[];
  /** Where HTTP listens, or `null` where it does not. */
  readonly http: ServedPage | null;
  readonly dataDir: string;
  /** `--data` and `--config` as they were given, to be repeated in other commands. */
  readonly dataOptions: string;
  readonly extensions: number;
  readonly registrations: number;
}

/** The page as it is served. */
export interface ServedPage {
  /** `host:port`. */
  readonly listen: string;
  readonly isTls: boolean;
  /** What the first visit asks for; null where the page has a password. */
  readonly setupToken: string | null;
}

/** One line for each thing to know; the first is the one that says the server is up. */
export function describeStartup(startup: Startup): string[] {
  const { invocation, dataOptions } = startup;
  const lines = [`pbx ${startup.version} is running`];
  for (const { host, port } of startup.sip) {
    lines.push(
      `SIP listens on ${formatAddress(host, port)}, UDP and TCP${
        reachableAt(host, port, startup)
      }`,
    );
  }
  lines.push(`Data is in ${startup.dataDir}`);
  lines.push(
    `Extensions: ${startup.extensions}, phones registered: ${startup.registrations}`,
  );
  lines.push(
    `Add an extension: ${invocation} extension add 1001${dataOptions}`,
  );
  if (startup.http === null) {
    lines.push("HTTP is off: `pbx status` cannot ask this server");
    return lines;
  }
  const url = urlOf(startup.http, startup);
  lines.push(...describePage(startup.http, startup));
  lines.push(
    `See how it is: ${invocation} status${dataOptions}, or ${url}/healthz`,
  );
  return lines;
}

/** How to come to the page. */
function describePage(page: ServedPage, place: PagePlace): string[] {
  const { url, tunnel } = locatePage(page, place);
  const first = tunnel === null ? "" : ` (from elsewhere first: ${tunnel})`;
  return page.setupToken === null
    ? [`The page: ${url}${first}`]
    : [`Open ${url}${first}`, `Setup token: ${page.setupToken}`];
}

/** Where the page is, and what has to be typed elsewhere first to come to it; null for nothing. */
export function locatePage(
  page: ServedPage,
  place: PagePlace,
): { readonly url: string; readonly tunnel: string | null } {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(page.listen) ?? [];
  const machine = place.publicAddress ?? place.domains[0] ?? "SERVER";
  return {
    url: `${urlOf(page, place)}/${page.setupToken === null ? "" : "setup"}`,
    tunnel: isLoopback(host.replace(/^\[|\]$/g, ""))
      ? `ssh -L ${port}:${host}:${port} root@${machine}`
      : null,
  };
}

/** Under which address the page is found; with a certificate that is a name. */
function urlOf({ listen, isTls }: ServedPage, place: PagePlace): string {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(listen) ?? [];
  const isAll = host === "0.0.0.0" || host === "[::]";
  const { domains, publicAddress } = place;
  const domain = domains.find((name) => /[a-z]/i.test(name));
  if (isTls) {
    const known = domain ?? (isAll ? publicAddress ?? domains[0] : null);
    if (known !== undefined && known !== null) {
      return `https://${formatAddress(known, Number(port))}`;
    }
    return `https://${isAll ? "SERVER" : host}:${port}`;
  }
  if (!isAll) return `http://${listen}`;
  if (publicAddress !== null) {
    return `http://${formatAddress(publicAddress, Number(port))}`;
  }
  const [own = "127.0.0.1"] = ownAddresses(
    host.replace(/^\[|\]$/g, ""),
    place,
  );
  return `http://${formatAddress(own, Number(port))}`;
}

/** For a listener on all addresses, those under which phones elsewhere can find it. */
function reachableAt(host: string, port: number, startup: Startup): string {
  if (host !== "0.0.0.0" && host !== "::") return "";
  const addresses = ownAddresses(host, startup);
  if (addresses.length === 0) return "";
  const own = addresses.map((address) => formatAddress(address, port));
  return ` (${own.join(", ")})`;
}

function ownAddresses(host: string, place: PagePlace): string[] {
  return place.localAddresses.filter((address) =>
    !isLoopback(address) && !address.toLowerCase().startsWith("fe80:") &&
    (host === "::" || !address.includes(":"))
  );
}
