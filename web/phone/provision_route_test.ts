import assert from "node:assert/strict";
import { makeLinks } from "./phone_desk.ts";
import { addPhoneLinks, isPhoneLinksAnswer } from "./phone_links_route.ts";
import { addProvision } from "./provision_route.ts";
import { askApp, makeSampleApp, SampleOffice } from "./sample_phone_test.ts";

const PHONE = "198.51.100.7";
const REACHED = { host: "127.0.0.1:8060", isSecure: false };

function open() {
  const office = new SampleOffice();
  const app = makeSampleApp();
  addProvision(app, office.phones);
  addPhoneLinks(app, office.phones);
  const fetchFile = (link: string, method = "GET", peer = PHONE) =>
    askApp(app, new URL(link).pathname, { method, peer });
  return { office, app, fetchFile };
}

async function describe(response: Response) {
  const { status, headers } = response;
  const names = [...headers.keys()].toSorted();
  return { status, names, body: await response.text() };
}

Deno.test("addProvision() gives each file by its link, once", async () => {
  const { office, fetchFile } = open();
  office.links.keep("1001", "secret-1", 0);
  const { once } = makeLinks(office.phones, "1001", REACHED)!;
  assert.match(once!.microsip, /^http:\/\/pbx\.example:8060\/provision\//);
  const files = [
    [once!.microsip, /p.a.s.s.w.o.r.d.=.s.e.c.r.e.t.-.1/],
    [once!.linphone, /secret-1/],
    [`${once!.yealink}805ec079c37f.cfg`, /password = secret-1/],
    [`${once!.grandstream}cfg805ec079c37f.xml`, /<P34>secret-1<\/P34>/],
  ] as const;
  for (const [link, content] of files) {
    const look = await fetchFile(link, "HEAD");
    assert.equal(look.status, 200);
    assert.equal(await look.text(), "");
    const response = await fetchFile(link);
    assert.equal(response.status, 200, link);
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.match(await response.text(), content);
    assert.equal((await fetchFile(link)).status, 200);
    assert.equal((await fetchFile(link, "GET", "203.0.113.9")).status, 404);
  }
  office.nowMs = 61_000;
  assert.equal((await fetchFile(once!.linphone)).status, 404);
});

Deno.test("addProvision() refuses in one way, whatever is wrong", async () => {
  const { office, app, fetchFile } = open();
  office.links.keep("1001", "secret-1", 0);
  const { once } = makeLinks(office.phones, "1001", REACHED)!;
  await fetchFile(once!.linphone);
  const refusals = await Promise.all([
    fetchFile(once!.linphone, "GET", "203.0.113.9"),
    fetchFile(once!.microsip.replace("MicroSIP", "other")),
    askApp(app, `/provision/${"0".repeat(32)}/linphone.xml`),
    askApp(app, "/provision/x"),
    askApp(app, `/provision/${"x".repeat(4000)}/cfg.xml`),
    askApp(app, "/provision/x/cfg.xml", { method: "POST" }),
  ]);
  const described = await Promise.all(refusals.map(describe));
  for (const one of described) assert.deepEqual(one, described[0]);
  assert.equal(described[0]!.status, 404);
});

Deno.test("addPhoneLinks() makes links for who knows the password", async () => {
  const { office, app, fetchFile } = open();
  const ask = (number: string, body: unknown) =>
    askApp(app, `/extensions/${number}/links`, {
      method: "POST",
      body: JSON.stringify(body),
    });
  assert.equal((await ask("1009", { password: "x" })).status, 404);
  assert.equal((await ask("1001", { password: "wrong" })).status, 400);
  assert.equal((await ask("1001", {})).status, 409);
  const response = await ask("1001", { password: "secret-1" });
  assert.equal(response.status, 201);
  const answer = await response.json();
  assert.ok(isPhoneLinksAnswer(answer));
  assert.equal(answer.endsAt, "1970-01-01T00:15:00.000Z");
  assert.equal((await fetchFile(answer.links.linphone)).status, 200);
  // the password is kept by now
  assert.equal((await ask("1001", {})).status, 201);
  office.outside = null;
  const refused = await ask("1001", {});
  assert.equal(refused.status, 409);
  assert.match((await refused.json()).detail, /this machine only/);
});
