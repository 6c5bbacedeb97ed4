/**
 * The loop (DESIGN §6): takes a batch from a transport, lets the office work on it, commits what
 * changed, and only then lets the answers leave. Where the commit fails, the office puts 503 in
 * the place of the answers that promised something.
 *
 * Time comes in the same way: a tick four times a second for repeats, questions, expiry and what
 * other processes did to the extensions.
 * @module
 */

import { Outbox } from "../../sip/outbox.ts";
import type { Flow } from "../../sip/flow.ts";
import type { Inbound, Transport } from "../../sip/io/transport.ts";
import { BindingTable } from "../binding_table.ts";
import type { CallRecord } from "../call/call_record.ts";
import type { Config } from "../config.ts";
import { Directory, type ExtensionRecord } from "../directory.ts";
import { Domains } from "../domain.ts";
import type { Fact } from "../fact.ts";
import type { JournalLine, Moment } from "../journal_line.ts";
import type { MediaRelay } from "../media/media_relay.ts";
import { Office } from "../office.ts";
import type { Turn } from "../turn.ts";
import {
  type Database,
  describeFailure,
  describeSqlError,
} from "./database.ts";
import { listBindings, type LiveBinding } from "./binding_rows.ts";
import { CallKeeper, type CallShelf } from "./call_keeper.ts";
import { findSocket } from "./earlier_socket.ts";
import { ServerNotes } from "./server_notes.ts";
import { Store } from "./store.ts";
import { Tidy } from "./tidy.ts";

/** The two clocks, in milliseconds: of the wall, and one that never jumps. */
export interface Clock {
  wallMs(): number;
  monotonicMs(): number;
}

export interface ExchangeParts {
  readonly database: Database;
  readonly transports: readonly Transport[];
  readonly config: Config;
  readonly clock: Clock;
  /** Octets from a good random source. */
  readonly random: (octets: number) => Uint8Array;
  /** The machine's own addresses. */
  readonly localAddresses: readonly string[];
  /** Carries the sound of calls; closed by whoever opened it. */
  readonly relay: MediaRelay;
  readonly calls: CallShelf;
  readonly onFacts: (facts: readonly Fact[]) => void;
  /** Takes each message that comes or goes; the memory is used again when it returns. */
  readonly onTraffic: OnTraffic;
}

export type OnTraffic = (
  direction: "in" | "out",
  bytes: Uint8Array,
  start: number,
  end: number,
  flow: Flow,
  at: number,
) => void;

const TICK_MS = 250;

