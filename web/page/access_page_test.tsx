/**
 * The pages about access, asked without a socket.
 * @module
 */

import assert from "node:assert/strict";
import { LANGUAGES } from "../../diag/verdict.ts";
import { ask, PASSWORD, SampleDoor } from "../access/sample_access_test.ts";
import { AccountPage } from "./account_page.tsx";
import { LoginPage } from "./login_page.tsx";
import type { PageView } from "./page_view.ts";
import { SetupPage } from "./setup_page.tsx";
import { ACCESS_WORDS } from "./words/access_words.ts";

const FRESH = { password: "eight blue boats", again: "eight blue boats" };

/** The value of the session cookie that an answer sets. */
function cookieIn(response: Response): string {
  const header = response.headers.getSetCookie().find((cookie) =>
    cookie.includes("pbx_session=")
  );
  return /pbx_session=([^;]*)/.exec(header ?? "")?.[1] ?? "none";
}

Deno.test("addLoginPage() signs in and leads to where one wanted to go", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const shown = await ask(app, "/login?next=/calls%3Ffrom%3D1001");
  assert.equal(shown.status, 200);
  assert.match(await shown.text(), /name="next" value="\/calls\?from=1001"/);
  const form = { password: PASSWORD, next: "/calls?from=1001" };
  const response = await ask(app, "/login", { form });
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "/calls?from=1001");
  assert.match(
    response.headers.get("set-cookie")!,
    /^pbx_session=[0-9a-f]{64}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax$/,
  );
  const cookie = cookieIn(response);
  assert.equal((await ask(app, "/calls", { cookie })).status, 200);
  const again = await ask(app, "/login?next=/live", { cookie });
  assert.equal(again.headers.get("location"), "/live");
});

Deno.test("addLoginPage() makes a cookie for TLS only under TLS", async () => {
  const app = new SampleDoor().app();
  const form = { password: PASSWORD };
  const response = await ask(app, "/login", { form, isTls: true });
  assert.match(
    response.headers.get("set-cookie")!,
    /^__Host-pbx_session=[^;]+; Path=\/; .*; Secure$/,
  );
});

Deno.test("addLoginPage() leads nobody to another server", async () => {
  const app = new SampleDoor().app();
  for (const next of ["//evil.example", "https://evil.example", "/\\evil"]) {
    const form = { password: PASSWORD, next };
    const response = await ask(app, "/login", { form });
    assert.equal(response.headers.get("location"), "/", next);
    const shown = await ask(app, `/login?next=${encodeURIComponent(next)}`);
    // the switches of language and theme stay on this page, with its query
    const links = /(?:href|action|value)="(?!\?next=)[^"]*evil/;
    assert.doesNotMatch(await shown.text(), links);
  }
});

Deno.test("addLoginPage() keeps where one wanted to go in another language, also after a wrong password", async () => {
  const app = new SampleDoor().app();
  const shown = await ask(app, "/login?next=/calls%3Ffrom%3D1001");
  const form = { password: "wrong password", next: "/calls?from=1001" };
  const refused = await ask(app, "/login", { form });
  for (const response of [shown, refused]) {
    const text = await response.text();
    const [, query] = /href="(\?[^"]*&amp;lang=ru)"/.exec(text)!;
    const turned = await ask(app, `/login${query!.replaceAll("&amp;", "&")}`);
    assert.equal(turned.status, 303);
    const to = turned.headers.get("location")!;
    const headers = { "Accept-Language": "ru" };
    const russian = await (await ask(app, to, { headers })).text();
    assert.match(russian, /name="next" value="\/calls\?from=1001"/);
    assert.match(russian, /lang="ru"/);
  }
});

Deno.test("the pages about access name the command as it is typed here", async () => {
  const command = /<code class="copy">\.\/pbx admin passwd --data data<\/code>/;
  const login = await ask(new SampleDoor().app(), "/login");
  assert.match(await login.text(), command);
  const setup = await ask(new SampleDoor(false).app(), "/setup");
  const text = await setup.text();
  assert.match(text, command);
  assert.match(
    text,
    /<code class="copy">\.\/pbx admin setup --data data<\/code>/,
  );
});

