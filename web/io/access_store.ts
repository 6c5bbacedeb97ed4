/**
 * The admin password and the sessions on disk. Both are read anew each time, because the command
 * line changes them too while a server runs: the password is the row `admin` of `settings`, and a
 * new one takes all rows of `sessions` with it in one transaction.
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Database } from "../../pbx/io/database.ts";
import type { AccessKeeper } from "../access/access_parts.ts";
import { MOST_SESSIONS, type Session } from "../access/session.ts";

const COLUMNS = "hash, made, seen, expires, source, browser";

export class AccessStore implements AccessKeeper {
  readonly #sql: DatabaseSync;
  readonly #password: StatementSync;
  readonly #session: StatementSync;
  readonly #begins: StatementSync;

  constructor(database: Pick<Database, "sql">) {
    this.#sql = database.sql;
    this.#password = this.#sql.prepare(
      "SELECT value FROM settings WHERE key = 'admin'",
    );
    this.#session = this.#sql.prepare(
      `SELECT ${COLUMNS} FROM sessions WHERE hash = ?`,
    );
    this.#begins = this.#sql.prepare(
      "SELECT 1 FROM sessions WHERE hash >= ? AND hash < ? AND expires > ?",
    );
  }

  password(): string | null {
    const value = this.#password.get()?.["value"];
    return typeof value === "string" ? value : null;
  }

  setFirst(record: string): boolean {
    return this.#sql.prepare(
      "INSERT INTO settings VALUES ('admin', ?) ON CONFLICT DO NOTHING",
    ).run(record).changes > 0;
  }

  replace(old: string, record: string): boolean {
    return this.#change(() => {
      if (this.password() !== old) return false;
      this.#put(record);
      return true;
    });
  }

  /** Sets the password, whatever it was, and ends all sessions; gives how many. */
  set(record: string): number {
    return this.#change(() => this.#put(record));
  }

  findSession(hash: string): Session | null {
    const row = this.#session.get(hash);
    return row === undefined ? null : readSession(row);
  }

  hasSession(id: string, nowMs: number): boolean {
    return this.#begins.get(id, `${id}g`, nowMs) !== undefined;
  }

  addSession(session: Session, record: string): boolean {
    return this.#change(() => {
      if (this.password() !== record) return false;
      const { hash, madeMs, seenMs, expiresMs, source, browser } = session;
      this.#sql.prepare("DELETE FROM sessions WHERE expires <= ?").run(madeMs);
      this.#sql.prepare(
        `DELETE FROM sessions WHERE hash NOT IN
           (SELECT hash FROM sessions ORDER BY seen DESC, hash LIMIT ?)`,
      ).run(MOST_SESSIONS - 1);
      this.#sql.prepare(
        `INSERT INTO sessions (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`,
      )
        .run(hash, madeMs, seenMs, expiresMs, source, browser);
      return true;
    });
  }

  noteSession({ hash, seenMs, expiresMs }: Session): void {
    try {
      this.#sql.prepare(
        "UPDATE sessions SET seen = ?, expires = ? WHERE hash = ?",
      ).run(seenMs, expiresMs, hash);
    } catch {
      // a full disk or a locked database: the next request notes it
    }
  }

  listSessions(nowMs: number): readonly Session[] {
    return this.#sql.prepare(
      `SELECT ${COLUMNS} FROM sessions WHERE expires > ? ORDER BY seen DESC, hash`,
    ).all(nowMs).map(readSession);
  }

  endSession(hash: string): void {
    this.#sql.prepare("DELETE FROM sessions WHERE hash >= ? AND hash < ?")
      .run(hash, `${hash}g`);
  }

  endAllSessions(): void {
    this.#sql.exec("DELETE FROM sessions");
  }

  #put(record: string): number {
    this.#sql.prepare(
      `INSERT INTO settings VALUES ('admin', ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    ).run(record);
    return Number(this.#sql.prepare("DELETE FROM sessions").run().changes);
  }

  #change<T>(work: () => T): T {
    this.#sql.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#sql.exec("COMMIT");
      return result;
    } catch (error) {
      this.#sql.exec("ROLLBACK");
      throw error;
    }
  }
}

function readSession(row: Record<string, unknown>): Session {
  return {
    hash: String(row["hash"]),
    madeMs: Number(row["made"]),
    seenMs: Number(row["seen"]),
    expiresMs: Number(row["expires"]),
    source: String(row["source"]),
    browser: String(row["browser"]),
  };
}
