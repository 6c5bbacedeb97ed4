/**
 * `pbx trace` with real sockets: from the network card and from the running server, as a ladder,
 * as JSON and as a capture file.
 * @module
 */

import assert from "node:assert/strict";
import { CaptureReader } from "../../diag/wire/pcap_read.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { attemptPbx, pbxCommand, pbxEnvironment } from "./lab_command.ts";
import { ACCOUNT, type Office, openOffice, openPhone } from "./lab_office.ts";
import { type Running, until } from "./lab_process.ts";

/** What takes the right to watch the network cards from root. */
const WITHOUT_RIGHT = [
  "setpriv",
  "--bounding-set",
  "-net_raw",
  "--inh-caps",
  "-net_raw",
];

/** Starts a trace in the server's namespace, and waits until it watches. */
async function startTrace(
  lab: Lab,
  { network, server }: Office,
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<Running> {
  const command = [...pbxCommand(), "trace", ...args, "--data", server.data];
  const trace = lab.spawn(network.server, {
    command: [...prefix, ...command],
    env: pbxEnvironment(),
    clearEnv: true,
  });
  await trace.waitFor(/^Watching .*\n/m, 15_000);
  return trace;
}

async function stop(trace: Running): Promise<number> {
  trace.signal("SIGINT");
  return await trace.wait(10_000);
}

/** Registers one phone rightly and one with a wrong password. */
async function registerTwice({ network }: Office): Promise<void> {
  await using right = openPhone(network, "lan");
  await using wrong = openPhone(network, "nat", { password: "wrong-horse-8" });
  assert.equal((await right.register([right.contact]))?.status, 200);
  assert.equal((await wrong.register([wrong.contact]))?.status, 403);
}

liveTest(
  "pbx trace shows a ladder from the network card and ends with Ctrl-C",
  ["namespaces"],
  async (lab) => {
    const office = await openOffice(lab);
    const trace = await startTrace(lab, office, []);
    assert.match(trace.errors, /network cards, ports 50\d\d-5090/);
    await registerTwice(office);
    await trace.waitFor(/403 Forbidden REGISTER 1001/);
    assert.equal(await stop(trace), 0);
    assert.match(trace.errors, /\d+ messages of 2 peers\n/);
    const ladder = trace.printed;
    assert.match(ladder, /^ +192\.0\.2\.20:\d+ is lab-phone\/1\.0$/m);
    assert.match(
      ladder,
      /192\.0\.2\.20:\d+ +→ 192\.0\.2\.1:5060 +REGISTER 1001 {2}no credentials/,
    );
    assert.match(
      ladder,
      /← 192\.0\.2\.1:5060 +200 OK REGISTER 1001 {2}expires/,
    );
    assert.doesNotMatch(ladder, /\x1b/);
    for (const line of ladder.split("\n")) assert.ok(line.length <= 100, line);
  },
);

liveTest(
  "pbx trace sees what the firewall drops, with the server down too",
  ["namespaces", "nft"],
  async (lab) => {
    const office = await openOffice(lab);
    const { network, server } = office;
    await server.stop("SIGTERM");
    await lab.run(network.server, [
      "nft",
      "add table inet t; add chain inet t in { type filter hook input priority 0; }; add rule inet t in udp dport 5060-5070 drop",
    ]);
    const trace = await startTrace(lab, office, ["192.0.2.20", "--count", "2"]);
    await using phone = openPhone(network, "lan");
    await phone.register([phone.contact], 1000);
    assert.equal(await trace.wait(15_000), 0);
    assert.match(trace.printed, /REGISTER 1001 {2}retransmission/);
    assert.match(trace.errors, /2 messages of 1 peer\n/);
  },
);

liveTest(
  "pbx trace follows the server where it may not watch the card",
  ["namespaces", "setpriv"],
  async (lab) => {
    const office = await openOffice(lab);
    await registerTwice(office);
    const args = [ACCOUNT.number, "--json", "--past", "60", "--count", "7"];
    const trace = await startTrace(lab, office, args, WITHOUT_RIGHT);
    assert.match(trace.errors, /what the server \(pid \d+\) gets/);
    assert.match(trace.errors, /sudo .* trace 1001 --json/);
    await registerTwice(office);
    assert.equal(await trace.wait(15_000), 0);
    const lines = trace.printed.trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    assert.equal(lines.length, 7);
    assert.deepEqual(Object.keys(lines[0]), [
      "at",
      "direction",
      "transport",
      "from",
      "to",
      "method",
      "status",
      "callId",
      "text",
    ]);
    assert.match(lines[2].text, /response="\*{32}"/);
    assert.doesNotMatch(trace.printed, /response=\\"[0-9a-f]/);

    await office.server.stop("SIGTERM");
    const { code, stderr } = await lab.attempt(office.network.server, {
      command: [
        ...WITHOUT_RIGHT,
        ...pbxCommand(),
        "trace",
        "--data",
        office.server.data,
      ],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    assert.equal(code, 1);
    assert.match(stderr, /Nothing shows the messages.*\n.*sudo /);
  },
);

liveTest(
  "pbx trace --pcap writes a file that is whole whenever it ends",
  ["namespaces", "tshark"],
  async (lab) => {
    const office = await openOffice(lab);
    const file = `${lab.directory}/trace.pcapng`;
    const args = ["--pcap", file, "-v"];
    const trace = await startTrace(lab, office, args);
    await registerTwice(office);
    await trace.waitFor(/403 Forbidden REGISTER/);
    trace.signal("SIGKILL");
    await trace.exited;
    assert.match(
      trace.printed,
      /^ {4}Authorization: Digest .*response="\*{32}"/m,
    );
    const bytes = await Deno.readFile(file);
    const reader = new CaptureReader(bytes);
    assert.ok([...reader].length >= 8);
    assert.equal(reader.damage, "");
    assert.doesNotMatch(new TextDecoder().decode(bytes), /response="[0-9a-f]/);
    const columns = [
      "-T",
      "fields",
      "-e",
      "sip.Status-Code",
      "-e",
      "_ws.expert.message",
    ];
    const checks = [
      "-o",
      "udp.check_checksum:TRUE",
      "-o",
      "ip.check_checksum:TRUE",
    ];
    const read = await lab.run(null, [
      "tshark",
      "-r",
      file,
      ...checks,
      ...columns,
    ]);
    assert.match(read, /^401/m);
    assert.match(read, /^200/m);
    assert.doesNotMatch(read, /checksum/i);

    const again = await attemptPbx(lab, [
      "trace",
      "--pcap",
      file,
      "--data",
      office.server.data,
    ]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /is there already\n.*rm /);
  },
);

liveTest(
  "pbx trace --pcap - --secrets writes nothing else to standard output",
  ["namespaces"],
  async (lab) => {
    const office = await openOffice(lab);
    const file = `${lab.directory}/piped.pcapng`;
    const command = [
      ...pbxCommand(),
      "trace",
      "--pcap",
      "-",
      "--secrets",
      "--count",
      "4",
    ]
      .map((word) => `'${word}'`).join(" ");
    const trace = lab.spawn(office.network.server, {
      command: [
        "sh",
        "-c",
        `${command} --data '${office.server.data}' > '${file}'`,
      ],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    await trace.waitFor(/^Watching/m, 15_000);
    await registerTwice(office);
    assert.equal(await trace.wait(15_000), 0);
    const bytes = await Deno.readFile(file);
    const reader = new CaptureReader(bytes);
    assert.equal([...reader].length, 4);
    assert.equal(reader.damage, "");
    assert.match(new TextDecoder().decode(bytes), /response="[0-9a-f]{32}"/);
  },
);

liveTest(
  "pbx trace ends quietly where its reader is gone",
  ["namespaces"],
  async (lab) => {
    const office = await openOffice(lab);
    const command = pbxCommand().map((word) => `'${word}'`).join(" ");
    const pipe = `${command} trace --data '${office.server.data}' | head -n 1`;
    const trace = lab.spawn(office.network.server, {
      command: ["bash", "-o", "pipefail", "-c", pipe],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    await trace.waitFor(/^Watching/m, 15_000);
    await until("the pipe ends", async () => {
      await registerTwice(office);
      return trace.exitCode !== null;
    }, 15_000);
    assert.equal(trace.exitCode, 0);
    assert.doesNotMatch(trace.errors, /fault of the program/);
  },
);

liveTest("pbx trace names wrong usage", [], async (lab) => {
  const data = ["--data", `${lab.directory}/data`];
  const cases: readonly [readonly string[], RegExp][] = [
    [["sip:1001@pbx"], /neither a number nor an IP address/],
    [["--count", "0"], /`--count` needs a whole number/],
    [["--past", "x"], /`--past` needs a whole number/],
  ];
  for (const [args, expected] of cases) {
    const { code, stderr } = await attemptPbx(lab, ["trace", ...args, ...data]);
    assert.equal(code, 2);
    assert.match(stderr, expected);
  }
});
