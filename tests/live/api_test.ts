/**
 * The HTTP interface of a real server: extensions are added, renamed and removed while phones
 * register, and everything it answers is what its OpenAPI document says.
 * @module
 */

import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import * as v from "valibot";
import { OPERATIONS } from "../../web/api/openapi/operations.ts";
import { SCHEMAS } from "../../web/api/openapi/schemas.ts";
import { liveTest } from "./lab_case.ts";
import { WebServer } from "./lab_http.ts";
import { until } from "./lab_process.ts";

async function readProblem(
  response: Response,
  status: number,
): Promise<string> {
  assert.equal(response.status, status);
  const type = response.headers.get("content-type");
  assert.equal(type, "application/problem+json");
  const problem = v.parse(SCHEMAS.Problem, await response.json());
  assert.equal(problem.status, status);
  return problem.detail;
}

liveTest("the OpenAPI document is valid", [], async (lab) => {
  const server = await WebServer.start(lab);
  const response = await server.ask("/api/v1/openapi.json");
  assert.equal(response.headers.get("content-type"), "application/json");
  const document = await response.json();
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, "3.1");
  const described = Object.entries(document.paths as Record<string, object>)
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) =>
        `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`
      )
    );
  assert.deepEqual(described.toSorted(), Object.keys(OPERATIONS).toSorted());
});

liveTest(
  "an extension is added, renamed and removed over HTTP while the server runs",
  [],
  async (lab) => {
    const server = await WebServer.start(lab, { "1001": "correct-horse-9" });
    const path = "/api/v1/extensions";
    const made = await server.ask(path, {
      method: "POST",
      json: { number: "1005", name: "Gulnora" },
    });
    assert.equal(made.status, 201);
    const { number, password } = await made.json();
    assert.equal(made.headers.get("location"), `${path}/${number}`);
    const registers = async (secret: string, status: number) => {
      await until(`1005 is answered with ${status}`, async () => {
        await using phone = server.openPhone("1005", secret);
        return (await phone.register([phone.contact]))?.status === status;
      });
    };
    await registers(password, 200);
    const entry = async () => {
      const response = await server.ask(`${path}/1005`);
      return v.parse(SCHEMAS.Extension, await response.json());
    };
    assert.equal((await entry()).name, "Gulnora");
    assert.equal((await entry()).registered, true);

    const again = { method: "POST", json: { number: "1005" } };
    assert.match(await readProblem(await server.ask(path, again), 409), /1005/);
    const rename = { method: "PATCH", json: { name: "Дилноза" } };
    const renamed = await server.ask(`${path}/1005`, rename);
    assert.deepEqual(await renamed.json(), { number: "1005" });
    assert.equal((await entry()).name, "Дилноза");
    assert.equal((await entry()).registered, true, "a name disturbs no phone");

    const changed = await server.ask(`${path}/1005/password`, {
      method: "POST",
      json: { password: "another-horse-7" },
    });
    assert.deepEqual(await changed.json(), { number: "1005" });
    await until("the phone is gone", async () => !(await entry()).registered);
    await registers(password, 403);
    await registers("another-horse-7", 200);

    const remove = { method: "DELETE" };
    assert.equal((await server.ask(`${path}/1005`, remove)).status, 204);
    for (const question of [{}, remove, rename]) {
      const gone = await server.ask(`${path}/1005`, question);
      assert.match(await readProblem(gone, 404), /nearest: 1001/);
    }
  },
);

liveTest("what HTTP answers is what its document says", [], async (lab) => {
  const server = await WebServer.start(lab, { "1001": "correct-horse-9" });
  await using right = server.openPhone("1001", "correct-horse-9");
  await using wrong = server.openPhone("1001", "wrong-horse-8");
  assert.equal((await right.register([right.contact]))?.status, 200);
  assert.equal((await wrong.register([wrong.contact]))?.status, 403);
  await right.send(new TextEncoder().encode("\r\n\r\nwhatever this is"));
  const seen = new Set<string>();
  for (const [name, { answer: { content } }] of Object.entries(OPERATIONS)) {
    const path = /^GET ([^:]+)$/.exec(name)?.[1];
    if (path === undefined || content === undefined || "text" in content) {
      continue;
    }
    const response = await server.ask(path);
    assert.equal(response.status, 200, name);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const told = await response.json();
    const schema = "json" in content
      ? SCHEMAS[content.json]
      : v.array(SCHEMAS[content.list] as v.GenericSchema);
    assert.deepEqual(v.parse(schema, told), told, name);
    if ("json" in content || told.length > 0) seen.add(path);
  }
  const asked = ["status", "history", "extensions", "verdicts", "checks"];
  for (const name of [...asked, "facts", "messages"]) {
    assert.ok(seen.has(`/api/v1/${name}`), name);
  }
});

liveTest(
  "HTTP answers with problems, and strangers with nothing else",
  [],
  async (lab) => {
    const server = await WebServer.start(lab);
    const detail = await readProblem(await server.ask("/api/v1/none"), 404);
    assert.match(detail, /nothing/);
    const put = await server.ask("/api/v1/extensions", { method: "PUT" });
    assert.equal(put.headers.get("allow"), "GET, HEAD, POST");
    await readProblem(put, 405);
    for (const name of Object.keys(OPERATIONS)) {
      const [method = "", pattern = ""] = name.split(" ");
      if (pattern === "/healthz" || pattern === "/readyz") continue;
      const path = pattern.replace(/:\w+/, "1001");
      const response = await server.ask(path, { method, isStranger: true });
      await readProblem(response, 401);
    }
  },
);