Deno.test("addLoginPage() says what is wrong, and when to try again", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const form = { password: "a wrong password" };
  for (let i = 0; i < 5; i++) {
    const response = await ask(app, "/login", { form });
    assert.equal(response.status, 401);
    const text = await response.text();
    const left = i === 4
      ? "That was the last attempt for now"
      : `Attempts left before you have to wait: ${4 - i}`;
    assert.match(
      text,
      new RegExp(
        `id="password-error">This password is wrong\\. ${left}`,
      ),
    );
    assert.match(text, /id="password"[^>]* autofocus/);
    assert.match(text, /aria-invalid="true" aria-describedby="password-error"/);
    assert.doesNotMatch(text, /a wrong password/);
  }
  door.nowMs += 15_000;
  const locked = await ask(app, "/login", { form: { password: PASSWORD } });
  assert.equal(locked.status, 429);
  assert.equal(locked.headers.get("retry-after"), "45");
  const text = await locked.text();
  assert.match(text, /Try again in 45.s, at <time/);
  assert.equal(locked.headers.get("set-cookie"), null);
});

Deno.test("addLoginPage() takes broken, odd and endless forms for wrong ones", async () => {
  const app = new SampleDoor().app();
  const post = async (body: BodyInit, type?: string) => {
    const request = new Request("http://192.0.2.1:8060/login", {
      method: "POST",
      headers: {
        "Host": "192.0.2.1:8060",
        ...(type !== undefined && { "Content-Type": type }),
      },
      body,
    });
    const response = await app.fetch(request, {
      peer: "192.0.2.7",
      isSecure: false,
    });
    return response.status;
  };
  const form = "application/x-www-form-urlencoded";
  assert.equal(await post("{}", "application/json"), 401);
  assert.equal(
    await post("--x\r\nbroken", "multipart/form-data; boundary=x"),
    401,
  );
  assert.equal(await post("__proto__=1&password[]=2&password=", form), 401);
  assert.equal(await post(`password=${"x".repeat(20_000)}`, form), 400);
  const data = new FormData();
  data.set("password", new File([PASSWORD], "x"));
  assert.equal(await post(data), 401);
});

Deno.test("addLoginPage() signs out", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const cookie = await door.signIn();
  const foreign = { "Origin": "http://evil.example" };
  const kept = await ask(app, "/logout", {
    cookie,
    form: {},
    headers: foreign,
  });
  assert.equal(kept.status, 403);
  const response = await ask(app, "/logout", { cookie, form: {} });
  assert.equal(response.headers.get("location"), "/login");
  assert.match(
    response.headers.get("set-cookie")!,
    /^pbx_session=; .*Max-Age=0/,
  );
  assert.equal((await ask(app, "/account", { cookie })).status, 303);
});

Deno.test("addSetupPage() sets the first password and is gone then", async () => {
  const door = new SampleDoor(false);
  const app = door.app();
  const token = door.access.makeSetupToken()!;
  const first = await ask(app, "/login");
  assert.equal(first.headers.get("location"), "/setup");
  assert.doesNotMatch(
    await (await ask(app, "/setup")).text(),
    new RegExp(token),
  );
  const wrong = await ask(app, "/setup", { form: { token: "x", ...FRESH } });
  assert.equal(wrong.status, 401);
  const refused = await wrong.text();
  assert.match(
    refused,
    /id="token-error">This is not the token of the running server.*: 4</,
  );
  assert.match(refused, /id="token"[^>]* autofocus/);
  const short = { token, password: "short", again: "short" };
  const unfit = await ask(app, "/setup", { form: short });
  assert.equal(unfit.status, 400);
  const text = await unfit.text();
  assert.match(text, /id="password-error">[^<]*too short: at least 10/);
  // the token need not be typed again, and where one goes on is the password
  assert.match(text, new RegExp(`value="${token}" autocomplete="off"`));
  assert.match(text, /id="password"[^>]* autofocus/);
  assert.doesNotMatch(text, /id="token"[^>]* autofocus/);
  assert.doesNotMatch(text, /value="short"/);
  const typo = { token, ...FRESH, again: "eight blue goats" };
  const differs = await ask(app, "/setup", { form: typo });
  assert.match(await differs.text(), /id="password-error">[^<]*not the same/);
  const done = await ask(app, "/setup", { form: { token, ...FRESH } });
  assert.equal(done.status, 303);
  assert.equal(done.headers.get("location"), "/");
  assert.equal(
    (await ask(app, "/account", { cookie: cookieIn(done) })).status,
    200,
  );
  const gone = await ask(app, "/setup");
  assert.equal(gone.headers.get("location"), "/login");
  const late = await ask(app, "/setup", { form: { token, ...FRESH } });
  assert.equal(late.headers.get("location"), "/login");
  assert.equal(late.headers.get("set-cookie"), null);
});

