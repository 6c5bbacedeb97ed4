/**
 * The store of a running server. Bindings are a journal: one row for each commit holds the new
 * state of every binding that the batch changed, so that a refresh of fifty phones costs one row
 * and not fifty pages. Rows at the head that hold nothing newest any more are deleted; where the
 * journal grows all the same, the oldest rows move to its end a few at a time.
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { octetsOfHex } from "../../sip/hex.ts";
import type { Binding, BindingNumbers } from "../binding.ts";
import type { BindingTable } from "../binding_table.ts";
import type { Directory, ExtensionRecord } from "../directory.ts";
import {
  formatFreeLine,
  formatLine,
  type JournalLine,
  type Moment,
  parseLine,
  slotOfLine,
} from "../journal_line.ts";
import { JournalRows } from "../journal_rows.ts";
import type { Database } from "./database.ts";

/** A commit of the command line may hold the lock for a moment; a phone waits that long. */
const BUSY_MS = 400;
/** Once it was held longer than that, nobody waits until it is free. */
const BUSY_AGAIN_MS = 10;
/** Lines that may be in the journal beyond twice the number of bindings. */
const SLACK = 4096;
/** Dead rows are deleted this many at a time. */
const DEAD_ROWS = 256;
/** Extensions are read in pieces, so that a large office does not fill the memory at the start. */
const PIECE = 8192;

/** What another process did to an extension. */
export interface ExtensionChange {
  readonly number: string;
  /** Null: removed. */
  readonly record: ExtensionRecord | null;
}

type Changed = ReadonlyMap<number, Binding | null>;

