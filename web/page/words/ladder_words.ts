/**
 * The words of the ladder of messages, in each language.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";
import type { LadderHint } from "../../ladder_line.ts";

export interface LadderWords {
  readonly title: string;
  /** Over the line of all addresses that have none of their own. */
  readonly others: string;
  /** With `{value}` where the hint has one. */
  readonly hints: Readonly<Record<LadderHint[0], string>>;
  readonly unreadable: string;
  /** With `{from}` and `{to}`; for who cannot see the arrow. */
  readonly way: string;
  /** With `{count}`. */
  readonly shortened: string;
  /** The end of a long text is not shown. */
  readonly cut: string;
  readonly secrets: string;
  readonly milliseconds: string;
}

export const LADDER_WORDS: Readonly<Record<Language, LadderWords>> = {
  en: {
    title: "Messages in their order",
    others: "other addresses",
    hints: {
      "again": "repeated",
      "tcp": "TCP",
      "credentials": "with password",
      "no-credentials": "without password",
      "stale-nonce": "asks again: the old question has expired",
      "asks-contacts": "only asks",
      "no-contact": "no phone is registered",
      "unregisters": "signs off",
      "fault": "breaks the rules of SIP",
      "expires": "for {value} s",
      "contacts": "phones: {value}",
    },
    unreadable: "cannot be read",
    way: "from {from} to {to}",
    shortened: "Only the newest are shown: {count}.",
    cut: "The rest is not shown; the download has all of it.",
    secrets:
      "Press a line to read the message. Passwords and keys in it are replaced by stars.",
    milliseconds: "ms",
  },
  ru: {
    title: "Сообщения по порядку",
    others: "другие адреса",
    hints: {
      "again": "повтор",
      "tcp": "TCP",
      "credentials": "с паролем",
      "no-credentials": "без пароля",
      "stale-nonce": "спрашивает снова: прежний запрос устарел",
      "asks-contacts": "только спрашивает",
      "no-contact": "ни один телефон не зарегистрирован",
      "unregisters": "снимает регистрацию",
      "fault": "нарушает правила SIP",
      "expires": "на {value} с",
      "contacts": "телефонов: {value}",
    },
    unreadable: "прочесть нельзя",
    way: "откуда: {from}; куда: {to}",
    shortened: "Показаны только последние: {count}.",
    cut: "Остальное не показано; в скачанном файле есть всё.",
    secrets:
      "Нажмите на строку, чтобы прочесть сообщение. Пароли и ключи в нём заменены звёздочками.",
    milliseconds: "мс",
  },
  uz: {
    title: "Xabarlar tartibi bilan",
    others: "boshqa manzillar",
    hints: {
      "again": "takror",
      "tcp": "TCP",
      "credentials": "parol bilan",
      "no-credentials": "parolsiz",
      "stale-nonce": "qayta soʻrayapti: oldingi soʻrov eskirgan",
      "asks-contacts": "faqat soʻrayapti",
      "no-contact": "hech bir telefon roʻyxatda emas",
      "unregisters": "roʻyxatdan chiqyapti",
      "fault": "SIP qoidalarini buzadi",
      "expires": "{value} soniyaga",
      "contacts": "telefonlar: {value}",
    },
    unreadable: "oʻqib boʻlmaydi",
    way: "kimdan: {from}; kimga: {to}",
    shortened: "Faqat oxirgilari koʻrsatilgan: {count}.",
    cut: "Qolgani koʻrsatilmagan; yuklab olinadigan faylda hammasi bor.",
    secrets:
      "Xabarni oʻqish uchun qatorni bosing. Undagi parollar va kalitlar oʻrniga yulduzchalar qoʻyilgan.",
    milliseconds: "ms",
  },
};
