/**
 * Names of this server, and where a request comes from.
 * @module
 */

import assert from "node:assert/strict";
import { readBasic } from "./bearer.ts";
import { judgeOrigin } from "./origin.ts";
import { hostOf, isOwnHost } from "./own_host.ts";

Deno.test("isOwnHost() takes addresses, localhost and our domains", () => {
  const cases: [string | undefined, boolean][] = [
    ["127.0.0.1", true],
    ["192.0.2.1:8060", true],
    ["[::1]:8060", true],
    ["localhost:8060", true],
    ["LOCALHOST", true],
    ["PBX.example:8060", true],
    ["pbx.example.evil", false],
    ["127.0.0.1.evil.example", false],
    ["[::1].evil.example", false],
    ["", false],
    [undefined, false],
  ];
  for (const [header, expected] of cases) {
    assert.equal(isOwnHost(header, ["pbx.example"]), expected, `${header}`);
  }
});

Deno.test("hostOf() prefers the header, and takes the URL without one", () => {
  assert.equal(hostOf("http://a.example/x", "b.example:1"), "b.example:1");
  assert.equal(hostOf("https://a.example:8060/x", undefined), "a.example:8060");
  assert.equal(hostOf("nothing", undefined), "");
});

Deno.test("judgeOrigin() knows our pages, others, and programs", () => {
  const host = "PBX.example:8060";
  const judge = (origin?: string, fetchSite?: string) =>
    judgeOrigin({ host, origin, fetchSite });
  assert.equal(judge("http://pbx.example:8060"), "ours");
  assert.equal(judge("https://pbx.example:8060", "cross-site"), "ours");
  assert.equal(judge(undefined, "same-origin"), "ours");
  assert.equal(judge("http://pbx.example"), "foreign");
  assert.equal(judge("http://pbx.example:8061", "same-site"), "foreign");
  assert.equal(judge("null"), "foreign");
  assert.equal(judge(undefined, "none"), "foreign");
  assert.equal(judge(), "unknown");
  assert.equal(judgeOrigin({ host: "", origin: "data:x" }), "foreign");
});

Deno.test("readBasic() splits at the first colon, and takes no garbage", () => {
  const header = (text: string) =>
    `Basic ${new TextEncoder().encode(text).toBase64()}`;
  assert.deepEqual(readBasic(header("admin:a:пароль")), {
    user: "admin",
    password: "a:пароль",
  });
  const bad = [
    undefined,
    "",
    "Basic",
    "Basic !",
    header("admin"),
    "Bearer YTpi",
  ];
  for (const text of bad) assert.equal(readBasic(text), null, text);
});
