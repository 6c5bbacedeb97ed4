/**
 * Calls on disk, for the history: one row a call, written anew as the call goes on, so that a
 * crash loses at most how the last seconds sounded.
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CallParty, CallRecord, CallSound } from "../call/call_record.ts";
import type { Database } from "./database.ts";

/** Rows that one `prune()` deletes at most, so that nobody waits for it. */
const MOST_PRUNED = 5000;
/** Some hundreds of megabytes: who calls wrong numbers all day must not fill the disk. */
const MOST_ROWS = 1_000_000;
/** Letters of a text that came from a phone. */
const MOST_TEXT = 256;

/** Which calls are wanted. */
export interface CallQuery {
  readonly limit: number;
  /** The identifier of a call: only those that began before it. An unknown one gives none. */
  readonly before?: string | undefined;
  /** Only those that this number made, got or was dialled for. */
  readonly number?: string | undefined;
  /** Identifiers of calls that are left out. */
  readonly except?: ReadonlySet<string> | undefined;
}

const PARTY = ["", "_source", "_transport", "_agent", "_through"];
const SOUND = ["_packets", "_octets", "_lost", "_jitter_ms"];
const BOTH = ["caller", "callee"];
/** What never changes while a call lives. */
const FIXED = ["id", "started", "caller", "dialled"];
const COLUMNS = [
  ...["id", "started", "dialled"],
  ...["state", "ringing", "answered", "ended", "ended_by", "why"],
  ...["status", "codec", "seen"],
  ...BOTH.flatMap((side) => [...PARTY, ...SOUND].map((part) => side + part)),
];

const UPSERT = `INSERT INTO calls (${COLUMNS.join(", ")})
  VALUES (${COLUMNS.map(() => "?").join(", ")})
  ON CONFLICT (id) DO UPDATE SET ${
  COLUMNS.filter((name) => !FIXED.includes(name))
    .map((name) => `${name} = excluded.${name}`).join(", ")
}`;

/** The index holds what is looked at here, so that only the rows that are wanted are read. */
const LIST = `SELECT * FROM calls WHERE id IN (
    SELECT id FROM calls INDEXED BY calls_started WHERE %
    ORDER BY started DESC, id DESC LIMIT ?1)
  ORDER BY started DESC, id DESC`;
const IS_BEFORE =
  "(started, id) < (SELECT started, id FROM calls WHERE id = ?2)";
const HAS_NUMBER = "?3 IN (caller, callee, dialled)";

type Row = Readonly<Record<string, unknown>>;

export class CallStore {
  readonly #sql: DatabaseSync;
  readonly #nowMs: () => number;
  readonly #upsert: StatementSync;
  readonly #prune: StatementSync;
  readonly #count: StatementSync;

