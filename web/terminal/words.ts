/**
 * The few words around verdicts on the command line, in each language. The verdicts themselves are
 * worded in `diag/texts/`.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";

export interface Words {
  /** With `{seconds}`. */
  readonly pressRegister: string;
  /** The same where a number was given, with `{seconds}` and `{number}`. */
  readonly pressRegisterOf: string;
  readonly evidence: string;
  readonly remedyAt: Readonly<
    Record<"phone" | "server" | "router" | "provider", string>
  >;
  readonly also: string;
  readonly checks: string;
  readonly noCapture: string;
  readonly noServer: string;
  readonly stages: string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    pressRegister:
      "Press Register in the phone now, or make the call that fails (watching for {seconds} s)",
    pressRegisterOf:
      "Press Register in the phone of {number} now, or make the call that fails (watching for {seconds} s)",
    evidence: "What was seen",
    remedyAt: {
      phone: "What to do, in the phone",
      server: "What to do, on the server",
      router: "What to do, in the phone's router",
      provider: "What to do, at the provider",
    },
    also: "Also noticed",
    checks: "Checks of the server that did not pass",
    noCapture:
      "The network card cannot be watched without root: what a firewall drops stays unknown. As root: {command}",
    noServer: "The running server cannot be asked: {cause}",
    stages: "How far it got",
  },
  ru: {
    pressRegister:
      "Зарегистрируйте телефон сейчас: откройте его учётную запись и сохраните её ещё раз; или сделайте звонок, который не удаётся (наблюдение {seconds} с)",
    pressRegisterOf:
      "Зарегистрируйте телефон {number} сейчас: откройте его учётную запись и сохраните её ещё раз; или сделайте звонок, который не удаётся (наблюдение {seconds} с)",
    evidence: "Что видно",
    remedyAt: {
      phone: "Что сделать в телефоне",
      server: "Что сделать на сервере",
      router: "Что сделать в роутере телефона",
      provider: "Что сделать у провайдера",
    },
    also: "Замечено также",
    checks: "Проверки сервера, которые не прошли",
    noCapture:
      "Без прав root за сетевой картой наблюдать нельзя: что отбрасывает файрвол, останется неизвестным. От имени root: {command}",
    noServer: "Работающий сервер нельзя опросить: {cause}",
    stages: "Докуда дошло",
  },
  uz: {
    pressRegister:
      "Hozir telefonni qayta roʻyxatdan oʻtkazing: undagi akkauntni ochib, yana saqlang; yoki chiqmayotgan qoʻngʻiroqni qiling ({seconds} soniya kuzatiladi)",
    pressRegisterOf:
      "Hozir {number} telefonini qayta roʻyxatdan oʻtkazing: undagi akkauntni ochib, yana saqlang; yoki chiqmayotgan qoʻngʻiroqni qiling ({seconds} soniya kuzatiladi)",
    evidence: "Nima koʻrindi",
    remedyAt: {
      phone: "Telefonda nima qilish kerak",
      server: "Serverda nima qilish kerak",
      router: "Telefon ulangan routerda nima qilish kerak",
      provider: "Provayderda nima qilish kerak",
    },
    also: "Yana sezildi",
    checks: "Serverning oʻtmagan tekshiruvlari",
    noCapture:
      "Root huquqisiz tarmoq kartasini kuzatib boʻlmaydi: fayrvol nimani tashlab yuborayotgani nomaʼlum qoladi. Root sifatida: {command}",
    noServer: "Ishlab turgan serverdan soʻrab boʻlmaydi: {cause}",
    stages: "Qayergacha yetdi",
  },
};
