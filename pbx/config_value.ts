/**
 * How one value of the configuration is read: addresses, domain names (RFC 1123 §2.1), port
 * ranges, choices. Each reader gives the value, or what is wrong and how it could be written.
 * @module
 */

import { formatAddress } from "../sip/flow.ts";
import { findNearest } from "./nearest_word.ts";
import { quote } from "./quoted.ts";

/** A value that cannot be used. */
export interface Wrong {
  readonly what: string;
  /** A value that could stand there instead. */
  readonly instead: string;
  /** Why, where it is not plain. */
  readonly note?: string;
}

export type Read<T> = { readonly value: T } | Wrong;

/** An IP address (without brackets) and a port. Port 0: the system chooses. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const LEADING_ZERO = /(?:^|\.)0\d/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** An IP address in its usual form, without brackets; null where the text is none. */
export function readIp(text: string): string | null {
  if (IPV4.test(text)) return LEADING_ZERO.test(text) ? null : text;
  if (!text.includes(":") || !/^[0-9A-Fa-f:.]+$/.test(text)) return null;
  const url = URL.parse(`http://[${text}]`);
  return url === null ? null : url.hostname.slice(1, -1);
}

/** Where to listen for SIP: an IP address and a port, never a name. */
export function readSipAddress(text: string): Read<Address> {
  return readAddress(text, "0.0.0.0", 5060, "Names are not looked up here");
}

/** Where to listen for HTTP, or `off`. */
export function readHttpAddress(text: string): Read<Address | null> {
  if (text === "off") return { value: null };
  return readAddress(
    text.replace(/^localhost(?=:|$)/i, "127.0.0.1"),
    "127.0.0.1",
    8060,
    "`off` means no HTTP at all",
  );
}

function readAddress(
  text: string,
  usualHost: string,
  usualPort: number,
  note: string,
): Read<Address> {
  const bare = readIp(text.replace(/^\[(.*)\]$/, "$1"));
  if (bare !== null) {
    return {
      what: `${quote(text)} has no port`,
      instead: formatAddress(bare, usualPort),
    };
  }
  if (/^\d+$/.test(text)) {
    const port = readPort(text) ?? usualPort;
    return {
      what: `${quote(text)} has no address`,
      instead: formatAddress(usualHost, port),
    };
  }
  const parts = /^(?:\[(.*)\]|([^:[\]]*)):(\d+)$/.exec(text);
  if (parts === null) {
    const instead = formatAddress(usualHost, usualPort);
    return { what: `${quote(text)} is no address with a port`, instead, note };
  }
  const written = parts[1] ?? parts[2] ?? "";
  const port = readPort(parts[3]!);
  const host = readIp(written);
  if (port === null) {
    const instead = formatAddress(host ?? usualHost, usualPort);
    return { what: `${quote(parts[3]!)} is no port (0 to 65535)`, instead };
  }
  if (written === "" || written === "*") {
    return {
      what: `${quote(text)} has no address`,
      instead: formatAddress("0.0.0.0", port),
    };
  }
  if (host === null || (parts[1] === undefined) === host.includes(":")) {
    const instead = formatAddress(host ?? usualHost, port);
    return { what: `${quote(written)} is no IP address`, instead, note };
  }
  return { value: { host, port } };
}

function readPort(text: string): number | null {
  return /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65535
    ? Number(text)
    : null;
}

/** A domain that is ours: a host name or an IP address, in lower case, without a last dot. */
export function readDomain(text: string): Read<string> {
  const name = text.toLowerCase().replace(/\.$/, "");
  const ip = readIp(name.replace(/^\[(.*)\]$/, "$1"));
  if (ip !== null) return { value: ip };
  const labels = name.split(".");
  const isName = name.length <= 253 &&
    labels.every((label) => LABEL.test(label));
  if (isName && !/^\d+$/.test(labels.at(-1)!)) return { value: name };
  return {
    what: `${quote(text)} is no domain name`,
    instead: mendDomain(name),
  };
}

/** The name without scheme, user and port, and as DNS writes it; an example where that fails. */
function mendDomain(name: string): string {
  const host = name.replace(/^(?:sips?|https?):(?:\/\/)?/, "").replace(
    /^[^@]*@/,
    "",
  )
    .replace(/[:/].*$/, "").replaceAll("_", "-");
  const ascii = URL.parse(`http://${host}/`)?.hostname ?? "";
  const isName = ascii.split(".").every((label) => LABEL.test(label));
  return isName && ascii.length <= 253 && readIp(ascii) === null
    ? ascii
    : "sip.example.com";
}

