/**
 * Access to the page of a real server: what a stranger sees, the first visit, signing in and out,
 * guessing, and the password set by the command line.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { runPbx } from "./lab_command.ts";
import { cookieIn, OTHER, PASSWORD, setPassword, Site } from "./lab_site.ts";

liveTest(
  "pbx serve shows a stranger nothing but that it lives",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    await setPassword(lab, data, PASSWORD);
    await runPbx(lab, ["extension", "add", "1001", "--data", data], "");
    const site = await Site.start(lab, data);
    assert.doesNotMatch(site.process.output, /Setup token/);
    assert.match(site.process.output, /The page: http:\/\/127/);
    assert.equal((await site.ask("/healthz")).body, "ok\n");
    const closed = [
      ...["/metrics", "/api", "/api/", "/api/v1/none", "/stream/status"],
      ...["status", "extensions", "extensions/1001", "calls", "verdicts"]
        .concat("checks", "facts", "messages", "events", "openapi.json")
        .map((name) => `/api/v1/${name}`),
    ];
    for (const path of closed) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const { status, headers, body } = await site.ask(path, { method });
        assert.equal(status, 401, `${method} ${path}`);
        assert.equal(headers["content-type"], "application/problem+json");
        assert.doesNotMatch(String(headers["www-authenticate"]), /basic/i);
        assert.doesNotMatch(body, /1001|[0-9]\.[0-9]\.[0-9]/);
      }
    }
    const pages = ["/", "/extensions", "/extensions/1001", "/calls", "/live"]
      .concat("/security", "/help", "/account", "/nothing", "/server.json");
    for (const path of pages) {
      const { status, headers, body } = await site.ask(path);
      assert.equal(status, 303, path);
      assert.match(String(headers["location"]), /^\/login/);
      assert.equal(body, "");
      assert.equal((await site.ask(path, { form: {} })).status, 303, path);
    }
    const login = await site.ask("/login");
    assert.equal(login.status, 200);
    assert.doesNotMatch(login.body, /1001|Version [0-9]/);
    assert.match(
      String(login.headers["content-security-policy"]),
      /default-src 'none'/,
    );
  },
);

liveTest(
  "pbx serve refuses a Host that another page may have made",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    await setPassword(lab, data, PASSWORD);
    const site = await Site.start(lab, data, ["--domain", "pbx.example"]);
    const cookie = await site.signIn(PASSWORD);
    const token = Deno.readTextFileSync(`${data}/api-token`).trim();
    const authorization = { "Authorization": `Bearer ${token}` };
    const ask = async (path: string, host: string, more = {}) => {
      const headers = { "Host": host, ...more };
      return (await site.ask(path, { headers, cookie })).status;
    };
    for (const path of ["/", "/login", "/account", "/api/v1/status"]) {
      assert.equal(await ask(path, "rebound.example:8060"), 421, path);
      assert.equal(await ask(path, "rebound.example", authorization), 421);
    }
    for (const host of ["[evil]", "999.999.999.999", "127.0.0.1:1:2"]) {
      assert.equal(await ask("/", host), 400, host);
    }
    assert.doesNotMatch(site.process.output, /fault/);
    assert.equal(await ask("/account", "pbx.example:8060"), 200);
    assert.equal(await ask("/healthz", "rebound.example"), 200);
  },
);

liveTest(
  "pbx serve takes the setup token once, and a right password after it",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const site = await Site.start(lab, data);
    const found = /Setup token: ([a-z0-9-]+)/.exec(site.process.output);
    const token = found?.[1] ?? assert.fail(site.process.output);
    assert.match(
      site.process.output,
      /Open http:\/\/[\d.:]+\/setup \(.*ssh -L/,
    );
    const first = await site.ask("/");
    assert.equal(first.headers["location"], "/setup");
    const fresh = { password: PASSWORD, again: PASSWORD };
    const wrong = await site.ask("/setup", { form: { token: "a", ...fresh } });
    assert.equal(wrong.status, 401);
    const done = await site.ask("/setup", { form: { token, ...fresh } });
    assert.equal(done.status, 303);
    assert.match(
      String(done.headers["set-cookie"]),
      /^pbx_session=[0-9a-f]{64}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    );
    assert.equal(await site.statusOf("/account", cookieIn(done)), 200);
    const again = await site.ask("/setup", { form: { token, ...fresh } });
    assert.equal(again.headers["location"], "/login");
    assert.equal(again.headers["set-cookie"], undefined);
    const cookie = await site.signIn(PASSWORD);
    assert.equal(await site.statusOf("/account", cookie), 200);
    const files = [...Deno.readDirSync(data)].filter(({ name }) =>
      name.startsWith("pbx.db")
    );
    for (const { name } of files) {
      const octets = Deno.readFileSync(`${data}/${name}`);
      const text = new TextDecoder("latin1").decode(octets);
      for (const secret of [token, PASSWORD, cookie]) {
        assert.ok(!text.includes(secret), name);
      }
    }
    assert.doesNotMatch(
      site.process.output,
      new RegExp(`${PASSWORD}|${cookie}`),
    );
  },
);

liveTest(
  "pbx serve lets only its own pages change something, and signs out",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    await setPassword(lab, data, PASSWORD);
    const site = await Site.start(lab, data);
    const cookie = await site.signIn(PASSWORD);
    const foreign: readonly Record<string, string>[] = [
      { "Origin": "http://evil.example" },
      { "Origin": "null" },
      { "Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site" },
    ];
    for (const headers of foreign) {
      const form = { old: PASSWORD, password: OTHER, again: OTHER };
      for (const path of ["/account", "/logout", "/account/end-all"]) {
        const question = { form, headers, cookie };
        assert.equal((await site.ask(path, question)).status, 403, path);
      }
    }
    assert.equal(await site.statusOf("/account", cookie), 200);
    assert.equal((await site.ask("/logout", { form: {}, cookie })).status, 303);
    assert.equal(await site.statusOf("/account", cookie), 303);
    await site.process.waitFor(/Signed in to the page.*127\.0\.0\.1/);
  },
);

liveTest(
  "pbx serve names the command for another password as it is typed",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const site = await Site.start(lab, data);
    const command = new RegExp(
      `<code class="copy">[^<]+ admin passwd --data ${data}</code>`,
    );
    assert.match((await site.ask("/setup")).body, command);
    await setPassword(lab, data, PASSWORD);
    assert.match((await site.ask("/login")).body, command);
  },
);

liveTest("pbx serve locks out who guesses", [], async (lab) => {
  const data = `${lab.directory}/data`;
  await setPassword(lab, data, PASSWORD);
  const site = await Site.start(lab, data);
  const guesses = Array.from(
    { length: 12 },
    (_, i) => site.ask("/login", { form: { password: `wrong guess ${i}` } }),
  );
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 401).length, 5);
  assert.equal(statuses.filter((status) => status === 429).length, 7);
  const right = await site.ask("/login", { form: { password: PASSWORD } });
  assert.equal(right.status, 429);
  const seconds = Number(right.headers["retry-after"]);
  assert.ok(seconds > 0 && seconds <= 60, String(seconds));
  await site.process.waitFor(/Locked out of the page/);
  await site.process.waitFor(/Wrong password for the page.*127\.0\.0\.1/);
  assert.doesNotMatch(site.process.output, /wrong guess/);
  // the administrator of the machine is not concerned, nor is Prometheus
  await runPbx(lab, ["status", "--data", data], "");
  const scraper = { "Authorization": `Basic ${btoa(`admin:${PASSWORD}`)}` };
  const scraped = await site.ask("/metrics", { headers: scraper });
  assert.equal(scraped.status, 200);
  // whoever forgot the password sets another one, and is not kept waiting
  await setPassword(lab, data, OTHER);
  await site.signIn(OTHER);
});

liveTest(
  "pbx admin passwd takes effect at once, and ends every session",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const site = await Site.start(lab, data);
    const made = JSON.parse(await setPassword(lab, data, PASSWORD));
    assert.deepEqual(made, { changed: true, sessionsEnded: 0 });
    const token = /Setup token: ([a-z0-9-]+)/.exec(site.process.output)![1]!;
    const form = { token, password: OTHER, again: OTHER };
    const late = await site.ask("/setup", { form });
    assert.equal(late.headers["location"], "/login");
    const cookies = [await site.signIn(PASSWORD), await site.signIn(PASSWORD)];
    const scraper = { "Authorization": `Basic ${btoa(`admin:${PASSWORD}`)}` };
    const scrape = async () =>
      (await site.ask("/metrics", { headers: scraper })).status;
    assert.equal(await scrape(), 200);
    const changed = JSON.parse(await setPassword(lab, data, OTHER));
    assert.deepEqual(changed, { changed: true, sessionsEnded: 2 });
    for (const cookie of cookies) {
      assert.equal(await site.statusOf("/account", cookie), 303);
    }
    // Prometheus goes on with the old one, which locks out nobody else
    for (let i = 0; i < 5; i++) assert.equal(await scrape(), 401);
    assert.equal(await scrape(), 429);
    await site.process.waitFor(/Locked out of \/metrics/);
    const old = await site.ask("/login", { form: { password: PASSWORD } });
    assert.equal(old.status, 401);
    const cookie = await site.signIn(OTHER);
    assert.equal(await site.statusOf("/account", cookie), 200);
    site.process.signal("SIGTERM");
    assert.equal(await site.process.wait(5000), 0);
    const again = await Site.start(lab, data);
    assert.equal(await again.statusOf("/account", cookie), 200);
  },
);
