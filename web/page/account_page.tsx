/**
 * The account of the administrator: another password, and who is signed in.
 * @module
 */

import type { Refused, Unfit } from "../access/access.ts";
import { isTls } from "../access/guard.ts";
import { type Session, sessionId } from "../access/session.ts";
import { clearSessionCookie } from "../access/session_cookie.ts";
import { fillWords } from "../fill_words.ts";
import {
  type AccessSource,
  BOUNDS,
  faultOfFresh,
  faultOfGuess,
  readForm,
  Refusal,
  Secret,
  SMALL_BODY,
  statusOf,
  User,
  visitorOf,
  welcome,
} from "./access_parts.tsx";
import { Frame } from "./frame.tsx";
import type { App } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import type { PageView } from "./page_view.ts";
import { Time } from "./time.tsx";
import { ACCESS_WORDS, type AccessWords } from "./words/access_words.ts";

const PATH = "/account";

/** Adds the account. */
export function addAccountPage(
  app: App,
  { access }: Pick<AccessSource, "access">,
): void {
  app.get(PATH, (context) => {
    const done = DONE.find((word) => word === context.req.query("done"));
    return answerPage(
      context,
      <AccountPage
        page={context.var.page}
        sessions={access.listSessions()}
        own={ownOf(context.var.admin)}
        {...(done !== undefined && { done })}
      />,
    );
  });
  app.post(PATH, SMALL_BODY, (context) =>
    readForm(context).then((field) => {
      const fresh = { password: field("password"), again: field("again") };
      return access.changePassword(field("old"), fresh, visitorOf(context))
        .then((result) => {
          if (result.kind === "in") {
            return welcome(context, result, `${PATH}?done=changed`);
          }
          return answerPage(
            context,
            <AccountPage
              page={context.var.page}
              sessions={access.listSessions()}
              own={ownOf(context.var.admin)}
              refusal={result}
            />,
            statusOf(context, result),
          );
        });
    }));
  app.post(
    `${PATH}/end`,
    SMALL_BODY,
    (context) =>
      readForm(context).then((field) => {
        access.endSession(field("id"));
        return context.redirect(`${PATH}?done=ended`, 303);
      }),
  );
  app.post(`${PATH}/end-all`, (context) => {
    access.signOutEverywhere();
    context.header("Set-Cookie", clearSessionCookie(isTls(context)), {
      append: true,
    });
    return context.redirect("/login", 303);
  });
}

/** What was done before the page was asked for. */
const DONE = ["changed", "ended"] as const;

function ownOf(admin: AccountAdmin): string | null {
  return admin.kind === "session" ? admin.id : null;
}

type AccountAdmin = { readonly kind: "token" } | {
  readonly kind: "session";
  readonly id: string;
};

export interface AccountPageProps {
  readonly page: PageView;
  readonly sessions: readonly Session[];
  /** The `sessionId` of the one who looks; null where he has none. */
  readonly own: string | null;
  readonly done?: (typeof DONE)[number];
  readonly refusal?: Refused | Unfit;
}

export function AccountPage(
  { page, sessions, own, done, refusal }: AccountPageProps,
) {
  const words = ACCESS_WORDS[page.language];
  return (
    <Frame page={page} title={words.account}>
      {done !== undefined && (
        <p class="notice ok" role="status">{words[done]}</p>
      )}
      <section class="card">
        <h2>{words.change}</h2>
        <p>{words.changeText} {words.changeMetrics}</p>
        {refusal !== undefined && (
          <Refusal page={page} words={words} refusal={refusal} />
        )}
        <form method="post" action={PATH}>
          <User />
          <Secret
            name="old"
            label={words.oldPassword}
            autocomplete="current-password"
            fault={faultOfGuess(refusal, words, words.wrongPassword)}
            hasFocus={refusal !== undefined}
          />
          <Secret
            name="password"
            label={words.newPassword}
            autocomplete="new-password"
            hint={fillWords(words.rules, BOUNDS)}
            fault={faultOfFresh(refusal, words)}
          />
          <Secret
            name="again"
            label={words.again}
            autocomplete="new-password"
          />
          <div class="actions">
            <button type="submit" class="button primary">{words.change}</button>
          </div>
        </form>
      </section>
      <section class="card">
        <h2>{words.sessions}</h2>
        <p>{words.sessionsText}</p>
        <SessionTable page={page} words={words} sessions={sessions} own={own} />
        <div class="actions">
          <form method="post" action="/logout">
            <button type="submit" class="button">{words.signOut}</button>
          </form>
          <form method="post" action={`${PATH}/end-all`}>
            <button type="submit" class="button danger">
              {words.signOutEverywhere}
            </button>
          </form>
        </div>
      </section>
    </Frame>
  );
}

interface SessionTableProps {
  readonly page: PageView;
  readonly words: AccessWords;
  readonly sessions: readonly Session[];
  readonly own: string | null;
}

function SessionTable({ page, words, sessions, own }: SessionTableProps) {
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.browser}</th>
            <th scope="col">{words.address}</th>
            <th scope="col">{words.since}</th>
            <th scope="col">{words.seen}</th>
            <th scope="col">{words.action}</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => {
            const { source } = session;
            const browser = session.browser || words.unknownBrowser;
            const id = sessionId(session);
            return (
              <tr>
                <td data-label={words.browser}>
                  <span>
                    {browser}
                    {id === own && (
                      <>
                        {" "}
                        <span class="pill info">{words.current}</span>
                      </>
                    )}
                  </span>
                </td>
                <td data-label={words.address}>{source}</td>
                <td data-label={words.since}>
                  <Time ms={session.madeMs} page={page} />
                </td>
                <td data-label={words.seen}>
                  <Time ms={session.seenMs} page={page} />
                </td>
                <td class="actions">
                  {id === own ? "" : (
                    <form method="post" action={`${PATH}/end`}>
                      <button
                        type="submit"
                        class="button quiet"
                        aria-label={fillWords(words.endOf, {
                          browser,
                          address: source,
                        })}
                      >
                        {words.end}
                      </button>
                      <input type="hidden" name="id" value={id} />
                    </form>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
