/**
 * The store of a running server. Bindings are a journal: one row for each commit holds the new
 * state of every binding that the batch changed, so that a refresh of fifty phones costs one row
 * and not fifty pages. The oldest rows are cleaned a few at a time: what is still the newest state
 * of its binding moves to the end, and the row goes.
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { BindingTable } from "../binding_table.ts";
import { octetsOfHex } from "../../sip/digest.ts";
import type { Directory, ExtensionRecord } from "../directory.ts";
import {
  formatFreeLine,
  formatLine,
  type Moment,
  parseLine,
  slotOfLine,
} from "../journal_line.ts";
import type { Database } from "./database.ts";

/** A commit of the command line may hold the lock for a moment; a phone waits that long. */
const BUSY_MS = 100;
/** Lines that may be in the journal beyond twice the number of bindings, before it is cleaned. */
const SLACK = 4096;

/** What another process did to an extension. */
export interface ExtensionChange {
  readonly number: string;
  /** Null: removed. */
  readonly record: ExtensionRecord | null;
}

export class Store {
  readonly #sql: DatabaseSync;
  readonly #directory: Directory;
  readonly #bindings: BindingTable;
  readonly #insert: StatementSync;
  readonly #oldest: StatementSync;
  readonly #delete: StatementSync;
  readonly #version: StatementSync;
  #nextRow = 1;
  /** Lines in the journal, live and dead. */
  #lines = 0;
  #revision = 0;
  #dataVersion = -1;

