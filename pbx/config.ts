/**
 * What `pbx` is told: options override the environment, which overrides the file, which
 * overrides the defaults. Every value of every layer is read, also those that another one
 * overrides, so that all faults come out at once. The file arrives parsed (config_file.ts),
 * because a start without a file need not load a TOML parser.
 * @module
 */

import { formatAddress } from "../sip/flow.ts";
import {
  type ConfigFault,
  FLAG_KEYS,
  type FlagKey,
  NUMBER_KEYS,
  type NumberKey,
  numberOf,
  pick,
  type Picked,
  type RawValue,
  readEnvironment,
  readOptions,
  sortFaults,
  spell,
  type TextKey,
  valuesOf,
} from "./config_layer.ts";
import {
  type Address,
  type PortRange,
  type Read,
  readChoice,
  readDirectory,
  readDomain,
  readFlag,
  readHttpAddress,
  readInteger,
  readPemFile,
  readPortRange,
  readPublicAddress,
  readSipAddress,
  readStunServer,
} from "./config_value.ts";
import { escapeText } from "./quoted.ts";

export const LOG_LEVELS = ["error", "warning", "info", "debug"] as const;
export const LOG_FORMATS = ["auto", "json", "pretty"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface Config {
  /** Where SIP is answered, over UDP and TCP. */
  readonly sip: readonly Address[];
  readonly http: Address | null;
  readonly dataDir: string;
  /** In lower case, IPv6 addresses without brackets. None: every domain is ours. */
  readonly domains: readonly string[];
  readonly publicAddress: string | null;
  readonly rtp: PortRange;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Who tells the address under which the internet sees this machine; a name or an address. */
  readonly stunServer: Address | null;
  /** What HTTP proves its name with; null: it is served without TLS. */
  readonly tls: TlsFiles | null;
  /** Whether the server may look at the network card while somebody connects a phone. */
  readonly capture: boolean;
  readonly registrationDefaultSeconds: number;
  readonly registrationMinimumSeconds: number;
  readonly registrationMaximumSeconds: number;
  readonly contactsPerExtension: number;
  /** 0: no pings. */
  readonly pingSeconds: number;
  readonly tcpConnections: number;
  /** How long calls that are over stay in the database. */
  readonly callKeepDays: number;
  /** How long a phone rings before nobody is there. */
  readonly callRingSeconds: number;
  /** The session interval that the exchange asks for (RFC 4028 §4). */
  readonly callSessionSeconds: number;
  /** Calls at one time. */
  readonly callLimit: number;
}

/** The names of two files in PEM. */
export interface TlsFiles {
  /** The certificate of the server and those above it. */
  readonly certificate: string;
  readonly key: string;
}

/** A file as `readConfigFile` hands it over. */
export interface ConfigFile {
  readonly values: readonly RawValue[];
  readonly faults: readonly ConfigFault[];
}

export interface ConfigInput {
  /** As the command line names them: `sip`, `publicAddress`, `logLevel`; others are ignored. */
  readonly options: Readonly<
    Record<string, string | readonly string[] | undefined>
  >;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Null: there is none. */
  readonly file: ConfigFile | null;
  readonly isRoot: boolean;
}

/** Puts the layers together; either a configuration that can be used, or all its faults. */
export function resolveConfig(
  input: ConfigInput,
): { readonly config: Config } | { readonly faults: readonly ConfigFault[] } {
  const faults = [...input.file?.faults ?? []];
  const layers = [
    readOptions(input.options),
    readEnvironment(input.environment),
    input.file?.values ?? [],
  ];
  const text = <T>(key: TextKey, read: (text: string) => Read<T>) =>
    pick(layers, key, (value) => read(String(value)), faults);
  const number = (key: NumberKey) => {
    const [least, most, usual] = NUMBER_KEYS[key];
    return pick(
      layers,
      key,
      (value) => readInteger(value, least, most, usual),
      faults,
    );
  };
  const flag = (key: FlagKey) => {
    const usual = FLAG_KEYS[key];
    return pick(layers, key, (value) => readFlag(value, usual), faults)
      .entries[0]?.value ?? usual;
  };

  const sip = text("sip", readSipAddress);
  const http = text("http", readHttpAddress);
  const data = text("data", readDirectory);
  const domains = text("domain", readDomain);
  const publicAddress = text("public_address", readPublicAddress);
  const rtp = text("rtp", readPortRange);
  const logLevel = text("log_level", (word) => readChoice(word, LOG_LEVELS));
  const logFormat = text("log_format", (word) => readChoice(word, LOG_FORMATS));
  const stunServer = text("stun_server", readStunServer);
  const certificate = text(
    "tls.certificate",
    (name) => readPemFile(name, "/etc/pbx/fullchain.pem"),
  );
  const key = text(
    "tls.key",
    (name) => readPemFile(name, "/etc/pbx/privkey.pem"),
  );
  const capture = flag("capture");
  const usual = number("registration.default_seconds");
  const least = number("registration.minimum_seconds");
  const most = number("registration.maximum_seconds");
  const contacts = number("registration.contacts");
  const ping = number("nat.ping_seconds");
  const connections = number("tcp.connections");
  const keepDays = number("calls.keep_days");
  const ring = number("calls.ring_seconds");
  const session = number("calls.session_seconds");
  const callLimit = number("calls.limit");

  checkAddresses(sip, http, faults);
  checkPair(certificate, key, "/etc/pbx/privkey.pem", faults);
  checkPair(key, certificate, "/etc/pbx/fullchain.pem", faults);
  checkOrder(least, usual, faults);
  checkOrder(usual, most, faults);
  checkOrder(least, most, faults);
  const dataDir = data.entries[0]?.value ?? findDataDir(input);
  if (dataDir === null && data.isSound) {
    faults.push({
      where: "HOME",
      path: "data",
      what: "no home directory is known, so there is no place for the data",
      hint: "Name one: `--data /var/lib/pbx`",
    });
  }
  if (faults.length > 0 || dataDir === null) {
    return { faults: sortFaults(faults) };
  }
  return {
    config: {
      sip: sip.entries.length > 0 ? valuesOf(sip) : [USUAL_SIP],
      http: http.entries.length > 0 ? http.entries[0]!.value : USUAL_HTTP,
      dataDir,
      domains: [...new Set(valuesOf(domains))],
      publicAddress: publicAddress.entries[0]?.value ?? null,
      rtp: rtp.entries[0]?.value ?? { first: 10000, last: 19999 },
      logLevel: logLevel.entries[0]?.value ?? "info",
      logFormat: logFormat.entries[0]?.value ?? "auto",
      stunServer: stunServer.entries[0]?.value ?? null,
      tls: key.entries.length > 0 && certificate.entries.length > 0
        ? {
          certificate: certificate.entries[0]!.value,
          key: key.entries[0]!.value,
        }
        : null,
      capture,
      registrationDefaultSeconds: numberOf(usual),
      registrationMinimumSeconds: numberOf(least),
      registrationMaximumSeconds: numberOf(most),
      contactsPerExtension: numberOf(contacts),
      pingSeconds: numberOf(ping),
      tcpConnections: numberOf(connections),
      callKeepDays: numberOf(keepDays),
      callRingSeconds: numberOf(ring),
      callSessionSeconds: numberOf(session),
      callLimit: numberOf(callLimit),
    },
  };
}

const USUAL_SIP: Address = { host: "0.0.0.0", port: 5060 };
const USUAL_HTTP: Address = { host: "127.0.0.1", port: 8060 };

/** Writes faults for a terminal: where, which key, what is wrong, and how to write it. */
export function formatFaults(faults: readonly ConfigFault[]): string {
  const head = faults.length === 1
    ? "The configuration has a fault"
    : `The configuration has ${faults.length} faults`;
  const lines = faults.map(({ where, path, what, hint }) =>
    escapeText(`  ${where}: ${path === "" ? "" : `${path}: `}${what}`) +
    (hint === "" ? "" : "\n" + escapeText(`      ${hint}`))
  );
  return [head, ...lines].join("\n") + "\n";
}

function findDataDir({ environment, isRoot }: ConfigInput): string | null {
  if (isRoot || environment["STATE_DIRECTORY"]) return "/var/lib/pbx";
  const shared = environment["XDG_DATA_HOME"] ?? "";
  // The XDG base directory specification: a relative path there is to be ignored.
  if (shared.startsWith("/")) return `${shared.replace(/\/+$/, "")}/pbx`;
  const home = environment["HOME"] ?? "";
  return home.startsWith("/")
    ? `${home.replace(/\/+$/, "")}/.local/share/pbx`
    : null;
}

function checkAddresses(
  sip: Picked<Address>,
  http: Picked<Address | null>,
  faults: ConfigFault[],
): void {
  sip.entries.forEach(({ value, raw }, i) => {
    const other = sip.entries.slice(0, i).find((entry) =>
      overlaps(entry.value, value)
    );
    if (other === undefined) return;
    const what = `\`${spellAddress(value)}\` is taken by \`${
      spellAddress(other.value)
    }\` (${other.raw.where === raw.where ? other.raw.path : other.raw.where})`;
    faults.push({
      where: raw.where,
      path: raw.path,
      what,
      hint: "Leave out one of the two",
    });
  });
  if (!sip.isSound || !http.isSound) return;
  const page = http.entries.length > 0 ? http.entries[0]!.value : USUAL_HTTP;
  const phones = sip.entries.length > 0 ? valuesOf(sip) : [USUAL_SIP];
  const taken = page === null
    ? undefined
    : phones.find((address) => overlaps(address, page));
  if (page === null || taken === undefined) return;
  const raw = http.entries[0]?.raw ??
    sip.entries.find((entry) => entry.value === taken)!.raw;
  const what = `HTTP on \`${spellAddress(page)}\` and SIP over TCP on \`${
    spellAddress(taken)
  }\` want the same port`;
  const free = page.port === USUAL_HTTP.port ? 8061 : USUAL_HTTP.port;
  const instead = spellAddress({ host: page.host, port: free });
  const example = spell({ ...raw, key: "http" }, instead);
  faults.push({
    where: raw.where,
    path: raw.path,
    what,
    hint: `Write \`${example}\``,
  });
}

/** Whether the system would refuse to open both. */
function overlaps(one: Address, other: Address): boolean {
  if (one.port !== other.port || one.port === 0) return false;
  if (one.host.includes(":") !== other.host.includes(":")) return false;
  const hosts = [one.host, other.host];
  return one.host === other.host || hosts.includes("0.0.0.0") ||
    hosts.includes("::");
}

function spellAddress({ host, port }: Address): string {
  return formatAddress(host, port);
}

/** A certificate without its key proves nothing, nor does the key alone. */
function checkPair(
  given: Picked<string>,
  missing: Picked<string>,
  example: string,
  faults: ConfigFault[],
): void {
  const raw = given.entries[0]?.raw;
  if (raw === undefined || missing.entries.length > 0 || !missing.isSound) {
    return;
  }
  faults.push({
    where: raw.where,
    path: missing.key,
    what: `it is missing, and \`${given.key}\` is set`,
    hint: `Write \`${spell({ ...raw, key: missing.key }, example)}\` too`,
  });
}

/** Blames the later key of the two, if a person has set it, else the other. */
function checkOrder(
  lower: Picked<number>,
  upper: Picked<number>,
  faults: ConfigFault[],
): void {
  if (!lower.isSound || !upper.isSound || numberOf(lower) <= numberOf(upper)) {
    return;
  }
  const raw = upper.entries[0]?.raw ?? lower.entries[0]?.raw;
  if (raw === undefined || faults.some((fault) => fault.path === raw.path)) {
    return;
  }
  const [blamed, other, than] = raw.key === upper.key
    ? [upper, lower, "less"]
    : [lower, upper, "more"];
  faults.push({
    where: raw.where,
    path: raw.path,
    what: `\`${numberOf(blamed)}\` is ${than} than ${other.key} (\`${
      numberOf(other)
    }\`)`,
    hint: "Keep minimum_seconds <= default_seconds <= maximum_seconds",
  });
}