export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #directory = new Directory();
  readonly #bindings = new BindingTable();
  readonly #store: Store;
  readonly #office: Office;
  readonly #outbox = new Outbox();
  readonly #tidy = new Tidy();
  readonly #calls: CallKeeper;
  #facts: Fact[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #notes: ServerNotes;
  /** When it looked last at what has to be done in time, by the monotonic clock. */
  tickedMs = -Infinity;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    const { config, database } = parts;
    const own = config.publicAddress === null ? [] : [config.publicAddress];
    this.#calls = new CallKeeper(parts.calls, config.callKeepDays);
    this.#store = new Store(database, this.#directory, this.#bindings);
    this.#office = new Office({
      directory: this.#directory,
      bindings: this.#bindings,
      domains: new Domains(config.domains, [...parts.localAddresses, ...own]),
      realm: database.realm,
      limits: {
        defaultSeconds: config.registrationDefaultSeconds,
        minimumSeconds: config.registrationMinimumSeconds,
        maximumSeconds: config.registrationMaximumSeconds,
        contacts: config.contactsPerExtension,
      },
      callLimits: {
        calls: config.callLimit,
        ringSeconds: config.callRingSeconds,
        sessionSeconds: config.callSessionSeconds,
      },
      relay: parts.relay,
      publicAddress: config.publicAddress,
      pingSeconds: config.pingSeconds,
      nonceKey: parts.random(16),
      tokenKey: parts.random(16),
    });
    const now = this.#now();
    // the start leaves as much behind as a storm does
    this.#tidy.count(this.#directory.size);
    const { path } = database;
    const { wallMs } = parts.clock;
    const tell = (fact: Fact) => void this.#facts.push(fact);
    this.#notes = new ServerNotes(path, wallMs, now, tell);
    const stale = this.#load(now);
    for (const slot of stale) {
      this.#office.registrar.changed.set(slot, null);
    }
    for (let slot = 0; slot < this.#bindings.used; slot++) {
      if (!this.#bindings.isLive(slot)) continue;
      this.#office.pinger.schedule(slot, true, now.monotonicMs);
    }
  }

  #load(now: Moment): number[] {
    const { transports } = this.#parts;
    try {
      return this.#store.load(
        now,
        (numbers) => findSocket(transports, numbers),
      );
    } catch (error) {
      throw describeFailure(error, this.#parts.database.path);
    }
  }

  /** Receives until `stop()`. */
  async run(): Promise<void> {
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#notes.tell("server-started", `${this.#directory.size} extensions`);
    const receive = (inbound: readonly Inbound[], count: number) =>
      this.#receive(inbound, count);
    try {
      await Promise.all(
        this.#parts.transports.map((transport) => transport.run(receive)),
      );
    } finally {
      clearInterval(this.#timer);
    }
  }

  /** Ends the calls, writes what is not in the journal yet, and closes the sockets. */
  stop(): void {
    clearInterval(this.#timer);
    this.#notes.tell("server-stopping", "");
    const now = this.#now();
    this.#office.switchboard.stop(this.#turn(now));
    this.#flush(now);
    this.#saveCalls(now);
    for (const transport of this.#parts.transports) transport.close();
    this.#tidy.close();
  }

  status(): {
    readonly extensions: number;
    readonly registrations: number;
    readonly calls: number;
  } {
    return {
      extensions: this.#directory.size,
      registrations: this.#bindings.live,
      calls: this.#office.switchboard.size,
    };
  }

  /** The calls that live, the oldest first. */
  listCalls(): CallRecord[] {
    return this.#office.switchboard.list();
  }

  /** The dialogs of a call that lives or ended lately; null where it is not remembered. */
  readonly dialogsOf = (id: string) => this.#office.switchboard.dialogsOf(id);

  /** What is counted now of the phone that made a call; null where no such call is relayed. */
  readonly countsOf = (id: string) => this.#office.switchboard.countsOf(id);

  /** Ends a call that lives; false where there is none of that name. */
  hangUp(id: string): boolean {
    const now = this.#now();
    const isDone = this.#office.switchboard.hangUp(id, this.#turn(now));
    this.#flush(now);
    return isDone;
  }

  isExtension(number: string): boolean {
    return this.#directory.find(number) >= 0;
  }

  /**
   * Adds an extension that is in no database, for a self-test. Whoever adds it has to remove it.
   */
  addTemporary(record: ExtensionRecord): void {
    this.#directory.set(record);
  }

  /** Removes a temporary extension with its bindings; one that is gone is none. */
  removeTemporary(number: string): void {
    const now = this.#now();
    const extension = this.#directory.find(number);
    if (extension < 0) return;
    for (const slot of this.#office.registrar.slotsOf(extension)) {
      this.#office.removeBinding(slot, "extension-removed", this.#turn(now));
    }
    this.#flush(now);
    this.#directory.remove(number);
  }

  /**
   * Asks the phones of an extension at once whether they are there; gives how many were asked.
   *
   * @param isLastChance whether those that do not answer soon are forgotten.
   */
  ping(number: string, isLastChance: boolean = false): number {
    const now = this.#now();
    const extension = this.#directory.find(number);
    if (extension < 0) return 0;
    const slots = this.#office.registrar.slotsOf(extension);
    for (const slot of slots) {
      this.#office.pinger.askNow(
        slot,
        isLastChance,
        now,
        this.#outbox,
        this.#facts,
      );
    }
    this.#flush(now);
    return slots.length;
  }

  /** Writes to the journal though nothing may have changed; false where it cannot be written. */
  retryStore(): boolean {
    const now = this.#now();
    const isDone = this.#commit(now);
    this.#flush(now);
    return isDone;
  }

  /** The bindings of one extension, or of all. */
  listBindings(number?: string, most?: number): LiveBinding[] {
    const nowMs = this.#parts.clock.monotonicMs();
    return listBindings(this.#directory, this.#bindings, nowMs, number, most);
  }

  #turn(now: Moment): Turn {
    return { now, outbox: this.#outbox, facts: this.#facts };
  }

  #now(): Moment {
    const { clock } = this.#parts;
    return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  }

  #receive(inbound: readonly Inbound[], count: number): void {
    const now = this.#now();
    for (let i = 0; i < count; i++) {
      const { bytes, start, end, flow } = inbound[i]!;
      this.#parts.onTraffic("in", bytes, start, end, flow, now.wallMs);
      this.#office.receive(
        bytes,
        start,
        end,
        flow,
        now,
        this.#outbox,
        this.#facts,
      );
    }
    this.#flush(now);
    this.#tidy.count(count);
  }

  #tick(): void {
    const now = this.#now();
    this.tickedMs = now.monotonicMs;
    this.#notes.watchClock(now);
    this.#takeExtensionChanges(now);
    this.#office.wake(now, this.#outbox, this.#facts);
    this.#flush(now);
    this.#saveCalls(now);
    this.#noteSeen(now);
    this.#tidy.tick();
  }

  /** Writes the records of calls that changed, so that who reads them misses none. */
  saveCalls(): void {
    this.#saveCalls(this.#now());
  }

  #saveCalls(now: Moment): void {
    try {
      const records = this.#office.switchboard.takeRecords();
      this.#calls.save(records, now.wallMs);
    } catch (error) {
      this.#notes.complain(error, now);
    }
  }

  /** Journal first, then the answers, then the facts. */
  #flush(now: Moment): void {
    this.#parts.relay.flush();
    if (this.#office.registrar.changed.size > 0) this.#commit(now);
    const { transports, onFacts, onTraffic } = this.#parts;
    const { bytes, count, starts, ends, flows } = this.#outbox;
    for (let i = 0; i < count; i++) {
      onTraffic("out", bytes, starts[i]!, ends[i]!, flows[i]!, now.wallMs);
    }
    for (const transport of transports) {
      if (this.#outbox.count > 0) transport.send(this.#outbox);
      for (const fact of transport.takeFacts()) this.#facts.push(fact);
    }
    this.#outbox.clear();
    if (this.#facts.length === 0) return;
    const facts = this.#facts;
    this.#facts = [];
    for (const fact of facts) {
      this.#office.switchboard.hear(fact, this.#turn(now));
      if (fact.kind !== "registered" || fact.flow.transport !== "tcp") continue;
      for (const transport of transports) transport.keep?.(fact.flow);
    }
    onFacts(facts);
  }

  #commit(now: Moment): boolean {
    try {
      this.#store.commit(this.#office.registrar.changed, now);
    } catch (error) {
      const lines = this.#readBack(now);
      const cause = describeSqlError(error);
      this.#office.takeBack(lines, cause, now, this.#outbox, this.#facts);
      this.#notes.complain(error, now);
      return false;
    }
    this.#office.confirm();
    this.#notes.recover();
    return true;
  }

  /** What the journal says of the changed slots; null where it cannot be read. */
  #readBack(now: Moment): Map<number, JournalLine | null> | null {
    try {
      return this.#store.readBack(this.#office.registrar.changed, now);
    } catch (error) {
      this.#notes.complain(error, now);
      return null;
    }
  }

  #takeExtensionChanges(now: Moment): void {
    let changes;
    try {
      changes = this.#store.takeChanges();
    } catch (error) {
      return this.#notes.complain(error, now);
    }
    for (const { number, record } of changes) {
      const extension = this.#directory.find(number);
      const isOther = record !== null && extension >= 0 &&
        !this.#directory.isPassword(extension, record);
      if (extension >= 0 && (record === null || isOther)) {
        // whoever knew the old password does not keep his binding
        const why = record === null ? "extension-removed" : "password-changed";
        for (const slot of this.#office.registrar.slotsOf(extension)) {
          this.#office.removeBinding(slot, why, this.#turn(now));
        }
      }
      if (record === null) this.#directory.remove(number);
      else this.#directory.set(record);
    }
    if (changes.length > 0) {
      this.#notes.tell("extensions-changed", `${changes.length} changed`);
    }
  }

  /** Once it is written that old passwords lost their bindings, a restart need not look again. */
  #noteSeen(now: Moment): void {
    if (this.#office.registrar.changed.size > 0) return;
    try {
      this.#store.noteSeen();
    } catch (error) {
      this.#notes.complain(error, now);
    }
  }
}
