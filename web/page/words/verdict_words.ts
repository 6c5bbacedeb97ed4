/**
 * The words around a verdict on a page. The verdicts themselves are worded in `diag/texts/`.
 * @module
 */

import type { Field, RemedyPlace, Severity } from "../../../diag/catalogue.ts";
import type { Language } from "../../../diag/verdict.ts";

export interface VerdictWords {
  readonly severities: Readonly<Record<Severity, string>>;
  readonly evidence: string;
  readonly remedyAt: Readonly<Record<RemedyPlace, string>>;
  /** In front of the name of a field. */
  readonly field: string;
  readonly fields: Readonly<Record<Field, string>>;
  readonly also: string;
}

export const VERDICT_WORDS: Readonly<Record<Language, VerdictWords>> = {
  en: {
    severities: {
      error: "Does not work",
      warning: "Warning",
      info: "Note",
      ok: "Works",
    },
    evidence: "What was seen",
    remedyAt: {
      phone: "What to do, in the phone",
      server: "What to do, on the server",
      router: "What to do, in the phone's router",
      provider: "What to do, at the provider",
    },
    field: "Field",
    fields: {
      server: "server",
      port: "port",
      number: "number (user name)",
      domain: "domain",
      login: "login",
      password: "password",
      transport: "transport",
      encryption: "encryption of sound",
      "keep-alive": "keep-alive",
      interval: "registration interval",
      stun: "STUN",
      ice: "ICE",
      presence: "presence",
      codecs: "codecs",
    },
    also: "Also noticed",
  },
  ru: {
    severities: {
      error: "Не работает",
      warning: "Внимание",
      info: "К сведению",
      ok: "Работает",
    },
    evidence: "Что видно",
    remedyAt: {
      phone: "Что сделать в телефоне",
      server: "Что сделать на сервере",
      router: "Что сделать в роутере телефона",
      provider: "Что сделать у провайдера",
    },
    field: "Поле",
    fields: {
      server: "сервер",
      port: "порт",
      number: "номер (имя пользователя)",
      domain: "домен",
      login: "логин",
      password: "пароль",
      transport: "транспорт",
      encryption: "шифрование звука",
      "keep-alive": "поддержание соединения",
      interval: "срок регистрации",
      stun: "STUN",
      ice: "ICE",
      presence: "присутствие",
      codecs: "кодеки",
    },
    also: "Замечено также",
  },
  uz: {
    severities: {
      error: "Ishlamayapti",
      warning: "Diqqat",
      info: "Maʼlumot uchun",
      ok: "Ishlayapti",
    },
    evidence: "Nima koʻrindi",
    remedyAt: {
      phone: "Telefonda nima qilish kerak",
      server: "Serverda nima qilish kerak",
      router: "Telefon ulangan routerda nima qilish kerak",
      provider: "Provayderda nima qilish kerak",
    },
    field: "Maydon",
    fields: {
      server: "server",
      port: "port",
      number: "raqam (foydalanuvchi nomi)",
      domain: "domen",
      login: "login",
      password: "parol",
      transport: "transport",
      encryption: "ovozni shifrlash",
      "keep-alive": "aloqani ushlab turish",
      interval: "roʻyxat muddati",
      stun: "STUN",
      ice: "ICE",
      presence: "hozirlik holati",
      codecs: "kodeklar",
    },
    also: "Yana sezildi",
  },
};
