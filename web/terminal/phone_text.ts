/**
 * What belongs into a phone, as text for a terminal: the fields under the labels of the phone's
 * own window.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import { escapeText } from "../../pbx/quoted.ts";
import { type PhoneAccount, valueOf } from "../phone/phone_card.ts";
import {
  PHONE_KINDS,
  PHONE_LABELS,
  type PhoneKind,
  showLabel,
  writeBaresipLine,
} from "../phone/phone_labels.ts";
import type { Paint } from "./paint.ts";
import { type Cell, formatTable } from "./table.ts";

/** The few words around the fields. */
export interface PhoneTextWords {
  readonly title: string;
  readonly kinds: Readonly<Record<PhoneKind, string>>;
  /** Where the fields are. */
  readonly where: Readonly<Record<PhoneKind, string>>;
  readonly off: string;
  readonly unknownPassword: string;
  readonly noPassword: string;
}

/** One field, for scripts. */
export interface PhoneField {
  readonly label: string;
  /** Null for a password that is not known. */
  readonly value: string | null;
}

/** The fields of a phone under its labels; those that stay empty are left out. */
export function listFields(
  kind: Exclude<PhoneKind, "baresip">,
  account: PhoneAccount,
  language: Language,
  off: string,
): PhoneField[] {
  return PHONE_LABELS[kind]
    .filter(({ value }) => value !== "name" || account.name !== "")
    .map((label) => {
      const { main, beside } = showLabel(label, language);
      return {
        label: beside === "" ? main : `${main} (${beside})`,
        value: label.value === "media-off"
          ? off
          : valueOf(account, label.value),
      };
    });
}

/** Everything about one phone. */
export function formatPhone(
  account: PhoneAccount,
  language: Language,
  words: PhoneTextWords,
  paint: Paint,
): string {
  const { number, name } = account;
  const whose = name === "" ? number : `${number} ${escapeText(name)}`;
  const blocks = PHONE_KINDS.map((kind) => {
    const head = `${paint.bold(words.kinds[kind])}\n  ${words.where[kind]}\n`;
    if (kind === "baresip") return `${head}  ${writeBaresipLine(account)}\n`;
    const rows = listFields(kind, account, language, words.off)
      .map(({ label, value }): (string | Cell)[] => [
        label,
        value === null
          ? { text: words.unknownPassword, paint: paint.dim }
          : { text: escapeText(value), paint: paint.bold },
      ]);
    return head + formatTable(rows, "  ");
  });
  return [
    `${paint.bold(`${words.title}: ${whose}`)}\n`,
    ...blocks,
    ...(account.password === null ? [`${words.noPassword}\n`] : []),
  ].join("\n");
}
