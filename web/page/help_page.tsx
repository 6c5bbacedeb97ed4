/**
 * The page Help: makes the help bundle, and names the commands that help on the server.
 * @module
 */

import type { Context } from "hono";
import type { Language } from "../../diag/verdict.ts";
import { fillWords } from "../fill_words.ts";
import { Frame } from "./frame.tsx";
import type { App, AppEnv } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import type { PageView } from "./page_view.ts";
import { QuotedText } from "./quoted_text.tsx";
import { HELP_WORDS } from "./words/help_words.ts";

/** What the page shows and does. */
export interface HelpSource {
  /** A command such as `doctor` as it is typed on this server. */
  command(words: string): string;
  /** Makes a help bundle; null while one is being made. */
  makeReport(language: Language, hasNumbers: boolean): Promise<HelpFile> | null;
}

export interface HelpFile {
  /** Letters, digits, dots and dashes. */
  readonly name: string;
  readonly octets: Uint8Array<ArrayBuffer>;
}

const COMMANDS = ["doctor", "selftest", "report"] as const;

/** Adds the page and the making of a help bundle. */
export function addHelpPage(app: App, source: HelpSource): void {
  app.get(
    "/help",
    (context) =>
      answerPage(
        context,
        <HelpPage page={context.var.page} source={source} />,
      ),
  );
  app.post("/help/report", (context) => {
    const { language } = context.var.page;
    return context.req.parseBody().then((fields) => {
      const hasNumbers = fields["without-numbers"] === undefined;
      const report = source.makeReport(language, hasNumbers);
      if (report === null) return answerNotMade(context, source, "busy");
      return report.then(
        ({ name, octets }) =>
          context.body(octets, 200, {
            "Content-Type": "application/zip",
            "Content-Disposition": `attachment; filename="${name}"`,
            "Content-Length": String(octets.length),
          }),
        () => answerNotMade(context, source, "failed"),
      );
    });
  });
}

function answerNotMade(
  context: Context<AppEnv>,
  source: HelpSource,
  why: "busy" | "failed",
): Response {
  const { page } = context.var;
  const words = HELP_WORDS[page.language];
  const hasFailed = why === "failed";
  return answerPage(
    context,
    <Frame page={page} title={words[why]}>
      <section class="card">
        <p>{hasFailed ? words.failedText : words.busyText}</p>
        {hasFailed && (
          <p>
            <code class="copy">{source.command("report")}</code>
          </p>
        )}
        <p>
          <a class="button" href="/help">{words.back}</a>
        </p>
      </section>
    </Frame>,
    hasFailed ? 500 : 429,
  );
}

interface HelpPageProps {
  readonly page: PageView;
  readonly source: Pick<HelpSource, "command">;
}

export function HelpPage({ page, source }: HelpPageProps) {
  const words = HELP_WORDS[page.language];
  return (
    <Frame page={page} title={words.title}>
      <section class="card">
        <h2>{words.bundle}</h2>
        <p>
          <QuotedText text={words.bundleAbout} />
        </p>
        <form method="post" action="/help/report">
          <p>
            <label>
              <input
                type="checkbox"
                name="without-numbers"
                value="1"
                aria-describedby="without-numbers-hint"
              />{" "}
              {words.withoutNumbers}
            </label>
          </p>
          <p class="muted" id="without-numbers-hint">
            {words.withoutNumbersHint}
          </p>
          <p class="actions">
            <button class="button primary" type="submit">{words.make}</button>
            <span class="muted">{words.makeHint}</span>
          </p>
        </form>
        <h3>{words.contents}</h3>
        <ul>
          {words.contentList.map(showItem)}
        </ul>
        <p class="notice info">{words.secrets}</p>
      </section>
      <section class="card">
        <h2>{words.commands}</h2>
        <p>{words.commandsAbout}</p>
        <dl class="facts">
          {COMMANDS.map((name) => (
            <div>
              <dt>
                <code class="copy">{source.command(name)}</code>
              </dt>
              <dd>{words[name]}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section class="card">
        <h2>{words.interfaces}</h2>
        <ul>
          <li>
            <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>: {words
              .openapi}
          </li>
          <li>
            <a href="/metrics">/metrics</a>: {words.metrics}
          </li>
        </ul>
        <p class="muted">
          {fillWords(words.version, { version: page.version })}
        </p>
      </section>
    </Frame>
  );
}

function showItem(text: string) {
  return <li>{text}</li>;
}
