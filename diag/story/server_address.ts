/**
 * Under which address a phone finds the server, as it belongs into the phone.
 * @module
 */

import { isPublic } from "../../sip/address_kind.ts";
import { formatAddress, isLoopback } from "../../sip/flow.ts";
import type { NameView, Scene } from "../scene.ts";
import { lastAttempt, type Story } from "./story.ts";

const USUAL_PORT = 5060;

/**
 * What belongs into the phone's field for the server, with the port where a phone would not take
 * it by itself; "" where nobody knows. A name that is known to lead nowhere is left out.
 */
export function serverAddress(story: Story, scene: Scene): string {
  const { server } = scene;
  const host = [scene.name, server?.domains[0] ?? ""]
    .find((name) => name !== "" && !isLost(name, scene)) ||
    server?.publicAddress || lastAttempt(story)?.localHost ||
    server?.localAddresses.find((address) =>
      !address.startsWith("127.") && address !== "::1" &&
      !/^fe80:/i.test(address) && !address.includes(":")
    ) || "";
  return host === "" ? "" : withPort(host, serverPort(story, scene));
}

/** An address with the port of the server where that is not the usual one. */
export function withPort(host: string, port: number): string {
  const hasPort = /^[^:]+:\d+$|\]:\d+$/.test(host);
  return hasPort || port === USUAL_PORT || port === 0
    ? host
    : formatAddress(host, port);
}

/** The port that the phone is to write to. */
export function serverPort(story: Story, { server }: Scene): number {
  const ports = server?.listen.map(({ port }) => port) ?? [];
  if (ports.includes(USUAL_PORT)) return USUAL_PORT;
  return ports[0] ?? lastAttempt(story)?.localPort ?? USUAL_PORT;
}

/** Where phones may find the server, the public address first. */
export function ownAddresses(scene: Scene): string[] {
  const { server } = scene;
  if (server === null) return [];
  const own = server.localAddresses.filter((address) =>
    !isLoopback(address) && !/^fe80:/i.test(address)
  );
  const known = server.publicAddress === ""
    ? own
    : [server.publicAddress, ...own];
  const rank = (address: string) =>
    (isPublic(address) ? 0 : 2) + (address.includes(":") ? 1 : 0);
  return [...new Set(known)].sort((a, b) => rank(a) - rank(b));
}

/** Whether the name system has no address of ours for a name. */
export function leadsElsewhere(
  { isAsked, ipv4, ipv6 }: NameView,
  own: readonly string[],
): boolean {
  const found = [...ipv4, ...ipv6];
  return isAsked && found.length > 0 &&
    !found.some((address) => own.includes(address.toLowerCase()));
}

/** Whether the name system has no address at all for a name. */
export function leadsNowhere(
  { isAsked, ipv4, ipv6, services }: NameView,
): boolean {
  return isAsked && ipv4.length === 0 && ipv6.length === 0 &&
    services.length === 0;
}

function isLost(name: string, scene: Scene): boolean {
  const view = scene.names.find((one) => one.name === name);
  if (view === undefined) return false;
  const own = ownAddresses(scene);
  return leadsNowhere(view) ||
    own.some(isPublic) && leadsElsewhere(view, own);
}
