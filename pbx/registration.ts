/**
 * What a REGISTER asks for and is told, read completely before anything is changed, so that it is carried
 * out whole or not at all (RFC 3261 §10.3 steps 6 and 7).
 * @module
 */

import { type Flow, formatAddress, isLoopback } from "../sip/flow.ts";
import type { Message } from "../sip/message.ts";
import { parseInteger } from "../sip/octet.ts";
import type { Address } from "../sip/parse_address.ts";
import { type Refusal, refuse } from "../sip/refusal.ts";
import { parameterOf, type SipUri } from "../sip/uri.ts";

/** The bounds on how long a binding holds, in seconds, and on how many there are. */
export interface RegistrationLimits {
  readonly defaultSeconds: number;
  readonly minimumSeconds: number;
  readonly maximumSeconds: number;
  readonly contacts: number;
}

/** One contact of a REGISTER. */
export interface RequestedContact {
  readonly uri: SipUri;
  /** 0: remove. Already clamped to the limits. */
  readonly expiresSeconds: number;
  readonly q: number;
  readonly instance: string;
  readonly regId: number;
  readonly isOutbound: boolean;
  readonly isBehindNat: boolean;
}

export type Registration =
  | { readonly kind: "fetch" }
  | { readonly kind: "remove-all" }
  | { readonly kind: "change"; readonly contacts: readonly RequestedContact[] };

const LONGEST_CONTACT = 1024;
const LONGEST_INSTANCE = 256;
const LONGEST_PATH = 1024;

/** Reads what a REGISTER wants, or why it cannot be granted. */
export function readRegistration(
  message: Message,
  flow: Flow,
  limits: RegistrationLimits,
): Registration | Refusal {
  const { contacts } = message;
  if (message.values("path").join(", ").length > LONGEST_PATH) {
    return unusable("Path too long", "");
  }
  if (contacts === "*") {
    // RFC 3261 §10.2.2
    if (message.value("expires") === "0") return { kind: "remove-all" };
    const why = "wildcard-misused";
    return refuse(
      400,
      "Contact * needs Expires 0",
      "policy",
      why,
      "Contact: *",
    );
  }
  if ("fault" in contacts) return unusable("Bad Contact", contacts.fault);
  if (contacts.length === 0) return { kind: "fetch" };
  if (contacts.length > limits.contacts * 2) {
    return unusable("Too many contacts", "");
  }
  const requested: RequestedContact[] = [];
  for (const contact of contacts) {
    const read = readContact(message, contact, flow, limits);
    if ("kind" in read) return read;
    requested.push(read);
  }
  return { kind: "change", contacts: requested };
}

function unusable(reason: string, detail: string): Refusal {
  return refuse(
    400,
    reason,
    "policy",
    "contact-unusable",
    detail.slice(0, 128),
  );
}

function readContact(
  message: Message,
  contact: Address,
  flow: Flow,
  limits: RegistrationLimits,
): RequestedContact | Refusal {
  const { uri, parameters } = contact;
  if (uri.kind !== "sip") {
    return unusable("Contact is not a SIP URI", uri.scheme);
  }
  if (uri.text.length > LONGEST_CONTACT) {
    return unusable("Contact too long", "");
  }
  const port = uri.port === 0 ? 5060 : uri.port;
  if (leadsBack(uri.host, port, flow) || isGroup(uri.host)) {
    const detail = formatAddress(uri.host, port);
    return unusable("Contact is no phone", detail);
  }
  const wished = wishedSeconds(
    message,
    parameterOf(parameters, "expires"),
    limits,
  );
  if (wished > 0 && wished < limits.minimumSeconds) {
    const headers = `Min-Expires: ${limits.minimumSeconds}\r\n`;
    const why = "interval-too-brief";
    return refuse(
      423,
      "Interval Too Brief",
      "policy",
      why,
      `${wished} s`,
      headers,
    );
  }
  const written = parameterOf(parameters, "+sip.instance") ?? "";
  const isUsable = written.length <= LONGEST_INSTANCE && !/["\\]/.test(written);
  const instance = isUsable ? written : "";
  // RFC 5626 §6: without an instance it means nothing
  const regId = instance === "" ? 0 : Math.max(
    0,
    parseInteger(parameterOf(parameters, "reg-id") ?? "", 0x7fffffff),
  );
  return {
    uri,
    expiresSeconds: Math.min(wished, limits.maximumSeconds),
    q: readPreference(parameterOf(parameters, "q")),
    instance,
    regId,
    isOutbound: parameterOf(uri.parameters, "ob") !== null || regId > 0,
    isBehindNat: uri.host !== flow.host || port !== flow.port,
  };
}

/** Whether a contact is this server, under whatever name of the machine the phone knows. */
function leadsBack(host: string, port: number, flow: Flow): boolean {
  if (port !== flow.localPort) return false;
  return host === flow.localHost ||
    (isLoopback(flow.host) && (isLoopback(host) || host === "localhost"));
}

/** Whether an address stands for many: multicast or broadcast. */
function isGroup(host: string): boolean {
  if (host.includes(":")) return /^ff/i.test(host);
  return /^(?:22[4-9]|23\d)\.\d+\.\d+\.\d+$/.test(host) ||
    host === "255.255.255.255";
}

/** Parameter before header field before default; what is no number counts as missing (§20.10). */
function wishedSeconds(
  message: Message,
  parameter: string | null,
  limits: RegistrationLimits,
): number {
  const own = parseInteger(parameter ?? "", 0xffffffff);
  if (own >= 0) return own;
  const common = parseInteger(message.value("expires") ?? "", 0xffffffff);
  return common >= 0 ? common : limits.defaultSeconds;
}

/** `q` in thousandths; 1000 where it is missing or no `qvalue` (RFC 3261 §25.1). */
function readPreference(text: string | null): number {
  if (text === null || !/^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(text)) {
    return 1000;
  }
  return Math.round(Number(text) * 1000);
}

/** RFC 3327 §5.3 and RFC 5626 §6: what a phone that speaks them is told in the 200. */
export function extensionHeaders(message: Message): string {
  const hasPath = message.has("path");
  const { contacts } = message;
  const isOutbound = contacts !== "*" && !("fault" in contacts) &&
    contacts.some(({ parameters }) =>
      parameterOf(parameters, "reg-id") !== null &&
      parameterOf(parameters, "+sip.instance") !== null
    );
  if (!hasPath && !isOutbound) return "";
  const paths = message.values("path").map((path) => `Path: ${path}\r\n`);
  const required = isOutbound && listsOption(message, "outbound")
    ? "Require: outbound\r\n"
    : "";
  return paths.join("") + required;
}

/** Whether the request says that it speaks an extension (RFC 3261 §20.37). */
export function listsOption(message: Message, option: string): boolean {
  return message.values("supported").some((value) =>
    value.split(",").some((tag) => tag.trim().toLowerCase() === option)
  );
}
