/**
 * The words of the page that shows messages as they come and go.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";

export interface LiveWords {
  readonly title: string;
  readonly about: string;
  readonly number: string;
  readonly numberHint: string;
  readonly numberFault: string;
  readonly address: string;
  readonly addressHint: string;
  readonly addressFault: string;
  readonly show: string;
  readonly showAll: string;
  readonly download: string;
  readonly downloadHint: string;
  /** Over the table that is there without script, with `{count}`. */
  readonly last: string;
  readonly noScript: string;
  readonly empty: string;
  readonly time: string;
  readonly phone: string;
  readonly direction: string;
  readonly message: string;
  readonly notes: string;
  readonly script: LiveScriptWords;
}

/** What the client script says. */
export interface LiveScriptWords {
  readonly list: string;
  /** How a row is opened. */
  readonly hint: string;
  readonly pause: string;
  readonly resume: string;
  readonly clear: string;
  /** With `{count}`. */
  readonly rows: string;
  readonly forgotten: string;
  readonly dropped: string;
  readonly skipped: string;
  readonly paused: string;
  readonly connected: string;
  readonly reconnecting: string;
  readonly full: string;
  readonly waiting: string;
  readonly newest: string;
  readonly in: string;
  readonly out: string;
  readonly gone: string;
  readonly failed: string;
  readonly close: string;
  readonly earlier: string;
  readonly later: string;
}

