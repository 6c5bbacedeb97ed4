/**
 * The log with real timers and LogTape, and with readers that are slow, asleep or gone.
 * @module
 */

import assert from "node:assert/strict";
import type { Fact } from "../../pbx/fact.ts";
import { Flow } from "../../sip/flow.ts";
import { type Log, type LogOptions, startLog } from "../../diag/io/log.ts";

/** A reader that can be stopped. */
class Reader {
  readonly chunks: string[] = [];
  #waiting: (() => void) | null = null;
  isAsleep = false;
  isGone = false;

  readonly write = (octets: Uint8Array): Promise<void> => {
    if (this.isGone) return Promise.reject(new Deno.errors.BrokenPipe());
    this.chunks.push(new TextDecoder().decode(octets));
    if (!this.isAsleep) return Promise.resolve();
    return new Promise((resolve) => this.#waiting = resolve);
  };

  wake(): void {
    this.isAsleep = false;
    this.#waiting?.();
    this.#waiting = null;
  }

  get lines(): readonly string[] {
    return this.chunks.join("").split("\n").slice(0, -1);
  }

  get documents(): readonly Record<string, unknown>[] {
    return this.lines.map((line) => JSON.parse(line));
  }
}

function start(reader: Reader, options: Partial<LogOptions> = {}): Log {
  return startLog({
    level: "debug",
    format: "auto",
    isTerminal: false,
    journalStream: false,
    colours: false,
    write: reader.write,
    ...options,
  });
}

const flow = new Flow("udp", 1, "192.0.2.1", 5060, "198.51.100.7", 5060);

function refuse(host: string): Fact {
  return {
    kind: "refused",
    at: 0,
    flow: new Flow("udp", 1, "192.0.2.1", 5060, host, 5060),
    stage: "auth",
    method: "REGISTER",
    number: "1002",
    callId: "a",
    status: 403,
    why: "wrong-password",
    detail: "",
    userAgent: "{number} {{x}}",
  };
}

Deno.test("startLog() writes JSON lines in the order in which they came", async () => {
  const reader = new Reader();
  const log = start(reader);
  log.info("Listening on `udp:192.0.2.1:5060`, braces {stay} {{as}} they are", {
    port: 5060,
  });
  log.debug("Second");
  await log.flush();
  log.fact(refuse("198.51.100.7"));
  await log.flush();
  assert.deepEqual(
    reader.documents.map(({ level, message }) => [level, message]),
    [
      [
        "info",
        "Listening on `udp:192.0.2.1:5060`, braces {stay} {{as}} they are",
      ],
      ["debug", "Second"],
      [
        "warning",
        "`REGISTER` for extension `1002` from `198.51.100.7:5060` refused with `403` for `wrong-password`",
      ],
    ],
  );
  assert.equal(reader.documents[0]!["port"], 5060);
  assert.equal(reader.documents[2]!["userAgent"], "{number} {{x}}");
  assert.equal(log.dropped, 0);
});

Deno.test("startLog() leaves out what is below its level", async () => {
  const reader = new Reader();
  const log = start(reader, { level: "warning" });
  log.info("No");
  log.fact({ kind: "connection-opened", at: 0, flow, stage: "transport" });
  await log.flush();
  log.warning("Yes");
  await log.flush();
  assert.deepEqual(reader.documents.map(({ message }) => message), ["Yes"]);
});

Deno.test("startLog() begins lines with a priority for journald", async () => {
  const reader = new Reader();
  const log = start(reader, { journalStream: true });
  log.error("A");
  log.warning("B");
  log.info("C");
  log.debug("D");
  await log.flush();
  assert.deepEqual(reader.lines.map((line) => line.slice(0, 3)), [
    "<3>",
    "<4>",
    "<6>",
    "<7>",
  ]);
  assert.equal(JSON.parse(reader.lines[0]!.slice(3)).message, "A");
});

Deno.test("startLog() writes for people on a terminal", async () => {
  const reader = new Reader();
  const log = start(reader, { isTerminal: true });
  log.info("Hello");
  await log.flush();
  assert.match(reader.lines[0]!, /^\d\d:\d\d:\d\d info {4}Hello$/);
});

Deno.test("startLog() puts many lines into few writes", async () => {
  const reader = new Reader();
  const log = start(reader);
  for (let i = 0; i < 5000; i++) log.info(`Line \`${i}\``);
  await log.flush();
  assert.equal(reader.lines.length, 5000);
  assert.ok(reader.chunks.length < 20, `${reader.chunks.length} writes`);
});

Deno.test("startLog() stays bounded while nobody reads, drops debug first and tells", async () => {
  const reader = new Reader();
  const log = start(reader);
  log.info("First");
  await log.flush();
  reader.isAsleep = true;
  log.error("The write that sleeps");
  await Promise.resolve();
  assert.equal(reader.chunks.length, 2);
  const text = "x".repeat(1000);
  for (let i = 0; i < 500; i++) log.info(text);
  for (let i = 0; i < 10_000; i++) log.debug(text);
  const droppedDebug = log.dropped;
  assert.ok(droppedDebug > 9000);
  for (let i = 0; i < 400; i++) log.warning(text);
  reader.wake();
  await log.flush();
  const count = (level: string) =>
    reader.documents.filter((line) =>
      line["level"] === level && line["message"] === text
    ).length;
  assert.equal(count("info"), 500);
  assert.equal(count("warning"), 400);
  assert.equal(count("debug"), 0);
  assert.ok(reader.chunks.join("").length < 1.2 * 1024 * 1024);
  const told = reader.documents.filter((line) =>
    line["kind"] === "log-dropped"
  );
  assert.deepEqual(told.map(({ debug, info }) => [debug, info]), [[10_000, 0]]);
  assert.equal(log.dropped, 10_000);
});

Deno.test("flush() gives up on a reader that sleeps", async () => {
  const reader = new Reader();
  reader.isAsleep = true;
  const log = start(reader);
  log.info("Never read");
  await log.flush(10);
  assert.equal(reader.chunks.length, 1);
  reader.wake();
  await log.flush();
});

Deno.test("startLog() lives on when its reader is gone", async () => {
  const reader = new Reader();
  const log = start(reader);
  reader.isGone = true;
  log.error("A");
  log.info("B");
  await log.flush();
  assert.equal(log.dropped, 2);
  reader.isGone = false;
  log.info("C");
  await log.flush();
  assert.deepEqual(reader.documents.map(({ message }) => message), [
    "C",
    "Log lines lost because nobody read fast enough: `2`",
  ]);
});

Deno.test("fact() writes a few of the same refusals of a host, then their number", async () => {
  const reader = new Reader();
  const log = start(reader);
  for (let i = 0; i < 100; i++) log.fact(refuse("198.51.100.7"));
  log.fact(refuse("198.51.100.8"));
  await log.flush();
  const messages = reader.documents.map(({ message }) => message);
  assert.equal(messages.length, 7);
  assert.equal(
    messages.at(-1),
    "More of `wrong-password` from `198.51.100.7` in the last minute: `95`",
  );
});