/** The address under which phones reach us from the internet. */
export function readPublicAddress(text: string): Read<string> {
  const ip = readIp(text.replace(/^\[(.*)\]$/, "$1"));
  const instead = "203.0.113.10";
  if (ip === null) {
    const note = "Names are not looked up here";
    return { what: `${quote(text)} is no IP address`, instead, note };
  }
  if (
    ip === "0.0.0.0" || ip === "::" || /^(?:22[4-9]|23\d|255)\.|^ff/.test(ip)
  ) {
    return {
      what: `${quote(text)} is no address that a phone can reach`,
      instead,
    };
  }
  return { value: ip };
}

/** A STUN server, by name or address; without a port the usual one (RFC 8489 §9). */
export function readStunServer(text: string): Read<Address> {
  const parts = /^(?:\[(.*)\]|([^:[\]]*))(?::(\d+))?$/.exec(text);
  const host = readDomain(parts?.[1] ?? parts?.[2] ?? "");
  const port = readPort(parts?.[3] ?? "3478");
  if ("value" in host && port !== null && port > 0) {
    return { value: { host: host.value, port } };
  }
  return {
    what: `${quote(text)} is no host with a port`,
    instead: "stun.example.org:3478",
  };
}

/** The ports for media, first and last included. */
export function readPortRange(text: string): Read<PortRange> {
  const instead = "10000-19999";
  const parts = /^(\d+)\s*-\s*(\d+)$/.exec(text);
  if (parts === null) {
    return { what: `${quote(text)} is no range of ports`, instead };
  }
  const first = readPort(parts[1]!);
  const last = readPort(parts[2]!);
  if (first === null || last === null || first < 1024) {
    return {
      what: `${quote(text)} reaches outside the ports 1024 to 65535`,
      instead,
    };
  }
  if (first < last) return { value: { first, last } };
  const turned = first === last ? instead : `${last}-${first}`;
  return {
    what: `${quote(text)} does not go from a lower to a higher port`,
    instead: turned,
  };
}

/** A directory. Nobody expands `~` here: a directory of that name would be made. */
export function readDirectory(text: string): Read<string> {
  return readPath(text, "directory", "/var/lib/pbx");
}

/** A file with a certificate and those above it, or with a key; both in PEM (RFC 7468 §2). */
export function readPemFile(text: string, instead: string): Read<string> {
  return text.includes("-----BEGIN")
    ? { what: "this is the content of a file, not its name", instead }
    : readPath(text, "file name", instead);
}

function readPath(text: string, noun: string, instead: string): Read<string> {
  if (text === "") return { what: `the ${noun} is empty`, instead };
  if (text.includes("\0")) {
    return { what: `${quote(text)} is no path`, instead };
  }
  if (text === "~" || text.startsWith("~/")) {
    return {
      what: `${quote(text)} begins with \`~\``,
      instead,
      note: "Write the whole path",
    };
  }
  return { value: text };
}

/** One of a few words. */
export function readChoice<T extends string>(
  text: string,
  choices: readonly T[],
): Read<T> {
  const value = choices.find((choice) => choice === text);
  if (value !== undefined) return { value };
  const note = `Possible: ${
    choices.map((choice) => "`" + choice + "`").join(", ")
  }`;
  const instead = findNearest(text.toLowerCase(), choices) ?? choices[0]!;
  return { what: `${quote(text)} is unknown`, instead, note };
}

/** On or off. */
export function readFlag(
  value: string | number | boolean,
  usual: boolean,
): Read<boolean> {
  const word = String(value).toLowerCase();
  if (["true", "yes", "on", "1"].includes(word)) return { value: true };
  if (["false", "no", "off", "0"].includes(word)) return { value: false };
  return {
    what: `${quote(String(value))} is neither true nor false`,
    instead: `${usual}`,
  };
}

/** A whole number within bounds. */
export function readInteger(
  value: string | number | boolean,
  least: number,
  most: number,
  usual: number,
): Read<number> {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= least && number <= most) {
    return { value: number };
  }
  return {
    what: `${quote(String(value))} is not within ${least} to ${most}`,
    instead: `${usual}`,
  };
}
