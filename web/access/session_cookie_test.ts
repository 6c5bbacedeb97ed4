/**
 * The cookie of a session, the way back after signing in, and what a password may be.
 * @module
 */

import assert from "node:assert/strict";
import { judgePassword } from "./admin_password.ts";
import { describeBrowser } from "./browser_name.ts";
import { readReturnPath } from "./return_path.ts";
import {
  clearSessionCookie,
  readSessionCookie,
  writeSessionCookie,
} from "./session_cookie.ts";

const VALUE = "0123456789abcdef".repeat(4);

Deno.test("writeSessionCookie() keeps it from scripts, other sites, and plain connections", () => {
  assert.equal(
    writeSessionCookie(VALUE, false),
    `pbx_session=${VALUE}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax`,
  );
  assert.equal(
    writeSessionCookie(VALUE, true),
    `__Host-pbx_session=${VALUE}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure`,
  );
  assert.equal(
    clearSessionCookie(true),
    "__Host-pbx_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
  );
});

Deno.test("readSessionCookie() finds ours among others", () => {
  const cases: readonly [string | undefined, boolean, string | null][] = [
    [undefined, false, null],
    ["", false, null],
    ["pbx_session", false, null],
    [`pbx_session=${VALUE}`, false, VALUE],
    [`pbx_lang=uz;pbx_session=${VALUE}; x=y=z`, false, VALUE],
    [`pbx_session=x; pbx_session=${VALUE}`, false, VALUE],
    [`pbx_session=${VALUE}`, true, null],
    [`__Host-pbx_session=${VALUE}`, true, VALUE],
    [`__Host-pbx_session=${VALUE}`, false, null],
    [`xpbx_session=${VALUE}`, false, null],
    [`pbx_session=${VALUE}0`, false, null],
    [`pbx_session=${VALUE.toUpperCase()}`, false, null],
  ];
  for (const [header, isTls, expected] of cases) {
    assert.equal(readSessionCookie(header, isTls), expected, header);
  }
});

Deno.test("readReturnPath() takes paths of this server only", () => {
  const good = ["/", "/calls", "/calls?from=1&to=%2F", "/extensions/1001#x"];
  for (const path of good) assert.equal(readReturnPath(path), path);
  const bad = [
    undefined,
    "",
    "calls",
    "//evil.example",
    "/\\evil.example",
    "/a\\b",
    "\\\\evil.example",
    "https://evil.example/",
    "/\t/evil.example",
    "/a\r\nSet-Cookie: x=y",
    "/a b",
    "/ы",
    "/login",
    "/login?next=/x",
    "/logout",
    "/setup",
    `/${"x".repeat(600)}`,
  ];
  for (const path of bad) assert.equal(readReturnPath(path), "/", path);
  assert.equal(readReturnPath("/loginx"), "/loginx");
});

Deno.test("judgePassword() says what is wrong", () => {
  const cases: readonly [string, string | null][] = [
    ["", "short"],
    ["123456789", "short"],
    ["\u{1F600}".repeat(9), "short"],
    ["e\u0301".repeat(9), "short"],
    ["1234567890", "obvious"],
    ["Пароль12345", "obvious"],
    ["QWERTYUIOP", "obvious"],
    ["aaaaaaaaaaaa", "obvious"],
    ["12121212121212", "obvious"],
    ["tab\tin the middle", "unprintable"],
    ["line\nin the middle", "unprintable"],
    ["x1y2z".repeat(52), "long"],
    ["x1y2z".repeat(51), null],
    ["to‘rtta qizil olma", null],
  ];
  for (const [text, expected] of cases) {
    assert.equal(judgePassword(text), expected, JSON.stringify(text));
  }
});

Deno.test("describeBrowser() names browsers that claim to be others", () => {
  const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
  const cases: readonly [string, string][] = [
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/138.0.0.0 Safari/537.36`,
      "Chrome 138, Linux",
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/138.0.0.0 Safari/537.36 Edg/138.0`,
      "Edge 138, Windows",
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/136.0.0.0 YaBrowser/25.6.0.0 Safari/537.36`,
      "Yandex Browser 25, Windows",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
      "Safari 18, iOS",
    ],
    [
      `Mozilla/5.0 (Linux; Android 14) ${webkit} Chrome/138.0.0.0 Mobile Safari/537.36`,
      "Chrome 138, Android",
    ],
    ["curl/7.88.1", "curl 7"],
    ["", ""],
  ];
  for (const [agent, expected] of cases) {
    assert.equal(describeBrowser(agent), expected);
  }
  assert.equal(describeBrowser("<b>".repeat(1000)).length, 60);
});
