/**
 * Capture files of other programs read by ours, and ours by theirs.
 * @module
 */

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { CaptureFile, readCaptureFile } from "../../diag/io/capture_file.ts";
import { Dissector } from "../../diag/wire/dissect.ts";
import { endsOf, findServers } from "../../diag/wire/ends.ts";
import { FrameMaker } from "../../diag/wire/ip_frame.ts";
import { LINK } from "../../diag/wire/packet.ts";
import { CaptureReader } from "../../diag/wire/pcap_read.ts";
import {
  writeInterface,
  writePacket,
  writeSection,
} from "../../diag/wire/pcapng_write.ts";
import { message } from "../../diag/wire/sample_test.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS } from "./lab_network.ts";
import { type Running, until } from "./lab_process.ts";

const VLAN_SERVER = "203.0.113.1";
const VLAN_PHONE = "203.0.113.20";

/** The SIP messages of a file, as lines of text. */
async function readMessages(path: string): Promise<string[]> {
  const reader = new CaptureReader(await readCaptureFile(path));
  const dissector = new Dissector(endsOf(findServers(reader)));
  const lines: string[] = [];
  for (const frame of reader) {
    for (const { fact, message } of dissector.take(frame)) {
      if (fact.kind !== "packet-seen" || message === null) continue;
      const { direction, transport, host, localHost, callId } = fact;
      assert.equal(message.length, fact.octets);
      lines.push(
        `${direction} ${transport} ${host} ${localHost} ${callId} ${fact.octets}`,
      );
    }
  }
  assert.equal(reader.damage, "");
  return lines;
}

/** A VLAN between the server and the phone in the same network; false where there can be none. */
async function makeVlan(
  lab: Lab,
  server: string,
  lan: string,
): Promise<boolean> {
  const places = [
    [server, "lan", `${VLAN_SERVER}/24`],
    [lan, "eth0", `${VLAN_PHONE}/24`],
  ] as const;
  for (const [namespace, parent, address] of places) {
    const command = [
      ..."ip link add link".split(" "),
      parent,
      ..."name tagged type vlan id 5".split(" "),
    ];
    const { code } = await lab.attempt(namespace, { command });
    if (code !== 0) return false;
    await lab.run(namespace, ["ip", "addr", "add", address, "dev", "tagged"]);
    await lab.run(namespace, ["ip", "link", "set", "tagged", "up"]);
  }
  return true;
}

async function startTcpdump(
  lab: Lab,
  namespace: string,
  args: readonly string[],
  file: string,
): Promise<Running> {
  const command = ["tcpdump", "-n", "-U", ...args, "-w", file];
  const program = lab.spawn(namespace, { command });
  await program.waitFor(/listening on/);
  return program;
}

liveTest(
  "readCaptureFile() and Dissector give the same messages of every link type",
  ["namespaces", "tcpdump", "nc", "ss"],
  async (lab) => {
    const { server, lan } = await lab.network();
    const hasVlan = await makeVlan(lab, server, lan);
    if (!hasVlan) console.warn("skipped: VLAN, for want of it in the kernel");
    const table: readonly (readonly [string, readonly string[]])[] = [
      ["ethernet", ["-i", "lan"]],
      ["cooked", ["-i", "any", "-y", "LINUX_SLL"]],
      ["cooked2", ["-i", "any", "-y", "LINUX_SLL2"]],
      ["nano", ["-i", "any", "--nano"]],
      ["loopback", ["-i", "lo"]],
      ...(hasVlan ? [["tagged", ["-i", "tagged"]] as const] : []),
    ];
    const file = (name: string) => `${lab.directory}/${name}.pcap`;
    const programs = await Promise.all(
      table.map(([name, args]) => startTcpdump(lab, server, args, file(name))),
    );
    const expected = [
      ...await talk(server, lan, hasVlan),
      ...await talkTcp(lab, server, lan),
    ];
    const isComplete = async ([name]: readonly [string, unknown]) =>
      (await readMessages(file(name))).length >= wanted(name, expected).length;
    await until(
      "all is on disk",
      async () => (await Promise.all(table.map(isComplete))).every(Boolean),
    );
    await Promise.all(programs.map((program) => program.end()));
    for (const [name] of table) {
      const found = await readMessages(file(name));
      assert.deepEqual(found.sort(), wanted(name, expected).sort(), name);
    }
    const packed = `${lab.directory}/packed.pcap.gz`;
    const whole = await Deno.readFile(file("cooked2"));
    await Deno.writeFile(packed, gzipSync(whole));
    assert.deepEqual(
      (await readMessages(packed)).sort(),
      wanted("cooked2", expected).sort(),
    );
    const tiny = readCaptureFile(packed, 1000);
    await assert.rejects(tiny, (error) => error instanceof OperatorError);
  },
);

