/**
 * How far an attempt got. The order is the order in which an attempt passes them; the names are
 * permanent, because pages, JSON and metrics carry them.
 * @module
 */

export const STAGES = [
  "process",
  "bind",
  "dns",
  "nic",
  "firewall",
  "socket",
  "ban",
  "transport",
  "parse",
  "domain",
  "account",
  "auth",
  "policy",
  "reply",
  "reachable",
  "route",
  "ring",
  "answer",
  "media",
] as const;

export type Stage = (typeof STAGES)[number];
