/**
 * The catalogue of verdicts: every code once, with its stage, its severity, where it is mended,
 * and what it hides: a deeper cause hides its consequences. Codes are permanent. The words are in
 * `texts/`.
 * @module
 */

import type { Stage } from "../sip/stage.ts";

/** The fields of a phone under names that do not change; `texts/` has the window's own labels. */
export type Field =
  | "server"
  | "port"
  | "number"
  | "domain"
  | "login"
  | "password"
  | "transport"
  | "encryption"
  | "keep-alive"
  | "interval"
  | "stun"
  | "ice"
  | "presence"
  | "codecs";

export type Severity = "error" | "warning" | "info" | "ok";

/** Where a remedy is to be carried out. */
export type RemedyPlace = "phone" | "server" | "router" | "provider";

interface Entry {
  readonly stage: Stage;
  readonly severity: Severity;
  readonly where: RemedyPlace;
  readonly field: Field | null;
  /** What a finding must give to fill the texts. */
  readonly values: readonly string[];
  /** Codes that are only its consequences; `*` for all of later stages. */
  readonly hides: "*" | readonly string[];
}

function entry(
  stage: Stage,
  severity: Severity,
  where: RemedyPlace,
  field: Field | null,
  values: readonly string[],
  hides: Entry["hides"] = [],
): Entry {
  return { stage, severity, where, field, values, hides };
}

export const CATALOGUE = {
  // a phone does not register
  "server-down": entry("process", "error", "server", null, ["lastError"], "*"),
  "config-error": entry("process", "error", "server", null, [
    "count",
    "faults",
  ], "*"),
  "port-in-use": entry(
    "bind",
    "error",
    "server",
    null,
    ["port", "transport", "holder"],
    "*",
  ),
  "bound-to-loopback": entry("bind", "error", "server", null, [
    "listen",
    "open",
  ], "*"),
  "dns-no-address": entry("dns", "error", "provider", "server", [
    "name",
    "address",
    "server",
  ], ["no-packets", "undecided"]),
  "dns-wrong-address": entry("dns", "error", "provider", "server", [
    "name",
    "addresses",
    "own",
  ], ["no-packets", "undecided"]),
  "dns-unusable-aaaa": entry("dns", "warning", "provider", null, [
    "name",
    "addresses",
  ]),
  "no-packets": entry("nic", "error", "phone", "server", [
    "seconds",
    "address",
    "port",
  ]),
  "wrong-port": entry("nic", "error", "phone", "port", ["wrong", "right"], [
    "no-packets",
    "undecided",
  ]),
  "firewall-blocks-sip": entry("firewall", "error", "server", null, [
    "tool",
    "rule",
    "transport",
    "port",
  ], "*"),
  "receive-buffer-overflow": entry("socket", "warning", "server", null, [
    "drops",
  ]),
  "fragments-lost": entry("socket", "warning", "phone", "codecs", ["count"], [
    "tcp-switch-blocked",
  ]),
  "banned": entry(
    "ban",
    "error",
    "server",
    null,
    ["source", "why", "since", "until"],
    "*",
  ),
  "phone-uses-tls": entry("transport", "error", "phone", "transport", [
    "source",
    "port",
  ], ["no-packets", "wrong-port", "undecided"]),
  "phone-uses-tcp": entry("transport", "error", "phone", "transport", [
    "source",
    "port",
  ], ["no-packets", "undecided"]),
  "malformed-message": entry("parse", "error", "phone", null, [
    "what",
    "position",
    "rfc",
  ]),
  "wrong-domain": entry("domain", "error", "phone", "domain", [
    "domain",
    "server",
  ]),
  "unknown-extension": entry("account", "error", "phone", "number", [
    "number",
    "nearest",
  ]),
  "login-differs": entry("auth", "error", "phone", "login", [
    "login",
    "number",
  ]),
  "wrong-password": entry("auth", "error", "phone", "password", ["number"]),
  "wrong-realm": entry("auth", "error", "phone", "domain", ["number"]),
  "clock-jump": entry("auth", "warning", "server", null, ["seconds"]),
  "too-many-phones": entry("policy", "error", "server", null, [
    "number",
    "count",
  ]),
  "interval-too-brief": entry("policy", "warning", "phone", "interval", [
    "count",
  ]),
  "replies-lost": entry("reply", "error", "router", null, [
    "count",
    "source",
  ]),
  "reply-from-other-address": entry(
    "reply",
    "error",
    "server",
    null,
    ["asked", "answered"],
    ["replies-lost"],
  ),
  "sip-alg": entry("reply", "warning", "router", null, ["claimed", "source"], [
    "replies-lost",
  ]),
  /** The journal or its disk fails; not of the first catalogue, see the changelog. */
  "store-failed": entry("reply", "error", "server", null, ["cause"]),
  "nat-mapping-expired": entry("reachable", "error", "phone", "keep-alive", [
    "source",
  ]),
  "scanner": entry("account", "info", "server", null, ["hosts", "tries"]),
  "stun-on-sip-port": entry("transport", "info", "phone", "stun", ["source"]),
  "phone-publishes-presence": entry("policy", "info", "phone", "presence", [
    "number",
  ]),
  "ok": entry("reachable", "ok", "phone", null, ["number"]),
  /** Nothing fits: what is unknown, and the test that would tell. */
  "undecided": entry("reachable", "info", "server", null, ["stage"]),
  // a call does not work
  "callee-not-registered": entry("route", "error", "phone", null, ["callee"]),
  "no-such-number": entry("route", "error", "phone", null, [
    "callee",
    "nearest",
  ]),
  "tcp-switch-blocked": entry("route", "error", "server", "codecs", ["octets"]),
  "callee-silent": entry("ring", "error", "phone", "keep-alive", ["callee"]),
  "no-common-codec": entry("answer", "error", "phone", "codecs", [
    "offered",
    "wanted",
  ]),
  "srtp-mismatch": entry("answer", "error", "phone", "encryption", [
    "number",
    "callee",
  ], ["no-common-codec"]),
  "no-ack": entry("answer", "error", "router", null, ["number"], [
    "session-timeout",
  ]),
  "ice-enabled": entry("media", "info", "phone", "ice", ["number"]),
  "rtp-blocked": entry("media", "error", "server", null, ["range", "number"], [
    "one-way-audio",
  ]),
  "one-way-audio": entry("media", "error", "phone", null, ["number"]),
  "packet-loss": entry("media", "warning", "router", null, [
    "number",
    "percent",
  ]),
  "session-timeout": entry("media", "error", "phone", null, ["minutes"]),
} as const satisfies Readonly<Record<string, Entry>>;

export type Code = keyof typeof CATALOGUE;

export const CODES: readonly Code[] = Object.keys(CATALOGUE) as Code[];

/** What the catalogue says of a code. */
export function entryOf(code: Code): Entry {
  return CATALOGUE[code];
}