Deno.test("addAccountPage() changes the password and goes on with a new session", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const cookie = await door.signIn();
  const other = await door.signIn("192.0.2.8");
  const wrong = await ask(app, "/account", {
    cookie,
    form: { old: "x", ...FRESH },
  });
  assert.equal(wrong.status, 401);
  assert.match(await wrong.text(), /id="old-error">This password is wrong/);
  const typo = { old: PASSWORD, ...FRESH, again: "eight blue goats" };
  const differs = await ask(app, "/account", { cookie, form: typo });
  assert.equal(differs.status, 400);
  assert.match(
    await differs.text(),
    /id="password-error">[^<]*are not the same/,
  );
  const form = { old: PASSWORD, ...FRESH };
  const done = await ask(app, "/account", { cookie, form });
  assert.equal(done.status, 303);
  const shown = await ask(app, done.headers.get("location")!, {
    cookie: cookieIn(done),
  });
  assert.match(await shown.text(), /role="status">The password is changed/);
  for (const ended of [cookie, other]) {
    assert.equal((await ask(app, "/account", { cookie: ended })).status, 303);
  }
});

Deno.test("addAccountPage() lists who is signed in, and ends one or all", async () => {
  const door = new SampleDoor();
  const app = door.app();
  const cookie = await door.signIn();
  const other = await door.signIn("2001:db8::8");
  const text = await (await ask(app, "/account", { cookie })).text();
  assert.match(text, /curl 8/);
  assert.match(text, /2001:db8::8/);
  assert.match(text, /this browser/);
  assert.match(text, /Prometheus[^<]*give it the new one too/);
  for (const { hash } of door.keeper.sessions.values()) {
    assert.doesNotMatch(text, new RegExp(hash));
  }
  const [id, ...rest] = [...text.matchAll(/name="id" value="([^"]*)"/g)]
    .map((match) => match[1]!);
  assert.deepEqual(rest, []);
  const ended = await ask(app, "/account/end", { cookie, form: { id: id! } });
  assert.equal(ended.headers.get("location"), "/account?done=ended");
  assert.equal((await ask(app, "/account", { cookie: other })).status, 303);
  assert.equal((await ask(app, "/account", { cookie })).status, 200);
  const all = await ask(app, "/account/end-all", { cookie, form: {} });
  assert.equal(all.headers.get("location"), "/login");
  assert.equal((await ask(app, "/account", { cookie })).status, 303);
});

Deno.test("the pages about access are written in each language, and escape what browsers say", () => {
  for (const language of LANGUAGES) {
    const page: PageView = {
      language,
      theme: "auto",
      path: "/account",
      assets: "/assets/0",
      isSecure: true,
      isSignedIn: false,
      nowMs: 0,
      version: "0.1.0",
    };
    const hostile = {
      hash: "a".repeat(64),
      madeMs: 0,
      seenMs: 0,
      expiresMs: 1,
      source: "<script>",
      browser: '"><img src=x>',
    };
    const refusals = [
      { kind: "wrong", triesLeft: 2 },
      { kind: "wrong", triesLeft: 0 },
      { kind: "busy" },
      { kind: "locked", untilMs: 60_000, waitSeconds: 60 },
      { kind: "differs" },
      ...(["short", "long", "obvious", "unprintable"] as const).map((fault) =>
        ({ kind: "unfit", fault }) as const
      ),
    ] as const;
    const pages = refusals.flatMap((refusal) => [
      String(
        <SetupPage
          page={page}
          passwdCommand="pbx admin passwd --data '<script>'"
          setupCommand="pbx admin setup --data '<script>'"
          token={hostile.browser}
          refusal={refusal}
        />,
      ),
      String(
        <AccountPage
          page={page}
          sessions={[hostile]}
          own={null}
          refusal={refusal}
        />,
      ),
      String(
        <LoginPage
          page={page}
          next="/"
          passwdCommand="pbx admin passwd"
          refused={{ kind: "busy" }}
        />,
      ),
    ]);
    for (const text of pages) {
      assert.doesNotMatch(text, /<script>|<img|\{\w+\}|undefined/);
      assert.match(text, /<h1>[^<]+<\/h1>/);
    }
  }
  const english = ACCESS_WORDS.en as unknown as Record<string, unknown>;
  for (const language of ["ru", "uz"] as const) {
    for (const [key, words] of Object.entries(ACCESS_WORDS[language])) {
      assert.notDeepEqual(words, english[key], `${language} ${key}`);
    }
  }
});
