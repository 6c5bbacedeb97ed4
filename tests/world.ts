/**
 * A simulated world: one office, a network that loses, repeats and delays datagrams, routers that
 * forget, and a clock that is moved from wake-up to wake-up. The same seed makes the same world.
 * Whatever happens in it is watched: no datagram without a fact, no 200 before the journal.
 * @module
 */

import assert from "node:assert/strict";
import {
  Desk,
  type DeskParts,
  flowFrom,
  headerValues,
  type Sent,
  statusOf,
} from "../pbx/sample_test.ts";
import type { Fact } from "../pbx/fact.ts";

const TICK_MS = 250;
/** Datagrams arrive in steps of this, so that some of them come in one batch. */
const GRAIN_MS = 10;

export interface WorldParts {
  readonly seed: number;
  /** Of each datagram, from 0 to 1. */
  readonly loss: number;
  readonly duplication?: number;
  /** The mean; each datagram takes half of it to one and a half. */
  readonly delayMs: number;
  /** Whether phones sit behind a router that forgets after that many seconds; 0: they do not. */
  readonly nat: number;
  readonly desk?: DeskParts;
}

/** Whoever has an address in the private network. */
export interface Host {
  readonly host: string;
  readonly port: number;
  receive(text: string): void;
}

/** A router: one public address, and for each phone a port as long as there is traffic. */
class Router {
  readonly host: string;
  readonly #keepMs: number;
  readonly #ports = new Map<string, { port: number; usedAtMs: number }>();
  #nextPort = 40_000;

  constructor(host: string, keepMs: number) {
    this.host = host;
    this.#keepMs = keepMs;
  }

  /** The public port of a phone that sends something. */
  send(inside: string, nowMs: number): number {
    const mapping = this.#ports.get(inside);
    if (mapping !== undefined && nowMs - mapping.usedAtMs < this.#keepMs) {
      mapping.usedAtMs = nowMs;
      return mapping.port;
    }
    const port = this.#nextPort++;
    this.#ports.set(inside, { port, usedAtMs: nowMs });
    return port;
  }

  /** Who gets what comes to a public port; null where the router has forgotten. */
  receive(port: number, nowMs: number): string | null {
    for (const [inside, mapping] of this.#ports) {
      if (mapping.port !== port) continue;
      if (nowMs - mapping.usedAtMs >= this.#keepMs) return null;
      mapping.usedAtMs = nowMs;
      return inside;
    }
    return null;
  }
}

interface Event {
  readonly atMs: number;
  readonly happen: () => void;
}

export class World {
  desk: Desk;
  loss: number;
  /** Everything that the office told, over all its lives. */
  readonly facts: Fact[] = [];
  readonly #parts: WorldParts;
  readonly #router: Router | null;
  readonly #hosts = new Map<string, Host>();
  readonly #events: Event[] = [];
  readonly #promised = new Set<string>();
  #seed: number;
  /** Datagrams that reached this life of the office, and facts about them. */
  #arrived = 0;
  #told = 0;
  #lives = 0;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.#seed = parts.seed;
    this.loss = parts.loss;
    this.#router = parts.nat === 0
      ? null
      : new Router("198.51.100.7", parts.nat * 1000);
    this.desk = new Desk(parts.desk);
    this.after(TICK_MS, () => this.#tick());
  }

  get nowMs(): number {
    return this.desk.now.monotonicMs;
  }

  /** A number from 0 to 1, the same in each run. */
  random(): number {
    // mulberry32
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  }

