/**
 * What the running server itself says of its phones, and that it still says it after a restart.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import type { VerdictJson } from "./lab_doctor.ts";
import { findFreePort, openUdpSocket } from "./lab_namespace.ts";
import { ScriptPhone } from "./lab_phone.ts";
import { until } from "./lab_process.ts";
import { Server } from "./lab_server.ts";

/** A server on the loopback address, and how its API is asked. */
async function openServer(lab: Parameters<Parameters<typeof liveTest>[2]>[0]) {
  const port = findFreePort();
  const httpPort = findFreePort();
  const server = await Server.start(lab, {
    namespace: null,
    sip: [`127.0.0.1:${port}`],
    httpPort,
    extensions: { "1001": "right", "1002": "right" },
  });
  const ask = async (path: string, method = "GET"): Promise<Response> => {
    const token = Deno.readTextFileSync(`${server.data}/api-token`).trim();
    return await fetch(`http://127.0.0.1:${httpPort}/api/v1/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
    });
  };
  const verdicts = async (lang = "en") =>
    await (await ask(`verdicts?lang=${lang}`)).json() as VerdictJson[];
  const openPhone = (number: string, password: string) =>
    new ScriptPhone({
      socket: openUdpSocket(null, "127.0.0.1"),
      server: { host: "127.0.0.1", port },
      number,
      password,
    });
  return { server, ask, verdicts, openPhone };
}

liveTest(
  "the server tells the verdict of each phone, also after kill -9",
  [],
  async (lab) => {
    const { server, verdicts, openPhone } = await openServer(lab);
    assert.deepEqual(await verdicts(), []);
    await using wrong = openPhone("1001", "wrong");
    assert.equal((await wrong.register([`<${wrong.contact}>`]))?.status, 403);
    await using right = openPhone("1002", "right");
    assert.equal((await right.register([`<${right.contact}>`]))?.status, 200);
    const codes = async () =>
      Object.fromEntries(
        (await verdicts()).map(({ extension, code }) => [extension, code]),
      );
    const both = { "1001": "wrong-password", "1002": "ok" };
    await until("both verdicts", async () => {
      try {
        assert.deepEqual(await codes(), both);
        return true;
      } catch {
        return false;
      }
    });
    const [russian] = await verdicts("ru");
    assert.match(russian!.title, /[а-я]/);

    await until("the facts are written", async () => {
      const { DatabaseSync } = await import("node:sqlite");
      const sql = new DatabaseSync(`${server.data}/pbx.db`, { readOnly: true });
      try {
        const rows = sql.prepare("SELECT number, facts FROM attempts").all();
        return rows.length === 2 &&
          rows.some(({ facts }) => /"ping-answered"/.test(String(facts)));
      } finally {
        sql.close();
      }
    });
    await server.stop("SIGKILL");
    await server.restart();
    await until(
      "the server has read them",
      async () => (await verdicts()).length === 2,
    );
    assert.deepEqual(await codes(), both);
  },
);

liveTest(
  "a test extension can be used, is no extension, and is gone afterwards",
  [],
  async (lab) => {
    const { server, ask, verdicts, openPhone } = await openServer(lab);
    const made = await (await ask("test-extensions", "POST")).json();
    await using phone = openPhone(made.number, made.password);
    assert.equal((await phone.register([`<${phone.contact}>`]))?.status, 200);
    assert.deepEqual((await server.list()).map(({ number }) => number), [
      "1001",
      "1002",
    ]);
    assert.deepEqual(await verdicts(), []);
    await (await ask(`test-extensions/${made.number}`, "DELETE")).body
      ?.cancel();
    assert.equal((await phone.register([`<${phone.contact}>`]))?.status, 403);
    // an extension of a person cannot be removed this way
    await (await ask("test-extensions/1001", "DELETE")).body?.cancel();
    await using own = openPhone("1001", "right");
    assert.equal((await own.register([`<${own.contact}>`]))?.status, 200);
  },
);

liveTest("events tell facts and messages as they come", [], async (lab) => {
  const { ask, openPhone } = await openServer(lab);
  const response = await ask("events?facts=1&messages=1");
  const reader = response.body!.pipeThrough(new TextDecoderStream())
    .getReader();
  await using phone = openPhone("1001", "right");
  await phone.register([`<${phone.contact}>`]);
  let text = "";
  while (!/event: fact\ndata: \{"kind":"registered"/.test(text)) {
    text += (await reader.read()).value ?? "";
  }
  await reader.cancel();
  assert.match(text, /event: message\ndata: [^\n]*REGISTER sip:/);
  assert.match(text, /event: message\ndata: [^\n]*SIP\/2\.0 401/);
  assert.doesNotMatch(text, /response=\\"[0-9a-f]/);
});
