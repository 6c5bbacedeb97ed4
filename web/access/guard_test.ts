/**
 * The guard: who gets in, where the others are sent.
 * @module
 */

import assert from "node:assert/strict";
import { ask, PASSWORD, SampleDoor, TOKEN } from "./sample_access_test.ts";

const BEARER = { "Authorization": `Bearer ${TOKEN}` };
const OWN = { peer: "127.0.0.1", headers: BEARER };

function basic(password: string, user = "admin"): Record<string, string> {
  return { "Authorization": `Basic ${btoa(`${user}:${password}`)}` };
}

Deno.test("guard() says nothing to a stranger but that the process lives", async () => {
  const app = new SampleDoor().app();
  assert.equal((await ask(app, "/healthz")).status, 200);
  const rebound = { headers: { "Host": "evil.example" } };
  assert.equal((await ask(app, "/healthz", rebound)).status, 200);
  const closed = [
    "/metrics",
    "/readyz",
    "/api",
    "/api/v1/status",
    "/stream/status",
  ];
  for (const path of closed) {
    for (const method of ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]) {
      const response = await ask(app, path, { method });
      assert.equal(response.status, 401, `${method} ${path}`);
      const type = response.headers.get("content-type");
      assert.equal(type, "application/problem+json");
      assert.match(response.headers.get("www-authenticate")!, /^Bearer /);
    }
  }
  const pages: readonly [string, string][] = [
    ["/", "/login"],
    [
      "/calls?from=1001&x=%2F",
      "/login?next=%2Fcalls%3Ffrom%3D1001%26x%3D%252F",
    ],
    ["/account", "/login?next=%2Faccount"],
    ["/favicon.ico", "/login?next=%2Ffavicon.ico"],
    ["/healthz/", "/login?next=%2Fhealthz%2F"],
    ["/loginx", "/login?next=%2Floginx"],
    ["/assetsx", "/login?next=%2Fassetsx"],
    ["/assets/../calls", "/login?next=%2Fcalls"],
    ["/assets/%2e%2e/calls", "/login?next=%2Fcalls"],
  ];
  for (const [path, to] of pages) {
    const response = await ask(app, path);
    assert.equal(response.status, 303, path);
    assert.equal(response.headers.get("location"), to);
    assert.equal(await response.text(), "");
  }
  const posted = await ask(app, "/account", { form: {} });
  assert.equal(posted.headers.get("location"), "/login");
});

Deno.test("guard() leads to the setup where no password is set", async () => {
  const app = new SampleDoor(false).app();
  const response = await ask(app, "/calls");
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "/setup");
  assert.equal((await ask(app, "/api/v1/status")).status, 401);
});

Deno.test("guard() leaves open what must be", async () => {
  const app = new SampleDoor().app();
  for (const path of ["/assets/0/page.css", "/provision/abc/phone.cfg"]) {
    assert.equal(await (await ask(app, path)).json(), "nobody", path);
  }
});

Deno.test("guard() lets in the token from the machine's own addresses only", async () => {
  const app = new SampleDoor().app();
  for (const path of ["/api/v1/status", "/metrics", "/", "/stream/status"]) {
    const response = await ask(app, path, OWN);
    assert.deepEqual(await response.json(), { kind: "token" });
    const elsewhere = await ask(app, path, { headers: BEARER });
    assert.notEqual(elsewhere.status, 200, path);
  }
  const wrong = ["", "Bearer ", `Bearer ${TOKEN}x`, `Basic ${TOKEN}`];
  for (const header of [...wrong, `Bearer ${TOKEN.slice(1)}`]) {
    const headers = { "Authorization": header };
    const response = await ask(app, "/api/v1/x", {
      peer: "127.0.0.1",
      headers,
    });
    assert.equal(response.status, 401);
    assert.match((await response.json()).detail, /api-token/);
  }
  // what a program does with the token came from no page
  const headers = { ...BEARER, "Origin": "http://evil.example" };
  const posted = { peer: "127.0.0.1", headers, method: "POST" };
  assert.equal((await ask(app, "/api/v1/x", posted)).status, 200);
});

Deno.test("guard() tells only the machine itself whether it is ready", async () => {
  const app = new SampleDoor().app();
  assert.equal((await ask(app, "/readyz", { peer: "127.0.0.1" })).status, 200);
  assert.equal((await ask(app, "/readyz")).status, 401);
});

