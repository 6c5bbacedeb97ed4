/**
 * Who holds the ports that the server wants: from the kernel's tables of sockets by inode to the
 * process that has the socket open, and to its systemd unit or container.
 * @module
 */

import { escapeText } from "../../pbx/quoted.ts";
import type { Address } from "../../pbx/config_value.ts";
import { parseCgroup } from "../machine/cgroup.ts";
import {
  parseSocketLink,
  parseSocketTable,
  type SocketEntry,
} from "../machine/socket_table.ts";
import type { PortHolder, PortView } from "../scene.ts";

/** How long looking through all processes may take. */
const SCAN_MS = 2000;
/** How long it may keep the event loop. */
const SLICE_MS = 4;
/** Characters of a table that are read at once: some hundred sockets. */
const SLICE_TEXT = 1 << 15;

/** A process as its files in `/proc` tell. */
interface Owner {
  readonly pid: number;
  readonly program: string;
  readonly unit: string;
  readonly container: string;
}

/**
 * Finds the holders of the ports of these addresses, on whichever address they are held.
 *
 * @param serverPid the process of this server; 0: it is not running.
 */
export async function readPorts(
  wanted: readonly Address[],
  serverPid: number,
): Promise<PortView> {
  const ports = new Set(wanted.map(({ port }) => port));
  const entries = (await listSockets()).filter(({ port }) => ports.has(port));
  const owners = await findOwners(
    new Set(entries.map(({ inode }) => inode)),
    serverPid,
  );
  const holders = entries.map((entry): PortHolder => {
    const owner = owners.get(entry.inode) ?? null;
    return {
      transport: entry.transport,
      host: entry.host,
      port: entry.port,
      pid: owner?.pid ?? 0,
      program: owner?.program ?? "",
      unit: owner?.unit ?? "",
      container: owner?.container ?? "",
      isOurs: owner === null
        // Not to be seen, but there it listens, and nobody else can.
        ? serverPid > 0 && wanted.some((one) => isSame(one, entry))
        : owner.pid === serverPid,
    };
  });
  return { holders };
}

/** The sockets that a process holds: UDP ones, and TCP ones that listen. */
export async function listSocketsOf(pid: number): Promise<SocketEntry[]> {
  const inodes = new Set(await listInodes(pid));
  return (await listSockets()).filter(({ inode }) => inodes.has(inode));
}

/** The UDP sockets that a process holds; the table of those of TCP takes far longer to read. */
export async function listUdpSocketsOf(pid: number): Promise<SocketEntry[]> {
  const inodes = new Set(await listInodes(pid));
  return (await listUdpSockets()).filter(({ inode }) => inodes.has(inode));
}

/** Every socket of this network that holds a port. */
async function listSockets(): Promise<SocketEntry[]> {
  return [
    ...await listUdpSockets(),
    ...await readTable("tcp", "tcp"),
    ...await readTable("tcp6", "tcp"),
  ];
}

async function listUdpSockets(): Promise<SocketEntry[]> {
  return [...await readTable("udp", "udp"), ...await readTable("udp6", "udp")];
}

/** A table of many sockets takes the kernel long, so another thread reads it. */
async function readTable(
  name: string,
  transport: "udp" | "tcp",
): Promise<SocketEntry[]> {
  const text = await Deno.readTextFile(`/proc/self/net/${name}`).catch(() =>
    ""
  );
  const entries: SocketEntry[] = [];
  const slices = new Slices();
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf("\n", at + SLICE_TEXT);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    for (const entry of parseSocketTable(text.slice(at, end), transport)) {
      entries.push(entry);
    }
    at = end;
    await slices.rest();
  }
  return entries;
}

/** Lets others have their turn when there was enough work. */
class Slices {
  #sinceMs = performance.now();

  async rest(): Promise<void> {
    if (performance.now() - this.#sinceMs < SLICE_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.#sinceMs = performance.now();
  }
}

async function findOwners(
  inodes: ReadonlySet<number>,
  serverPid: number,
): Promise<ReadonlyMap<number, Owner>> {
  const owners = new Map<number, Owner>();
  const startMs = performance.now();
  const slices = new Slices();
  // The server first: most often nothing else has to be looked at.
  const pids = [
    ...(serverPid > 0 ? [serverPid] : []),
    ...listProcesses().filter((pid) => pid !== serverPid),
  ];
  for (const pid of pids) {
    if (owners.size === inodes.size) break;
    if (performance.now() - startMs > SCAN_MS) break;
    await slices.rest();
    let owner: Owner | null = null;
    for (const inode of await listInodes(pid)) {
      if (!inodes.has(inode) || owners.has(inode)) continue;
      owners.set(inode, owner ??= describeProcess(pid));
    }
  }
  return owners;
}

function describeProcess(pid: number): Owner {
  const { unit, userId, container } = parseCgroup(
    readText(`/proc/${pid}/cgroup`),
  );
  return {
    pid,
    program: escapeText(readText(`/proc/${pid}/comm`).trim()),
    // A unit of a user's own manager is none that the system's could stop.
    unit: userId === null ? unit : "",
    container: container === null ? "" : `${container.kind} ${container.id}`,
  };
}

function listProcesses(): number[] {
  try {
    return [...Deno.readDirSync("/proc")]
      .map(({ name }) => Number(name))
      .filter((pid) => Number.isSafeInteger(pid) && pid > 0);
  } catch {
    return [];
  }
}

/** Inodes of the sockets that a process has open; none where we may not look. */
async function listInodes(pid: number): Promise<number[]> {
  const inodes: number[] = [];
  const slices = new Slices();
  try {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
      const inode = readInode(`/proc/${pid}/fd/${name}`);
      if (inode !== null) inodes.push(inode);
      await slices.rest();
    }
  } catch {
    // The process ended, or belongs to somebody else.
  }
  return inodes;
}

function readInode(path: string): number | null {
  try {
    return parseSocketLink(Deno.readLinkSync(path));
  } catch {
    return null;
  }
}

function isSame(wanted: Address, entry: SocketEntry): boolean {
  return wanted.port === entry.port && wanted.host === entry.host;
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
