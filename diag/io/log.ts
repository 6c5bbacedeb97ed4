/**
 * The log of the program, on LogTape. The sink is ours: LogTape's own has no backpressure, so a
 * reader that stops would fill the memory. LogTape takes 10 to 20 ms to load, longer than the
 * sockets do, so it is loaded shortly after the start; lines until then wait for it.
 * @module
 */

import type { Logger, LogRecord } from "@logtape/logtape";
import type { Fact } from "../../pbx/fact.ts";
import {
  describeFact,
  describeFolded,
  type FactLevel,
  factLevel,
  foldKey,
} from "../log/fact_text.ts";
import { LogFold } from "../log/log_fold.ts";
import { formatJson, formatPretty, withPriority } from "../log/log_line.ts";
import { LEVEL_ORDER } from "../log/log_queue.ts";
import { LogWriter, type WriteOctets } from "./log_writer.ts";

export interface LogOptions {
  readonly level: FactLevel;
  /** `auto`: pretty on a terminal, else JSON. */
  readonly format: "auto" | "json" | "pretty";
  readonly isTerminal: boolean;
  /** Whether journald reads, so that each line begins with its priority. */
  readonly journalStream: boolean;
  readonly colours: boolean;
  /** Must write all octets; called once at a time. */
  readonly write: WriteOctets;
}

type Timer = ReturnType<typeof setTimeout>;
type Properties = Readonly<Record<string, unknown>>;

/** Nothing here blocks or throws. Messages are plain text: braces in them mean nothing. */
export interface Log {
  /** How many lines were lost, because the reader was too slow or gone. */
  readonly dropped: number;
  isEnabled(level: FactLevel): boolean;
  fact(fact: Fact): void;
  error(message: string, properties?: Properties): void;
  warning(message: string, properties?: Properties): void;
  info(message: string, properties?: Properties): void;
  debug(message: string, properties?: Properties): void;
  /** Writes what waits; gives up after a second, or as long as is said. */
  flush(atMostMs?: number): Promise<void>;
}

const CATEGORY = ["pbx"];
const LOAD_AFTER_MS = 100;
const FLUSH_MS = 1000;
const PENDING = 1000;
/** A sink that is done with a record when it returns: LogTape need not copy it (3 µs a line). */
const IMMEDIATE = Symbol.for("LogTape.sinkSnapshotPolicy.immediate");

/** Starts the log. There is one in a process: LogTape's configuration is global. */
export function startLog(options: LogOptions): Log {
  return new TapeLog(options);
}

class TapeLog implements Log {
  readonly #level: FactLevel;
  readonly #enabled: Readonly<Record<FactLevel, boolean>>;
  readonly #writer: LogWriter;
  readonly #fold = new LogFold<Fact>();
  #emit: ((record: LogRecord) => void) | null = null;
  #pending: LogRecord[] = [];
  #loading: Promise<void> | null = null;
  #loadTimer: Timer | undefined;
  #foldTimer: Timer | undefined;

