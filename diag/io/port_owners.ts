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
const SLICE_MS = 20;

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
  const entries = listSockets().filter(({ port }) => ports.has(port));
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
export function listSocketsOf(pid: number): SocketEntry[] {
  const inodes = new Set(listInodes(pid));
  return listSockets().filter(({ inode }) => inodes.has(inode));
}

/** Every socket of this network that holds a port. */
function listSockets(): SocketEntry[] {
  const read = (name: string, transport: "udp" | "tcp") =>
    parseSocketTable(readText(`/proc/net/${name}`), transport);
  return [
    ...read("udp", "udp"),
    ...read("udp6", "udp"),
    ...read("tcp", "tcp"),
    ...read("tcp6", "tcp"),
  ];
}

async function findOwners(
  inodes: ReadonlySet<number>,
  serverPid: number,
): Promise<ReadonlyMap<number, Owner>> {
  const owners = new Map<number, Owner>();
  const startMs = performance.now();
  let sliceMs = startMs;
  // The server first: most often nothing else has to be looked at.
  const pids = [
    ...(serverPid > 0 ? [serverPid] : []),
    ...listProcesses().filter((pid) => pid !== serverPid),
  ];
  for (const pid of pids) {
    if (owners.size === inodes.size) break;
    const nowMs = performance.now();
    if (nowMs - startMs > SCAN_MS) break;
    if (nowMs - sliceMs > SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      sliceMs = performance.now();
    }
    let owner: Owner | null = null;
    for (const inode of listInodes(pid)) {
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
function listInodes(pid: number): number[] {
  const inodes: number[] = [];
  try {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
      const inode = readInode(`/proc/${pid}/fd/${name}`);
      if (inode !== null) inodes.push(inode);
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
