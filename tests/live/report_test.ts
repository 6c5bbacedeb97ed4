/**
 * `pbx report` after phones with right and wrong passwords: what is in the archive, and that no
 * secret is.
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { CaptureReader } from "../../diag/wire/pcap_read.ts";
import { readText, toOctets } from "../../sip/octet.ts";
import type { Lab } from "./lab.ts";
import { Baresip } from "./lab_baresip.ts";
import { liveTest } from "./lab_case.ts";
import { pbxCommand, pbxEnvironment } from "./lab_command.ts";
import type { Algorithm } from "./lab_digest.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { ScriptPhone } from "./lab_phone.ts";
import { until } from "./lab_process.ts";
import { Server } from "./lab_server.ts";

/** Long enough that none stands in a random tag or time by chance. */
const NUMBERS = ["73914026", "80265193"] as const;
const PASSWORDS = ["correct-horse-7", "battery-staple-9"] as const;
const WRONG = "wrong-horse-8";

interface Scene {
  readonly network: Network;
  readonly server: Server;
}

async function openScene(lab: Lab): Promise<Scene> {
  const network = await lab.network();
  const server = await Server.start(lab, {
    namespace: network.server,
    sip: ["0.0.0.0:5060"],
    extensions: { [NUMBERS[0]]: PASSWORDS[0], [NUMBERS[1]]: PASSWORDS[1] },
  });
  return { network, server };
}

/** Registers as `"Phone NUMBER" <sip:…>` and gives the final status. */
async function register(
  network: Network,
  number: string,
  password: string,
  algorithm: Algorithm,
): Promise<number | undefined> {
  await using phone = new ScriptPhone({
    socket: openUdpSocket(network.lan, ADDRESS.lan),
    server: { host: ADDRESS.server, port: 5060 },
    number,
    password,
    algorithm,
  });
  const contact = `"Phone ${number}" <${phone.contact}>;expires=120`;
  return (await phone.register([contact]))?.status;
}

async function registerAll({ network }: Scene): Promise<void> {
  const [one, two] = NUMBERS;
  assert.equal(await register(network, one, PASSWORDS[0], "MD5"), 200);
  assert.equal(await register(network, one, WRONG, "SHA-256"), 403);
  assert.equal(await register(network, two, PASSWORDS[1], "SHA-256"), 200);
  assert.equal(await register(network, two, WRONG, "MD5"), 403);
}

/** Makes a report in the server's namespace; gives the entries as text, one unit an octet. */
async function report(
  lab: Lab,
  { network, server }: Scene,
  ...args: readonly string[]
): Promise<Map<string, string>> {
  const file = `${lab.directory}/report-${args.length}.zip`;
  await Deno.remove(file).catch(() => {});
  const { code, stderr } = await runReport(
    lab,
    network.server,
    ["--output", file, "--data", server.data, ...args],
  );
  assert.equal(code, 0, stderr);
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
  const entries = Object.entries(unzipSync(await Deno.readFile(file)));
  return new Map(
    entries.map(([name, octets]) => [name, readText(octets, 0, octets.length)]),
  );
}

function runReport(lab: Lab, namespace: string, args: readonly string[]) {
  return lab.attempt(namespace, {
    command: [...pbxCommand(), "report", ...args],
    env: pbxEnvironment(),
    clearEnv: true,
  });
}