  constructor(
    database: Database,
    directory: Directory,
    bindings: BindingTable,
  ) {
    this.#sql = database.sql;
    this.#directory = directory;
    this.#bindings = bindings;
    this.#sql.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    this.#insert = this.#sql.prepare("INSERT INTO journal VALUES (?, ?, ?)");
    this.#oldest = this.#sql.prepare(
      "SELECT seq, entries, lines FROM journal ORDER BY seq LIMIT 1",
    );
    this.#delete = this.#sql.prepare("DELETE FROM journal WHERE seq <= ?");
    this.#version = this.#sql.prepare("PRAGMA data_version");
  }

  /**
   * Reads everything once, at the start.
   *
   * @returns slots that need a line, because they expired or their extension went meanwhile.
   */
  load(now: Moment): number[] {
    this.#dataVersion = this.#readDataVersion();
    const count = this.#sql.prepare(
      "SELECT count(*) AS n FROM extensions WHERE removed = 0",
    ).get();
    this.#directory.reserve(Number(count?.["n"]));
    for (const { record } of this.#readExtensions("removed = 0", 0)) {
      if (record !== null) this.#directory.set(record);
    }
    this.#revision = this.#readRevision();
    return this.#loadJournal(now);
  }

  /**
   * Writes the new state of slots, in one commit.
   *
   * @throws what SQLite throws; then nothing was written.
   */
  commit(changed: ReadonlySet<number>, now: Moment): void {
    let text = "";
    for (const slot of changed) text += this.#lineOf(slot, now);
    const mustClean = this.#lines > 2 * this.#bindings.live + SLACK;
    if (!mustClean) {
      this.#insert.run(this.#nextRow, changed.size, text);
      this.#noteRow(changed, changed.size);
      return;
    }
    this.#sql.exec("BEGIN");
    try {
      const cleaned = this.#collectOldest(changed, 2 * changed.size + 16);
      this.#insert.run(
        this.#nextRow,
        changed.size + cleaned.slots.length,
        text + cleaned.text,
      );
      this.#delete.run(cleaned.row);
      this.#sql.exec("COMMIT");
      this.#lines -= cleaned.lines;
      this.#noteRow(
        [...changed, ...cleaned.slots],
        changed.size + cleaned.slots.length,
      );
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** What others did to the extensions since the last time. Cheap where nobody did anything. */
  takeChanges(): ExtensionChange[] {
    const version = this.#readDataVersion();
    if (version === this.#dataVersion) return [];
    const changes = [...this.#readExtensions("revision > ?", this.#revision)];
    this.#revision = this.#readRevision();
    this.#dataVersion = version;
    return changes;
  }

  #lineOf(slot: number, now: Moment): string {
    const bindings = this.#bindings;
    if (!bindings.isLive(slot)) return formatFreeLine(slot);
    const number = this.#directory.numberOf(bindings.extension[slot]!);
    return formatLine(slot, number, bindings.get(slot), now);
  }

  #noteRow(slots: Iterable<number>, lines: number): void {
    for (const slot of slots) this.#bindings.journalRow[slot] = this.#nextRow;
    this.#nextRow++;
    this.#lines += lines;
  }

  /** The oldest rows, as many as hold about `most` lines, and what of them is still true. */
  #collectOldest(changed: ReadonlySet<number>, most: number) {
    const slots: number[] = [];
    let text = "", lines = 0, row = 0;
    while (lines < most) {
      const oldest = row === 0 ? this.#oldest.get() : this.#sql.prepare(
        "SELECT seq, entries, lines FROM journal WHERE seq > ? ORDER BY seq LIMIT 1",
      )
        .get(row);
      if (oldest === undefined) break;
      row = Number(oldest["seq"]);
      lines += Number(oldest["entries"]);
      for (const line of String(oldest["lines"]).split("\n")) {
        const slot = slotOfLine(line);
        const isTrue = slot >= 0 && this.#bindings.isLive(slot) &&
          !changed.has(slot) &&
          this.#bindings.journalRow[slot] === row;
        if (!isTrue) continue;
        slots.push(slot);
        text += `${line}\n`;
      }
    }
    return { slots, text, lines, row };
  }

  #rollBack(): void {
    try {
      this.#sql.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full
    }
  }

  #loadJournal(now: Moment): number[] {
    const bindings = this.#bindings;
    const stale = new Set<number>();
    const rows = this.#sql.prepare(
      "SELECT seq, entries, lines FROM journal ORDER BY seq",
    );
    for (const row of rows.iterate()) {
      this.#nextRow = Number(row["seq"]) + 1;
      this.#lines += Number(row["entries"]);
      for (const text of String(row["lines"]).split("\n")) {
        const line = parseLine(text, now);
        if (line === null) continue;
        const { slot, binding } = line;
        const extension = binding === null
          ? -1
          : this.#directory.find(line.number);
        const isUseless = binding === null || extension < 0 ||
          binding.expiresAtMs <= now.monotonicMs;
        if (isUseless) {
          if (bindings.isLive(slot)) bindings.remove(slot);
          if (binding !== null) stale.add(slot);
          continue;
        }
        stale.delete(slot);
        if (bindings.isLive(slot)) bindings.remove(slot);
        bindings.put(slot, extension, binding);
        bindings.journalRow[slot] = this.#nextRow - 1;
      }
    }
    bindings.collectFree();
    for (let slot = 0; slot < bindings.used; slot++) {
      if (!bindings.isLive(slot)) continue;
      const extension = bindings.extension[slot]!;
      bindings.next[slot] = this.#directory.firstBinding(extension);
      this.#directory.setFirstBinding(extension, slot);
    }
    return [...stale];
  }

  *#readExtensions(
    condition: string,
    value: number,
  ): Generator<ExtensionChange> {
    const rows = this.#sql.prepare(
      `SELECT number, ha1_md5, ha1_sha256, removed FROM extensions WHERE ${condition}`,
    );
    for (
      const row of condition.includes("?")
        ? rows.iterate(value)
        : rows.iterate()
    ) {
      const number = String(row["number"]);
      const record = row["removed"] !== 0 ? null : {
        number,
        ha1Md5: octetsOfHex(String(row["ha1_md5"])),
        ha1Sha256: octetsOfHex(String(row["ha1_sha256"])),
      };
      yield { number, record };
    }
  }

  #readRevision(): number {
    const row = this.#sql.prepare(
      "SELECT value FROM settings WHERE key = 'revision'",
    ).get();
    return Number(row?.["value"]);
  }

  #readDataVersion(): number {
    return Number(this.#version.get()?.["data_version"]);
  }
}
