/**
 * The forms that add, change and remove extensions. They work without script; a form that is not
 * right comes back with what is wrong at its field.
 * @module
 */

import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type {
  DeskAnswer,
  DeskRefusal,
  ExtensionDesk,
} from "../extension_desk.ts";
import { fillWords } from "../fill_words.ts";
import { proposeNumber } from "../next_number.ts";
import { ErrorPage } from "./error_page.tsx";
import type { ListedExtension } from "./extensions_page.tsx";
import {
  type Fault,
  Field,
  type Fields,
  FormPage,
  OWN_PASSWORD,
  PasswordField,
} from "./extension_form.tsx";
import type { App, AppEnv } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import { EXTENSIONS_WORDS } from "./words/extensions_words.ts";

/** What the forms read and change. */
export interface ExtensionFormsSource {
  readonly desk: ExtensionDesk;
  extensions(): readonly ListedExtension[];
  /** Null where there is no such extension. */
  find(number: string): ListedExtension | null;
}

const MOST_BODY = 16 * 1024;
const LEAST_PASSWORD = 6;

/** Adds the pages. Belongs before the page of one extension. */
export function addExtensionForms(
  app: App,
  source: ExtensionFormsSource,
): void {
  const { desk } = source;
  const limit = bodyLimit({ maxSize: MOST_BODY });

  app.get("/extensions/new", (context) => {
    const wanted = context.req.query("number") ?? "";
    const numbers = source.extensions().map(({ number }) => number);
    const number = /^[0-9]{1,15}$/.test(wanted)
      ? wanted
      : proposeNumber(numbers);
    const fields = { number, name: "", password: "" };
    return showAdd(context, { ...fields, isOwn: false }, null);
  });
  app.post(
    "/extensions",
    limit,
    (context) =>
      readFields(context).then((fields) => {
        const { number, name, password } = fields;
        const fault = refusePassword(number, fields) ?? faultOf(
          desk.add({ number, name, password: password || null }),
        );
        return fault === null
          ? context.redirect(`/extensions/${number}/connect`, 303)
          : showAdd(context, fields, fault);
      }),
  );

  app.get(
    "/extensions/:number/password",
    (context) =>
      withExtension(
        context,
        source,
        (extension) => showPassword(context, extension, false, null),
      ),
  );
  app.post(
    "/extensions/:number/password",
    limit,
    (context) =>
      readFields(context).then((fields) =>
        withExtension(context, source, (extension) => {
          const { number } = extension;
          const { password, isOwn } = fields;
          const fault = refusePassword(number, fields) ??
            faultOf(desk.setPassword(number, password || null));
          return fault === null
            ? context.redirect(`/extensions/${number}/connect`, 303)
            : showPassword(context, extension, isOwn, fault);
        })
      ),
  );

  app.get(
    "/extensions/:number/edit",
    (context) =>
      withExtension(
        context,
        source,
        (extension) => showRename(context, extension, null),
      ),
  );
  app.post(
    "/extensions/:number/edit",
    limit,
    (context) =>
      readFields(context).then(({ name }) =>
        withExtension(context, source, ({ number }) => {
          const fault = faultOf(desk.rename(number, name));
          return fault === null
            ? context.redirect(`/extensions/${number}`, 303)
            : showRename(context, { number, name }, fault);
        })
      ),
  );

  app.get(
    "/extensions/:number/remove",
    (context) =>
      withExtension(
        context,
        source,
        (extension) => showRemove(context, extension, null),
      ),
  );
  app.post(
    "/extensions/:number/remove",
    limit,
    (context) =>
      withExtension(context, source, (extension) => {
        const fault = faultOf(desk.remove(extension.number));
        return fault === null
          ? context.redirect("/extensions", 303)
          : showRemove(context, extension, fault);
      }),
  );
}

/** What was filled in, and whether a password of his own was, now or the time before. */
type Filled = Fields & { readonly isOwn: boolean };