/** What phones answered, as a capture shows it: both scripts twice, and both programs. */
async function readAnswers(file: string): Promise<string[]> {
  return await until("the capture has all answers", async () => {
    const octets = await Deno.readFile(file);
    const text = readText(octets, 0, octets.length);
    const found = text.matchAll(/\b(?:response|cnonce)="?([0-9a-f]{8,})/gi);
    const answers = new Set(Array.from(found, (match) => match[1]!));
    return answers.size >= 12 && [...answers];
  });
}

function hashesOf(number: string, password: string): string[] {
  return ["md5", "sha256"].map((algorithm) =>
    createHash(algorithm).update(`${number}:pbx:${password}`).digest("hex")
  );
}

function assertNone(
  files: ReadonlyMap<string, string>,
  what: string,
  secrets: readonly string[],
): void {
  for (const [name, text] of files) {
    for (const secret of secrets) {
      const isThere = text.toLowerCase().includes(secret.toLowerCase());
      assert.ok(!isThere, `${what} \`${secret}\` is in ${name}`);
    }
  }
}

liveTest(
  "pbx report lets no secret out, and no number where that is wished",
  ["namespaces", "baresip", "tcpdump"],
  async (lab) => {
    const scene = await openScene(lab);
    const { network, server } = scene;
    const capture = await lab.capture(network.server, "lan", "udp port 5060");
    await registerAll(scene);
    const account = { number: NUMBERS[0], server: ADDRESS.server };
    const right = new Baresip(lab, network.lan, {
      ...account,
      password: PASSWORDS[0],
    });
    right.start();
    await right.registered();
    const wrong = new Baresip(lab, network.lan, {
      ...account,
      number: NUMBERS[1],
      password: WRONG,
    });
    wrong.start();
    await wrong.refused();
    const token = (await Deno.readTextFile(`${server.data}/api-token`)).trim();

    const open = await report(lab, scene);
    const closed = await report(lab, scene, "--without-numbers");
    const answers = await readAnswers(capture.file);
    assert.equal(token.length, 64);
    for (const files of [open, closed]) {
      assert.equal(files.size, 14);
      assertNone(files, "password", [...PASSWORDS, WRONG]);
      for (const number of NUMBERS) {
        for (const password of [...PASSWORDS, WRONG]) {
          assertNone(files, "hash", hashesOf(number, password));
        }
      }
      assertNone(files, "answer", answers);
      assertNone(files, "token", [token]);
    }
    assertNone(closed, "number", NUMBERS);
    assertNone(closed, "name", NUMBERS.map((number) => `Phone ${number}`));

    // what was searched holds the messages, with stars where the answers were
    for (const name of ["messages.pcapng", "messages.txt"]) {
      assert.match(open.get(name)!, /username="73914026".*response="\*{32}"/);
      assert.match(open.get(name)!, /response="\*{64}"/);
      assert.match(open.get(name)!, /User-Agent: baresip/);
      assert.match(closed.get(name)!, /username="n\d+".*response="\*{32}"/);
      assert.match(closed.get(name)!, /"\*\*\*" <sip:n\d+@192\.0\.2\.20:/);
    }
    const verdicts = JSON.parse(open.get("verdicts.json")!) as {
      code: string;
      extension: string;
    }[];
    const found = verdicts.find(({ code }) => code === "wrong-password");
    assert.ok(found !== undefined, open.get("verdicts.json"));
    const hidden = JSON.parse(closed.get("verdicts.json")!) as typeof verdicts;
    assert.ok(hidden.every(({ extension }) => /^n\d+$/.test(extension)));
    assert.deepEqual(JSON.parse(open.get("extensions.json")!), NUMBERS);
    assert.deepEqual(JSON.parse(closed.get("extensions.json")!), ["n1", "n2"]);
    for (const files of [open, closed]) {
      const reader = new CaptureReader(
        toOctets(files.get("messages.pcapng")!),
      );
      assert.ok([...reader].length >= 16);
      assert.equal(reader.damage, "");
      assert.ok(JSON.parse(files.get("facts.json")!).length > 0);
      assert.ok(JSON.parse(files.get("checks.json")!).checks.length > 0);
      assert.equal(JSON.parse(files.get("status.json")!).pid > 0, true);
    }
  },
);

liveTest(
  "pbx report tells of the last attempts when the server is down",
  ["namespaces"],
  async (lab) => {
    const scene = await openScene(lab);
    await registerAll(scene);
    await scene.server.stop("SIGTERM");
    const files = await report(lab, scene, "--lang", "ru");
    assert.match(files.get("verdicts.json")!, /"code": "wrong-password"/);
    assert.match(files.get("verdicts.json")!, /"lang": "ru"/);
    assert.match(files.get("README.txt")!, /Status: no server is running/);
    assert.match(files.get("README.txt")!, /Messages: only a running server/);
    assert.equal(JSON.parse(files.get("status.json")!), null);
    assert.ok(JSON.parse(files.get("facts.json")!).length > 0);
    assertNone(files, "password", [...PASSWORDS, WRONG]);
  },
);

liveTest(
  "pbx report overwrites nothing, and can be piped",
  ["namespaces"],
  async (lab) => {
    const scene = await openScene(lab);
    const { network, server } = scene;
    const data = ["--data", server.data];
    const folder = `${lab.directory}/out`;
    await Deno.mkdir(folder);
    const first = await runReport(lab, network.server, [
      ...data,
      "--output",
      folder,
      "--json",
    ]);
    assert.equal(first.code, 0, first.stderr);
    const { file, octets, entries } = JSON.parse(first.stdout);
    assert.match(file, /\/out\/pbx-report-\d{8}-\d{6}\.zip$/);
    assert.equal((await Deno.stat(file)).size, octets);
    assert.equal(entries[0], "README.txt");
    const again = await runReport(lab, network.server, [
      ...data,
      "--output",
      file,
    ]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /is there already\n.*rm /);
    const both = [...data, "--output", "-", "--json"];
    assert.equal((await runReport(lab, network.server, both)).code, 2);

    const piped = `${lab.directory}/piped.zip`;
    const command = [...pbxCommand(), "report", ...data, "--output", "-"]
      .map((word) => `'${word}'`).join(" ");
    const program = lab.spawn(network.server, {
      command: ["sh", "-c", `${command} > '${piped}'`],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    await until("it ends", () => program.exitCode !== null, 20_000);
    assert.equal(program.exitCode, 0, program.errors);
    assert.ok("README.txt" in unzipSync(await Deno.readFile(piped)));
  },
);
