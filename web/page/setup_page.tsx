/**
 * The first visit: the token that the server printed, and the password that nobody has set yet.
 * @module
 */

import type { Refused, Unfit } from "../access/access.ts";
import { fillWords } from "../fill_words.ts";
import {
  type AccessSource,
  BOUNDS,
  describedBy,
  faultOfFresh,
  faultOfGuess,
  FieldFault,
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

const LONGEST_TOKEN = 64;

/** Adds the first visit; once a password is set it leads to the sign-in. */
export function addSetupPage(
  app: App,
  source: AccessSource,
): void {
  const { access } = source;
  app.get("/setup", (context) => {
    if (access.hasPassword()) return context.redirect("/login", 303);
    return answerPage(
      context,
      <SetupPage
        page={context.var.page}
        {...spellCommands(source, context.env.peer)}
      />,
    );
  });
  app.post(
    "/setup",
    SMALL_BODY,
    (context) =>
      readForm(context).then((field) => {
        const fresh = { password: field("password"), again: field("again") };
        const token = field("token");
        return access.setUp(token, fresh, visitorOf(context))
          .then((result) => {
            if (result.kind === "in") return welcome(context, result, "/");
            if (result.kind === "gone") return context.redirect("/login", 303);
            const { page } = context.var;
            return answerPage(
              context,
              <SetupPage
                page={page}
                {...spellCommands(source, context.env.peer)}
                token={token.slice(0, LONGEST_TOKEN)}
                refusal={result}
              />,
              statusOf(context, result),
            );
          });
      }),
  );
}

function spellCommands(
  source: AccessSource,
  peer: string,
): Pick<SetupPageProps, "passwdCommand" | "setupCommand"> {
  return {
    passwdCommand: source.spellAdmin("passwd", peer),
    setupCommand: source.spellAdmin("setup", peer),
  };
}

export interface SetupPageProps {
  readonly page: PageView;
  readonly passwdCommand: string;
  /** What tells the token again. */
  readonly setupCommand: string;
  /** What was typed as the token: nobody wants to type it again for a password that is refused. */
  readonly token?: string;
  readonly refusal?: Refused | Unfit;
}

export function SetupPage(
  { page, passwdCommand, setupCommand, token = "", refusal }: SetupPageProps,
) {
  const words = ACCESS_WORDS[page.language];
  const tokenFault = faultOfGuess(refusal, words, words.wrongToken);
  const freshFault = faultOfFresh(refusal, words);
  return (
    <Frame page={page} title={words.setUp}>
      <section class="card">
        <p>{words.setUpText}</p>
        <p>
          <code class="copy">{setupCommand}</code>
        </p>
        {refusal !== undefined && (
          <Refusal page={page} words={words} refusal={refusal} />
        )}
        <form method="post" action="/setup">
          <div class="field">
            <label for="token">{words.token}</label>
            <input
              type="text"
              id="token"
              name="token"
              value={token}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              maxlength={LONGEST_TOKEN}
              required
              autofocus={freshFault === undefined}
              aria-invalid={tokenFault === undefined ? undefined : "true"}
              aria-describedby={describedBy(
                { name: "token", fault: tokenFault },
                true,
              )}
            />
            <FieldFault name="token" fault={tokenFault} />
            <p class="hint" id="token-hint">{words.tokenHint}</p>
          </div>
          <User />
          <Secret
            name="password"
            label={words.newPassword}
            autocomplete="new-password"
            hint={fillWords(words.rules, BOUNDS)}
            fault={freshFault}
            hasFocus={freshFault !== undefined}
          />
          <Secret
            name="again"
            label={words.again}
            autocomplete="new-password"
          />
          <div class="actions">
            <button type="submit" class="button primary">
              {words.setPassword}
            </button>
          </div>
        </form>
        <p class="muted">
          {words.setUpCommand} <code class="copy">{passwdCommand}</code>
        </p>
      </section>
    </Frame>
  );
}
