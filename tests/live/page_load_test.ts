/**
 * The page never slows the telephone: with a thousand streams open, of which many are never read,
 * every phone is answered, memory stays within a bound, whoever reads gets everything in order,
 * and when all are gone nothing is left of them.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { runPbx } from "./lab_command.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ScriptPhone } from "./lab_phone.ts";
import { until } from "./lab_process.ts";
import { PASSWORD, setPassword, Site } from "./lab_site.ts";
import { DeafCrowd, StreamReader } from "./lab_streams.ts";

const PHONES = 200;
const ROUNDS = 4;
/** Path, how many read it, how many ask for it and never read. */
const CROWD: readonly (readonly [string, number, number])[] = [
  ["/stream/status", 240, 60],
  ["/stream/extensions", 160, 40],
  ["/stream/trace", 160, 80],
  ["/api/v1/events?facts=1&messages=1", 160, 100],
];
const STREAMS = 1000;
const NEWS = new Set(["fragments", "rows", "message"]);
const MOST_TRACES = 256;
const OVER = 24;
/** What a thousand streams may cost while they are open, and when they are gone, in megabytes. */
const MOST_GROWTH_MB = 192;
const MOST_LEFT_MB = 80;
/** Milliseconds of CPU in a second while nothing is asked for. */
const MOST_IDLE_MS = 60;

interface Office {
  readonly site: Site;
  /** `host:port` */
  readonly http: string;
  readonly sip: { readonly host: string; readonly port: number };
  readonly headers: Readonly<Record<string, string>>;
}

async function openOffice(lab: Lab): Promise<Office> {
  const data = `${lab.directory}/data`;
  const rows = listNumbers().map((number) => `${number},pw-${number},`);
  await runPbx(
    lab,
    ["extension", "import", "-", "--data", data],
    `number,password,name\n${rows.join("\n")}\n`,
  );
  await setPassword(lab, data, PASSWORD);
  const site = await Site.start(lab, data);
  const file = JSON.parse(Deno.readTextFileSync(`${data}/server.json`));
  const [host = "", port = ""] = String(file.sip[0]).split(":");
  const cookie = await site.signIn(PASSWORD);
  return {
    site,
    http: file.http,
    sip: { host, port: Number(port) },
    headers: { "Cookie": `pbx_session=${cookie}` },
  };
}

function listNumbers(): string[] {
  return Array.from({ length: PHONES }, (_, i) => String(2000 + i));
}

function openPhones({ sip }: Office): ScriptPhone[] {
  return listNumbers().map((number) =>
    new ScriptPhone({
      socket: openUdpSocket(null, "127.0.0.1"),
      server: sip,
      number,
      password: `pw-${number}`,
    })
  );
}

/** The status of each answer, none twice. */
async function registerAll(phones: readonly ScriptPhone[]): Promise<unknown[]> {
  const answers = await Promise.all(
    phones.map((phone) => phone.register([`<${phone.contact}>`], 20_000)),
  );
  return [...new Set(answers.map((answer) => answer?.status ?? null))];
}

liveTest(
  "a thousand open streams change nothing for the phones, and leave nothing behind",
  [],
  async (lab) => {
    const office = await openOffice(lab);
    const { site, http, headers } = office;
    const { pid } = site.process;
    const base = `http://${http}`;
    // everything that is loaded for the first page is there
    await Promise.all(
      ["/", "/extensions", "/live"].map((path) => site.ask(path, { headers })),
    );
    const phones = openPhones(office);
    lab.onClose(async () => {
      await Promise.all(phones.map((phone) => phone.close()));
    });
    assert.deepEqual(await registerAll(phones), [200]);
    const before = await readQuietly(pid);

    const readers: StreamReader[] = [];
    const deaf = new DeafCrowd();
    lab.onClose(async () => {
      deaf.close();
      await Promise.all(readers.map((reader) => reader.close()));
    });
    for (const [path, count, deafCount] of CROWD) {
      for (let i = 0; i < deafCount; i++) deaf.ask(http, path, headers);
      for (let i = 0; i < count; i++) {
        readers.push(await StreamReader.open(base, path, headers));
      }
    }
    assert.deepEqual([...new Set(readers.map(({ status }) => status))], [200]);
    await until("the server has them all", () => {
      return countFiles(pid) - before.files >= STREAMS;
    });
    const used = CROWD.find(([path]) => path === "/stream/trace")!;
    const room = MOST_TRACES - used[1] - used[2];
    const refused: StreamReader[] = [];
    for (let i = 0; i < room + OVER; i++) {
      const reader = await StreamReader.open(base, "/stream/trace", headers);
      (reader.status === 200 ? readers : refused).push(reader);
    }
    assert.equal(refused.length, OVER);
    for (const { status, retryAfter } of refused) {
      assert.deepEqual([status, retryAfter], [503, "10"]);
    }

    for (let round = 0; round < ROUNDS; round++) {
      assert.deepEqual(await registerAll(phones), [200], `round ${round}`);
    }
    const during = readMemory(pid);
    const growth = during - before.memory;
    console.log(
      `server: ${before.memory} MB before, ${during} MB with ${STREAMS} streams and ${
        PHONES * ROUNDS
      } registrations`,
    );
    assert.ok(growth < MOST_GROWTH_MB, `${growth} MB more`);

    await seeNews(office, readers, phones[0]!);
    checkOrder(readers);

    deaf.leave();
    await Promise.all(readers.splice(0).map((reader) => reader.close()));
    await until("their files are closed", () => {
      return countFiles(pid) <= before.files + 2;
    }, 30_000);
    await until("memory is given back", () => {
      return readMemory(pid) - before.memory < MOST_LEFT_MB;
    }, 90_000);
    const after = await readQuietly(pid);
    console.log(
      `server: ${after.memory} MB afterwards; ${before.idleMs} ms of CPU a second before, ${after.idleMs} ms afterwards`,
    );
    assert.ok(
      after.idleMs <= before.idleMs + MOST_IDLE_MS,
      `${before.idleMs} ms, then ${after.idleMs} ms`,
    );
    assert.deepEqual(await registerAll(phones), [200]);
    assert.equal((await site.ask("/", { headers })).status, 200);
  },
);

