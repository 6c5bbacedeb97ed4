/**
 * `pbx explain` on captures that tcpdump made of real phones: against our server, and against
 * Kamailio with and without passwords.
 * @module
 */

import assert from "node:assert/strict";
import type { Capture, Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { attemptPbx, pbxCommand, pbxEnvironment } from "./lab_command.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { until } from "./lab_process.ts";
import { ACCOUNT, openOffice } from "./lab_office.ts";
import { type Account, SOFTPHONES } from "./lab_softphone.ts";

interface Explained {
  readonly server: readonly string[];
  readonly packets: number;
  readonly messages: number;
  readonly verdicts: readonly {
    readonly code: string;
    readonly extension: string;
    readonly source: string;
    readonly phone: string;
    readonly also: readonly {
      readonly code: string;
      readonly severity: string;
    }[];
  }[];
  readonly noise: { readonly hosts: number };
  readonly damage: string;
}

const latin = new TextDecoder("latin1");
const NEEDS = ["namespaces", "tcpdump", "baresip"];
const KAMAILIO_NEEDS = [...NEEDS, "kamailio"];

/** Runs `pbx explain --json`; the data directory is an empty one unless it is named. */
async function explain(
  lab: Lab,
  file: string,
  args: readonly string[] = [],
): Promise<{ code: number; explained: Explained }> {
  const data = args.includes("--data") ? [] : ["--data", `${lab.directory}/no`];
  const command = ["explain", file, "--json", "--lang", "en"];
  const { code, stdout, stderr } = await attemptPbx(lab, [
    ...command,
    ...data,
    ...args,
  ]);
  assert.equal(stderr, "");
  return { code, explained: JSON.parse(stdout) as Explained };
}

function assertOnly(explained: Explained, code: string): void {
  const text = JSON.stringify(explained, null, 1);
  assert.deepEqual(explained.verdicts.map((one) => one.code), [code], text);
  const [verdict] = explained.verdicts;
  assert.equal(verdict!.extension, ACCOUNT.number, text);
  assert.match(verdict!.phone, /baresip/i);
  const errors = verdict!.also.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, [], text);
  assert.equal(explained.damage, "");
  assert.ok(explained.messages > 1 && explained.packets > 1, text);
}

/** Ends a capture that has an answer of that status; tcpdump gets packets late. */
async function finish(
  { file, read }: Capture,
  status: number,
  count = 1,
): Promise<void> {
  const line = new RegExp(`SIP/2\\.0 ${status} `, "g");
  await until(`${count} answers ${status} in the capture`, async () => {
    const text = latin.decode(await Deno.readFile(file));
    return [...text.matchAll(line)].length >= count;
  });
  await read();
}

async function startPhone(
  lab: Lab,
  network: Network,
  change: Partial<Account> = {},
) {
  const account = { ...ACCOUNT, ...change };
  const phone = SOFTPHONES["baresip"]!(lab, network.lan, account);
  phone.start();
  return await Promise.resolve(phone);
}

