/**
 * A disk that is full, a database that somebody else holds, a second server on the same data, and
 * extensions that change while the server runs (RFC 3261 §21.5.4: 503 with Retry-After).
 * @module
 */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { findFreePort } from "./lab_namespace.ts";
import { openLocalPhone } from "./lab_office.ts";
import type { Received, ScriptPhone } from "./lab_phone.ts";
import { until } from "./lab_process.ts";
import { attemptPbx } from "./lab_command.ts";
import { serveArguments, Server, type ServerOptions } from "./lab_server.ts";

const NUMBER = "1001";
const PASSWORD = "correct-horse-7";

async function openServer(lab: Lab, data?: string) {
  const port = findFreePort();
  const options: ServerOptions = {
    namespace: null,
    sip: [`127.0.0.1:${port}`],
    httpPort: findFreePort(),
    extensions: { [NUMBER]: PASSWORD },
    ...(data !== undefined && { data }),
  };
  const server = await Server.start(lab, options);
  const open = (number: string, password: string) =>
    openLocalPhone(lab, port, number, password);
  return { server, open, options };
}

/** What a phone is told when the store fails. */
function checkUnavailable(response: Received | null): void {
  assert.equal(response?.status, 503, response?.text ?? "no answer");
  assert.match(response.text, /^Retry-After: *[1-9]\d*/im);
}

/** Writes a file until nothing more fits. */
async function fillUp(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  for (const octets of [65536, 4096, 1]) {
    const block = new Uint8Array(octets);
    for (;;) {
      try {
        await file.write(block);
      } catch (error) {
        if (/os error 28/.test(String(error))) break;
        throw error;
      }
    }
  }
}

liveTest("a full disk is answered 503 and nothing acknowledged is lost", [
  "root",
  "mount",
  "umount",
], async (lab) => {
  const disk = `${lab.directory}/disk`;
  await lab.mountMemory(disk, "4m");
  const { server, open } = await openServer(lab, `${disk}/data`);
  const phone = open(NUMBER, PASSWORD);
  let acknowledged = "";
  const registerAnother = async (turn: number) => {
    const contact = phone.contact.replace("@", `-${turn}@`);
    const old = acknowledged === "" ? [] : [`<${acknowledged}>;expires=0`];
    const response = await phone.register([`<${contact}>;expires=600`, ...old]);
    if (response?.status === 200) acknowledged = contact;
    return response;
  };
  const checkKept = async () => {
    const contacts = (await server.bindings(NUMBER)).map(({ contact }) =>
      contact
    );
    assert.deepEqual(contacts, [acknowledged]);
  };
  assert.equal((await registerAnother(0))?.status, 200);

  await fillUp(`${disk}/ballast`);
  let turn = 1;
  const refused = await until("a refusal", async () => {
    const response = await registerAnother(turn++);
    return response?.status === 200 ? null : { response };
  });
  checkUnavailable(refused.response);
  checkUnavailable(await registerAnother(turn++));
  await server.process.waitFor(/disk[^\n]*full|full[^\n]*disk|no space left/i);
  assert.match(
    server.process.errors,
    /disk[^\n]*full|full[^\n]*disk|no space left/i,
  );
  await checkKept();

  await Deno.remove(`${disk}/ballast`);
  await until("registers again", async () => {
    return (await registerAnother(turn++))?.status === 200;
  }, 15_000);
  await checkKept();
  await server.stop("SIGKILL");
  await server.restart();
  await checkKept();
});

liveTest(
  "a locked database is answered 503, and OPTIONS meanwhile 200",
  [],
  async (lab) => {
    const { server, open } = await openServer(lab);
    const phone = open(NUMBER, PASSWORD);
    const other = open(NUMBER, PASSWORD);
    const contacts = [`<${phone.contact}>;expires=600`];
    assert.equal((await phone.register(contacts))?.status, 200);

    const holder = new DatabaseSync(`${server.data}/pbx.db`);
    try {
      holder.exec("BEGIN EXCLUSIVE");
      const start = performance.now();
      const [refused, alive] = await Promise.all([
        phone.register(contacts),
        other.options(),
      ]);
      checkUnavailable(refused);
      assert.equal(alive?.status, 200, alive?.text ?? "no answer to OPTIONS");
      assert.ok(
        performance.now() - start < 4000,
        "the phone had to wait too long",
      );
      checkUnavailable(await phone.register(contacts));
      await server.process.waitFor(/locked|busy/i);
      holder.exec("ROLLBACK");
    } finally {
      holder.close();
    }
    await until("registers again", async () => {
      return (await phone.register(contacts))?.status === 200;
    }, 15_000);
    assert.equal((await server.bindings(NUMBER)).length, 1);
  },
);

liveTest(
  "a second server on the same data is refused with the pid of the first",
  [],
  async (lab) => {
    const { server, options } = await openServer(lab);
    const second = {
      ...options,
      sip: [`127.0.0.1:${findFreePort()}`],
      httpPort: findFreePort(),
    };
    const { code, stderr } = await attemptPbx(
      lab,
      serveArguments(second, server.data),
    );
    assert.ok(code === 1 || code === 78, `code ${code}: ${stderr}`);
    assert.match(stderr, new RegExp(`\\b${server.process.pid}\\b`));
    assert.equal(server.process.exitCode, null);
    await server.stop("SIGKILL");
    await server.restart();
  },
);

liveTest("extension commands take effect within a second", [], async (lab) => {
  const { server, open } = await openServer(lab);
  const withOld = open("1002", "first-password");
  const withNew = open("1002", "second-password");
  const register = async (phone: ScriptPhone) =>
    (await phone.register([`<${phone.contact}>;expires=600`]))?.status;
  const becomes = (phone: ScriptPhone, status: number) =>
    until(`${status}`, async () => await register(phone) === status, 1000);
  assert.equal(await register(withOld), 403);

  const add = ["extension", "add", "1002", "--password-stdin"];
  await server.cli(add, "first-password\n");
  await becomes(withOld, 200);
  assert.equal((await server.bindings("1002")).length, 1);

  const change = ["extension", "passwd", "1002", "--password-stdin"];
  await server.cli(change, "second-password\n");
  await becomes(withOld, 403);
  await becomes(withNew, 200);

  await server.cli(["extension", "remove", "1002"]);
  await becomes(withNew, 403);
  assert.deepEqual((await server.list()).map(({ number }) => number), [NUMBER]);
});
