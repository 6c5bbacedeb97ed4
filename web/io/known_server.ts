/**
 * What a running server knows of itself without looking at anything: its sockets, addresses,
 * domains and extensions, for the scene of its verdicts.
 * @module
 */

import type { DeskScene } from "../../diag/desk/verdict_desk.ts";
import type { PortHolder, ServerView } from "../../diag/scene.ts";
import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import { type LostName, viewLostName } from "../phone/lost_name.ts";

/** What it asks the server for. */
export interface KnownParts {
  /** Where the sockets are bound, for UDP and TCP. */
  readonly sip: readonly Address[];
  /** The machine's own addresses. */
  readonly localAddresses: readonly string[];
  listExtensions(): readonly { readonly number: string }[];
}

/** Keeps the scene until something of it changes. */
export class KnownServer {
  #parts: KnownParts | null = null;
  #config: Config | null = null;
  #scene: DeskScene | null = null;
  #lostNames: readonly LostName[] = [];

  setParts(parts: KnownParts): void {
    this.#parts = parts;
    this.#scene = null;
  }

  setConfig(config: Config): void {
    this.#config = config;
    this.#scene = null;
  }

  setLostNames(names: readonly LostName[]): void {
    if (JSON.stringify(names) === JSON.stringify(this.#lostNames)) return;
    this.#lostNames = names;
    this.#scene = null;
  }

  /** Extensions came or went. */
  forget(): void {
    this.#scene = null;
  }

  /** The same object as long as nothing of it changed. */
  scene(): DeskScene {
    return this.#scene ??= this.#look();
  }

  #look(): DeskScene {
    const parts = this.#parts;
    const config = this.#config;
    const extensions = parts?.listExtensions().map(({ number }) => number) ??
      null;
    const name = config?.domains[0] ?? "";
    if (parts === null || config === null) return { name, extensions };
    return {
      name,
      extensions,
      names: this.#lostNames.map(viewLostName),
      server: describeServer(parts, config),
      ports: { holders: parts.sip.flatMap(listSockets) },
    };
  }
}

function describeServer(
  { sip, localAddresses }: KnownParts,
  config: Config,
): ServerView {
  return {
    isRunning: true,
    pid: Deno.pid,
    unit: "",
    unitState: "",
    lastError: "",
    startCommand: "",
    listen: sip,
    localAddresses,
    publicAddress: config.publicAddress ?? "",
    domains: config.domains,
    rtp: config.rtp,
    contactLimit: config.contactsPerExtension,
  };
}

/** The server's own sockets on an address. */
function listSockets({ host, port }: Address): PortHolder[] {
  return (["udp", "tcp"] as const).map((transport) => ({
    transport,
    host,
    port,
    pid: Deno.pid,
    program: "pbx",
    unit: "",
    container: "",
    isOurs: true,
  }));
}
