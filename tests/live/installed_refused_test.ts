/**
 * What stands in the way of an installation is named, with what to do, and nothing was changed;
 * a firewall that is in the way of the phones is opened, and stays open.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { NOBODY, Site } from "./lab_installed.ts";
import { type Ended, MACHINE_NEEDS } from "./lab_machine.ts";
import { ADDRESS } from "./lab_network.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ScriptPhone } from "./lab_phone.ts";
import { until } from "./lab_process.ts";

/** Holds the port, as another exchange would. */
const HOLDER = "use IO::Socket::INET; " +
  "$s = IO::Socket::INET->new(LocalPort => 5060, Proto => 'udp') or die; " +
  "sleep 1000";

const RULES = `#!/usr/sbin/nft -f
flush ruleset
table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    iif lo accept
    ct state established,related accept
    tcp dport 22 accept
  }
}
`;

liveTest("install.sh that cannot install", MACHINE_NEEDS, async (lab) => {
  const site = await Site.open(lab);
  const line = site.shelf.line();
  const untouched = async (what: string, action: () => Promise<Ended>) => {
    const before = await site.files();
    const { code, said } = await action();
    assert.deepEqual(await site.files(), before, `${what}: ${said}`);
    return { code, said };
  };
  const refused = async (
    what: string,
    words: readonly RegExp[],
    action: () => Promise<Ended>,
  ) => {
    const { code, said } = await untouched(what, action);
    assert.notEqual(code, 0, `${what}: ${said}`);
    for (const word of words) assert.match(said, word, `${what}: ${said}`);
  };
  await refused(
    "a user without rights",
    [/root/, /\bsu(?:do)? /, /install\.sh/],
    () => site.type(line, { uid: NOBODY }),
  );
  await site.machine.sh(
    'mkdir /tmp/odd; printf \'#!/bin/sh\\n[ "$1" = -m ] && echo riscv64 || ' +
      'exec /usr/bin/uname "$@"\\n\' >/tmp/odd/uname; chmod 755 /tmp/odd/uname',
  );
  await refused(
    "a machine of a kind that there is no program for",
    [/riscv64/, /x86_64/, /aarch64/],
    () => site.type(`PATH=/tmp/odd:$PATH; ${line}`),
  );
  await refused(
    "a machine without systemd",
    [/systemd/],
    () =>
      site.machine.attempt([
        ...["unshare", "--mount", "sh", "-c"],
        `mount -t tmpfs none /run/systemd && ${line}`,
      ]),
  );
  const plan = await untouched(
    "a dry run",
    () => site.type(site.shelf.line("", "--dry-run")),
  );
  assert.equal(plan.code, 0, plan.said);
  assert.match(plan.said, /\/usr\/local\/bin\/pbx/);
  const cut = line.replace(/ \| /, " | head -c -9 | ");
  const half = await untouched("a download that was cut", () => site.type(cut));
  assert.doesNotMatch(half.said, /Downloading|installed/);
  const holder = await holdPort(site);
  await refused(
    "a port that is taken",
    [/5060/, /perl/, new RegExp(`\\b${holder}\\b`)],
    () => site.type(line),
  );
});

liveTest(
  "install.sh behind a firewall",
  [...MACHINE_NEEDS, "nc"],
  async (lab) => {
    const site = await Site.open(lab);
    const { machine } = site;
    await machine.write("/etc/nftables.conf", RULES);
    await machine.run(["systemctl", "enable", "--now", "nftables"]);
    const said = await site.install();
    assert.match(said, /firewall|nft/i, said);
    assert.equal(await isReached(site), true, said);
    await site.install();
    await machine.reboot();
    await site.answers("the server answers after a reboot");
    assert.equal(await isReached(site), true, "after a reboot");
    assert.match(await machine.sh("nft list ruleset"), /policy drop/);
    await site.install("", "--uninstall");
    assert.equal(await machine.sh("cat /etc/nftables.conf"), RULES);
  },
);

/** Another service that has the port; gives its process. */
async function holdPort({ machine }: Site): Promise<string> {
  await machine.run(["systemd-run", "--unit=other", "perl", "-e", HOLDER]);
  await until(
    "the port is held",
    async () => await machine.run(["ss", "-Hlnu", "sport = :5060"]) !== "",
  );
  const show = ["systemctl", "show", "-P", "MainPID", "other.service"];
  return (await machine.run(show)).trim();
}

/** Whether a phone in the network gets an answer, by UDP and by TCP. */
async function isReached(site: Site): Promise<boolean> {
  await using phone = new ScriptPhone({
    socket: openUdpSocket(site.network.lan, ADDRESS.lan),
    server: { host: ADDRESS.server, port: 5060 },
    number: "1001",
    password: "none",
  });
  const answer = await phone.options(3000);
  const tcp = await site.lab.attempt(site.network.lan, {
    command: ["nc", "-z", "-w", "3", ADDRESS.server, "5060"],
  });
  return answer !== null && tcp.code === 0;
}
