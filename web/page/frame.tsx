/**
 * The frame around every page: head, navigation, the switches for language and theme.
 * @module
 */

import type { Child } from "hono/jsx";
import { LANGUAGES } from "../../diag/verdict.ts";
import { type PageView, THEMES } from "./page_view.ts";
import {
  FRAME_WORDS,
  type FrameWords,
  LANGUAGE_NAMES,
  type Place,
} from "./words/frame_words.ts";

const PATHS: readonly (readonly [Place, string])[] = [
  ["status", "/"],
  ["extensions", "/extensions"],
  ["calls", "/calls"],
  ["live", "/live"],
  ["security", "/security"],
  ["help", "/help"],
  ["account", "/account"],
];

const TLS_LINES = `[tls]
certificate = "/etc/pbx/fullchain.pem"
key = "/etc/pbx/privkey.pem"`;

export interface FrameProps {
  readonly page: PageView;
  readonly title: string;
  /** The name of the live view; none for a page that stands still. */
  readonly live?: string;
  readonly children?: Child;
}

export function Frame({ page, title, live, children }: FrameProps) {
  const words = FRAME_WORDS[page.language];
  return (
    <html lang={page.language} data-theme={page.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · pbx`}</title>
        <link
          rel="icon"
          type="image/svg+xml"
          href={`${page.assets}/favicon.svg`}
        />
        <link rel="stylesheet" href={`${page.assets}/page.css`} />
        <script type="module" src={`${page.assets}/page.js`}></script>
      </head>
      <body
        class={page.isSignedIn ? undefined : "signed-out"}
        data-copy={words.copy}
        data-copied={words.copied}
        data-confirm-yes={words.confirm}
        data-confirm-no={words.cancel}
        data-live-on={words.live}
        data-live-off={words.reconnecting}
      >
        <a class="skip-link" href="#main">{words.skip}</a>
        <Head page={page} words={words} />
        <main
          id="main"
          tabindex={-1}
          data-live={live === undefined ? undefined : `/stream/${live}`}
        >
          <div class="frame-title">
            <h1>{title}</h1>
            {live !== undefined && (
              <p class="live-state" id="live-state" role="status"></p>
            )}
          </div>
          {!page.isSecure && <Insecure words={words} />}
          {children}
        </main>
        <Foot page={page} words={words} />
      </body>
    </html>
  );
}

interface PartProps {
  readonly page: PageView;
  readonly words: FrameWords;
}

function Head({ page, words }: PartProps) {
  return (
    <header class="frame-head">
      <div>
        <a class="brand" href="/">
          <Logo />pbx
        </a>
        {page.isSignedIn && (
          <nav class="frame-nav" aria-label={words.navigation}>
            <ul>
              {PATHS.map(([place, path]) => (
                <li class={`nav-${place}`}>
                  <a href={path} aria-current={currentOf(page.path, path)}>
                    {words.places[place]}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <nav aria-label={words.language}>
          <ul class="switch">
            {LANGUAGES.map((language) => (
              <li>
                <a
                  href={turnTo(page, "lang", language)}
                  lang={language}
                  hreflang={language}
                  aria-current={language === page.language ? "true" : undefined}
                >
                  {LANGUAGE_NAMES[language]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </header>
  );
}

/** Before somebody has signed in the version is nobody's business. */
function Foot({ page, words }: PartProps) {
  return (
    <footer class="frame-foot">
      <div>
        <p>
          {page.isSignedIn ? `pbx · ${words.version} ${page.version}` : "pbx"}
        </p>
        <nav aria-label={words.theme}>
          <ul class="switch">
            <li aria-hidden="true">{words.theme}:</li>
            {THEMES.map((theme) => (
              <li>
                <a
                  href={turnTo(page, "theme", theme)}
                  aria-current={theme === page.theme ? "true" : undefined}
                >
                  {words.themes[theme]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </footer>
  );
}

function Insecure({ words }: { readonly words: FrameWords }) {
  return (
    <section class="notice warning">
      <strong>{words.insecure}</strong>
      <details>
        <summary>{words.insecureWhy}</summary>
        <ul>
          <li>
            {words.insecureTunnel}
            <br />
            <code class="copy">ssh -L 8060:127.0.0.1:8060 root@SERVER</code>
          </li>
          <li>
            {words.insecureTls}
            <br />
            <code class="copy">{TLS_LINES}</code>
          </li>
        </ul>
      </details>
    </section>
  );
}

/** Three waves from a handset, as in the favicon. */
function Logo() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" fill="none">
      <path
        d="M6.5 3.5h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2Z"
        fill="currentColor"
      />
      <path
        d="M14 3.5a6.5 6.5 0 0 1 6.5 6.5M14 7a3 3 0 0 1 3 3"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
      />
    </svg>
  );
}

/** The same address, shown otherwise. */
function turnTo(
  { query = "" }: PageView,
  name: "lang" | "theme",
  value: string,
): string {
  return query === "" ? `?${name}=${value}` : `?${query}&${name}=${value}`;
}

/** `page` on the place itself, `true` on a page below it. */
function currentOf(path: string, place: string): "page" | "true" | undefined {
  if (path === place) return "page";
  return place !== "/" && path.startsWith(`${place}/`) ? "true" : undefined;
}
