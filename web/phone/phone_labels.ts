/**
 * The fields of a phone's own window, under the labels that stand there. MicroSIP is mostly seen
 * in Russian here, so its Russian labels go with Uzbek texts too; desk phones are set up on pages
 * in English.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import {
  type AccountValue,
  type PhoneAccount,
  spellServer,
} from "./phone_card.ts";

export const PHONE_KINDS = [
  "microsip",
  "linphone",
  "yealink",
  "grandstream",
  "baresip",
  "other",
] as const;
export type PhoneKind = (typeof PHONE_KINDS)[number];

/** One field of a phone. */
export interface PhoneLabel {
  /** As the window has it in English. */
  readonly en: string;
  /** As it has it in Russian; the same where it has no Russian. */
  readonly ru: string;
  /** What the Russian label means, in Uzbek; "" where that is plain. */
  readonly uz: string;
  readonly value: AccountValue | "media-off";
}

const MICROSIP: readonly PhoneLabel[] = [
  { en: "SIP Server", ru: "SIP-сервер", uz: "", value: "server" },
  {
    en: "Username",
    ru: "Имя пользователя",
    uz: "foydalanuvchi nomi",
    value: "number",
  },
  { en: "Domain", ru: "Домен", uz: "", value: "server" },
  { en: "Login", ru: "Логин", uz: "", value: "number" },
  { en: "Password", ru: "Пароль", uz: "parol", value: "password" },
  {
    en: "Display Name",
    ru: "Отображаемое имя",
    uz: "koʻrsatiladigan ism",
    value: "name",
  },
  { en: "Transport", ru: "Транспорт", uz: "", value: "transport" },
  {
    en: "Media Encryption",
    ru: "Шифрование медиа",
    uz: "ovozni shifrlash",
    value: "media-off",
  },
];

const LINPHONE: readonly PhoneLabel[] = [
  {
    en: "Username",
    ru: "Имя пользователя",
    uz: "foydalanuvchi nomi",
    value: "number",
  },
  { en: "Password", ru: "Пароль", uz: "parol", value: "password" },
  { en: "Domain", ru: "Домен", uz: "", value: "server" },
  {
    en: "Display name",
    ru: "Отображаемое имя",
    uz: "koʻrsatiladigan ism",
    value: "name",
  },
  { en: "Transport", ru: "Транспорт", uz: "", value: "transport" },
];

const YEALINK: readonly PhoneLabel[] = [
  english("Label", "number"),
  english("Display Name", "name"),
  english("Register Name", "number"),
  english("User Name", "number"),
  english("Password", "password"),
  english("Server Host", "host"),
  english("Port", "port"),
  english("Transport", "transport"),
];

const GRANDSTREAM: readonly PhoneLabel[] = [
  english("Account Name", "number"),
  english("SIP Server", "server"),
  english("SIP User ID", "number"),
  english("SIP Authentication ID", "number"),
  english("SIP Authentication Password", "password"),
  english("Name", "name"),
  english("SIP Transport", "transport"),
];

const OTHER: readonly PhoneLabel[] = [
  { en: "Server", ru: "Сервер", uz: "", value: "host" },
  { en: "Port", ru: "Порт", uz: "", value: "port" },
  {
    en: "User name",
    ru: "Имя пользователя",
    uz: "foydalanuvchi nomi",
    value: "number",
  },
  { en: "Login", ru: "Логин", uz: "", value: "number" },
  { en: "Password", ru: "Пароль", uz: "parol", value: "password" },
  { en: "Transport", ru: "Транспорт", uz: "", value: "transport" },
];

export const PHONE_LABELS: Readonly<
  Record<Exclude<PhoneKind, "baresip">, readonly PhoneLabel[]>
> = {
  microsip: MICROSIP,
  linphone: LINPHONE,
  yealink: YEALINK,
  grandstream: GRANDSTREAM,
  other: OTHER,
};

/** How a label is shown: the one to look for, and beside it the other one or what it means. */
export interface ShownLabel {
  readonly main: string;
  /** "" where there is nothing to add. */
  readonly beside: string;
}

/**
 * Chooses which label stands first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { PHONE_LABELS, showLabel } from "./phone_labels.ts";
 * const [server] = PHONE_LABELS.microsip;
 * assert.deepEqual(showLabel(server!, "ru"), { main: "SIP-сервер", beside: "SIP Server" });
 * assert.deepEqual(showLabel(server!, "en"), { main: "SIP Server", beside: "" });
 * ```
 */
export function showLabel(label: PhoneLabel, language: Language): ShownLabel {
  const { en, ru, uz } = label;
  if (language === "en" || ru === en) return { main: en, beside: "" };
  const beside = language === "uz" && uz !== "" ? `${uz}, ${en}` : en;
  return { main: ru, beside };
}

/**
 * The line for `~/.baresip/accounts`. A password that would break the line is left out: baresip
 * asks for it when it starts.
 */
export function writeBaresipLine(account: PhoneAccount): string {
  const { number, password, transport } = account;
  const server = spellServer(account.server);
  // UDP is what it takes by itself
  const way = transport === "udp" ? "" : `;transport=${transport}`;
  const isPlain = password !== null && /^[\w.~!*+-]+$/.test(password);
  const secret = isPlain ? `;auth_pass=${password}` : "";
  return `<sip:${number}@${server}${way}>${secret}`;
}

function english(en: string, value: AccountValue): PhoneLabel {
  return { en, ru: en, uz: "", value };
}
