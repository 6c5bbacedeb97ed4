/**
 * What a help bundle tells of the machine: versions, the kernel's counters, the rules of the
 * packet filters and the end of the server's log. What cannot be had is said, and nothing throws.
 * @module
 */

import { runProgram } from "../../diag/io/program.ts";
import { readUnit } from "../../diag/io/unit.ts";
import type { Shell } from "./shell.ts";

export interface MachineReading {
  readonly versions: Readonly<Record<string, string>>;
  readonly counters: string;
  readonly firewall: string;
  readonly log: string;
  /** What could not be had, a sentence each. */
  readonly missing: readonly string[];
}

const TIMEOUT_MS = 3000;
const LOG_LINES = "1000";
const FIREWALL_COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ["nft", "list", "ruleset"],
  ["iptables-save", "-c"],
  ["ip6tables-save", "-c"],
];

/**
 * Reads all of it.
 *
 * @param pid of the server; 0: none runs.
 * @param ports the ports on which it serves phones.
 */
export async function readMachine(
  shell: Shell,
  pid: number,
  ports: readonly number[],
): Promise<MachineReading> {
  const missing: string[] = [];
  const [firewall, log] = await Promise.all([
    readRules(missing),
    readLog(pid, missing),
  ]);
  const counters = await readCounters(ports);
  if (counters === "") missing.push("Counters: the kernel shows none");
  return {
    versions: await readVersions(shell),
    counters,
    firewall,
    log,
    missing,
  };
}

async function readVersions(
  { version }: Shell,
): Promise<Record<string, string>> {
  const release = await read("/etc/os-release");
  const system = /^PRETTY_NAME="?([^"\n]*)/m.exec(release);
  return {
    pbx: version,
    deno: Deno.version.deno,
    target: Deno.build.target,
    kernel: Deno.osRelease(),
    system: system?.[1] ?? "",
  };
}

async function readRules(missing: string[]): Promise<string> {
  const results = await Promise.all(
    FIREWALL_COMMANDS.map(async ([program, ...args]) => {
      const result = await runProgram(program, args, TIMEOUT_MS);
      const command = [program, ...args].join(" ");
      if (result !== null && result.code === 0) {
        return `# ${command}\n${result.stdout.trimEnd()}\n`;
      }
      if (result !== null) {
        const why = result.stderr.trim().split("\n", 1)[0] ?? "";
        missing.push(`Firewall: \`${command}\` says: ${why}`);
      }
      return "";
    }),
  );
  const rules = results.filter((text) => text !== "").join("\n");
  if (rules === "") {
    missing.push("Firewall: its rules can be read by root only");
  }
  return rules;
}

async function readLog(pid: number, missing: string[]): Promise<string> {
  const { unit } = await readUnit(pid);
  if (unit === "") {
    missing.push("Log: no systemd unit runs the server");
    return "";
  }
  for (const option of ["-u", "--user-unit"]) {
    const result = await runProgram(
      "journalctl",
      [option, unit, "-n", LOG_LINES, "-o", "short-iso", "--no-pager", "-q"],
      TIMEOUT_MS,
    );
    if (result?.code === 0 && result.stdout.trim() !== "") return result.stdout;
  }
  missing.push(`Log: the journal has nothing of \`${unit}\` for this user`);
  return "";
}

/** The counters of IP and UDP, and the sockets of the given ports. */
async function readCounters(ports: readonly number[]): Promise<string> {
  const parts = await Promise.all([
    section("/proc/self/net/snmp", (line) => /^(?:Ip|Udp):/.test(line)),
    section(
      "/proc/self/net/snmp6",
      (line) => /^(?:Udp6|Ip6(?:In|Reasm|Out))/.test(line),
    ),
    ...["udp", "udp6", "tcp", "tcp6"].map((name) =>
      section(`/proc/self/net/${name}`, (line) => isSocketOf(line, ports))
    ),
    section("/proc/sys/net/core/rmem_max", () => true),
  ]);
  return parts.filter((text) => text !== "").join("\n");
}

async function section(
  path: string,
  isWanted: (line: string) => boolean,
): Promise<string> {
  const lines = (await read(path)).split("\n").filter((line) =>
    line !== "" && isWanted(line)
  ).slice(0, 500);
  return lines.length === 0 ? "" : `# ${path}\n${lines.join("\n")}\n`;
}

/** A line of `/proc/net/udp` or its like whose own port is one of these, or the head. */
function isSocketOf(line: string, ports: readonly number[]): boolean {
  const port = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /.exec(line)?.[1];
  return port === undefined || ports.includes(parseInt(port, 16));
}

function read(path: string): Promise<string> {
  return Deno.readTextFile(path).catch(() => "");
}