export const LIVE_WORDS: Readonly<Record<Language, LiveWords>> = {
  en: {
    title: "Live",
    about:
      "Every SIP message between phones and this server, as it comes and goes. Passwords and keys in the messages are replaced by stars.",
    number: "Number",
    numberHint: "An extension, for example 1001",
    numberFault: "A number has no blanks and no @",
    address: "Address of the phone",
    addressHint: "An IP address, with or without a port",
    addressFault: "This is no IP address; for example 198.51.100.7:5060",
    show: "Show",
    showAll: "Show all",
    download: "Download (pcapng)",
    downloadHint:
      "Everything that is kept with this filter, without passwords, for Wireshark",
    last: "The last messages: {count}",
    noScript: "Without JavaScript the table stands still: load the page again.",
    empty:
      "No message yet. Press Register in the phone: if its messages arrive at this server, they appear here.",
    time: "Time",
    phone: "Phone",
    direction: "Direction",
    message: "Message",
    notes: "Notes",
    script: {
      list: "Messages, the newest at the bottom",
      hint:
        "Press a row to read the whole message; by keyboard: arrow keys, then Enter.",
      pause: "Pause",
      resume: "Go on",
      clear: "Clear",
      rows: "Messages: {count}",
      forgotten: "Older ones that left this page: {count}",
      dropped: "Left out, because they came too fast: {count}",
      skipped: "Not kept, because one address sends too much: {count}",
      paused: "Paused",
      connected: "Live",
      reconnecting: "No connection to the server, trying again",
      full: "Too many look at this page now, trying again",
      waiting:
        "No message yet. Press Register in the phone: if its messages arrive at this server, they appear here.",
      newest: "To the newest",
      in: "from the phone",
      out: "to the phone",
      gone: "The text of this message is not kept any more.",
      failed: "The text of this message could not be loaded.",
      close: "Close",
      earlier: "Earlier",
      later: "Later",
    },
  },
  ru: {
    title: "Сообщения SIP",
    about:
      "Все сообщения SIP между телефонами и этим сервером по мере поступления. Пароли и ключи в них заменены звёздочками.",
    number: "Номер",
    numberHint: "Внутренний номер, например 1001",
    numberFault: "В номере не бывает пробелов и знака @",
    address: "Адрес телефона",
    addressHint: "IP-адрес, с портом или без него",
    addressFault: "Это не IP-адрес; пример: 198.51.100.7:5060",
    show: "Показать",
    showAll: "Показать все",
    download: "Скачать (pcapng)",
    downloadHint:
      "Всё, что хранится по этому фильтру, без паролей, для Wireshark",
    last: "Последние сообщения: {count}",
    noScript:
      "Без JavaScript таблица не обновляется сама: загрузите страницу ещё раз.",
    empty:
      "Сообщений пока нет. Зарегистрируйте телефон: если его сообщения доходят до этого сервера, они появятся здесь.",
    time: "Время",
    phone: "Телефон",
    direction: "Направление",
    message: "Сообщение",
    notes: "Примечания",
    script: {
      list: "Сообщения, новые внизу",
      hint:
        "Нажмите на строку, чтобы прочитать всё сообщение; с клавиатуры: стрелки, затем Enter.",
      pause: "Пауза",
      resume: "Продолжить",
      clear: "Очистить",
      rows: "Сообщения: {count}",
      forgotten: "Более ранние, уже не на этой странице: {count}",
      dropped: "Пропущено, потому что шли слишком быстро: {count}",
      skipped:
        "Не сохранено, потому что один адрес шлёт слишком много: {count}",
      paused: "Пауза",
      connected: "Обновляется",
      reconnecting: "Нет связи с сервером, повторяем",
      full: "Сейчас эту страницу смотрят слишком многие, повторяем",
      waiting:
        "Сообщений пока нет. Зарегистрируйте телефон: если его сообщения доходят до этого сервера, они появятся здесь.",
      newest: "К новым",
      in: "от телефона",
      out: "телефону",
      gone: "Текст этого сообщения уже не хранится.",
      failed: "Не удалось загрузить текст этого сообщения.",
      close: "Закрыть",
      earlier: "Раньше",
      later: "Позже",
    },
  },
  uz: {
    title: "SIP xabarlari",
    about:
      "Telefonlar bilan shu server orasidagi barcha SIP xabarlari; har biri darhol koʻrinadi. Xabarlardagi parol va kalitlar oʻrnida yulduzchalar turadi.",
    number: "Raqam",
    numberHint: "Ichki raqam, masalan 1001",
    numberFault: "Raqamda boʻsh joy va @ belgisi boʻlmaydi",
    address: "Telefon manzili",
    addressHint: "IP-manzil, port bilan yoki portsiz",
    addressFault: "Bu IP-manzil emas; masalan: 198.51.100.7:5060",
    show: "Koʻrsatish",
    showAll: "Hammasini koʻrsatish",
    download: "Yuklab olish (pcapng)",
    downloadHint:
      "Shu filtr boʻyicha saqlangan barcha xabarlar, parollarsiz, Wireshark uchun",
    last: "Oxirgi xabarlar: {count}",
    noScript:
      "JavaScript boʻlmasa, jadval oʻzi yangilanmaydi: sahifani qayta yuklang.",
    empty:
      "Hozircha xabar yoʻq. Telefonni roʻyxatdan oʻtkazing: xabarlari shu serverga yetib kelsa, shu yerda koʻrinadi.",
    time: "Vaqt",
    phone: "Telefon",
    direction: "Yoʻnalish",
    message: "Xabar",
    notes: "Izohlar",
    script: {
      list: "Xabarlar, eng yangisi pastda",
      hint:
        "Xabarni toʻliq oʻqish uchun qatorni bosing; klaviaturada: strelkalar, keyin Enter.",
      pause: "Toʻxtatib turish",
      resume: "Davom etish",
      clear: "Tozalash",
      rows: "Xabarlar: {count}",
      forgotten: "Oldinroq kelgan, endi bu sahifada yoʻq: {count}",
      dropped: "Juda tez kelgani uchun tashlab ketildi: {count}",
      skipped: "Bitta manzil juda koʻp yuborgani uchun saqlanmadi: {count}",
      paused: "Toʻxtatib turilgan",
      connected: "Yangilanib turibdi",
      reconnecting: "Server bilan aloqa yoʻq, qayta urinilmoqda",
      full: "Bu sahifani hozir juda koʻp kishi koʻryapti, qayta urinilmoqda",
      waiting:
        "Hozircha xabar yoʻq. Telefonni roʻyxatdan oʻtkazing: xabarlari shu serverga yetib kelsa, shu yerda koʻrinadi.",
      newest: "Eng yangisiga",
      in: "telefondan",
      out: "telefonga",
      gone: "Bu xabarning matni endi saqlanmagan.",
      failed: "Bu xabarning matnini yuklab boʻlmadi.",
      close: "Yopish",
      earlier: "Oldingisi",
      later: "Keyingisi",
    },
  },
};
