/**
 * A server on sockets that were open before it and stay open after it, as under a socket unit of
 * systemd: what arrives while no server runs is answered by the next one.
 * @module
 */

import assert from "node:assert/strict";
import { openLibc } from "../../sip/io/libc.ts";
import type { Lab } from "./lab.ts";
import {
  closeSockets,
  type OpenSocket,
  openSockets,
  startWith,
} from "./lab_activator.ts";
import { liveTest } from "./lab_case.ts";
import { pbxCommand, pbxEnvironment } from "./lab_command.ts";
import { findFreePort } from "./lab_namespace.ts";
import type { Running } from "./lab_process.ts";
import { type Answers, Questions } from "./lab_questions.ts";
import { OPTIONS, readOctets, writeAll } from "./tcp_peer.ts";

const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const PER_SECOND = 1000;
/** The most that a server has read at once, and may take with it when it is killed. */
const BATCH = 256;

function startServer(
  lab: Lab,
  sockets: readonly OpenSocket[],
  sip: readonly string[],
  prefix: readonly string[] = [],
): Running {
  const data = ["--data", `${lab.directory}/data`];
  const addresses = sip.flatMap((address) => ["--sip", address]);
  const rest = ["--http", "off", "--log-format", "json"];
  return startWith(lab, sockets, {
    command: [
      ...prefix,
      ...pbxCommand(),
      "serve",
      ...data,
      ...addresses,
      ...rest,
    ],
    env: pbxEnvironment(),
    clearEnv: true,
  });
}

/** Opens both sockets of one address, which close with the lab. */
function openBoth(lab: Lab): { sockets: OpenSocket[]; address: string } {
  const sockets = openSockets("127.0.0.1", ["udp", "tcp"], {
    port: findFreePort(),
  });
  lab.onClose(() => closeSockets(sockets));
  return { sockets, address: `127.0.0.1:${sockets[0]!.port}` };
}

/** Ends a server and starts its successor, again and again, while a thousand questions a second come. */
async function restartUnderLoad(
  lab: Lab,
  times: number,
  signal: "SIGTERM" | "SIGKILL",
): Promise<{ readonly answers: Answers; readonly server: Running }> {
  const isKill = signal === "SIGKILL";
  const { sockets, address } = openBoth(lab);
  let server = startServer(lab, sockets, [address]);
  const questions = new Questions(sockets[0]!.port, PER_SECOND);
  await questions.next();
  for (let restarts = 0; restarts < times; restarts++) {
    server.signal(signal);
    const code = await server.wait(10_000);
    if (!isKill) assert.equal(code, 0, server.output);
    server = startServer(lab, sockets, [address]);
    await questions.next();
  }
  const answers = await (isKill ? questions.end(2000) : questions.end());
  console.log(`${times} times ${signal}: ${JSON.stringify(answers)}`);
  return { answers, server };
}

const QUESTION = OPTIONS.replace(
  "\r\n",
  "\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK-t\r\nFrom: <sip:a@b>;tag=1\r\n" +
    "To: <sip:c@d>\r\nCall-ID: t\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n",
).replace("sip:pbx.example", "sip:127.0.0.1");

liveTest(
  "pbx serve answers every datagram across restarts on inherited sockets",
  ["root", "bash"],
  async (lab) => {
    const { answers, server } = await restartUnderLoad(lab, 3, "SIGTERM");
    assert.equal(answers.lost, 0, JSON.stringify(answers));
    assert.doesNotMatch(server.output, /kernel-drops|holds/);
  },
);

liveTest(
  "pbx serve that is killed takes no more with it than it had read",
  ["root", "bash"],
  async (lab) => {
    const { answers } = await restartUnderLoad(lab, 2, "SIGKILL");
    assert.ok(answers.lost <= 2 * BATCH, JSON.stringify(answers));
  },
);

liveTest(
  "pbx serve takes the TCP connections that waited while no server ran",
  ["bash"],
  async (lab) => {
    const { sockets, address } = openBoth(lab);
    const { port } = sockets[1]!;
    const connect = () => Deno.connect({ hostname: "127.0.0.1", port });
    for (let run = 0; run < 2; run++) {
      const early = await Promise.all([connect(), connect(), connect()]);
      await writeAll(early[0]!, QUESTION);
      const server = startServer(lab, sockets, [address]);
      await writeAll(early[1]!, QUESTION);
      for (const phone of early.slice(0, 2)) {
        assert.match(await readOctets(phone, 12), /^SIP\/2\.0 200/);
      }
      using late = await connect();
      await writeAll(late, QUESTION);
      assert.match(await readOctets(late, 12), /^SIP\/2\.0 200/);
      server.signal("SIGTERM");
      assert.equal(await server.wait(10_000), 0, server.output);
      for (const phone of early) phone.close();
    }
  },
);

liveTest(
  "pbx serve binds what is not inherited, and says what it inherited in vain",
  ["bash"],
  async (lab) => {
    const port = findFreePort();
    const [udp] = openSockets("127.0.0.1", ["udp"], { port });
    const others = openSockets("127.0.0.2", ["tcp", "udp"]);
    lab.onClose(() => closeSockets([udp!, ...others]));
    const sockets = [others[0]!, udp!, others[1]!];
    const server = startServer(lab, sockets, [`127.0.0.1:${port}`]);
    const questions = new Questions(port, 100);
    await questions.next();
    assert.equal((await questions.end()).lost, 0);
    using phone = await Deno.connect({ hostname: "127.0.0.1", port });
    await writeAll(phone, QUESTION);
    assert.match(await readOctets(phone, 12), /^SIP\/2\.0 200/);
    for (const { transport, port } of others) {
      const name = `${transport.toUpperCase()} 127.0.0.2:${port}`;
      await server.waitFor(
        new RegExp(`systemd holds ${name},[^\\n]*pbx unit socket`),
      );
    }
  },
);

liveTest(
  "pbx serve names the socket unit where systemd holds its port for more than one family",
  ["bash"],
  async (lab) => {
    const port = findFreePort();
    const sockets = openSockets("::", ["udp"], { port, isForBoth: true });
    lab.onClose(() => closeSockets(sockets));
    const server = startServer(lab, sockets, [`0.0.0.0:${port}`]);
    assert.equal(await server.wait(10_000), 1);
    assert.match(server.errors, /another program holds this port/);
    assert.match(server.errors, /BindIPv6Only=ipv6-only.*pbx unit socket/);
  },
);

liveTest(
  "pbx serve leaves an inherited buffer as large as it is, where it has no right to such a one",
  ["root", "bash", "setpriv"],
  async (lab) => {
    const { sockets, address } = openBoth(lab);
    const libc = openLibc(["getsockopt"])!;
    lab.onClose(() => libc.close());
    const look = () => {
      const size = new Uint32Array(1);
      const { descriptor } = sockets[0]!;
      const length = Uint32Array.of(4);
      libc.call.getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, size, length);
      return size[0]!;
    };
    const before = look();
    startServer(lab, sockets, [address], [
      "setpriv",
      "--bounding-set=-net_admin",
    ]);
    const questions = new Questions(sockets[0]!.port, 100);
    await questions.next();
    assert.equal((await questions.end()).lost, 0);
    assert.equal(look(), before);
  },
);