Deno.test("guard() lets in a session, and what changes something only from our pages", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const cookie = await door.signIn();
  const { kind, id } = await (await ask(app, "/calls", { cookie })).json();
  assert.equal(kind, "session");
  assert.match(id, /^[0-9a-f]{16}$/);
  assert.doesNotMatch(cookie, new RegExp(id));
  const cases: readonly [Record<string, string>, number][] = [
    [{ "Origin": "http://192.0.2.1:8060" }, 200],
    [{ "Origin": "https://192.0.2.1:8060" }, 200],
    [{ "Origin": "", "Sec-Fetch-Site": "same-origin" }, 200],
    [{ "Origin": "http://192.0.2.1:8061" }, 403],
    [{ "Origin": "http://192.0.2.1" }, 403],
    [{ "Origin": "http://evil.example" }, 403],
    [{ "Origin": "http://192.0.2.1:8060.evil.example" }, 403],
    [{ "Origin": "null" }, 403],
    [{ "Origin": "", "Sec-Fetch-Site": "same-site" }, 403],
    [{ "Origin": "", "Sec-Fetch-Site": "none" }, 403],
  ];
  for (const [headers, status] of cases) {
    for (const method of ["POST", "DELETE", "PUT", "PATCH"]) {
      const response = await ask(app, "/x", { method, headers, cookie });
      assert.equal(response.status, status, JSON.stringify(headers));
    }
  }
  const bare = new Request("http://192.0.2.1:8060/x", {
    method: "POST",
    headers: { "Host": "192.0.2.1:8060", "Cookie": `pbx_session=${cookie}` },
  });
  const unproven = await app.fetch(bare, {
    peer: "192.0.2.7",
    isSecure: false,
  });
  assert.equal(unproven.status, 403);
});

Deno.test("guard() takes a cookie only as the connection has it", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const cookie = await door.signIn();
  assert.equal((await ask(app, "/x", { cookie, isTls: true })).status, 200);
  const headers = { "Cookie": `pbx_session=${cookie}` };
  assert.equal((await ask(app, "/x", { headers, isTls: true })).status, 303);
  const other = {
    cookie: cookie.replace(/./, (digit) => digit === "0" ? "1" : "0"),
  };
  assert.equal((await ask(app, "/x", other)).status, 303);
  const hash = [...door.keeper.sessions.keys()][0]!;
  assert.equal((await ask(app, "/x", { cookie: hash })).status, 303);
});

Deno.test("guard() refuses a Host that another page may have made", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const cookie = await door.signIn();
  const headers = { "Host": "rebound.example:8060" };
  for (
    const path of ["/", "/login", "/setup", "/assets/0/page.js", "/api/v1/x"]
  ) {
    assert.equal((await ask(app, path, { headers, cookie })).status, 421, path);
  }
  const token = { ...OWN, headers: { ...BEARER, ...headers } };
  assert.equal((await ask(app, "/api/v1/x", token)).status, 421);
  const own = { cookie, headers: { "Host": "PBX.example" } };
  assert.equal((await ask(app, "/x", own)).status, 200);
});

Deno.test("guard() reads the host of HTTP/2, which has no Host header", async () => {
  const app = new SampleDoor().app();
  const status = async (host: string) => {
    const request = new Request(`https://${host}/login`);
    return (await app.fetch(request, { peer: "192.0.2.7", isSecure: true }))
      .status;
  };
  assert.equal(await status("pbx.example:8060"), 200);
  assert.equal(await status("evil.example"), 421);
});

Deno.test("guard() lets another page use up nobody's tries", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const headers = { "Origin": "http://evil.example" };
  const form = { password: "guess" };
  assert.equal((await ask(app, "/login", { form, headers })).status, 403);
  assert.equal(door.hasher.verified, 0);
});

Deno.test("guard() lets a scraper read the metrics by the password, hashed once", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const headers = basic(PASSWORD);
  for (let i = 0; i < 20; i++) {
    assert.equal((await ask(app, "/metrics", { headers })).status, 200);
  }
  assert.equal(door.hasher.verified, 1);
  assert.equal((await ask(app, "/api/v1/status", { headers })).status, 401);
  assert.equal((await ask(app, "/", { headers })).status, 303);
  const post = { headers, method: "POST" };
  assert.equal((await ask(app, "/metrics", post)).status, 401);
  const user = { headers: basic(PASSWORD, "root") };
  assert.equal((await ask(app, "/metrics", user)).status, 401);
  // what was right is wrong with another password
  door.keeper.record = "hash of another password";
  const refused = await ask(app, "/metrics", { headers });
  assert.equal(refused.status, 401);
  assert.doesNotMatch(refused.headers.get("www-authenticate") ?? "", /basic/i);
});

Deno.test("guard() lets a scraper guess no faster than anybody", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const right = { headers: basic(PASSWORD) };
  assert.equal((await ask(app, "/metrics", right)).status, 200);
  const statuses: number[] = [];
  for (let i = 0; i < 7; i++) {
    const headers = basic(`guess ${i}`);
    statuses.push((await ask(app, "/metrics", { headers })).status);
  }
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429]);
  const locked = await ask(app, "/metrics", right);
  assert.equal(locked.status, 429);
  assert.equal(locked.headers.get("retry-after"), "60");
  // whoever signs in from the same address is not concerned
  const entered = await ask(app, "/login", { form: { password: PASSWORD } });
  assert.equal(entered.status, 303);
  assert.equal((await ask(app, "/metrics", right)).status, 429);
});
