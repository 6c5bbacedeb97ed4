/**
 * The sign-in, and the way out.
 * @module
 */

import type { Refused } from "../access/access.ts";
import { isTls } from "../access/guard.ts";
import { readReturnPath } from "../access/return_path.ts";
import { clearSessionCookie } from "../access/session_cookie.ts";
import {
  type AccessSource,
  cookieOf,
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
import { ACCESS_WORDS } from "./words/access_words.ts";

/** Adds the sign-in. */
export function addLoginPage(
  app: App,
  source: AccessSource,
): void {
  const { access } = source;
  app.get("/login", (context) => {
    const next = readReturnPath(context.req.query("next"));
    if (context.get("admin") !== undefined) return context.redirect(next, 303);
    if (!access.hasPassword()) return context.redirect("/setup", 303);
    const { page } = context.var;
    return answerPage(
      context,
      <LoginPage
        page={page}
        next={next}
        passwdCommand={source.spellAdmin("passwd", context.env.peer)}
      />,
    );
  });
  app.post(
    "/login",
    SMALL_BODY,
    (context) =>
      readForm(context).then((field) => {
        const next = readReturnPath(field("next"));
        const visitor = visitorOf(context);
        return access.signIn(field("password"), visitor, cookieOf(context))
          .then((result) => {
            if (result.kind === "in") return welcome(context, result, next);
            if (result.kind === "gone") return context.redirect("/setup", 303);
            const { page } = context.var;
            return answerPage(
              context,
              <LoginPage
                page={page}
                next={next}
                passwdCommand={source.spellAdmin("passwd", context.env.peer)}
                refused={result}
              />,
              statusOf(context, result),
            );
          });
      }),
  );
  app.post("/logout", (context) => {
    const cookie = cookieOf(context);
    if (cookie !== null) access.signOut(cookie);
    context.header("Set-Cookie", clearSessionCookie(isTls(context)), {
      append: true,
    });
    return context.redirect("/login", 303);
  });
}

export interface LoginPageProps {
  readonly page: PageView;
  /** Where to go once signed in. */
  readonly next: string;
  readonly passwdCommand: string;
  readonly refused?: Refused;
}

export function LoginPage(
  { page, next, passwdCommand, refused }: LoginPageProps,
) {
  const words = ACCESS_WORDS[page.language];
  // whoever turns to another language after a wrong password still wants to go there
  const query = next === "/" ? "" : `next=${encodeURIComponent(next)}`;
  return (
    <Frame page={{ ...page, query }} title={words.signIn}>
      <section class="card">
        <p>{words.signInText}</p>
        {refused !== undefined && (
          <Refusal page={page} words={words} refusal={refused} />
        )}
        <form method="post" action="/login">
          <User />
          <input type="hidden" name="next" value={next} />
          <Secret
            name="password"
            label={words.password}
            autocomplete="current-password"
            fault={faultOfGuess(refused, words, words.wrongPassword)}
            hasFocus
          />
          <div class="actions">
            <button type="submit" class="button primary">
              {words.signInButton}
            </button>
          </div>
        </form>
        <p class="muted">
          {words.forgotten} <code class="copy">{passwdCommand}</code>
        </p>
      </section>
    </Frame>
  );
}
