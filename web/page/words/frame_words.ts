/**
 * The words of the frame and of the pages that say that something went wrong.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";
import type { Theme } from "../page_view.ts";

/** The places that the navigation leads to. */
export type Place =
  | "status"
  | "extensions"
  | "calls"
  | "live"
  | "security"
  | "help"
  | "account";

export interface FrameWords {
  readonly skip: string;
  readonly navigation: string;
  readonly places: Readonly<Record<Place, string>>;
  readonly language: string;
  readonly theme: string;
  readonly themes: Readonly<Record<Theme, string>>;
  /** Behind the version. */
  readonly version: string;
  readonly insecure: string;
  readonly insecureWhy: string;
  readonly insecureTunnel: string;
  readonly insecureTls: string;
  /** What the script says of the stream, and around what it adds. */
  readonly live: string;
  readonly reconnecting: string;
  readonly copy: string;
  readonly copied: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly errors: Readonly<Record<"404" | "500", ErrorWords>>;
  readonly toStatus: string;
}

export interface ErrorWords {
  readonly title: string;
  readonly text: string;
}

/** Each language under its own name. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  uz: "Oʻzbekcha",
  ru: "Русский",
  en: "English",
};

export const FRAME_WORDS: Readonly<Record<Language, FrameWords>> = {
  en: {
    skip: "Skip to the content",
    navigation: "Pages",
    places: {
      status: "Status",
      extensions: "Extensions",
      calls: "Calls",
      live: "Live",
      security: "Security",
      help: "Help",
      account: "Account",
    },
    language: "Language",
    theme: "Colours",
    themes: { auto: "as the system", light: "light", dark: "dark" },
    version: "Version",
    insecure: "This connection is not encrypted",
    insecureWhy:
      "Whoever is on the way between you and the server can read this page and the password. Two ways out:",
    insecureTunnel:
      "Through SSH: run this on your own computer, with the server's address, and open http://127.0.0.1:8060 there",
    insecureTls:
      "With a certificate: put this into the server's configuration file, with your own paths, restart the server, and open the page with https://",
    live: "Live",
    reconnecting: "Connection lost, trying again",
    copy: "Copy",
    copied: "Copied",
    confirm: "Yes, go on",
    cancel: "Cancel",
    errors: {
      404: {
        title: "There is nothing here",
        text:
          "The address is mistyped, or what stood here has been removed since.",
      },
      500: {
        title: "A fault of the program",
        text:
          "This page could not be made. The phones are served all the same; the server's log says what happened.",
      },
    },
    toStatus: "To the status page",
  },
  ru: {
    skip: "Перейти к содержанию",
    navigation: "Страницы",
    places: {
      status: "Состояние",
      extensions: "Номера",
      calls: "Звонки",
      live: "Сообщения",
      security: "Защита",
      help: "Помощь",
      account: "Профиль",
    },
    language: "Язык",
    theme: "Цвета",
    themes: { auto: "как в системе", light: "светлые", dark: "тёмные" },
    version: "Версия",
    insecure: "Соединение не зашифровано",
    insecureWhy:
      "Любой, кто находится на пути между вами и сервером, может прочитать эту страницу и пароль. Есть два выхода:",
    insecureTunnel:
      "Через SSH: выполните это на своём компьютере, указав адрес сервера, и откройте на нём http://127.0.0.1:8060",
    insecureTls:
      "С сертификатом: добавьте это в файл настроек сервера со своими путями, перезапустите сервер и открывайте страницу через https://",
    live: "Обновляется",
    reconnecting: "Связь потеряна, повторная попытка",
    copy: "Скопировать",
    copied: "Скопировано",
    confirm: "Да, продолжить",
    cancel: "Отмена",
    errors: {
      404: {
        title: "Здесь ничего нет",
        text: "В адресе опечатка, или то, что здесь было, уже удалено.",
      },
      500: {
        title: "Ошибка программы",
        text:
          "Эту страницу не удалось построить. Телефоны при этом работают; что произошло, написано в журнале сервера.",
      },
    },
    toStatus: "На страницу состояния",
  },
  uz: {
    skip: "Asosiy qismga oʻtish",
    navigation: "Sahifalar",
    places: {
      status: "Holat",
      extensions: "Raqamlar",
      calls: "Qoʻngʻiroqlar",
      live: "Xabarlar",
      security: "Himoya",
      help: "Yordam",
      account: "Profil",
    },
    language: "Til",
    theme: "Ranglar",
    themes: { auto: "tizimdagidek", light: "yorugʻ", dark: "qorongʻi" },
    version: "Versiya",
    insecure: "Ulanish shifrlanmagan",
    insecureWhy:
      "Siz bilan server orasidagi yoʻlda turgan har kim bu sahifani va parolni oʻqiy oladi. Ikki yoʻli bor:",
    insecureTunnel:
      "SSH orqali: buni oʻz kompyuteringizda server manzili bilan bajaring va oʻsha yerda http://127.0.0.1:8060 ni oching",
    insecureTls:
      "Sertifikat bilan: buni oʻz yoʻllaringiz bilan serverning sozlamalar fayliga qoʻshing, serverni qayta ishga tushiring va sahifani https:// orqali oching",
    live: "Yangilanib turibdi",
    reconnecting: "Aloqa uzildi, qayta urinilmoqda",
    copy: "Nusxa olish",
    copied: "Nusxa olindi",
    confirm: "Ha, davom etilsin",
    cancel: "Bekor qilish",
    errors: {
      404: {
        title: "Bu yerda hech narsa yoʻq",
        text: "Manzil xato yozilgan yoki bu yerdagi narsa oʻchirib tashlangan.",
      },
      500: {
        title: "Dastur xatosi",
        text:
          "Bu sahifani yaratib boʻlmadi. Telefonlar baribir ishlayapti; nima boʻlgani server jurnalida yozilgan.",
      },
    },
    toStatus: "Holat sahifasiga",
  },
};