  /** Lets something happen later. */
  after(ms: number, happen: () => void): void {
    const atMs = this.nowMs + Math.round(ms);
    let place = this.#events.length;
    while (place > 0 && this.#events[place - 1]!.atMs > atMs) place--;
    this.#events.splice(place, 0, { atMs, happen });
  }

  /** A phone is plugged in, or out. */
  plugIn(host: Host): void {
    this.#hosts.set(`${host.host}:${host.port}`, host);
  }

  plugOut(host: Host): void {
    this.#hosts.delete(`${host.host}:${host.port}`);
  }

  /** A phone writes to the office. */
  send(from: Host, text: string): void {
    const inside = `${from.host}:${from.port}`;
    const flow = this.#router === null
      ? flowFrom(from.host, from.port)
      : flowFrom(this.#router.host, this.#router.send(inside, this.nowMs));
    this.#carry(() => {
      this.#arrived++;
      this.desk.take(text, flow);
    });
  }

  /** Moves the clock on. */
  run(seconds: number): void {
    const untilMs = this.nowMs + seconds * 1000;
    while (this.#events[0]!.atMs <= untilMs) {
      const { atMs } = this.#events[0]!;
      this.#moveClock(atMs);
      while (this.#events[0]!.atMs === atMs) this.#events.shift()!.happen();
      this.#flush();
    }
    this.#moveClock(untilMs);
  }

  /** The office dies, and comes back with what its journal holds. */
  restartOffice(): void {
    const { journal, now } = this.desk;
    this.#flush();
    this.#lives++;
    this.desk = new Desk({ ...this.#parts.desk, journal, now });
  }

  /** The first 200 for a request has left: what it promises has to be in the journal. */
  #checkPromise({ text, flow: { peer } }: Sent): void {
    if (statusOf(text) !== 200 || !/^CSeq: \d+ REGISTER/m.test(text)) return;
    const key = `${this.#lives} ${headerValues(text, "Call-ID")} ${
      headerValues(text, "CSeq")
    }`;
    if (this.#promised.has(key)) return;
    this.#promised.add(key);
    const number = /^To: <sip:([^@]*)@/m.exec(text)![1];
    // another phone of the extension changed its contact in the same batch
    const isOvertaken = this.desk.facts.some((fact) =>
      (fact.kind === "unregistered" ||
        fact.kind === "registered" && fact.change === "replaced") &&
      fact.number === number && fact.flow.peer !== peer
    );
    if (isOvertaken) return;
    const journal = [...this.desk.journal.lines.values()].join("\n");
    for (const contact of headerValues(text, "Contact")) {
      const uri = /<([^>]*)>/.exec(contact)![1]!;
      assert.ok(
        journal.includes(`\t${uri}\t`),
        `200 before the journal: ${uri}`,
      );
    }
  }

  #moveClock(toMs: number): void {
    const { wallMs, monotonicMs } = this.desk.now;
    const stepMs = toMs - monotonicMs;
    this.desk.now = { wallMs: wallMs + stepMs, monotonicMs: toMs };
  }

  #tick(): void {
    const { office, now, outbox, facts } = this.desk;
    office.wake(now, outbox, facts);
    this.after(TICK_MS, () => this.#tick());
  }

  #flush(): void {
    for (const sent of this.desk.flush()) {
      this.#checkPromise(sent);
      this.#deliver(sent);
    }
    const facts = this.desk.takeFacts();
    this.#told += facts.filter((fact) => fact.kind.endsWith("-seen")).length;
    assert.equal(this.#told, this.#arrived, "a datagram passed without a fact");
    this.facts.push(...facts);
  }

  #deliver({ text, flow }: Sent): void {
    this.#carry(() => {
      const inside = this.#router === null
        ? flow.peer
        : flow.host === this.#router.host
        ? this.#router.receive(flow.port, this.nowMs)
        : null;
      this.#hosts.get(inside ?? "")?.receive(text);
    });
  }

  /** The network: zero, one or two copies, each in its own time. */
  #carry(arrive: () => void): void {
    const { delayMs, duplication = 0 } = this.#parts;
    const copies = this.random() < duplication ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      if (this.random() < this.loss) continue;
      const ms = delayMs * (0.5 + this.random());
      const grainMs = GRAIN_MS - this.nowMs % GRAIN_MS;
      this.after(grainMs + Math.floor(ms / GRAIN_MS) * GRAIN_MS, arrive);
    }
  }
}
