/**
 * The facts of each extension's last attempts on disk, so that a restart forgets no diagnosis.
 * What cannot be written is lost, and nothing else suffers from it.
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { Fact } from "../../pbx/fact.ts";
import type { Database } from "../../pbx/io/database.ts";
import type { KeptAttempt } from "../ledger/attempt_keeper.ts";
import { readFact } from "../ledger/fact_json.ts";

/** How many extensions are read at the start, those that changed last. */
const MOST_READ = 200;

export class AttemptStore {
  readonly #sql: DatabaseSync;

  constructor({ sql }: Database) {
    this.#sql = sql;
  }

  /** Writes all in one transaction; false where that did not work. */
  save(attempts: readonly KeptAttempt[]): boolean {
    try {
      this.#sql.exec("BEGIN IMMEDIATE");
      try {
        const put = this.#sql.prepare(
          "INSERT OR REPLACE INTO attempts VALUES (?, ?, ?)",
        );
        for (const { number, facts } of attempts) {
          const at = Math.round(facts.at(-1)?.at ?? 0);
          put.run(number, at, JSON.stringify(facts));
        }
        this.#sql.exec("COMMIT");
        return true;
      } catch (error) {
        this.#sql.exec("ROLLBACK");
        throw error;
      }
    } catch {
      return false;
    }
  }

  /** The facts of those extensions that changed last, in the order of time. */
  load(): Fact[] {
    let rows;
    try {
      rows = this.#sql.prepare(
        `SELECT facts FROM attempts JOIN extensions USING (number)
         WHERE removed = 0 ORDER BY at DESC LIMIT ${MOST_READ}`,
      ).all();
    } catch {
      return [];
    }
    const facts: Fact[] = [];
    for (const row of rows) {
      for (const value of parseList(String(row["facts"]))) {
        const fact = readFact(value);
        if (fact !== null) facts.push(fact as Fact);
      }
    }
    return facts.sort((a, b) => a.at - b.at);
  }
}

function parseList(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
