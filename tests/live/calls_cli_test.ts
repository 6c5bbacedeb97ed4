/**
 * `pbx calls` as scripts and people use it: the history with and without a server, the table, JSON
 * and CSV, and what `hangup` says where there is nothing to end.
 * @module
 */

import assert from "node:assert/strict";
import type { CallRecord } from "../../pbx/call/call_record.ts";
import {
  makeLive,
  makeRecord,
  STARTED_AT,
} from "../../pbx/call/record_sample_test.ts";
import { CallStore } from "../../pbx/io/call_store.ts";
import { openDatabase } from "../../pbx/io/database.ts";
import type { CallEntry } from "../../web/call_entry.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import {
  attemptPbx,
  pbxCommand,
  pbxEnvironment,
  runPbx,
} from "./lab_command.ts";
import { until } from "./lab_process.ts";

/** Puts calls into a data directory, as a server at that time would have done. */
function seed(dataDir: string, records: readonly CallRecord[]): void {
  const database = openDatabase(dataDir, { domains: [], create: true });
  try {
    new CallStore(database, () => STARTED_AT + 60_000).save(records);
  } finally {
    database.close();
  }
}

const OTHER = { ...makeRecord("").caller, number: "1005" };
const HISTORY = [
  makeRecord("c1"),
  makeRecord("c2", {
    startedAt: STARTED_AT + 1000,
    caller: OTHER,
    dialled: "=1009",
  }),
  makeLive("c3", "answered", { startedAt: STARTED_AT + 2000 }),
];

function postpone(record: CallRecord, byMs: number): CallRecord {
  const { startedAt, ringingAt, answeredAt, endedAt } = record;
  const move = (ms: number) => ms > 0 ? ms + byMs : ms;
  return {
    ...record,
    startedAt: move(startedAt),
    ringingAt: move(ringingAt),
    answeredAt: move(answeredAt),
    endedAt: move(endedAt),
  };
}

async function readCalls(
  lab: Lab,
  args: readonly string[],
): Promise<CallEntry[]> {
  return JSON.parse(await runPbx(lab, ["calls", ...args, "--json"], ""));
}

async function startServer(lab: Lab, dataDir: string): Promise<void> {
  const ports = ["--sip", "127.0.0.1:0", "--http", "127.0.0.1:0"];
  const server = lab.spawn(null, {
    command: [...pbxCommand(), "serve", "--data", dataDir, ...ports],
    env: pbxEnvironment(),
    clearEnv: true,
  });
  await server.waitFor(/See how it is/);
}

/** Asks the HTTP interface as the command line does. */
async function askApi(
  dataDir: string,
  path: string,
  method: string = "GET",
): Promise<Response> {
  const read = (name: string) => Deno.readTextFileSync(`${dataDir}/${name}`);
  const { http } = JSON.parse(read("server.json"));
  const headers = { Authorization: `Bearer ${read("api-token").trim()}` };
  return await fetch(`http://${http}${path}`, { headers, method });
}

liveTest(
  "pbx calls shows the history without a server",
  [],
  async (lab) => {
    const dataDir = `${lab.directory}/data`;
    const data = ["--data", dataDir];
    seed(dataDir, HISTORY);
    const calls = await readCalls(lab, data);
    assert.deepEqual(calls.map(({ id }) => id), ["c3", "c2", "c1"]);
    // no server runs: the call that it left open is over
    assert.equal(calls[0]?.state, "ended");
    assert.equal(calls[0].why, "server-stopped");
    assert.equal(calls[0].durationSeconds, 54);
    const table = await runPbx(lab, ["calls", ...data], "");
    assert.match(table, /^TIME +FROM +TO +DURATION +STATE +CODEC +LOSS/);
    assert.match(table, /1001 +1002 +1 min 30 s +caller hung up +PCMA\/8000/);
    const ofNumber = await readCalls(lab, ["1005", ...data]);
    assert.deepEqual(ofNumber.map(({ id }) => id), ["c2"]);
    const newest = await readCalls(lab, ["--limit", "1", ...data]);
    assert.deepEqual(newest.map(({ id }) => id), ["c3"]);
    const csv = await runPbx(lab, ["calls", "--csv", ...data], "");
    const lines = csv.split("\r\n");
    assert.equal(lines.length, 5);
    assert.match(lines[0]!, /^id,state,started,/);
    assert.match(lines[2]!, /^c2,.*,'=1009,/);
  },
);

liveTest(
  "pbx calls names what is wrong and how to go on",
  [],
  async (lab) => {
    const dataDir = `${lab.directory}/data`;
    const data = ["--data", dataDir];
    const nowhere = await attemptPbx(lab, ["calls", ...data]);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /no database in .*\n.*--data/);
    seed(dataDir, []);
    const nothing = await attemptPbx(lab, ["calls", ...data]);
    assert.equal(nothing.code, 0);
    assert.equal(nothing.stdout, "");
    assert.match(nothing.stderr, /no calls yet/);
    assert.deepEqual(await readCalls(lab, data), []);
    const cases: readonly [readonly string[], number, RegExp][] = [
      [["--live", ...data], 1, /No server is running[^]*serve --data/],
      [["hangup", "c1", ...data], 1, /No server is running[^]*serve --data/],
      [[...data, "hangup", "c1"], 1, /No server is running[^]*serve --data/],
      [["hangup"], 2, /missing required argument 'id'/],
      [["--limit", "0", ...data], 2, /`--limit` needs a whole number from 1/],
      [["--json", "--csv", ...data], 2, /cannot be used with/],
      [["1001", "1002"], 2, /too many arguments/],
    ];
    for (const [args, code, expected] of cases) {
      const result = await attemptPbx(lab, ["calls", ...args]);
      assert.match(result.stderr, expected, args.join(" "));
      assert.equal(result.code, code, args.join(" "));
      assert.equal(result.stdout, "");
    }
    const help = await runPbx(lab, ["calls", "--help"], "");
    assert.match(help, /--live[^]*--limit[^]*--csv[^]*hangup[^]*Examples/);
  },
);

