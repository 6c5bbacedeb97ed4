/**
 * What the checks of the self-test say, in English; the other languages follow it key by key.
 * `{name}` is filled with a value of the finding.
 * @module
 */

import type { CheckId } from "../check.ts";

export const CHECK_PHRASES = {
  // all checks
  "broken": "the check itself failed: {cause}",
  "late": "no result within {seconds} s",
  "temporary": "the server is down, a temporary one was tried",
  "unasked":
    "the running server cannot be asked ({cause}), a temporary one was tried",
  "fix-restart": "Start the server anew: `{command}`; its log says why",
  // config
  "config-fault": "{where}: {path}: {what}",
  "config-fix-fault": "{hint}",
  "config-file": "`{file}` reads well",
  "config-defaults": "no configuration file, the defaults apply",
  "config-data": "data in `{directory}`",
  "config-files": "{soft} open files are allowed",
  "config-few-files":
    "only {soft} open files are allowed, {connections} TCP connections need {needed}",
  "config-fix-unit":
    "Raise the limit: `systemctl edit {unit}`, write `[Service]` and `LimitNOFILE={needed}` there, then `systemctl restart {unit}`",
  "config-fix-shell":
    "Raise the limit before the server is started: `ulimit -n {needed}`",
  // bind
  "bind-listens": "the server listens on {listen}, UDP and TCP",
  "bind-could": "the server is down and could listen on {listen}, UDP and TCP",
  "bind-loopback": "{listen} is for this machine alone, no phone gets in there",
  "bind-fix-loopback":
    'Listen on all addresses: `sip = ["{address}"]` in the configuration, or `--sip {address}`; then restart the server',
  "bind-in-use": "{transport} `{address}` is held by another program",
  "bind-no-address":
    "{transport} `{address}` cannot be had: this machine does not have that address",
  "bind-no-right": "{transport} `{address}` cannot be had: no permission",
  "bind-no-family":
    "{transport} `{address}` cannot be had: this machine does not speak that kind of address",
  "bind-failed": "{transport} `{address}` cannot be had: {cause}",
  "bind-fix-in-use": "See which program it is: `{command}`",
  "bind-fix-no-address":
    "See the machine's addresses: `ip -brief address`; or listen on all of them: `--sip {address}`",
  "bind-fix-no-right":
    "Ports below 1024 need root or CAP_NET_BIND_SERVICE; the port of SIP is 5060",
  "bind-fix-no-family": "Take the address out of `sip`",
  "bind-fix-failed": "Correct the address in `sip`",
  "bind-small-buffer":
    "the kernel allows a receive buffer of {octets} octets only, a burst of messages will be lost",
  "bind-fix-buffer":
    "Enlarge it: `sysctl -w net.core.rmem_max=8388608`; to keep it, write that setting into /etc/sysctl.d/90-pbx.conf; then restart the server",
  // port
  "port-ours": "{listen} is held by this server (pid {pid})",
  "port-free": "{listen} is free, UDP and TCP",
  "port-foreign": "{transport} `{address}` is held by {holder}",
  "port-unseen":
    "{transport} `{address}` is held by a program that only root can see",
  "port-hidden": "who holds {listen} cannot be seen from here",
  "port-fix-stop":
    "Stop it: `{command}`; or take another port: `--sip {other}`",
  "port-fix-look": "See which program it is: `{command}`",
  // loopback
  "loopback-answered": "{transport} `{address}` answered in {ms} ms",
  "loopback-silent":
    "{transport} `{address}` did not answer within {seconds} s",
  "loopback-failed": "{transport} `{address}`: {cause}",
  // register
  "register-done":
    "a test phone registered with its password and left again in {ms} ms",
  "register-silent": "no answer to {step} within {seconds} s",
  "register-refused": "{step} was answered with {status} {reason}",
  "register-no-challenge": "the password was not asked for in a way we know",
  "register-no-contact": "the answer does not name the contact of the phone",
  "register-kept": "the contact is still there after it was removed",
  "register-not-started": "no temporary server could be started: {cause}",
  // dns
  "dns-none": "no domain is configured, phones use the address",
  "dns-right": "`{name}` leads here ({addresses})",
  "dns-no-address": "`{name}` has no address ({error})",
  "dns-silent": "`{name}` cannot be looked up: {error}",
  "dns-wrong": "`{name}` leads to {addresses}, but we are {own}",
  "dns-behind":
    "`{name}` leads to {addresses}; this machine has {own} and does not know its public address",
  "dns-ipv6":
    "`{name}` has the IPv6 address {addresses}, where the server does not listen",
  "dns-service":
    "the SRV record of `{name}` says {transport} port {port}, where the server does not listen",
  "dns-fix-record":
    "Correct the A record of `{name}` to {own} where the domain is managed; until then type the address into the phones",
  "dns-fix-make":
    "Make an A record of `{name}` with {own} where the domain is managed; until then type the address into the phones",
  "dns-fix-public":
    'If {addresses} is the router or the cloud address in front of this machine: `public_address = "{first}"` in the configuration; otherwise correct the A record',
  "dns-fix-ipv6":
    "Remove the AAAA record of `{name}`, or listen on IPv6 too: `--sip [::]:{port}`",
  "dns-fix-service": "Correct the SRV record to port {port}, or remove it",
  "dns-fix-resolver":
    "See which name server is asked: `cat /etc/resolv.conf`; try it: `getent hosts {name}`",
  // route
  "route-internet": "the way to the internet leaves from {host}",
  "route-none": "there is no way to the internet",
  "route-unknown": "the routes cannot be read here",
  "route-phones": "there is a way to all {count} phones",
  "route-lost": "there is no way to phone {number} at {host} ({cause})",
  "route-other":
    "answers to phone {number} would leave from {source}, but it writes to {local}",
  "route-fix-default":
    "`ip route` shows no `default`: add the gateway that your provider names, `ip route add default via ADDRESS`",
  "route-fix-lost":
    "See the routes: `ip route get {host}`; is the VPN or the network card up?",
  "route-fix-other": "Let the phone use {source} as its server",
  // firewall
  "firewall-open": "no rule stops {flows}",
  "firewall-blocked": "{flow} is stopped by `{rule}`",
  "firewall-unsure": "whether {flow} gets through cannot be told: `{rule}`",
  "firewall-unreadable": "the rules cannot be read: {cause}",
  "firewall-fix": "Open it: `{command}`",
  // media
  "media-round":
    "the ports {first} and {second} heard each other on {host} in {ms} ms",
  "media-taken": "no two even ports of {range} are free on {host}",
  "media-deaf": "what port {from} sent to port {to} on {host} did not arrive",
  "media-fix-taken":
    'Choose another range: `--rtp 20000-29999`, or `rtp = "20000-29999"` in the configuration',
  "media-fix-deaf":
    "Let the machine talk to itself and open the range: `{command}`",
  // clock
  "clock-right": "{timeMs}, kept right by a time service",
  "clock-alone": "{timeMs}, but no time service keeps it right",
  "clock-unknown": "{timeMs}",
  "clock-wrong": "{dateMs} cannot be right",
  "clock-fix": "Switch the time service on: `timedatectl set-ntp true`",
  // disk
  "disk-free": "{freeOctets} are free",
  "disk-write": "a file is written in {ms} ms",
  "disk-sound": "the database is sound",
  "disk-little": "only {freeOctets} are free",
  "disk-no-files": "there is room for {count} more files only",
  "disk-refuses": "`{directory}` takes no file: {cause}",
  "disk-damaged": "the database is damaged: {cause}",
  "disk-unmade": "`{directory}` is made at the first start",
  "disk-forbidden": "no permission for `{directory}`",
  "disk-fix-space":
    "See what fills it: `df -h {directory}`, `du -xh / | sort -h | tail`; the journal can be cut: `journalctl --vacuum-size=100M`",
  "disk-fix-refuses": "See: `df -h {directory}`; `ls -ld {directory}`",
  "disk-fix-damaged":
    "Stop the server, keep a copy of `{file}`, and put a backup in its place",
  "disk-fix-forbidden": "Run it as root: `{command}`",
  // the end
  "summary-fine": "All is well.",
  "summary-warned": "It works; warnings: {count}.",
  "summary-failed": "Checks that failed: {count} of {all}.",
  "progress": "checking {done}/{all}: {names}",
} as const;

/** The name of a sentence. */
export type CheckPhraseKey = keyof typeof CHECK_PHRASES;

/** What a language has to say. */
export interface CheckTexts {
  readonly titles: Readonly<Record<CheckId, string>>;
  readonly phrases: Readonly<Record<CheckPhraseKey, string>>;
  /** Between the digits of a fraction. */
  readonly decimal: string;
  /** Of 1000 octets, and each a thousand times the one before it. */
  readonly octets: readonly [string, string, string, string];
}

export const CHECKS_EN: CheckTexts = {
  titles: {
    config: "Configuration",
    bind: "Addresses",
    port: "SIP port",
    loopback: "SIP answers",
    register: "Registration",
    dns: "Domain name",
    route: "Routes",
    firewall: "Firewall",
    media: "Media ports",
    clock: "Clock",
    disk: "Disk",
  },
  phrases: CHECK_PHRASES,
  decimal: ".",
  octets: ["kB", "MB", "GB", "TB"],
};
