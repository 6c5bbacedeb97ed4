/**
 * What a server tells systemd, as systemd hears it.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { pbxCommand, pbxEnvironment } from "./lab_command.ts";
import { NotifySocket } from "./lab_notify.ts";
import type { Running } from "./lab_process.ts";
import { OPTIONS, readOctets, writeAll } from "./tcp_peer.ts";

const WATCHDOG_MS = 1500;

function startServer(
  lab: Lab,
  socket: NotifySocket,
  more: Readonly<Record<string, string>> = {},
): Running {
  const data = ["--data", `${lab.directory}/data`];
  const ports = ["--sip", "127.0.0.1:0", "--http", "127.0.0.1:0"];
  return lab.spawn(null, {
    command: [...pbxCommand(), "serve", ...data, ...ports],
    env: { ...pbxEnvironment(), NOTIFY_SOCKET: socket.name, ...more },
    clearEnv: true,
  });
}

const WATCHED = { WATCHDOG_USEC: `${WATCHDOG_MS * 1000}` };

liveTest(
  "pbx serve tells systemd that phones are served, how many, and that it stops",
  [],
  async (lab) => {
    const name = `@pbx-lab-${crypto.randomUUID()}`;
    for (const socket of [`${lab.directory}/notify`, name]) {
      const ear = new NotifySocket(lab, socket);
      const server = startServer(lab, ear);
      const { text } = await ear.next(/^READY=1$/m);
      assert.match(
        text,
        /^STATUS=Phones registered: 0, extensions: 0, calls: 0$/m,
      );
      // phones come first
      assert.doesNotMatch(server.output, /See how it is/);
      await server.waitFor(/See how it is/);
      server.signal("SIGTERM");
      assert.equal(await server.wait(10_000), 0);
      await ear.next(/^STOPPING=1$/m);
      const all = ear.heard.map(({ text }) => text).join("");
      assert.doesNotMatch(all, /WATCHDOG/, "nobody asked for it");
      assert.equal(all.match(/READY=1/g)?.length, 1);
    }
  },
);

liveTest(
  "pbx serve tells the watchdog three times as often as it must, and not when it hangs",
  [],
  async (lab) => {
    const ear = new NotifySocket(lab, `${lab.directory}/notify`);
    const server = startServer(lab, ear, WATCHED);
    await ear.next(/^READY=1$/m);
    await server.waitFor(/See how it is/);
    for (let i = 0; i < 5; i++) {
      await ear.next(/^WATCHDOG=1$/m, ear.heard.length, WATCHDOG_MS);
    }
    server.signal("SIGSTOP");
    const from = ear.heard.length + 1;
    await assert.rejects(ear.next(/WATCHDOG/, from, 2 * WATCHDOG_MS));
    server.signal("SIGCONT");
    await ear.next(/^WATCHDOG=1$/m, from);
  },
);

liveTest(
  "pbx serve leaves a watchdog alone that watches another process",
  [],
  async (lab) => {
    const ear = new NotifySocket(lab, `${lab.directory}/notify`);
    startServer(lab, ear, { ...WATCHED, WATCHDOG_PID: "1" });
    await ear.next(/^READY=1$/m);
    await assert.rejects(ear.next(/WATCHDOG/, 0, 2 * WATCHDOG_MS));
  },
);

liveTest(
  "pbx serve tells that it reads its certificate anew, and when it is done",
  [],
  async (lab) => {
    const ear = new NotifySocket(lab, `${lab.directory}/notify`);
    const server = startServer(lab, ear);
    await ear.next(/^READY=1$/m);
    await server.waitFor(/See how it is/);
    const from = ear.heard.length;
    server.signal("SIGHUP");
    const { text } = await ear.next(/^RELOADING=1$/m, from);
    const microseconds = /^MONOTONIC_USEC=(\d+)$/m.exec(text)?.[1];
    const uptime = Number(Deno.readTextFileSync("/proc/uptime").split(" ")[0]);
    const agoSeconds = uptime - Number(microseconds) / 1e6;
    assert.ok(Math.abs(agoSeconds) < 60, text);
    await ear.next(/^READY=1$/m, from);
  },
);

liveTest(
  "pbx serve is down soon, whoever hangs on it",
  [],
  async (lab) => {
    const ear = new NotifySocket(lab, `${lab.directory}/notify`);
    const server = startServer(lab, ear);
    await server.waitFor(/See how it is/);
    const data = `${lab.directory}/data`;
    const token = Deno.readTextFileSync(`${data}/api-token`).trim();
    const { http, sip } = JSON.parse(
      Deno.readTextFileSync(`${data}/server.json`),
    );
    const connect = async (address: string, text: string) => {
      const [hostname, port] = address.split(":");
      const peer = await Deno.connect({
        hostname: hostname!,
        port: Number(port),
      });
      lab.onClose(() => peer.close());
      await writeAll(peer, text);
      return peer;
    };
    const head = (line: string) =>
      `${line} HTTP/1.1\r\nHost: ${http}\r\nAuthorization: Bearer ${token}\r\n`;
    await connect(http, "");
    await connect(http, head("GET /metrics"));
    const post = head("POST /api/v1/extensions");
    await connect(http, `${post}Content-Length: 99\r\n\r\n{`);
    const stream = await connect(http, `${head("GET /api/v1/events")}\r\n`);
    assert.match(await readOctets(stream, 15), /^HTTP\/1\.1 200/);
    await connect(sip[0], OPTIONS.slice(0, 20));
    server.signal("SIGTERM");
    assert.equal(await server.wait(5000), 0, server.output);
    assert.doesNotMatch(server.output, /Not stopped cleanly/);
  },
);