liveTest(
  "explain says ok of a phone that registered, and reads it from stdin",
  NEEDS,
  async (lab) => {
    const { network } = await openOffice(lab);
    const capture = await lab.capture(network.server, "any", "port 5060");
    const phone = await startPhone(lab, network);
    await phone.registered();
    await phone.refresh();
    await finish(capture, 200, 2);
    const { code, explained } = await explain(lab, capture.file);
    assertOnly(explained, "ok");
    assert.equal(code, 0);
    assert.deepEqual(explained.server, [`udp ${ADDRESS.server}:5060`]);
    const packed = `${lab.directory}/packed.pcap.gz`;
    await lab.run(null, [
      "sh",
      "-c",
      `gzip -c '${capture.file}' > '${packed}'`,
    ]);
    assertOnly((await explain(lab, packed)).explained, "ok");
    const words = [...pbxCommand(), "explain", "-", "--json"];
    words.push("--data", `${lab.directory}/no`);
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const { stdout } = await lab.attempt(null, {
      command: ["sh", "-c", `gunzip -c '${packed}' | ${quoted}`],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    assertOnly(JSON.parse(stdout), "ok");
  },
);

liveTest(
  "explain tells a wrong password, and knows it surely from the data directory",
  NEEDS,
  async (lab) => {
    const { network, server } = await openOffice(lab);
    const capture = await lab.capture(network.server, "lan", "udp");
    const phone = await startPhone(lab, network, { password: "wrong" });
    assert.equal(await phone.refused(), 403);
    await finish(capture, 403);
    const { code, explained } = await explain(lab, capture.file);
    assertOnly(explained, "wrong-password");
    assert.equal(code, 1);
    const known = await explain(lab, capture.file, ["--data", server.data]);
    assertOnly(known.explained, "wrong-password");
    await server.cli(["extension", "remove", ACCOUNT.number]);
    const unknown = await explain(lab, capture.file, ["--data", server.data]);
    assertOnly(unknown.explained, "unknown-extension");
  },
);

liveTest(
  "explain tells a login that differs, of one phone alone, in words",
  NEEDS,
  async (lab) => {
    const { network } = await openOffice(lab);
    const capture = await lab.capture(network.server, "any", "port 5060");
    const phone = await startPhone(lab, network, { login: "front.desk" });
    assert.equal(await phone.refused(), 403);
    await finish(capture, 403);
    assertOnly((await explain(lab, capture.file)).explained, "login-differs");
    const { stdout } = await attemptPbx(lab, [
      "explain",
      capture.file,
      "--number",
      "1002",
      "--lang",
      "en",
      "--data",
      `${lab.directory}/no`,
    ]);
    assert.match(
      stdout,
      /There is no phone with the number `1002` in the file/,
    );
    assert.match(stdout, /Similar numbers that are in it: `1001`/);
  },
);

liveTest(
  "explain goes on with a file that is cut, and refuses what is none",
  NEEDS,
  async (lab) => {
    const { network } = await openOffice(lab);
    const capture = await lab.capture(network.server, "lan", "port 5060");
    const phone = await startPhone(lab, network);
    await phone.registered();
    await phone.refresh();
    await finish(capture, 200, 2);
    const whole = await Deno.readFile(capture.file);
    const cut = `${lab.directory}/cut.pcap`;
    await Deno.writeFile(cut, whole.subarray(0, whole.length - 7));
    const { explained } = await explain(lab, cut);
    assert.match(explained.damage, /cut/);
    assert.equal(explained.verdicts[0]?.code, "ok");
    const other = `${lab.directory}/other.txt`;
    await Deno.writeTextFile(other, "no capture");
    const refused = await attemptPbx(lab, ["explain", other]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /neither a capture/);
    const usage = await attemptPbx(lab, ["explain", cut, "--server", "a b"]);
    assert.equal(usage.code, 2);
  },
);

liveTest(
  "explain reads a help bundle",
  NEEDS,
  async (lab) => {
    const { network, server } = await openOffice(lab);
    const phone = await startPhone(lab, network, { password: "wrong" });
    assert.equal(await phone.refused(), 403);
    const file = `${lab.directory}/report.zip`;
    const report = ["report", "--output", file, "--data", server.data];
    const { code, stderr } = await lab.attempt(network.server, {
      command: [...pbxCommand(), ...report],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    assert.equal(code, 0, stderr);
    const { explained } = await explain(lab, file);
    assertOnly(explained, "wrong-password");
    assert.deepEqual(explained.server, ["udp 0.0.0.0:5060"]);
  },
);

/** A registrar with one user, 1001; the realm is the server's address. */
function kamailioConfig(hasPasswords: boolean): string {
  const check = hasPasswords
    ? `if (!pv_www_authenticate("office", "${ACCOUNT.password}", "0") || $au != "1001") {
         www_challenge("office", "1"); exit;
       }`
    : "";
  return `#!KAMAILIO
debug=0
log_stderror=yes
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:${ADDRESS.server}:5060
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)
modparam("auth", "qop", "auth")
request_route {
  if (is_method("REGISTER")) {
    ${check}
    save("location");
    exit;
  }
  sl_send_reply("404", "Not Found");
}
`;
}

async function startKamailio(
  lab: Lab,
  hasPasswords: boolean,
): Promise<Network> {
  const network = await lab.network();
  const file = `${lab.directory}/kamailio.cfg`;
  await Deno.writeTextFile(file, kamailioConfig(hasPasswords));
  lab.spawn(network.server, {
    command: [
      "kamailio",
      "-DD",
      "-E",
      "-f",
      file,
      "-Y",
      lab.directory,
      "-P",
      `${lab.directory}/kamailio.pid`,
    ],
  });
  return network;
}

const KAMAILIO_CASES = [
  { title: "without passwords", hasPasswords: false, change: {}, code: "ok" },
  { title: "with passwords", hasPasswords: true, change: {}, code: "ok" },
  {
    title: "with a wrong password",
    hasPasswords: true,
    change: { password: "wrong" },
    code: "wrong-password",
  },
  {
    title: "with another login",
    hasPasswords: true,
    change: { login: "front.desk" },
    code: "login-differs",
  },
];

for (const { title, hasPasswords, change, code } of KAMAILIO_CASES) {
  liveTest(
    `explain understands Kamailio: baresip ${title}`,
    KAMAILIO_NEEDS,
    async (lab) => {
      const network = await startKamailio(lab, hasPasswords);
      const capture = await lab.capture(network.server, "any", "port 5060");
      const phone = await startPhone(lab, network, change);
      if (code === "ok") await phone.registered();
      else await phone.refused();
      await (code === "ok" ? finish(capture, 200) : finish(capture, 401, 4));
      const { explained } = await explain(lab, capture.file);
      assertOnly(explained, code);
      assert.deepEqual(explained.server, [`udp ${ADDRESS.server}:5060`]);
    },
  );
}
