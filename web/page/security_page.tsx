/**
 * The page Security: who is kept out, who is taken for a scanner, where refused attempts come
 * from, and at which stage they end.
 * @module
 */

import type { LiveView } from "../live/live_view.ts";
import { readForm, SMALL_BODY } from "./access_parts.tsx";
import { Frame } from "./frame.tsx";
import type { App } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import type { PageView } from "./page_view.ts";
import { Bans } from "./security_bans.tsx";
import { Refused } from "./security_refused.tsx";
import type { SecuritySource } from "./security_source.ts";
import { Scanners, Sources } from "./security_sources.tsx";
import { SECURITY_WORDS } from "./words/security_words.ts";

const PATH = "/security";
/** What was done before the page was asked for. */
const DONE = ["released", "notThere"] as const;

/** Adds the page, and the button that lets somebody in again. */
export function addSecurityPage(app: App, source: SecuritySource): void {
  app.get(PATH, (context) => {
    const done = DONE.find((word) => word === context.req.query("done"));
    return answerPage(
      context,
      <SecurityPage
        page={context.var.page}
        source={source}
        {...(done !== undefined && { done })}
      />,
    );
  });
  app.post(
    `${PATH}/release`,
    SMALL_BODY,
    (context) =>
      readForm(context).then((field) => {
        const isReleased = source.bans.release(field("source"));
        const done = isReleased ? "released" : "notThere";
        return context.redirect(`${PATH}?done=${done}`, 303);
      }),
  );
}

/** The view `security`. */
export function viewSecurity(source: SecuritySource): LiveView {
  return (language, nowMs) => {
    const page = { language, nowMs };
    const sources = source.sources();
    return [
      {
        id: "security-bans",
        html: String(<Bans page={page} bans={source.bans.list(nowMs)} />),
      },
      {
        id: "security-scanners",
        html: String(
          <Scanners
            page={page}
            sources={sources}
            isExtension={source.isExtension}
          />,
        ),
      },
      {
        id: "security-sources",
        html: String(
          <Sources
            page={page}
            sources={sources}
            isExtension={source.isExtension}
          />,
        ),
      },
      {
        id: "security-refused",
        html: String(<Refused page={page} view={source.refusals(nowMs)} />),
      },
    ];
  };
}

interface SecurityPageProps {
  readonly page: PageView;
  readonly source: SecuritySource;
  readonly done?: (typeof DONE)[number];
}

export function SecurityPage({ page, source, done }: SecurityPageProps) {
  const words = SECURITY_WORDS[page.language];
  const sources = source.sources();
  const { isExtension } = source;
  return (
    <Frame page={page} title={words.title} live="security">
      {done !== undefined && (
        <p
          class={`notice ${done === "released" ? "ok" : "info"}`}
          role="status"
        >
          {words[done]}
        </p>
      )}
      <div class="notice info">
        <strong>{words.noBans}</strong>
        <p>{words.noBansWhy}</p>
      </div>
      <Bans page={page} bans={source.bans.list(page.nowMs)} />
      <Scanners page={page} sources={sources} isExtension={isExtension} />
      <Sources page={page} sources={sources} isExtension={isExtension} />
      <Refused page={page} view={source.refusals(page.nowMs)} />
    </Frame>
  );
}
