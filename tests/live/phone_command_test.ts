/**
 * `pbx phone` as scripts and people use it.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { Baresip } from "./lab_baresip.ts";
import { findFreePort } from "./lab_namespace.ts";
import { Server } from "./lab_server.ts";
import { liveTest } from "./lab_case.ts";
import {
  attemptPbx,
  pbxCommand,
  pbxEnvironment,
  runPbx,
} from "./lab_command.ts";

const PASSWORD = "geheim 123";

/** A data directory with one extension. */
async function addExtension(lab: Lab): Promise<readonly string[]> {
  const data = ["--data", `${lab.directory}/data`];
  const add = ["extension", "add", "1001", "--name", "Жан", "--password-stdin"];
  await runPbx(lab, [...add, ...data], PASSWORD);
  return data;
}

liveTest(
  "pbx phone says what to type in, under the labels of the phone",
  [],
  async (lab) => {
    const data = await addExtension(lab);
    const phone = ["phone", "1001", ...data];
    const russian = await runPbx(lab, [...phone, "--lang", "ru"], "");
    assert.match(russian, /^ {2}SIP-сервер \(SIP Server\) +\S+$/m);
    assert.match(russian, /^ {2}Пароль \(Password\) +его показали/m);
    const known = [...phone, "--password-stdin"];
    const english = await runPbx(lab, [...known, "--lang", "en"], PASSWORD);
    assert.match(english, /^ {2}Password +geheim 123$/m);
    assert.match(english, /^ {2}Display Name +Жан$/m);
    const json = JSON.parse(await runPbx(lab, [...phone, "--json"], ""));
    assert.equal(json.number, "1001");
    assert.equal(json.password, null);
    assert.equal(json.transport, "udp");
    const wrong = await attemptPbx(lab, known, "wrong");
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /not the password of `1001`/);
    const unknown = await attemptPbx(lab, ["phone", "1002", ...data]);
    assert.match(unknown.stderr, /Perhaps 1001/);
  },
);

liveTest(
  "pbx phone writes MicroSIP.ini as MicroSIP reads it",
  [],
  async (lab) => {
    const data = await addExtension(lab);
    const ini = ["phone", "1001", "--format", "microsip", ...data];
    const [program, ...args] = pbxCommand();
    const child = new Deno.Command(program!, {
      args: [...args, ...ini, "--password-stdin"],
      env: pbxEnvironment(),
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(PASSWORD));
    await writer.close();
    const { stdout } = await child.output();
    assert.deepEqual([...stdout.subarray(0, 2)], [0xff, 0xfe]);
    const text = new TextDecoder("utf-16le").decode(stdout);
    assert.match(text, /^\[Account1\]\r$/m);
    assert.match(text, /^displayName=Жан\r$/m);
    assert.match(text, /^password=geheim 123\r$/m);
    const without = await attemptPbx(lab, ini);
    assert.equal(without.code, 1);
    assert.equal(without.stdout, "");
    assert.match(without.stderr, /--format microsip --password-stdin/);
  },
);

liveTest(
  "pbx phone makes no code that would set up nothing",
  [],
  async (lab) => {
    const data = await addExtension(lab);
    const code = ["phone", "1001", "--format", "qr", ...data];
    const without = await attemptPbx(lab, code);
    assert.match(without.stderr, /extension passwd 1001/);
    const down = await attemptPbx(lab, [...code, "--password-stdin"], PASSWORD);
    assert.equal(down.code, 1);
    assert.match(down.stderr, /No server runs/);
  },
);

liveTest(
  "pbx phone says in the language what keeps phones from fetching a code",
  [],
  async (lab) => {
    const data = await addExtension(lab);
    const httpPort = findFreePort();
    await Server.start(lab, {
      namespace: null,
      sip: [`127.0.0.1:${findFreePort()}`],
      httpPort,
    });
    const code = ["phone", "1001", "--format", "qr", ...data];
    const russian = [...code, "--password-stdin", "--lang", "ru"];
    const { code: exit, stderr } = await attemptPbx(lab, russian, PASSWORD);
    assert.equal(exit, 1);
    assert.match(stderr, /^pbx: Телефон не сможет забрать настройки/);
    assert.ok(stderr.includes(`http = "0.0.0.0:${httpPort}"`), stderr);
    assert.match(stderr, /admin passwd --data /);
    assert.doesNotMatch(stderr, /409|\/links|refused/);
    const without = await attemptPbx(lab, [...code, "--lang", "uz"]);
    assert.match(without.stderr, /^pbx: Bu bilan birga parol kerak/);
  },
);

liveTest(
  "the line that pbx phone writes for baresip registers it",
  ["baresip"],
  async (lab) => {
    const data = await addExtension(lab);
    const port = findFreePort();
    const password = "k7m2xq9fh4wnc3tz";
    await runPbx(
      lab,
      ["extension", "passwd", "1001", "--password-stdin", ...data],
      password,
    );
    const server = await Server.start(lab, {
      namespace: null,
      sip: [`0.0.0.0:${port}`],
      httpPort: findFreePort(),
    });
    const known = ["phone", "1001", ...data, "--password-stdin", "--json"];
    const { baresip, server: place } = JSON.parse(
      await runPbx(lab, known, password),
    );
    assert.equal(baresip, `<sip:1001@${place}>;auth_pass=${password}`);
    const account = { number: "1001", password, server: "" };
    const phone = new Baresip(lab, null, account, baresip);
    phone.start();
    await phone.registered();
    const [row] = await server.list();
    assert.equal(row?.registered, true);
  },
);
