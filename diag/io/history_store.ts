/**
 * The history on disk, so that a restart keeps it: one row a step. What cannot be written is told
 * and lost, and no phone suffers from it.
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { type Database, describeSqlError } from "../../pbx/io/database.ts";
import { type HistoryRow, RANGES, SCALES } from "../history/history.ts";
import { parseReading, writeReading } from "../history/reading.ts";

/** Which rows of a scale stay. */
export interface Kept {
  readonly scale: number;
  /** Milliseconds since 1970, both included. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export class HistoryStore {
  readonly #sql: DatabaseSync;
  readonly #onTrouble: (cause: string) => void;

  /** @param onTrouble hears why something could not be read or written. */
  constructor({ sql }: Database, onTrouble: (cause: string) => void) {
    this.#sql = sql;
    this.#onTrouble = onTrouble;
  }

  /** Writes rows and deletes those that are not kept, all or nothing; false where nothing was. */
  save(rows: readonly HistoryRow[], kept: readonly Kept[]): boolean {
    try {
      this.#sql.exec("BEGIN IMMEDIATE");
      try {
        const put = this.#sql.prepare(
          "INSERT OR REPLACE INTO samples VALUES (?, ?, ?)",
        );
        for (const { scale, reading } of rows) {
          put.run(scale, Math.round(reading.at), writeReading(reading));
        }
        const drop = this.#sql.prepare(
          "DELETE FROM samples WHERE scale = ? AND (at < ? OR at > ?)",
        );
        for (const { scale, firstMs, lastMs } of kept) {
          drop.run(scale, Math.round(firstMs), Math.round(lastMs));
        }
        this.#sql.exec("COMMIT");
        return true;
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    } catch (error) {
      this.#onTrouble(describeSqlError(error));
      return false;
    }
  }

  /** The newest rows of each scale; what is no reading is left out. */
  load(): HistoryRow[] {
    try {
      const read = this.#sql.prepare(
        `SELECT at, reading FROM samples WHERE scale = ? AND length(reading) < 4096
         ORDER BY at DESC LIMIT ?`,
      );
      return RANGES.flatMap((range) => {
        const { stepSeconds: scale, steps } = SCALES[range];
        return read.all(scale, 2 * steps).flatMap((row) => {
          const reading = parseReading(
            Number(row["at"]),
            String(row["reading"]),
          );
          return reading === null ? [] : [{ scale, reading }];
        });
      });
    } catch (error) {
      this.#onTrouble(describeSqlError(error));
      return [];
    }
  }

  #rollBack(): void {
    try {
      this.#sql.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full
    }
  }
}
