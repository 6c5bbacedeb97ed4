/**
 * What the pages about access share: how a form is read, what a refusal says, how somebody who was
 * let in gets his cookie.
 * @module
 */

import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Access, LetIn, Refused, Unfit } from "../access/access.ts";
import {
  LONGEST_PASSWORD,
  SHORTEST_PASSWORD,
} from "../access/admin_password.ts";
import { isTls } from "../access/guard.ts";
import type { Visitor } from "../access/session.ts";
import {
  readSessionCookie,
  writeSessionCookie,
} from "../access/session_cookie.ts";
import { problem } from "../api/api_problem.ts";
import { fillWords } from "../fill_words.ts";
import type { AppEnv } from "./page_app.ts";
import type { PageView } from "./page_view.ts";
import { spellDuration } from "./spell.ts";
import { Time } from "./time.tsx";
import type { AccessWords } from "./words/access_words.ts";

type Ask = Context<AppEnv>;

/** More than the fields of these pages can hold. */
const MOST_OCTETS = 16 * 1024;
const BUSY_SECONDS = 2;

/** What the pages about access need. */
export interface AccessSource {
  readonly access: Access;
  /**
   * The command that sets another password, or tells the setup token again, as it is typed on this
   * server; for somebody who asks from elsewhere without the paths in it.
   */
  spellAdmin(what: "passwd" | "setup", peer: string): string;
}

/** The bounds of a password, for words. */
export const BOUNDS = { least: SHORTEST_PASSWORD, most: LONGEST_PASSWORD };

/** Belongs before every form that a stranger can send. */
export const SMALL_BODY: MiddlewareHandler<AppEnv> = bodyLimit({
  maxSize: MOST_OCTETS,
  onError: (context) => problem(context, 400, "The form is too large"),
});

/** The text fields of a form; what is none reads as empty. */
export function readForm(
  context: Ask,
): Promise<(name: string) => string> {
  return context.req.parseBody().catch(() => ({})).then(
    (fields: Record<string, unknown>) => (name) => {
      const value = Object.hasOwn(fields, name) ? fields[name] : "";
      return typeof value === "string" ? value : "";
    },
  );
}

export function visitorOf(context: Ask): Visitor {
  const userAgent = context.req.header("user-agent") ?? "";
  return { source: context.env.peer, userAgent };
}

/** The cookie that a request came with. */
export function cookieOf(context: Ask): string | null {
  return readSessionCookie(context.req.header("cookie"), isTls(context));
}

/** Sends somebody who was let in on his way. */
export function welcome(context: Ask, { cookie }: LetIn, to: string): Response {
  context.header("Set-Cookie", writeSessionCookie(cookie, isTls(context)), {
    append: true,
  });
  return context.redirect(to, 303);
}

/** With which status a refusal is answered, and when to come back. */
export function statusOf(
  context: Ask,
  refusal: Refused | Unfit,
): 400 | 401 | 429 {
  if (refusal.kind === "locked" || refusal.kind === "busy") {
    const seconds = refusal.kind === "locked"
      ? refusal.waitSeconds
      : BUSY_SECONDS;
    context.header("Retry-After", `${seconds}`);
    return 429;
  }
  return refusal.kind === "wrong" ? 401 : 400;
}

interface RefusalProps {
  readonly page: PageView;
  readonly words: AccessWords;
  readonly refusal: Refused | Unfit;
}

/** What has to do with no field stands above the form; nothing for what stands at one. */
export function Refusal({ page, words, refusal }: RefusalProps) {
  if (refusal.kind !== "locked" && refusal.kind !== "busy") return null;
  return (
    <p class="notice error" role="alert" id="refusal">
      {refusal.kind === "busy" ? words.busy : (
        <>
          {fillWords(words.locked, {
            wait: spellDuration(refusal.waitSeconds, page.language),
          })} <Time ms={refusal.untilMs} page={page} show="time" />
        </>
      )}
    </p>
  );
}

/** What is wrong with a guess, for its field; `wrong` says that it is. */
export function faultOfGuess(
  refusal: Refused | Unfit | undefined,
  words: AccessWords,
  wrong: string,
): string | undefined {
  if (refusal?.kind === "gone") return wrong;
  if (refusal?.kind !== "wrong") return undefined;
  const { triesLeft } = refusal;
  const left = triesLeft === 0
    ? words.lastTry
    : fillWords(words.triesLeft, { count: triesLeft });
  return `${wrong}. ${left}`;
}

/** What is wrong with a new password, for its field. */
export function faultOfFresh(
  refusal: Refused | Unfit | undefined,
  words: AccessWords,
): string | undefined {
  if (refusal?.kind === "differs") return words.differs;
  if (refusal?.kind !== "unfit") return undefined;
  return fillWords(words.unfit[refusal.fault], BOUNDS);
}

interface FaultProps {
  readonly name: string;
  readonly fault: string | undefined;
}

/** What is wrong with a field, under it. */
export function FieldFault({ name, fault }: FaultProps) {
  if (fault === undefined) return null;
  return <p class="error" role="alert" id={`${name}-error`}>{fault}</p>;
}

/** Which texts describe a field, by their names. */
export function describedBy(
  { name, fault }: FaultProps,
  hasHint: boolean,
): string | undefined {
  const ids = [
    ...(fault === undefined ? [] : [`${name}-error`]),
    ...(hasHint ? [`${name}-hint`] : []),
  ];
  return ids.length === 0 ? undefined : ids.join(" ");
}

interface SecretProps {
  readonly name: string;
  readonly label: string;
  readonly autocomplete: "current-password" | "new-password";
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly hasFocus?: boolean;
}

/** A field for a password. The bounds of a new one are the browser's to tell, too. */
export function Secret(
  { name, label, autocomplete, hint, fault, hasFocus }: SecretProps,
) {
  const isNew = autocomplete === "new-password";
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        type="password"
        id={name}
        name={name}
        autocomplete={autocomplete}
        minlength={isNew ? SHORTEST_PASSWORD : undefined}
        maxlength={LONGEST_PASSWORD}
        required
        autofocus={hasFocus}
        aria-invalid={fault === undefined ? undefined : "true"}
        aria-describedby={describedBy({ name, fault }, hint !== undefined)}
      />
      <FieldFault name={name} fault={fault} />
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Tells password managers whose password it is. */
export function User() {
  return (
    <input
      type="text"
      name="username"
      value="admin"
      autocomplete="username"
      hidden
    />
  );
}