/** What a capture of one kind must show. */
function wanted(name: string, expected: readonly string[]): string[] {
  return expected.filter((line) => {
    if (name === "loopback") return line.includes(" 127.0.0.1 ");
    if (name === "tagged") return line.includes(VLAN_PHONE);
    return name !== "ethernet" || !line.includes(" 127.0.0.1 ");
  });
}

/** Phones write to the server, which answers; gives the lines that a capture must show. */
async function talk(
  server: string,
  lan: string,
  hasVlan: boolean,
): Promise<string[]> {
  const lines: string[] = [];
  const pairs = [
    [lan, ADDRESS.lan, ADDRESS.server],
    [lan, ADDRESS.lan6, ADDRESS.server6],
    [server, "127.0.0.1", "127.0.0.1"],
    ...(hasVlan ? [[lan, VLAN_PHONE, VLAN_SERVER] as const] : []),
  ] as const;
  for (const [namespace, host, localHost] of pairs) {
    const phone = openUdpSocket(namespace, host);
    const listener = openUdpSocket(server, localHost, 5060);
    for (const count of [0, 50]) {
      const callId = `${localHost}-${count}`;
      const request = message({ callId, lines: count });
      const answer = message({ callId, lines: count, status: "200 OK" });
      await phone.send(request, listener.addr);
      await listener.receive();
      await listener.send(answer, phone.addr);
      await phone.receive();
      lines.push(
        `in udp ${host} ${localHost} ${callId} ${request.length}`,
        `out udp ${host} ${localHost} ${callId} ${answer.length}`,
      );
    }
    phone.close();
    listener.close();
  }
  return lines;
}

/** The same over a connection, in which the messages take several segments. */
async function talkTcp(
  lab: Lab,
  server: string,
  lan: string,
): Promise<string[]> {
  const request = message({ callId: "stream", lines: 100 });
  const answer = message({ callId: "stream", lines: 100, status: "200 OK" });
  const listen = { command: ["nc", "-l", ADDRESS.server, "5060"] };
  const listener = lab.spawn(server, listen);
  await until("somebody listens", async () => {
    const sockets = await lab.run(server, ["ss", "-Hltn"]);
    return sockets.includes(`${ADDRESS.server}:5060`);
  });
  const ask = { command: ["nc", ADDRESS.server, "5060"] };
  const phone = lab.spawn(lan, ask);
  await phone.write(new TextDecoder().decode(request));
  await listener.waitFor(/X-Line: 99 /);
  await listener.write(new TextDecoder().decode(answer));
  await phone.waitFor(/X-Line: 99 /);
  const ends = `${ADDRESS.lan} ${ADDRESS.server} stream`;
  return [
    `in tcp ${ends} ${request.length}`,
    `out tcp ${ends} ${answer.length}`,
  ];
}

