/**
 * `pbx selftest` on machines that are well and machines that are not: the server up and down, a
 * port that somebody else holds, names that lead elsewhere, a firewall, a full disk.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { attemptPbx, pbxCommand, pbxEnvironment } from "./lab_command.ts";
import { serveNames, useNameServer } from "./lab_dns.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS } from "./lab_network.ts";
import { openOffice, openPhone } from "./lab_office.ts";
import { until } from "./lab_process.ts";
import {
  checkNothingLeft,
  runSelfTest,
  startSelfTest,
  statesOf,
} from "./lab_selftest.ts";

const NEEDS = ["namespaces"];
/** In all, with the start of a program that is not compiled. */
const LIMIT_MS = 6500;

async function openMachine(
  lab: Lab,
): Promise<{ server: string; data: string }> {
  const { server } = await lab.network();
  const route = ["ip", "route", "add", "default", "via", "198.51.100.7"];
  await lab.run(server, route);
  return { server, data: `${lab.directory}/data` };
}

function writeConfig(lab: Lab, text: string): string[] {
  const file = `${lab.directory}/selftest.toml`;
  Deno.writeTextFileSync(file, text);
  return ["--config", file];
}

liveTest(
  "selftest passes with the server up, and leaves no trace in it",
  NEEDS,
  async (lab) => {
    const { network, server } = await openOffice(lab);
    const route = ["ip", "route", "add", "default", "via", "198.51.100.7"];
    await lab.run(network.server, route);
    await using phone = openPhone(network, "nat");
    const answer = await phone.register([`<${phone.contact}>;expires=600`]);
    assert.equal(answer?.status, 200);
    const before = await server.list();

    const run = await runSelfTest(lab, network.server, server.data);
    assert.match(
      statesOf(run),
      /^config pass, bind pass, port pass, loopback pass, register pass, dns skip, route pass, firewall pass, media pass, clock (?:pass|warn), disk pass$/,
      run.stdout,
    );
    assert.match(
      run.checks.port!.detail,
      new RegExp(`pid ${server.process.pid}\\b`),
    );
    assert.match(
      run.checks.loopback!.detail,
      /^UDP `127\.0\.0\.1:5060` answered/,
    );
    assert.match(run.checks.register!.detail, /^a test phone registered/);
    assert.match(run.checks.route!.detail, /all 1 phones/);
    assert.match(
      run.checks.media!.detail,
      new RegExp(ADDRESS.server.replaceAll(".", "\\.")),
    );
    assert.match(run.checks.disk!.detail, /database is sound/);
    assert.ok(run.tookMs < LIMIT_MS, `${run.tookMs} ms`);
    assert.equal(run.stderr, "");
    assert.deepEqual(
      (await server.list()).map((
        { number, registered },
      ) => [number, registered]),
      before.map(({ number, registered }) => [number, registered]),
    );
  },
);

liveTest(
  "selftest passes with the server down, with one that it starts itself",
  NEEDS,
  async (lab) => {
    const { server, data } = await openMachine(lab);
    const run = await runSelfTest(lab, server, data);
    assert.equal(run.ok, true, run.stdout);
    assert.match(
      run.checks.bind!.detail,
      /down and could listen on 0\.0\.0\.0:5060/,
    );
    assert.match(run.checks.port!.detail, /^0\.0\.0\.0:5060 is free/);
    for (const id of ["loopback", "register"] as const) {
      assert.equal(run.checks[id]!.state, "pass");
      assert.match(run.checks[id]!.detail, /a temporary one was tried/);
    }
    assert.ok(run.tookMs < LIMIT_MS, `${run.tookMs} ms`);
    assert.throws(() => Deno.statSync(data), Deno.errors.NotFound);
  },
);