  /** `nowMs` is the wall clock. */
  constructor({ sql }: Database, nowMs: () => number = Date.now) {
    this.#sql = sql;
    this.#nowMs = nowMs;
    this.#upsert = sql.prepare(UPSERT);
    this.#count = sql.prepare("SELECT count(*) AS n FROM calls");
    this.#prune = sql.prepare(
      `DELETE FROM calls WHERE id IN (
         SELECT id FROM calls WHERE started < ? AND state = 'ended'
         ORDER BY started LIMIT ${MOST_PRUNED})`,
    );
  }

  /**
   * Writes calls as they are now, in one transaction.
   *
   * @throws what SQLite throws; then nothing was written.
   */
  save(records: readonly CallRecord[]): void {
    if (records.length === 0) return;
    const seen = this.#nowMs();
    this.#sql.exec("BEGIN IMMEDIATE");
    try {
      for (const record of records) this.#put(record, seen);
      this.#sql.exec("COMMIT");
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** The calls that are wanted, the newest first. */
  list(query: CallQuery): CallRecord[] {
    const { limit, before, number, except } = query;
    const where = [
      before === undefined ? "?2 IS NULL" : IS_BEFORE,
      number === undefined ? "?3 IS NULL" : HAS_NUMBER,
    ].join(" AND ");
    const rows = this.#sql.prepare(LIST.replace("%", where)).iterate(
      limit + (except?.size ?? 0),
      before ?? null,
      number ?? null,
    );
    const found: CallRecord[] = [];
    for (const row of rows) {
      if (found.length >= limit) break;
      if (!except?.has(String(row["id"]))) found.push(readRecord(row));
    }
    return found;
  }

  /** One call; null where it is not there. */
  get(id: string): CallRecord | null {
    const row = this.#sql.prepare("SELECT * FROM calls WHERE id = ?").get(id);
    return row === undefined ? null : readRecord(row);
  }

  /**
   * Ends what an earlier run left open, each call at the time when it was last written and not
   * after `endedAt`. To be called before the first call of this run; gives how many there were.
   */
  closeOpen(endedAt: number): number {
    const { changes } = this.#sql.prepare(
      `UPDATE calls SET state = 'ended', why = 'server-stopped', ended_by = 'exchange',
         ended = max(started, ringing, answered, min(seen, ?))
       WHERE id IN (
         SELECT id FROM calls INDEXED BY calls_started WHERE state <> 'ended')`,
    ).run(whole(endedAt));
    return Number(changes);
  }

  /**
   * Deletes calls that began before a time, and the oldest of more than a million; 5000 at most.
   * Gives how many.
   */
  prune(beforeMs: number): number {
    const count = Number(this.#count.get()?.["n"]);
    const isTooMany = count > MOST_ROWS;
    const before = isTooMany ? Number.MAX_SAFE_INTEGER : whole(beforeMs);
    return Number(this.#prune.run(before).changes);
  }

  #put(record: CallRecord, seen: number): void {
    const { caller, callee, callerSound, calleeSound } = record;
    // one argument a column, in the order of `COLUMNS`: a spread array costs twice as much
    this.#upsert.run(
      record.id,
      whole(record.startedAt),
      bounded(record.dialled),
      record.state,
      whole(record.ringingAt),
      whole(record.answeredAt),
      whole(record.endedAt),
      record.endedBy,
      record.why,
      whole(record.status),
      bounded(record.codec),
      seen,
      bounded(caller.number),
      caller.source,
      caller.transport,
      bounded(caller.userAgent),
      caller.through,
      whole(callerSound.packets),
      whole(callerSound.octets),
      whole(callerSound.lost),
      finite(callerSound.jitterMs),
      bounded(callee.number),
      callee.source,
      callee.transport,
      bounded(callee.userAgent),
      callee.through,
      whole(calleeSound.packets),
      whole(calleeSound.octets),
      whole(calleeSound.lost),
      finite(calleeSound.jitterMs),
    );
  }

  #rollBack(): void {
    try {
      this.#sql.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full
    }
  }
}

/** A number that SQLite refuses would lose the whole batch. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function whole(value: number): number {
  return Math.round(finite(value));
}

function bounded(text: string): string {
  return text.length > MOST_TEXT ? text.slice(0, MOST_TEXT) : text;
}

function readRecord(row: Row): CallRecord {
  const text = (name: string) => String(row[name] ?? "");
  const number = (name: string) => Number(row[name] ?? 0);
  const party = (side: string): CallParty => ({
    number: text(side),
    source: text(`${side}_source`),
    transport: text(`${side}_transport`) as CallParty["transport"],
    userAgent: text(`${side}_agent`),
    through: text(`${side}_through`),
  });
  const sound = (side: string): CallSound => ({
    packets: number(`${side}_packets`),
    octets: number(`${side}_octets`),
    lost: number(`${side}_lost`),
    jitterMs: number(`${side}_jitter_ms`),
  });
  return {
    id: text("id"),
    state: text("state") as CallRecord["state"],
    caller: party("caller"),
    callee: party("callee"),
    dialled: text("dialled"),
    startedAt: number("started"),
    ringingAt: number("ringing"),
    answeredAt: number("answered"),
    endedAt: number("ended"),
    endedBy: text("ended_by") as CallRecord["endedBy"],
    why: text("why") as CallRecord["why"],
    status: number("status"),
    codec: text("codec"),
    callerSound: sound("caller"),
    calleeSound: sound("callee"),
  };
}
