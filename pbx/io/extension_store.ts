/**
 * Extensions on disk, for the command line and the page. A running server sees each change by its
 * revision.
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { formatAddress } from "../../sip/flow.ts";
import { maskPassword } from "../../sip/uri.ts";
import { hashPassword } from "../../sip/digest.ts";
import { hexOf } from "../../sip/hex.ts";
import { type JournalLine, parseLine } from "../journal_line.ts";
import { splitTexts } from "../binding.ts";
import { OperatorError } from "../operator_error.ts";
import type { Database } from "./database.ts";

/** One extension, without its secrets. */
export interface ExtensionRow {
  readonly number: string;
  readonly name: string;
}

/** A binding as people and scripts see it. */
export interface BindingRow {
  readonly number: string;
  readonly contact: string;
  readonly source: string;
  readonly transport: string;
  readonly expiresSeconds: number;
  readonly userAgent: string;
}

/** How many numbers an error names. */
const MOST_NAMED = 10;

export class ExtensionStore {
  readonly #sql: DatabaseSync;
  readonly #realm: string;

  constructor(database: Database) {
    this.#sql = database.sql;
    this.#realm = database.realm;
  }

  /** All extensions, short numbers first. */
  list(): ExtensionRow[] {
    const rows = this.#sql.prepare(
      "SELECT number, name FROM extensions WHERE removed = 0 ORDER BY length(number), number",
    ).all();
    return rows.map(readRow);
  }

  /** Another one after each change, by whoever made it. */
  revision(): number {
    const row = this.#sql.prepare(
      "SELECT value FROM settings WHERE key = 'revision'",
    ).get();
    return Number(row?.["value"] ?? 0);
  }

  get(number: string): ExtensionRow | null {
    const row = this.#sql.prepare(
      "SELECT number, name FROM extensions WHERE removed = 0 AND number = ?",
    ).get(number);
    return row === undefined ? null : readRow(row);
  }

  /**
   * Adds extensions, all or none.
   *
   * @throws OperatorError that names the numbers which are there already.
   */
  add(rows: readonly (ExtensionRow & { readonly password: string })[]): void {
    // hashing a hundred thousand passwords takes a while: not under the lock
    const hashed = rows.map((row) => ({
      ...row,
      ...this.#hash(row.number, row.password),
    }));
    this.#change((revision) => {
      const find = this.#sql.prepare(
        "SELECT 1 FROM extensions WHERE removed = 0 AND number = ?",
      );
      const taken = rows.filter(({ number }) => find.get(number) !== undefined);
      if (taken.length > 0) throw alreadyThere(taken);
      const insert = this.#sql.prepare(
        `INSERT INTO extensions VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (number) DO UPDATE SET
           name = excluded.name, ha1_md5 = excluded.ha1_md5, ha1_sha256 = excluded.ha1_sha256,
           revision = excluded.revision, removed = 0`,
      );
      for (const { number, name, md5, sha256 } of hashed) {
        insert.run(number, name, md5, sha256, revision);
      }
    });
  }

  /** Whether this is the password of an extension; false where there is no such number. */
  isPassword(number: string, password: string): boolean {
    const row = this.#sql.prepare(
      "SELECT ha1_sha256 FROM extensions WHERE removed = 0 AND number = ?",
    ).get(number);
    return row?.["ha1_sha256"] === this.#hash(number, password).sha256;
  }

  /** @returns false where there is no such number. */
  rename(number: string, name: string): boolean {
    return this.#change((revision) =>
      this.#sql.prepare(
        `UPDATE extensions SET name = ?, revision = ?
         WHERE number = ? AND removed = 0`,
      ).run(name, revision, number).changes > 0
    );
  }

  /** @returns false where there is no such number. */
  setPassword(number: string, password: string): boolean {
    const { md5, sha256 } = this.#hash(number, password);
    return this.#change((revision) =>
      this.#sql.prepare(
        `UPDATE extensions SET ha1_md5 = ?, ha1_sha256 = ?, revision = ?
         WHERE number = ? AND removed = 0`,
      ).run(md5, sha256, revision, number).changes > 0
    );
  }

  /** @returns false where there is no such number. */
  remove(number: string): boolean {
    return this.#change((revision) =>
      this.#sql.prepare(
        `UPDATE extensions SET removed = 1, name = '', ha1_md5 = '', ha1_sha256 = '', revision = ?
         WHERE number = ? AND removed = 0`,
      ).run(revision, number).changes > 0
    );
  }

  /** What the journal holds and has not expired; for when no server runs that knows better. */
  bindings(): BindingRow[] {
    const now = { wallMs: Date.now(), monotonicMs: 0 };
    const slots = new Map<number, JournalLine>();
    for (
      const row of this.#sql.prepare("SELECT lines FROM journal ORDER BY seq")
        .all()
    ) {
      for (const text of String(row["lines"]).split("\n")) {
        const line = parseLine(text, now);
        if (line !== null) slots.set(line.slot, line);
      }
    }
    const known = new Set(this.list().map(({ number }) => number));
    const rows: BindingRow[] = [];
    for (const { number, numbers, texts } of slots.values()) {
      if (numbers === null || numbers.expiresAtMs <= 0) continue;
      const split = splitTexts(texts);
      if (split === null || !known.has(number)) continue;
      rows.push({
        number,
        contact: maskPassword(split.contact),
        source: formatAddress(split.host, numbers.port),
        transport: numbers.transport,
        expiresSeconds: Math.ceil(numbers.expiresAtMs / 1000),
        userAgent: split.userAgent,
      });
    }
    return rows;
  }

  #hash(
    number: string,
    password: string,
  ): { readonly md5: string; readonly sha256: string } {
    const md5 = hashPassword("MD5", number, this.#realm, password);
    const sha256 = hashPassword("SHA-256", number, this.#realm, password);
    return {
      md5: hexOf(md5, 0, md5.length),
      sha256: hexOf(sha256, 0, sha256.length),
    };
  }

  /** Runs a change as one transaction under the next revision. */
  #change<T>(work: (revision: number) => T): T {
    this.#sql.exec("BEGIN IMMEDIATE");
    try {
      const row = this.#sql.prepare(
        `UPDATE settings SET value = CAST(value AS INTEGER) + 1 WHERE key = 'revision'
         RETURNING value`,
      ).get();
      const result = work(Number(row?.["value"]));
      this.#sql.exec("COMMIT");
      return result;
    } catch (error) {
      this.#sql.exec("ROLLBACK");
      throw error;
    }
  }
}

function readRow(row: Record<string, unknown>): ExtensionRow {
  return { number: String(row["number"]), name: String(row["name"]) };
}

function alreadyThere(taken: readonly ExtensionRow[]): OperatorError {
  const numbers = taken.slice(0, MOST_NAMED).map(({ number }) =>
    `\`${number}\``
  ).join(", ");
  const more = taken.length > MOST_NAMED
    ? ` and ${taken.length - MOST_NAMED} more`
    : "";
  const noun = taken.length === 1 ? "extension" : "extensions";
  return new OperatorError(
    `${noun} ${numbers}${more} already there`,
    "pbx extension passwd NUMBER gives an extension a new password",
  );
}