/** One phone more registers, and everybody who reads hears of it. */
async function seeNews(
  { site, headers }: Office,
  readers: readonly StreamReader[],
  phone: ScriptPhone,
): Promise<void> {
  const waiting = new Map(
    readers.map((reader) => [reader, countNews(reader)]),
  );
  // another contact is news on every page
  const extra = phone.contact.replace("sip:", "sip:other-");
  const answer = await phone.register([`<${phone.contact}>`, `<${extra}>`]);
  assert.equal(answer?.status, 200);

  const page = await site.ask("/extensions", { headers });
  assert.equal(page.status, 200);
  await until(
    "everybody has heard of it",
    () => {
      for (const [reader, seen] of waiting) {
        if (countNews(reader) > seen) waiting.delete(reader);
      }
      return waiting.size === 0;
    },
    60_000,
    200,
  ).catch((error) => {
    const paths = Map.groupBy(waiting.keys(), ({ path }) => path);
    const left = [...paths].map(([path, { length }]) => `${path}: ${length}`);
    throw new Error(`${error}; not yet: ${left.join(", ")}`);
  });
  assert.ok(readers.every(({ isOver }) => !isOver), "a stream has ended");
}

function countNews({ events }: StreamReader): number {
  return events.filter(({ name }) => NEWS.has(name)).length;
}

/** What came is in order, and what one has not got was told to him. */
function checkOrder(readers: readonly StreamReader[]): void {
  const traces = readers.filter(({ path }) => path === "/stream/trace")
    .map(readRows);
  // messages of the server's own checks have numbers and no rows
  const all = [...new Set(traces.flatMap(({ ids }) => ids))]
    .sort((a, b) => a - b);
  for (const { ids, dropped } of traces) {
    assert.ok(ids.length > 0);
    assert.ok(ids.every((id, i) => i === 0 || id > ids[i - 1]!), String(ids));
    const wanted = all.filter((id) => id >= ids[0]! && id <= ids.at(-1)!);
    assert.equal(ids.length + dropped, wanted.length);
  }
  for (const { path, events } of readers) {
    if (path.startsWith("/api/v1/events")) {
      const times = events
        .filter(({ name }) => name === "message")
        .map(({ data }) => (JSON.parse(data) as { at: number }).at);
      assert.ok(times.length > 0);
      assert.ok(
        times.every((at, i) => i === 0 || at >= times[i - 1]!),
        String(times),
      );
    } else if (path !== "/stream/trace") {
      assert.ok(events.every(({ name }) => name === "fragments"));
    }
  }
}

function readRows({ events }: StreamReader) {
  const dataOf = (wanted: string) =>
    events.filter(({ name }) => name === wanted).map(({ data }) => data);
  const rows: { id: number }[] = dataOf("rows")
    .flatMap((data) => JSON.parse(data));
  return {
    ids: rows.map(({ id }) => id),
    dropped: dataOf("dropped").reduce((sum, data) => sum + Number(data), 0),
  };
}

interface Reading {
  readonly files: number;
  /** Megabytes. */
  readonly memory: number;
  /** CPU in a second. */
  readonly idleMs: number;
}

/** How the server is when nobody asks it anything; looks at a second of its life. */
async function readQuietly(pid: number): Promise<Reading> {
  let idleMs = Infinity;
  // what it does after a storm is over when two readings are the same
  for (let second = 0; second < 10; second++) {
    const begin = readCpuMs(pid);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const spent = readCpuMs(pid) - begin;
    const isSettled = Math.abs(spent - idleMs) <= 20;
    idleMs = spent;
    if (isSettled) break;
  }
  return { files: countFiles(pid), memory: readMemory(pid), idleMs };
}

function countFiles(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

function readMemory(pid: number): number {
  const text = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Math.round(Number(/^VmRSS:\s*(\d+)/m.exec(text)![1]) / 1024);
}

/** Ticks of a hundredth of a second, in milliseconds. */
function readCpuMs(pid: number): number {
  const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}
