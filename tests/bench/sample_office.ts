/**
 * An office with a database on the disk and no sockets, driven by the batch as the exchange does:
 * receive, commit, keep promises, count the facts. What the kernel would cost is not in it.
 * @module
 */

import { Counters } from "../../diag/counters.ts";
import { type Log, startLog } from "../../diag/io/log.ts";
import { BindingTable } from "../../pbx/binding_table.ts";
import { Directory } from "../../pbx/directory.ts";
import { Domains } from "../../pbx/domain.ts";
import type { Fact } from "../../pbx/fact.ts";
import { type Database, openDatabase } from "../../pbx/io/database.ts";
import { Store } from "../../pbx/io/store.ts";
import { Office } from "../../pbx/office.ts";
import { hashPassword } from "../../sip/digest.ts";
import { Flow } from "../../sip/flow.ts";
import { Outbox } from "../../sip/outbox.ts";
import { DOMAIN, numberOf, passwordOf, portOf, PORTS } from "./sample_phone.ts";
import { readCpuMicros } from "./stopwatch.ts";

/** The limits that a server has by default. */
export const LIMITS = {
  defaultSeconds: 3600,
  minimumSeconds: 60,
  maximumSeconds: 7200,
  contacts: 10,
};
const LOCAL = "127.0.0.1";
const LOCAL_PORT = 5060;
const TICK_MS = 250;
/** Room for one datagram. */
const SLOT = 2048;

/** The way that the datagrams of a phone come. */
export function makeFlows(): Flow[] {
  return Array.from(
    { length: PORTS },
    (_, i) => new Flow("udp", 0, LOCAL, LOCAL_PORT, LOCAL, portOf(i)),
  );
}

export class SampleOffice {
  /** Microseconds of CPU of the whole, and of the commits in it. */
  cpuMicros = 0;
  commitMicros = 0;
  readonly #directory = new Directory();
  readonly #bindings = new BindingTable();
  readonly #database: Database;
  readonly #store: Store;
  readonly #office: Office;
  readonly #outbox = new Outbox();
  readonly #counters = new Counters();
  readonly #log: Log;
  readonly #flows = makeFlows();
  readonly #arena: Uint8Array<ArrayBuffer>;
  readonly #ends: number[] = [];
  #tickedAtMs = -Infinity;

  constructor(phones: number, batch: number, dataDir: string) {
    this.#arena = new Uint8Array(batch * SLOT);
    for (let phone = 0; phone < phones; phone++) {
      const number = numberOf(phone);
      const password = passwordOf(phone);
      this.#directory.set({
        number,
        ha1Md5: hashPassword("MD5", number, DOMAIN, password),
        ha1Sha256: hashPassword("SHA-256", number, DOMAIN, password),
      });
    }
    this.#database = openDatabase(dataDir, { domains: [DOMAIN], create: true });
    this.#store = new Store(this.#database, this.#directory, this.#bindings);
    this.#office = new Office({
      directory: this.#directory,
      bindings: this.#bindings,
      domains: new Domains([DOMAIN], [LOCAL]),
      realm: DOMAIN,
      limits: LIMITS,
      pingSeconds: 20,
      nonceKey: new Uint8Array(16),
      tokenKey: new Uint8Array(16),
    });
    this.#log = startLog({
      level: "warning",
      format: "json",
      isTerminal: false,
      journalStream: false,
      colours: false,
      write: () => {
        throw new Error("the office logged a warning");
      },
    });
  }

  /** Takes one batch; gives the answers, one for each phone in the same order. */
  exchange(phones: readonly number[], requests: readonly string[]): string[] {
    const encoder = new TextEncoder();
    requests.forEach((text, i) => {
      const { written } = encoder.encodeInto(
        text,
        this.#arena.subarray(i * SLOT),
      );
      this.#ends[i] = i * SLOT + written;
    });
    const before = readCpuMicros();
    this.#work(phones);
    this.cpuMicros += readCpuMicros() - before;
    const { bytes, starts, ends, count } = this.#outbox;
    if (count !== phones.length) throw new Error(`${count} answers`);
    const decoder = new TextDecoder();
    const answers = phones.map((_, i) =>
      decoder.decode(bytes.subarray(starts[i], ends[i]))
    );
    this.#outbox.clear();
    return answers;
  }

  close(): void {
    this.#database.close();
  }

  #work(phones: readonly number[]): void {
    const now = { wallMs: Date.now(), monotonicMs: performance.now() };
    const facts: Fact[] = [];
    for (let i = 0; i < phones.length; i++) {
      const flow = this.#flows[phones[i]! % PORTS]!;
      const start = i * SLOT;
      this.#office.receive(
        this.#arena,
        start,
        this.#ends[i]!,
        flow,
        now,
        this.#outbox,
        facts,
      );
    }
    if (now.monotonicMs - this.#tickedAtMs >= TICK_MS) {
      this.#tickedAtMs = now.monotonicMs;
      this.#office.wake(now, this.#outbox, facts);
    }
    const { changed } = this.#office.registrar;
    if (changed.size > 0) {
      const before = readCpuMicros();
      this.#store.commit(changed, now);
      this.commitMicros += readCpuMicros() - before;
      this.#office.responder.keepPromises();
      changed.clear();
    }
    for (const fact of facts) {
      this.#counters.add(fact);
      this.#log.fact(fact);
    }
  }
}
