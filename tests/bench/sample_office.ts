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
import { CallKeeper } from "../../pbx/io/call_keeper.ts";
import { CallStore } from "../../pbx/io/call_store.ts";
import { type Database, openDatabase } from "../../pbx/io/database.ts";
import { Store } from "../../pbx/io/store.ts";
import type { Moment } from "../../pbx/journal_line.ts";
import { FakeRelay } from "../../pbx/media/sample_relay_test.ts";
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
const KEEP_DAYS = 365;

/** What a phone says. */
export interface Said {
  /** Counted from 0. */
  readonly phone: number;
  readonly text: string;
}

/** The way that the datagrams of a phone come. */
export function makeFlows(): Flow[] {
  return Array.from(
    { length: PORTS },
    (_, i) => new Flow("udp", 0, LOCAL, LOCAL_PORT, LOCAL, portOf(i)),
  );
}

/** Header fields that an answer copies from its request. */
const COPIED = /^(?:Via|From|Call-ID|CSeq): .*\r\n/gm;

/** The answer of a phone: what it copies, and what more it says. */
export function answerRequest(
  phone: number,
  request: string,
  status: string,
  more: string,
): Said {
  const to = /^To: (.*)\r$/m.exec(request)?.[1] ?? "";
  const tag = to.includes(";tag=") ? "" : ";tag=uas1";
  const contact = `<sip:${numberOf(phone)}@${LOCAL}:${portOf(phone)}>`;
  const text = `SIP/2.0 ${status}\r\n${request.match(COPIED)?.join("") ?? ""}` +
    `To: ${to}${tag}\r\nContact: ${contact}\r\n${more}`;
  return { phone, text };
}

function answerQuestion(question: string): Said {
  const number = /^OPTIONS sip:(\d+)@/.exec(question)?.[1];
  const phone = Number(number) - Number(numberOf(0));
  return answerRequest(phone, question, "200 OK", "Content-Length: 0\r\n\r\n");
}

export class SampleOffice {
  /** Microseconds of CPU of the whole, and of what is written to the disk in it. */
  cpuMicros = 0;
  commitMicros = 0;
  readonly #directory = new Directory();
  readonly #bindings = new BindingTable();
  readonly #database: Database;
  readonly #store: Store;
  readonly #calls: CallKeeper;
  readonly #office: Office;
  readonly #outbox = new Outbox();
  readonly #counters = new Counters();
  readonly #log: Log;
  readonly #flows = makeFlows();
  readonly #arena: Uint8Array<ArrayBuffer>;
  readonly #ends: number[] = [];
  #facts: Fact[] = [];
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
    this.#calls = new CallKeeper(new CallStore(this.#database), KEEP_DAYS);
    this.#office = new Office({
      directory: this.#directory,
      bindings: this.#bindings,
      domains: new Domains([DOMAIN], [LOCAL]),
      realm: DOMAIN,
      limits: LIMITS,
      callLimits: { calls: 1000, ringSeconds: 60, sessionSeconds: 1800 },
      relay: new FakeRelay(),
      publicAddress: null,
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
    const said = phones.map((phone, i) => ({ phone, text: requests[i]! }));
    const answers = this.hear(said);
    if (answers.length !== phones.length) {
      throw new Error(`${answers.length} answers`);
    }
    return answers;
  }

  /** Takes one batch; gives what leaves, but for the questions whether phones are there. */
  hear(said: readonly Said[]): string[] {
    this.#put(said);
    const before = readCpuMicros();
    this.#work(said);
    this.cpuMicros += readCpuMicros() - before;
    const texts = this.#take();
    const questions = texts.filter((text) => text.startsWith("OPTIONS "));
    if (questions.length === 0) return texts;
    // what the few answers cost is not counted
    for (const question of questions) {
      const answer = [answerQuestion(question)];
      this.#put(answer);
      this.#work(answer);
    }
    return [
      ...texts.filter((text) => !questions.includes(text)),
      ...this.#take(),
    ];
  }

  close(): void {
    this.#database.close();
  }

  #put(said: readonly Said[]): void {
    const encoder = new TextEncoder();
    said.forEach(({ text }, i) => {
      const { written } = encoder.encodeInto(
        text,
        this.#arena.subarray(i * SLOT, (i + 1) * SLOT),
      );
      this.#ends[i] = i * SLOT + written;
    });
  }

  #take(): string[] {
    const { bytes, starts, ends, count } = this.#outbox;
    const decoder = new TextDecoder();
    const texts = Array.from(
      { length: count },
      (_, i) => decoder.decode(bytes.subarray(starts[i], ends[i])),
    );
    this.#outbox.clear();
    return texts;
  }

  #work(said: readonly Said[]): void {
    const now = { wallMs: Date.now(), monotonicMs: performance.now() };
    for (let i = 0; i < said.length; i++) {
      const flow = this.#flows[said[i]!.phone % PORTS]!;
      const start = i * SLOT;
      this.#office.receive(
        this.#arena,
        start,
        this.#ends[i]!,
        flow,
        now,
        this.#outbox,
        this.#facts,
      );
    }
    if (now.monotonicMs - this.#tickedAtMs >= TICK_MS) this.#tick(now);
    const { changed } = this.#office.registrar;
    if (changed.size > 0) {
      const before = readCpuMicros();
      this.#store.commit(changed, now);
      this.commitMicros += readCpuMicros() - before;
      this.#office.responder.keepPromises();
      changed.clear();
    }
    const facts = this.#facts;
    this.#facts = [];
    for (const fact of facts) {
      this.#counters.add(fact);
      this.#log.fact(fact);
    }
  }

  #tick(now: Moment): void {
    this.#tickedAtMs = now.monotonicMs;
    this.#office.wake(now, this.#outbox, this.#facts);
    const before = readCpuMicros();
    this.#calls.save(this.#office.switchboard.takeRecords(), now.wallMs);
    this.commitMicros += readCpuMicros() - before;
  }
}