  constructor(options: LogOptions) {
    const most = LEVEL_ORDER.indexOf(options.level);
    this.#level = options.level;
    this.#enabled = {
      error: true,
      warning: most >= 1,
      info: most >= 2,
      debug: most >= 3,
    };
    const isPretty = options.format === "pretty" ||
      options.format === "auto" && options.isTerminal;
    const format = isPretty
      ? (line: Parameters<typeof formatJson>[0]) =>
        formatPretty(line, options.colours)
      : formatJson;
    this.#writer = new LogWriter(
      options.journalStream ? withPriority(format) : format,
      options.write,
    );
  }

  get dropped(): number {
    return this.#writer.dropped;
  }

  isEnabled(level: FactLevel): boolean {
    return this.#enabled[level];
  }

  fact(fact: Fact): void {
    const level = factLevel(fact);
    if (!this.#enabled[level]) return;
    const key = level === "debug" ? null : foldKey(fact);
    if (key !== null) {
      const nowMs = performance.now();
      this.#tellFolded(nowMs);
      if (!this.#fold.admit(key, fact, nowMs)) {
        this.#awaitFolded(nowMs);
        return;
      }
    }
    const { message, properties } = describeFact(fact);
    this.#put(level, fact.at, message, properties);
  }

  error(message: string, properties: Properties = {}): void {
    this.#say("error", message, properties);
  }

  warning(message: string, properties: Properties = {}): void {
    this.#say("warning", message, properties);
  }

  info(message: string, properties: Properties = {}): void {
    this.#say("info", message, properties);
  }

  debug(message: string, properties: Properties = {}): void {
    this.#say("debug", message, properties);
  }

  async flush(atMostMs: number = FLUSH_MS): Promise<void> {
    clearTimeout(this.#foldTimer);
    this.#foldTimer = undefined;
    this.#tellFolded(Infinity);
    if (this.#pending.length > 0) await this.#load();
    await this.#writer.flush(atMostMs);
  }

  #say(level: FactLevel, message: string, properties: Properties): void {
    if (this.#enabled[level]) this.#put(level, Date.now(), message, properties);
  }

  #put(
    level: FactLevel,
    at: number,
    message: string,
    properties: Properties,
  ): void {
    const record: LogRecord = {
      // LogTape asks for none and copies the whole record where it finds none.
      category: CATEGORY,
      level,
      message: [message],
      rawMessage: message,
      timestamp: at,
      properties,
    };
    if (this.#emit !== null) {
      this.#emit(record);
      return;
    }
    this.#loadTimer ??= setTimeout(() => this.#load(), LOAD_AFTER_MS);
    // So many before LogTape is there: no time for it.
    if (this.#pending.push(record) >= PENDING) this.#release(this.#sink);
  }

  readonly #sink = (record: LogRecord): void => {
    const { level, timestamp, message, properties } = record;
    this.#writer.put({
      level: level === "fatal" ? "error" : level === "trace" ? "debug" : level,
      at: timestamp,
      message: message.length === 1
        ? String(message[0])
        : message.map(String).join(""),
      properties,
    });
  };

  #load(): Promise<void> {
    clearTimeout(this.#loadTimer);
    return this.#loading ??= this.#configure();
  }

  async #configure(): Promise<void> {
    try {
      const { configureSync, getLogger } = await import("@logtape/logtape");
      const sink = Object.assign(this.#sink, { [IMMEDIATE]: true });
      configureSync({
        reset: true,
        sinks: { ours: sink },
        loggers: [
          { category: CATEGORY, lowestLevel: this.#level, sinks: ["ours"] },
          {
            category: ["logtape", "meta"],
            lowestLevel: "error",
            sinks: ["ours"],
          },
        ],
      });
      const logger: Logger = getLogger(CATEGORY);
      this.#release((record) => logger.emit(record));
    } catch (error) {
      // Better a log without LogTape than none.
      this.#release(this.#sink);
      this.error("LogTape cannot be loaded", { error });
    }
  }

  #release(emit: (record: LogRecord) => void): void {
    this.#emit = emit;
    const pending = this.#pending;
    this.#pending = [];
    pending.forEach(emit);
  }

  #tellFolded(nowMs: number): void {
    for (const { sample, count, isMixed } of this.#fold.takeEnded(nowMs)) {
      const { message, properties } = describeFolded(sample, count, isMixed);
      this.#say(factLevel(sample), message, properties);
    }
  }

  /** Sees to it that the count is told, also when nothing more comes. */
  #awaitFolded(nowMs: number): void {
    const waitMs = this.#fold.untilEndMs(nowMs);
    if (this.#foldTimer !== undefined || waitMs === null) return;
    const timer = setTimeout(() => {
      this.#foldTimer = undefined;
      const nowMs = performance.now();
      this.#tellFolded(nowMs);
      this.#awaitFolded(nowMs);
    }, waitMs + 1);
    this.#foldTimer = timer;
    Deno.unrefTimer(timer);
  }
}