liveTest(
  "pbx calls asks the running server for the calls that live",
  [],
  async (lab) => {
    const dataDir = `${lab.directory}/data`;
    const data = ["--data", dataDir];
    // a server deletes what is too old when it starts
    const laterMs = Date.now() - 86_400_000 - STARTED_AT;
    seed(dataDir, HISTORY.map((record) => postpone(record, laterMs)));
    await startServer(lab, dataDir);
    const calls = await readCalls(lab, data);
    assert.deepEqual(calls.map(({ id }) => id), ["c3", "c2", "c1"]);
    assert.equal(calls[0]?.why, "server-stopped");
    assert.deepEqual(await readCalls(lab, ["--live", ...data]), []);
    const unknown: readonly [string, RegExp][] = [
      ["c", /`c` is no call that lives; .* at least 10 .*\n.*No call lives/],
      ["0123456789", /No call .* begins with `0123456789`\n.*No call lives/],
    ];
    for (const [id, expected] of unknown) {
      const result = await attemptPbx(lab, ["calls", "hangup", id, ...data]);
      assert.equal(result.code, 1);
      assert.match(result.stderr, expected);
    }
    const response = await askApi(dataDir, "/api/v1/calls?number=1001&limit=1");
    const [call] = await response.json() as CallEntry[];
    assert.equal(call?.id, "c3");
    const page = await askApi(dataDir, "/api/v1/calls?before=c3");
    assert.deepEqual(
      (await page.json() as CallEntry[]).map(({ id }) => id),
      ["c2", "c1"],
    );
    const one = await askApi(dataDir, "/api/v1/calls/c1");
    assert.equal((await one.json() as CallEntry).why, "hung-up");
    const over = await askApi(dataDir, "/api/v1/calls/c1", "DELETE");
    assert.equal(over.status, 404);
    await over.body?.cancel();
    const status = await runPbx(lab, ["status", ...data, "--json"], "");
    assert.equal(JSON.parse(status).calls, 0);
  },
);

liveTest(
  "pbx calls takes what a crashed server left for no server",
  [],
  async (lab) => {
    const dataDir = `${lab.directory}/data`;
    const data = ["--data", dataDir];
    seed(dataDir, HISTORY);
    // a process that has ended, and whose parent does not ask for its exit code
    const shell = "sh -c 'echo pid $$' & exec sleep 60";
    const parent = lab.spawn(null, { command: ["sh", "-c", shell] });
    await parent.waitFor(/pid \d+\n/);
    const ended = Number(/pid (\d+)/.exec(parent.printed)![1]);
    await until("the process has ended", () => {
      return / Z /.test(Deno.readTextFileSync(`/proc/${ended}/stat`));
    });
    const leave = (pid: number) => {
      const file = { pid, http: "127.0.0.1:9", startedAt: "" };
      Deno.writeTextFileSync(`${dataDir}/server.json`, JSON.stringify(file));
      Deno.writeTextFileSync(`${dataDir}/api-token`, "0".repeat(64));
    };

    // its number is another program's
    leave(parent.pid);
    const status = await attemptPbx(lab, ["status", ...data]);
    assert.equal(status.code, 1);
    assert.match(
      status.stderr,
      /connection refused\n.*start it: pbx serve --data .*data/,
    );
    const [open] = await readCalls(lab, data);
    assert.deepEqual([open?.id, open?.state], ["c3", "unknown"]);

    leave(ended);
    const down = await attemptPbx(lab, ["calls", "--live", ...data]);
    assert.match(down.stderr, /No server is running[^]*serve --data/);
    const [over] = await readCalls(lab, data);
    assert.deepEqual([over?.id, over?.why], ["c3", "server-stopped"]);
  },
);

liveTest(
  "pbx completion knows the commands for calls",
  ["bash"],
  async (lab) => {
    const script = await runPbx(lab, ["completion", "bash"], "");
    const lines = ["pbx cal", "pbx calls hang", "pbx calls --li"];
    const asks = lines.map((line) =>
      `COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _pbx; echo "\${COMPREPLY[*]}"`
    );
    const input = `${script}\n${asks.join("\n")}\n`;
    const command = ["bash", "--norc"];
    const { stdout } = await lab.attempt(null, { command }, input);
    assert.deepEqual(stdout.trimEnd().split("\n"), [
      ...["calls", "hangup", "--live --limit"],
    ]);
  },
);