liveTest(
  "selftest asks a server whose HTTP is off over its sockets",
  NEEDS,
  async (lab) => {
    const { server, data } = await openMachine(lab);
    const options = ["--sip", "0.0.0.0:5070", "--http", "off"];
    const serving = lab.spawn(server, {
      command: [...pbxCommand(), "serve", "--data", data, ...options],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    await serving.waitFor(/0\.0\.0\.0:5070/);
    const run = await runSelfTest(lab, server, data);
    assert.equal(run.ok, true, run.stdout);
    assert.match(
      run.checks.loopback!.detail,
      /^UDP `127\.0\.0\.1:5070` answered/,
    );
    assert.match(
      run.checks.register!.detail,
      /HTTP: off.*a temporary one was tried/,
    );
  },
);

liveTest(
  "selftest takes no crashed server for a running one",
  NEEDS,
  async (lab) => {
    const { network, server } = await openOffice(lab);
    // it answers phones before it writes where it can be asked
    await server.process.waitFor(/See how it is/);
    await server.stop("SIGKILL");
    // The process number that it left behind is another program's by now.
    const sleeper = lab.spawn(network.server, { command: ["sleep", "60"] });
    const file = `${server.data}/server.json`;
    const left = JSON.parse(Deno.readTextFileSync(file));
    Deno.writeTextFileSync(file, JSON.stringify({ ...left, pid: sleeper.pid }));
    const run = await runSelfTest(lab, network.server, server.data, ["port"]);
    assert.match(run.checks.port!.detail, /is free/);
  },
);

liveTest("selftest names the program that holds the port, and what stops it", [
  ...NEEDS,
  "nc",
], async (lab) => {
  const { server, data } = await openMachine(lab);
  for (const transport of ["udp", "tcp"] as const) {
    const options = transport === "udp" ? ["-lu"] : ["-lk"];
    const command = ["nc", ...options, "0.0.0.0", "5060"];
    const holder = lab.spawn(server, { command });
    const run = await until("nc listens", async () => {
      const run = await runSelfTest(lab, server, data, ["port", "bind"]);
      return run.ok ? null : run;
    });
    assert.equal(statesOf(run), "bind fail, port fail");
    const { detail, remedy } = run.checks.port!;
    assert.equal(
      detail,
      `${transport.toUpperCase()} \`0.0.0.0:5060\` is held by nc (pid ${holder.pid})`,
    );
    assert.match(remedy ?? "", new RegExp(`\`kill ${holder.pid}\``));
    await holder.end();
  }
  assert.equal((await runSelfTest(lab, server, data, ["port"])).ok, true);
});

liveTest(
  "selftest fails for a server that only this machine reaches",
  NEEDS,
  async (lab) => {
    const { network, server } = await openOffice(lab, {
      sip: ["127.0.0.1:5060"],
    });
    const run = await runSelfTest(lab, network.server, server.data, [
      "bind",
      "register",
    ]);
    assert.equal(statesOf(run), "bind fail, register pass");
    assert.match(run.checks.bind!.remedy ?? "", /--sip 0\.0\.0\.0:5060/);
  },
);

liveTest(
  "selftest names the rule of the firewall, and a command that opens it",
  [...NEEDS, "nft"],
  async (lab) => {
    const { server, data } = await openMachine(lab);
    const rules = [
      "add table inet filter",
      "add chain inet filter input { type filter hook input priority 0; }",
      "add rule inet filter input iif lo accept",
      "add rule inet filter input udp dport 5060 counter drop",
    ];
    await lab.run(server, ["nft", "-f", "-"], rules.join("\n") + "\n");
    const run = await runSelfTest(lab, server, data, ["firewall"]);
    assert.equal(statesOf(run), "firewall fail");
    assert.match(
      run.checks.firewall!.detail,
      /UDP 5060 is stopped by `[^`]*udp dport 5060[^`]*drop/,
    );
    const command = /`([^`]+)`/.exec(run.checks.firewall!.remedy ?? "")?.[1];
    assert.ok(command !== undefined);
    await lab.run(server, ["sh", "-c", command]);
    const after = await runSelfTest(lab, server, data, ["firewall"]);
    assert.equal(statesOf(after), "firewall pass", after.stdout);
  },
);

liveTest(
  "selftest asks the firewall about the ports that the running server has",
  [...NEEDS, "nft"],
  async (lab) => {
    const config = 'rtp = "23000-23099"\n';
    const { network, server } = await openOffice(lab, { config });
    const drop = async (ports: string) => {
      const rules = [
        "flush ruleset",
        "add table inet filter",
        "add chain inet filter input { type filter hook input priority 0; }",
        `add rule inet filter input udp dport ${ports} counter drop`,
      ];
      const text = rules.join("\n") + "\n";
      await lab.run(network.server, ["nft", "-f", "-"], text);
      const args = ["firewall"];
      return await runSelfTest(lab, network.server, server.data, args);
    };
    const hit = await drop("23000-23099");
    assert.equal(statesOf(hit), "firewall fail");
    assert.match(hit.checks.firewall!.detail, /23000-23099/);
    assert.equal(statesOf(await drop("10000-19999")), "firewall pass");
  },
);

liveTest(
  "selftest compares what the name system says with the machine's addresses",
  NEEDS,
  async (lab) => {
    const { server, data } = await openMachine(lab);
    await serveNames(lab, server, {
      "right.example A": [ADDRESS.server],
      "wrong.example A": ["203.0.113.99"],
      "six.example A": [ADDRESS.server],
      "six.example AAAA": ["2001:db8::1"],
      "port.example A": [ADDRESS.server],
      "_sip._udp.port.example SRV": ["10 0 5080 port.example"],
    });
    const table: [string, string, RegExp][] = [
      ["right.example", "pass", /leads here \(192\.0\.2\.1\)/],
      [
        "wrong.example",
        "fail",
        /leads to 203\.0\.113\.99, but we are .*192\.0\.2\.1/,
      ],
      ["nowhere.example", "fail", /has no address/],
      ["six.example", "warn", /IPv6 address 2001:db8::1/],
      [
        "port.example",
        "warn",
        /SRV record of `port\.example` says UDP port 5080/,
      ],
    ];
    for (const [name, state, detail] of table) {
      const config = writeConfig(lab, `domain = ["${name}"]\n`);
      const run = await runSelfTest(lab, server, data, ["dns", ...config]);
      assert.equal(run.checks.dns!.state, state, run.stdout);
      assert.match(run.checks.dns!.detail, detail);
    }
  },
);

liveTest(
  "selftest waits no longer than 5 seconds for a name server that is silent",
  NEEDS,
  async (lab) => {
    const { server, data } = await openMachine(lab);
    openSilent(lab, server);
    await useNameServer(lab, server, "127.0.0.1");
    const config = writeConfig(lab, 'domain = ["pbx.example"]\n');
    const run = await runSelfTest(lab, server, data, config);
    assert.equal(run.checks.dns!.state, "warn");
    assert.match(run.checks.dns!.detail, /no answer from the name system/);
    assert.ok(run.tookMs < LIMIT_MS, `${run.tookMs} ms`);
  },
);

liveTest(
  "selftest fails on a disk that is full",
  [...NEEDS, "mount", "umount"],
  async (lab) => {
    const { server } = await openMachine(lab);
    const disk = `${lab.directory}/disk`;
    await lab.mountMemory(disk, "300m");
    const data = `${disk}/data`;
    await Deno.mkdir(data);
    const states: string[] = [];
    for (const megabytes of [0, 250, 300]) {
      const command = ["dd", "if=/dev/zero", `of=${disk}/ballast`, "bs=1M"];
      await lab.attempt(null, { command: [...command, `count=${megabytes}`] });
      const run = await runSelfTest(lab, server, data, ["disk"]);
      states.push(run.checks.disk!.state);
      if (megabytes === 300) {
        assert.match(
          run.checks.disk!.detail,
          /takes no file/,
        );
      }
    }
    assert.deepEqual(states, ["pass", "warn", "fail"]);
    assert.deepEqual([...Deno.readDirSync(data)], []);
  },
);

liveTest(
  "selftest ends at once when it is interrupted, and leaves nothing behind",
  NEEDS,
  async (lab) => {
    const { server, data } = await openMachine(lab);
    openSilent(lab, server);
    await useNameServer(lab, server, "127.0.0.1");
    const config = writeConfig(lab, 'domain = ["pbx.example"]\n');
    const program = startSelfTest(lab, server, data, config);
    // The name server keeps it waiting from here on.
    await program.waitFor(/✓ register/);
    const startMs = performance.now();
    program.signal("SIGINT");
    assert.equal(await program.wait(5000), 130);
    assert.ok(performance.now() - startMs < 1500);
    checkNothingLeft(lab);
  },
);

liveTest(
  "selftest shows marks and remedies, in the language that was asked for",
  NEEDS,
  async (lab) => {
    const { server, data } = await openMachine(lab);
    const table: [string, RegExp, RegExp][] = [
      [
        "en",
        /^✗ bind {6}Addresses: 127\.0\.0\.1:5060/m,
        /^ +→ Listen on all addresses/m,
      ],
      ["ru", /^✗ bind {6}Адреса: /m, /^ +→ Слушайте на всех адресах/m],
      ["uz", /^✗ bind {6}Manzillar: /m, /^ +→ Barcha manzillarda tinglang/m],
    ];
    const config = writeConfig(lab, 'sip = ["127.0.0.1:5060"]\n');
    for (const [language, line, remedy] of table) {
      const args = ["bind", "--lang", language, ...config];
      const program = startSelfTest(lab, server, data, args);
      assert.equal(await program.wait(10_000), 1);
      assert.match(program.printed, line);
      assert.match(program.printed, remedy);
      assert.equal(program.errors, "");
    }
  },
);

liveTest("selftest names the checks when one is misspelt", [], async (lab) => {
  const args = ["selftest", "prot", "--data", `${lab.directory}/data`];
  const { code, stderr, stdout } = await attemptPbx(lab, args);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /`prot`/);
  assert.match(stderr, /config, bind, port, loopback, register, dns, route/);
});

/** A name server that takes questions and never answers. */
function openSilent(lab: Lab, namespace: string): void {
  const socket = openUdpSocket(namespace, "127.0.0.1", 53);
  lab.onClose(() => socket.close());
}

liveTest(
  "selftest goes on with a faulty configuration, and names each fault",
  NEEDS,
  async (lab) => {
    const { server, data } = await openMachine(lab);
    const more = writeConfig(lab, 'sip = ["5060"]\nhtp = 1\n');
    const run = await runSelfTest(lab, server, data, [
      "config",
      "disk",
      ...more,
    ]);
    assert.equal(statesOf(run), "config fail, disk pass", run.stdout);
    assert.equal(run.code, 1);
    assert.match(run.stdout, /selftest\.toml:1: sip\[0\]/);
    assert.match(run.stdout, /selftest\.toml:2: htp/);
  },
);
