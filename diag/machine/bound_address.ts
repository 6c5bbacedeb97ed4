/**
 * Addresses that a server listens on: which of them clash, which a phone can reach, and how they
 * are written in a sentence.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { formatAddress, isLoopback } from "../../sip/flow.ts";
import type { PortHolder } from "../scene.ts";

/** Whether it means every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** Whether a socket on one address keeps another one from the other address. */
export function clashes(wanted: Address, held: Address): boolean {
  if (wanted.port !== held.port) return false;
  if (wanted.host === held.host) return true;
  // A socket of `::` may take IPv4 as well; the other way round it never does.
  const isSameKind = wanted.host.includes(":") === held.host.includes(":");
  if (!isSameKind) return held.host === "::";
  return isWildcard(wanted.host) || isWildcard(held.host);
}

/** `0.0.0.0:5060, [::]:5060`. */
export function listAddresses(addresses: readonly Address[]): string {
  return addresses.map(({ host, port }) => formatAddress(host, port)).join(
    ", ",
  );
}

/** Where a socket of this machine reaches a server that listens there. */
export function toReachable({ host, port }: Address): Address {
  if (host === "0.0.0.0") return { host: "127.0.0.1", port };
  return host === "::" ? { host: "::1", port } : { host, port };
}

/** Whether no phone can reach any of them from outside. */
export function isLoopbackOnly(addresses: readonly Address[]): boolean {
  return addresses.length > 0 &&
    addresses.every(({ host }) => isLoopback(host));
}

/** `kamailio (pid 812, kamailio.service)`. */
export function describeHolder(holder: PortHolder): string {
  const place = [`pid ${holder.pid}`, holder.unit, holder.container];
  const known = place.filter((part) => part !== "").join(", ");
  return `${holder.program === "" ? "?" : holder.program} (${known})`;
}

/** The command that ends the holder and keeps it from coming back. */
export function stopCommand(holder: PortHolder, isRoot: boolean): string {
  const [kind, id] = holder.container.split(" ");
  const sudo = isRoot ? "" : "sudo ";
  // systemd holds the ports of pbx.socket for a service that does not run
  if (holder.pid === 1) return `${sudo}systemctl restart pbx.service`;
  if (holder.program === "docker-proxy") {
    return `${sudo}docker stop $(${sudo}docker ps -q --filter publish=${holder.port})`;
  }
  switch (kind) {
    case "docker":
    case "podman":
      return `${sudo}${kind} stop ${id}`;
    case "lxc":
      return `${sudo}lxc-stop -n ${id}`;
    case "crio":
    case "containerd":
    case "kube":
      return `${sudo}crictl stop ${id}`;
  }
  return holder.unit === ""
    ? `${sudo}kill ${holder.pid}`
    : `${sudo}systemctl disable --now ${holder.unit}`;
}

/** The command that names the holder of a port. */
export function lookCommand(
  transport: "udp" | "tcp",
  port: number,
  isRoot: boolean,
): string {
  const letter = transport === "udp" ? "u" : "t";
  return `${isRoot ? "" : "sudo "}ss -l${letter}np 'sport = :${port}'`;
}