/** Weak is what programs that look for open exchanges try first. */
function refusePassword(
  number: string,
  { password, isOwn }: Filled,
): "weak-password" | "no-password" | null {
  if (password === "") return isOwn ? "no-password" : null;
  const isWeak = password.length < LEAST_PASSWORD || password === number;
  return isWeak ? "weak-password" : null;
}

function faultOf(answer: DeskAnswer): DeskRefusal["why"] | null {
  return answer.isDone ? null : answer.why;
}

function readFields(context: Context<AppEnv>): Promise<Filled> {
  return context.req.parseBody().then((body) => {
    const read = (name: string) => {
      const value = body[name];
      return typeof value === "string" ? value : "";
    };
    return {
      number: read("number").trim(),
      name: read("name").trim(),
      password: read("password"),
      isOwn: read("password") !== "" || read(OWN_PASSWORD) !== "",
    };
  });
}

function withExtension(
  context: Context<AppEnv>,
  source: ExtensionFormsSource,
  show: (extension: ListedExtension) => Response,
): Response {
  const extension = source.find(context.req.param("number") ?? "");
  if (extension !== null) return show(extension);
  const { page } = context.var;
  return answerPage(context, <ErrorPage page={page} status={404} />, 404);
}

function statusOf(fault: Fault | null): 200 | 400 | 500 {
  if (fault === null) return 200;
  return fault === "store-failed" ? 500 : 400;
}

function showAdd(
  context: Context<AppEnv>,
  { number, name, isOwn }: Filled,
  fault: Fault | null,
): Response {
  const { page } = context.var;
  const words = EXTENSIONS_WORDS[page.language];
  return answerPage(
    context,
    <FormPage
      page={page}
      title={words.addTitle}
      action="/extensions"
      button={words.addButton}
      back="/extensions"
      fault={fault}
    >
      <Field
        name="number"
        label={words.number}
        hint={words.numberHint}
        value={number}
        fault={fault}
        words={words}
      />
      <Field
        name="name"
        label={words.name}
        hint={words.nameHint}
        value={name}
        fault={fault}
        words={words}
      />
      <PasswordField fault={fault} words={words} isOwn={isOwn} />
    </FormPage>,
    statusOf(fault),
  );
}

function showPassword(
  context: Context<AppEnv>,
  { number }: ListedExtension,
  isOwn: boolean,
  fault: Fault | null,
): Response {
  const { page } = context.var;
  const words = EXTENSIONS_WORDS[page.language];
  return answerPage(
    context,
    <FormPage
      page={page}
      title={fillWords(words.passwordTitle, { number })}
      action={`/extensions/${number}/password`}
      button={words.passwordButton}
      back={`/extensions/${number}`}
      fault={fault}
    >
      <p>{words.passwordText}</p>
      <PasswordField fault={fault} words={words} isOwn={isOwn} />
    </FormPage>,
    statusOf(fault),
  );
}

function showRename(
  context: Context<AppEnv>,
  { number, name }: ListedExtension,
  fault: Fault | null,
): Response {
  const { page } = context.var;
  const words = EXTENSIONS_WORDS[page.language];
  return answerPage(
    context,
    <FormPage
      page={page}
      title={fillWords(words.renameTitle, { number })}
      action={`/extensions/${number}/edit`}
      button={words.renameButton}
      back={`/extensions/${number}`}
      fault={fault}
    >
      <Field
        name="name"
        label={words.name}
        hint={words.nameHint}
        value={name}
        fault={fault}
        words={words}
      />
    </FormPage>,
    statusOf(fault),
  );
}

function showRemove(
  context: Context<AppEnv>,
  { number, name }: ListedExtension,
  fault: Fault | null,
): Response {
  const { page } = context.var;
  const words = EXTENSIONS_WORDS[page.language];
  return answerPage(
    context,
    <FormPage
      page={page}
      title={fillWords(words.removeTitle, { number })}
      action={`/extensions/${number}/remove`}
      button={words.removeButton}
      back={`/extensions/${number}`}
      fault={fault}
      isDangerous
    >
      {name !== "" && (
        <p>
          <strong>{name}</strong>
        </p>
      )}
      <p>{words.removeText}</p>
    </FormPage>,
    statusOf(fault),
  );
}
