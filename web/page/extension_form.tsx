/**
 * One form that changes an extension, with its fields and what is wrong with them.
 * @module
 */

import type { Child } from "hono/jsx";
import { Frame } from "./frame.tsx";
import type { PageView } from "./page_view.ts";
import {
  EXTENSIONS_WORDS,
  type ExtensionsWords,
} from "./words/extensions_words.ts";

/** What is wrong with what somebody filled in. */
export type Fault = keyof ExtensionsWords["errors"];

/** What can be filled in. */
export interface Fields {
  readonly number: string;
  readonly name: string;
  readonly password: string;
}

/** The hidden field that remembers that somebody chose a password of his own. */
export const OWN_PASSWORD = "own-password";

/** Which field a fault belongs to; the others stand above the form. */
const FIELD_OF: Partial<Record<Fault, keyof Fields>> = {
  "number-taken": "number",
  "wrong-number": "number",
  "wrong-name": "name",
  "wrong-password": "password",
  "weak-password": "password",
  "no-password": "password",
};

interface FormPageProps {
  readonly page: PageView;
  readonly title: string;
  readonly action: string;
  readonly button: string;
  readonly back: string;
  readonly fault: Fault | null;
  readonly isDangerous?: boolean;
  readonly children?: Child;
}

export function FormPage(props: FormPageProps) {
  const { page, title, action, button, back, fault, children } = props;
  const words = EXTENSIONS_WORDS[page.language];
  const isAbove = fault !== null && FIELD_OF[fault] === undefined;
  return (
    <Frame page={page} title={title}>
      <section class="card">
        <form method="post" action={action} autocomplete="off">
          {isAbove && (
            <p class="notice error" role="alert">{words.errors[fault]}</p>
          )}
          {children}
          <div class="actions">
            <button
              class={props.isDangerous ? "button danger" : "button primary"}
              type="submit"
            >
              {button}
            </button>
            <a class="button quiet" href={back}>{words.cancel}</a>
          </div>
        </form>
      </section>
    </Frame>
  );
}

interface FieldProps {
  readonly name: keyof Fields;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly fault: Fault | null;
  readonly words: ExtensionsWords;
  readonly isRequired?: boolean;
}

export function Field(props: FieldProps) {
  const { name, label, hint, value, fault, words, isRequired } = props;
  const isWrong = fault !== null && FIELD_OF[fault] === name;
  const isNumber = name === "number";
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        type="text"
        id={name}
        name={name}
        value={value}
        maxlength={isNumber ? 15 : 128}
        inputmode={isNumber ? "numeric" : undefined}
        required={isNumber || isRequired === true}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        autofocus={isWrong}
        aria-invalid={isWrong ? "true" : undefined}
        aria-describedby={isWrong
          ? `${name}-error ${name}-hint`
          : `${name}-hint`}
      />
      {isWrong && (
        <p class="error" id={`${name}-error`}>{words.errors[fault]}</p>
      )}
      <p class="hint" id={`${name}-hint`}>{hint}</p>
    </div>
  );
}

/**
 * Comes back empty: what was typed is not to stand in another page. Whoever had typed a password of
 * his own has to type it again, and is not given another one unasked.
 */
export function PasswordField({ fault, words, isOwn }: {
  fault: Fault | null;
  words: ExtensionsWords;
  /** Whether he had typed one. */
  isOwn: boolean;
}) {
  return (
    <>
      {isOwn && <input type="hidden" name={OWN_PASSWORD} value="1" />}
      <Field
        name="password"
        label={words.password}
        hint={isOwn ? words.passwordAgain : words.passwordHint}
        value=""
        fault={fault}
        words={words}
        isRequired={isOwn}
      />
    </>
  );
}
