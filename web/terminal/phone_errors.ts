/**
 * Why `pbx phone` gives no file or code, and what to do, in each language.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";

export interface PhoneErrors {
  readonly noPassword: string;
  /** With the commands `{give}` and `{change}`. */
  readonly noPasswordHint: string;
  readonly noServer: string;
  /** With the command `{start}`. */
  readonly noServerHint: string;
  readonly shutPage: string;
  /** With `{file}`, `{setting}`, `{port}` and the command `{passwd}`. */
  readonly shutPageHint: string;
}

export const PHONE_ERRORS: Readonly<Record<Language, PhoneErrors>> = {
  en: {
    noPassword:
      "The password has to go with it, and the server keeps only its hash",
    noPasswordHint: "Give it: {give}; a new one is made by: {change}",
    noServer: "No server runs, so nobody would answer the phone",
    noServerHint: "Start it: {start}",
    shutPage:
      "No phone could fetch its settings: the page listens on this machine only",
    shutPageHint:
      "Set a password of the page if it has none: {passwd}; write {setting} into {file}, restart the server, and open TCP port {port} in the firewall. Without --format, the values to type in are printed",
  },
  ru: {
    noPassword: "Вместе с этим нужен пароль, а сервер хранит только его хеш",
    noPasswordHint: "Передайте его: {give}; новый создаёт команда: {change}",
    noServer: "Сервер не запущен, и телефону никто не ответит",
    noServerHint: "Запустите его: {start}",
    shutPage:
      "Телефон не сможет забрать настройки: страница доступна только с самого сервера",
    shutPageHint:
      "Задайте пароль страницы, если его ещё нет: {passwd}; впишите {setting} в {file}, перезапустите сервер и откройте в файрволе TCP-порт {port}. Без --format команда покажет, что ввести вручную",
  },
  uz: {
    noPassword:
      "Bu bilan birga parol kerak, server esa faqat uning xeshini saqlaydi",
    noPasswordHint:
      "Uni bering: {give}; yangisini bu buyruq yaratadi: {change}",
    noServer: "Server ishlamayapti, telefonga hech kim javob bermaydi",
    noServerHint: "Uni ishga tushiring: {start}",
    shutPage:
      "Telefon sozlamalarni ola olmaydi: sahifa faqat serverning oʻzidan ochiladi",
    shutPageHint:
      "Sahifaning paroli hali boʻlmasa, uni belgilang: {passwd}; {file} fayliga {setting} deb yozing, serverni qayta ishga tushiring va fayrvolda TCP {port}-portni oching. --format berilmasa, qoʻlda kiritiladigan qiymatlar chiqadi",
  },
};
