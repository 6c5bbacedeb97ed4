/**
 * The frame says where one is, and tells a stranger nothing.
 * @module
 */

import assert from "node:assert/strict";
import { LANGUAGES } from "../../diag/verdict.ts";
import { ErrorPage } from "./error_page.tsx";
import { Frame } from "./frame.tsx";
import type { PageView } from "./page_view.ts";

const PAGE: PageView = {
  language: "en",
  theme: "dark",
  path: "/extensions/1001",
  assets: "/assets/abc",
  isSecure: true,
  isSignedIn: true,
  nowMs: 0,
  version: "9.8.7",
};

function render(page: Partial<PageView> = {}, live?: string): string {
  const props = live === undefined ? {} : { live };
  return String(
    <Frame page={{ ...PAGE, ...page }} title="<Title>" {...props}>
      <p>inside</p>
    </Frame>,
  );
}

Deno.test("Frame names language, theme, title and assets", () => {
  const html = render();
  assert.match(html, /<html lang="en" data-theme="dark"/);
  assert.match(html, /<title>&lt;Title&gt; · pbx<\/title>/);
  assert.match(html, /<h1>&lt;Title&gt;<\/h1>/);
  assert.match(html, /href="\/assets\/abc\/page\.css"/);
  assert.match(html, /src="\/assets\/abc\/page\.js"/);
  assert.match(html, /<p>inside<\/p>/);
});

Deno.test("Frame holds no script and no style of its own", () => {
  assert.doesNotMatch(render({ isSecure: false }), /<style| style=| on\w+="/);
  assert.doesNotMatch(render(), /<script(?! type="module" src=)/);
});

Deno.test("Frame marks the place where one is", () => {
  const marks = (path: string) =>
    [...render({ path }).matchAll(/href="(\/\w*)" aria-current="(\w+)"/g)]
      .map(([, href, mark]) => [href, mark]);
  assert.deepEqual(marks("/"), [["/", "page"]]);
  assert.deepEqual(marks("/calls"), [["/calls", "page"]]);
  assert.deepEqual(marks("/extensions/1001"), [["/extensions", "true"]]);
  assert.deepEqual(marks("/extensionsandmore"), []);
});

Deno.test("Frame says the languages in themselves", () => {
  const html = render();
  for (
    const [language, name] of [
      ["uz", "Oʻzbekcha"],
      ["ru", "Русский"],
      ["en", "English"],
    ]
  ) {
    assert.match(
      html,
      new RegExp(
        `href="\\?lang=${language}" lang="${language}"[^>]*>${name}<`,
      ),
    );
  }
});

Deno.test("Frame follows a live view only where there is one", () => {
  assert.match(render({}, "status"), /data-live="\/stream\/status"/);
  assert.doesNotMatch(render(), /data-live="/);
});

Deno.test("Frame warns where others can read the page", () => {
  assert.doesNotMatch(render(), /not encrypted/);
  const html = render({ isSecure: false, isSignedIn: false });
  assert.match(html, /not encrypted/);
  assert.match(html, /ssh -L 8060:127\.0\.0\.1:8060/);
});

Deno.test("Frame shows a stranger no way in and no version", () => {
  const html = render({ isSignedIn: false, path: "/login" });
  assert.doesNotMatch(html, /9\.8\.7|href="\/(?:extensions|calls|account)"/);
  assert.match(html, /href="\?lang=ru"/);
});

Deno.test("ErrorPage says in each language what is the matter", () => {
  const titles = LANGUAGES.flatMap((language) =>
    ([404, 500] as const).map((status) => {
      const html = String(
        <ErrorPage page={{ ...PAGE, language }} status={status} />,
      );
      return /<h1>(.*?)<\/h1>/.exec(html)![1];
    })
  );
  assert.equal(new Set(titles).size, 6);
});