liveTest(
  "tshark reads what CaptureFile writes, without complaint",
  ["tshark", "capinfos"],
  async (lab) => {
    const path = `${lab.directory}/ours.pcapng`;
    const file = new CaptureFile(path);
    file.write(writeSection());
    file.write(writeInterface(LINK.raw, "socket"));
    const maker = new FrameMaker();
    const pairs = [["192.0.2.1", "198.51.100.7"], [
      "2001:db8::1",
      "2001:db8::7",
    ]] as const;
    const at = Date.UTC(2024, 1, 29, 12) + 0.25;
    const expected: string[] = [];
    for (const transport of ["udp", "tcp"] as const) {
      for (const [source, destination] of pairs) {
        for (const lines of [0, 40]) {
          const callId = `${transport}-${source}-${lines}`;
          const octets = message({ callId, lines });
          const packets = maker.wrap({
            transport,
            source,
            sourcePort: 5060,
            destination,
            destinationPort: 40000,
            octets,
          });
          for (const bytes of packets) {
            file.write(writePacket({ at, bytes, comment: `of ${callId}` }));
          }
          expected.push(`${at / 1000} ${callId} of ${callId}`);
        }
      }
    }
    file.close();
    const checked = ["ip", "udp", "tcp"].flatMap((protocol) => [
      "-o",
      `${protocol}.check_checksum:TRUE`,
    ]);
    const fields = ["frame.time_epoch", "sip.Call-ID", "frame.comment"];
    const printed = await lab.run(null, [
      ...["tshark", "-n", "-r", path, ...checked, "-Y", "sip", "-T", "fields"],
      ...fields.flatMap((field) => ["-e", field]),
    ]);
    const found = printed.trim().split("\n").map((line) => {
      const [time, ...rest] = line.split("\t");
      return [Number(time), ...rest].join(" ");
    });
    assert.deepEqual(found, expected);
    const faults = await lab.run(null, [
      ...["tshark", "-n", "-r", path, ...checked],
      ...["-Y", '_ws.malformed or _ws.expert.severity >= "Warning"'],
    ]);
    assert.equal(faults, "");
    const info = await lab.run(null, ["capinfos", path]);
    assert.match(info, /Capture application:\s+pbx/);
    assert.match(info, /Number of packets:\s+8\b/);
    assert.deepEqual(
      (await readMessages(path)).map((line) => line.split(" ")[4]),
      expected.map((line) => line.split(" ")[1]),
    );
  },
);

liveTest(
  "CaptureFile leaves a file that opens on a full disk",
  ["root", "mount"],
  async (lab) => {
    const folder = `${lab.directory}/small`;
    await lab.mountMemory(folder, "64k");
    const path = `${folder}/trace.pcapng`;
    const file = new CaptureFile(path);
    file.write(writeSection());
    file.write(writeInterface(LINK.raw, "socket"));
    const block = writePacket({ at: 1, bytes: new Uint8Array(5000) });
    let written = 0;
    assert.throws(() => {
      for (; written < 100; written++) file.write(block);
    }, (error) => error instanceof OperatorError);
    assert.ok(written > 5 && written < 20, `${written}`);
    file.close();
    const reader = new CaptureReader(await readCaptureFile(path));
    assert.equal([...reader].length, written);
    assert.equal(reader.damage, "");
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  },
);

liveTest("readCaptureFile() says what is wrong", ["gzip"], async (lab) => {
  const missing = readCaptureFile(`${lab.directory}/none.pcap`);
  await assert.rejects(missing, /there is no such file/);
  await assert.rejects(readCaptureFile(lab.directory), OperatorError);
  const path = `${lab.directory}/cut.gz`;
  const whole = gzipSync(crypto.getRandomValues(new Uint8Array(20_000)));
  await Deno.writeFile(path, whole.subarray(0, 10_000));
  const part = await readCaptureFile(path);
  assert.ok(part.length > 5000 && part.length < 20_000, `${part.length}`);
  await Deno.writeFile(path, Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3));
  const broken = readCaptureFile(path).then((bytes) => bytes.length, String);
  assert.match(`${await broken}`, /^0$|Cannot unpack/);
});