export class Store {
  readonly #sql: DatabaseSync;
  readonly #directory: Directory;
  readonly #bindings: BindingTable;
  readonly #rows = new JournalRows();
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #delete: StatementSync;
  readonly #setting: StatementSync;
  #revision = 0;
  /** The revision up to which the bindings on disk fit the passwords. */
  #seen = 0;
  #commits = 0;
  #isPatient = true;

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
    this.#read = this.#sql.prepare("SELECT lines FROM journal WHERE seq = ?");
    this.#delete = this.#sql.prepare("DELETE FROM journal WHERE seq <= ?");
    this.#setting = this.#sql.prepare(
      "SELECT value FROM settings WHERE key = ?",
    );
  }

  /**
   * Reads everything once, at the start.
   *
   * @param findSocket names the socket that leads to a phone of an earlier run.
   * @returns slots that need a line, because they expired or their extension went meanwhile.
   */
  load(
    now: Moment,
    findSocket: (numbers: BindingNumbers) => number,
  ): number[] {
    this.#revision = this.#readSetting("revision");
    this.#loadExtensions();
    this.#seen = this.#readSetting("seen");
    return this.#loadJournal(now, findSocket);
  }

  /**
   * Writes the new state of slots, in one commit.
   *
   * @throws what SQLite throws; then nothing was written.
   */
  commit(changed: Changed, now: Moment): void {
    let text = "";
    for (const [slot, binding] of changed) {
      text += this.#lineOf(slot, binding, now);
    }
    const rows = this.#rows;
    const mustMove = rows.totalLines > 2 * this.#bindings.live + SLACK;
    const mayDelete = ++this.#commits % DEAD_ROWS === 0 && rows.lastDead() > 0;
    try {
      if (mustMove || mayDelete || this.#seen !== this.#revision) {
        this.#commitAndClean(changed, text, mustMove);
      } else {
        this.#insert.run(rows.next, changed.size, text);
        this.#noteRow(changed, [], changed.size);
      }
    } catch (error) {
      this.#setPatience(false);
      throw error;
    }
    this.#setPatience(true);
  }

  /** What the journal says of slots whose newest state could not be written. */
  readBack(changed: Changed, now: Moment): Map<number, JournalLine | null> {
    const lines = new Map<number, JournalLine | null>();
    for (const slot of changed.keys()) {
      const row = this.#bindings.journalRow[slot] ?? 0;
      const text = row === 0 ? "" : String(this.#read.get(row)?.["lines"]);
      const line = text.split("\n").findLast((line) =>
        slotOfLine(line) === slot
      );
      lines.set(slot, line === undefined ? null : parseLine(line, now));
    }
    return lines;
  }

  /**
   * What others did to the extensions since the last time, in other processes or in this one. Cheap
   * where nobody did anything.
   */
  takeChanges(): ExtensionChange[] {
    // not `data_version`, which says nothing of what this connection wrote
    const revision = this.#readSetting("revision");
    if (revision === this.#revision) return [];
    const found = this.#sql.prepare(
      `SELECT number, ha1_md5, ha1_sha256, removed FROM extensions
       WHERE revision > ? AND revision <= ?`,
    ).all(this.#revision, revision);
    this.#revision = revision;
    return found.map((row) => {
      const number = String(row["number"]);
      const record = row["removed"] !== 0 ? null : {
        number,
        ha1Md5: octetsOfHex(String(row["ha1_md5"])),
        ha1Sha256: octetsOfHex(String(row["ha1_sha256"])),
      };
      return { number, record };
    });
  }

  /** Every change to the extensions that was taken is in the journal too. */
  noteSeen(): void {
    if (this.#seen === this.#revision) return;
    this.#writeSeen();
    this.#seen = this.#revision;
  }

  #writeSeen(): void {
    if (this.#seen === this.#revision) return;
    this.#sql.prepare(
      `INSERT INTO settings VALUES ('seen', ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    ).run(String(this.#revision));
  }

  #lineOf(slot: number, binding: Binding | null, now: Moment): string {
    if (binding === null) return formatFreeLine(slot);
    const number = this.#directory.numberOf(this.#bindings.extension[slot]!);
    return formatLine(slot, number, binding, now);
  }

  #commitAndClean(changed: Changed, text: string, mustMove: boolean): void {
    this.#sql.exec("BEGIN");
    try {
      const moved = mustMove
        ? this.#collectOldest(changed, 2 * changed.size + 16)
        : { slots: [], text: "", row: this.#rows.lastDead() };
      const lines = changed.size + moved.slots.length;
      this.#insert.run(this.#rows.next, lines, text + moved.text);
      this.#delete.run(moved.row);
      this.#writeSeen();
      this.#sql.exec("COMMIT");
      this.#seen = this.#revision;
      this.#noteRow(changed, moved.slots, lines);
      this.#rows.forget(moved.row);
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #noteRow(changed: Changed, moved: readonly number[], lines: number): void {
    const row = this.#rows.next;
    const { journalRow } = this.#bindings;
    this.#rows.add(row, lines);
    for (const [slot, binding] of changed) {
      // a line that frees a slot is needed only as long as older rows name the slot
      const to = binding === null ? 0 : row;
      this.#rows.move(journalRow[slot] ?? 0, to);
      journalRow[slot] = to;
    }
    for (const slot of moved) {
      this.#rows.move(journalRow[slot]!, row);
      journalRow[slot] = row;
    }
  }

  /** The oldest rows, as many as hold about `most` lines, and what of them is still newest. */
  #collectOldest(changed: Changed, most: number) {
    const slots: number[] = [];
    let text = "", lines = 0;
    let row = this.#rows.oldest;
    for (; lines < most && row < this.#rows.next; row++) {
      lines += this.#rows.linesOf(row);
      const found = this.#read.get(row);
      if (found === undefined) continue;
      for (const line of String(found["lines"]).split("\n")) {
        const slot = slotOfLine(line);
        const isNewest = slot >= 0 && this.#bindings.isLive(slot) &&
          !changed.has(slot) && this.#bindings.journalRow[slot] === row;
        if (!isNewest) continue;
        slots.push(slot);
        text += `${line}\n`;
      }
    }
    return { slots, text, row: row - 1 };
  }

  #rollBack(): void {
    try {
      this.#sql.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full
    }
  }

  #loadExtensions(): void {
    const count = this.#sql.prepare(
      "SELECT count(*) AS n FROM extensions WHERE removed = 0",
    ).get();
    this.#directory.reserve(Number(count?.["n"]));
    // one row of long texts for thousands of extensions: a row each would cost ten times as much
    const read = this.#sql.prepare(
      `SELECT group_concat(number) AS numbers, group_concat(ha1_md5 || ha1_sha256, '') AS hashes
       FROM (SELECT number, ha1_md5, ha1_sha256 FROM extensions
             WHERE removed = 0 AND number > ? ORDER BY number LIMIT ${PIECE})`,
    );
    for (let last = "";;) {
      const row = read.get(last);
      if (typeof row?.["numbers"] !== "string") return;
      const numbers = row["numbers"].split(",");
      this.#directory.load(numbers, octetsOfHex(String(row["hashes"])));
      last = numbers.at(-1)!;
    }
  }

  #loadJournal(
    now: Moment,
    findSocket: (numbers: BindingNumbers) => number,
  ): number[] {
    const bindings = this.#bindings;
    const stale = new Set<number>();
    const unseen = this.#readUnseen();
    const rows = this.#sql.prepare(
      "SELECT seq, entries, lines FROM journal ORDER BY seq",
    );
    for (const found of rows.iterate()) {
      const row = Number(found["seq"]);
      this.#rows.add(row, Number(found["entries"]));
      for (const text of String(found["lines"]).split("\n")) {
        const line = parseLine(text, now);
        if (line === null) continue;
        const { slot, numbers, texts } = line;
        if (bindings.isLive(slot)) bindings.remove(slot);
        bindings.journalRow[slot] = 0;
        stale.delete(slot);
        if (numbers === null) continue;
        const extension = this.#directory.find(line.number);
        const isOver = numbers.expiresAtMs <= now.monotonicMs;
        if (extension < 0 || isOver || unseen.has(line.number)) {
          stale.add(slot);
          continue;
        }
        bindings.put(slot, extension, numbers, texts);
        bindings.setFlowId(slot, findSocket(numbers));
        bindings.journalRow[slot] = row;
      }
    }
    bindings.collectFree();
    for (let slot = 0; slot < bindings.used; slot++) {
      if (!bindings.isLive(slot)) continue;
      this.#rows.move(0, bindings.journalRow[slot]!);
      const extension = bindings.extension[slot]!;
      bindings.next[slot] = this.#directory.firstBinding(extension);
      this.#directory.setFirstBinding(extension, slot);
    }
    return [...stale];
  }

  #readSetting(key: "revision" | "seen"): number {
    return Number(this.#setting.get(key)?.["value"] ?? 0);
  }

  /** Numbers whose password was changed, or that were made anew, while no server ran. */
  #readUnseen(): ReadonlySet<string> {
    const rows = this.#sql.prepare(
      "SELECT number FROM extensions WHERE revision > ?",
    ).all(this.#seen);
    return new Set(rows.map((row) => String(row["number"])));
  }

  #setPatience(isPatient: boolean): void {
    if (this.#isPatient === isPatient) return;
    this.#isPatient = isPatient;
    const ms = isPatient ? BUSY_MS : BUSY_AGAIN_MS;
    this.#sql.exec(`PRAGMA busy_timeout = ${ms}`);
  }
}
