/**
 * The words of the page of one extension.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";

export interface ExtensionWords {
  /** Without a name only the number stands in the title. */
  readonly title: string;
  readonly state: string;
  readonly stages: string;
  readonly nothingSeen: string;
  readonly pressRegister: string;
  readonly undecided: string;
  readonly gone: string;
  readonly bindings: string;
  readonly noBindings: string;
  readonly phone: string;
  readonly unnamedPhone: string;
  readonly source: string;
  readonly transport: string;
  readonly contact: string;
  readonly nat: string;
  readonly behindNat: string;
  readonly notBehindNat: string;
  readonly expires: string;
  /** With `{time}`, a span. */
  readonly expiresIn: string;
  readonly lifeSign: string;
  readonly noLifeSign: string;
  readonly roundTrip: string;
  /** With `{ms}`. */
  readonly roundTripMs: string;
  readonly notAnswered: string;
  /** With `{count}`. */
  readonly missed: string;
  readonly keepsItself: string;
  readonly unknown: string;
  readonly attempts: string;
  readonly noAttempts: string;
  readonly time: string;
  readonly outcome: string;
  readonly registered: string;
  readonly signedOff: string;
  readonly refused: string;
  readonly awaitsPassword: string;
  readonly underWay: string;
  readonly reason: string;
  readonly messages: string;
  readonly noMessages: string;
  readonly download: string;
  readonly downloadHint: string;
  /** With `{count}`. */
  readonly showMore: string;
  readonly showLive: string;
  readonly server: string;
  readonly others: string;
  readonly settings: string;
  readonly name: string;
  readonly noName: string;
  readonly rename: string;
  readonly newPassword: string;
  readonly remove: string;
  readonly noSuchNumber: string;
  /** With `{number}`. */
  readonly noSuchNumberText: string;
  readonly nearest: string;
  /** With `{number}`. */
  readonly addNumber: string;
  readonly allNumbers: string;
}

export const EXTENSION_WORDS: Readonly<Record<Language, ExtensionWords>> = {
  en: {
    title: "Extension {number}",
    state: "State",
    stages: "How far it got",
    nothingSeen: "Nothing was seen of a phone of this extension yet",
    pressRegister:
      "Type the account into the phone and press Register, or save it once more: this page shows by itself how far it gets.",
    undecided: "Seen, but nothing can be said yet: more has to come",
    gone:
      "The phone is not registered any more: it signed off, or its time ran out",
    bindings: "Registered phones",
    noBindings:
      "No phone is registered. Open the account in the phone and save it once more.",
    phone: "Phone",
    unnamedPhone: "Phone without a name",
    source: "Comes from",
    transport: "Transport",
    contact: "Says that it is at",
    nat: "Router in between",
    behindNat: "yes: it names another address than it comes from",
    notBehindNat: "no",
    expires: "Registration ends",
    expiresIn: "in {time}, unless it is renewed",
    lifeSign: "Last sign of life",
    noLifeSign: "none yet, besides the registration",
    roundTrip: "There and back",
    roundTripMs: "{ms} ms",
    notAnswered: "not answered yet",
    missed: "without an answer in a row: {count}",
    keepsItself: "keeps its way open by itself",
    unknown: "not known yet",
    attempts: "Last attempts to register",
    noAttempts: "No attempt was seen yet. Press Register in the phone.",
    time: "Time",
    outcome: "How far it got",
    registered: "registered",
    signedOff: "signed off or only asked",
    refused: "refused",
    awaitsPassword: "asked for the password, no answer",
    underWay: "under way",
    reason: "Reason",
    messages: "Messages",
    noMessages:
      "No message is kept. As soon as the phone sends one, it appears here.",
    download: "Download for Wireshark (pcapng)",
    downloadHint:
      "All messages of this extension that are kept; passwords and keys in them are replaced by stars.",
    showMore: "Show more: {count}",
    showLive: "Show the newest, live",
    server: "server",
    others: "Other phones of this extension",
    settings: "Settings",
    name: "Name",
    noName: "none",
    rename: "Change the name",
    newPassword: "New password",
    remove: "Remove the extension",
    noSuchNumber: "No such extension",
    noSuchNumberText: "There is no extension {number} on this server.",
    nearest: "Similar numbers that exist:",
    addNumber: "Add {number}",
    allNumbers: "All extensions",
  },
  ru: {
    title: "Номер {number}",
    state: "Состояние",
    stages: "Докуда дошло",
    nothingSeen: "Телефона с этим номером пока не было видно",
    pressRegister:
      "Внесите учётную запись в телефон и сохраните её или сохраните ещё раз: страница сама покажет, докуда дошло.",
    undecided: "Телефон виден, но сказать пока нечего: нужно больше данных",
    gone:
      "Телефон больше не зарегистрирован: он снял регистрацию или её срок истёк",
    bindings: "Зарегистрированные телефоны",
    noBindings:
      "Ни один телефон не зарегистрирован. Откройте учётную запись в телефоне и сохраните её ещё раз.",
    phone: "Телефон",
    unnamedPhone: "Телефон без названия",
    source: "Приходит с",
    transport: "Транспорт",
    contact: "Сам называет адрес",
    nat: "Роутер по пути",
    behindNat: "есть: называет не тот адрес, с которого приходит",
    notBehindNat: "нет",
    expires: "Регистрация кончится",
    expiresIn: "через {time}, если её не продлить",
    lifeSign: "Последний признак жизни",
    noLifeSign: "кроме регистрации, пока не было",
    roundTrip: "Туда и обратно",
    roundTripMs: "{ms} мс",
    notAnswered: "ответа пока нет",
    missed: "без ответа подряд: {count}",
    keepsItself: "сам держит путь открытым",
    unknown: "пока неизвестно",
    attempts: "Последние попытки регистрации",
    noAttempts:
      "Попыток пока не было. Откройте учётную запись в телефоне и сохраните её.",
    time: "Время",
    outcome: "Докуда дошло",
    registered: "зарегистрирован",
    signedOff: "снял регистрацию или только спросил",
    refused: "отказано",
    awaitsPassword: "спрошен пароль, ответа нет",
    underWay: "ещё идёт",
    reason: "Причина",
    messages: "Сообщения",
    noMessages:
      "Сообщений не сохранено. Как только телефон что-то отправит, это появится здесь.",
    download: "Скачать для Wireshark (pcapng)",
    downloadHint:
      "Все сохранённые сообщения этого номера; пароли и ключи в них заменены звёздочками.",
    showMore: "Показать больше: {count}",
    showLive: "Показать последние, вживую",
    server: "сервер",
    others: "Другие телефоны этого номера",
    settings: "Настройки",
    name: "Имя",
    noName: "не указано",
    rename: "Изменить имя",
    newPassword: "Новый пароль",
    remove: "Удалить номер",
    noSuchNumber: "Такого номера нет",
    noSuchNumberText: "Номера {number} на этом сервере нет.",
    nearest: "Похожие номера, которые есть:",
    addNumber: "Добавить {number}",
    allNumbers: "Все номера",
  },
  uz: {
    title: "Raqam {number}",
    state: "Holati",
    stages: "Qayergacha yetdi",
    nothingSeen: "Bu raqamning telefoni hali koʻrinmadi",
    pressRegister:
      "Akkauntni telefonga kiritib saqlang yoki yana bir marta saqlang: qayergacha yetganini sahifaning oʻzi koʻrsatadi.",
    undecided:
      "Telefon koʻrindi, lekin hali biror narsa deyishga maʼlumot yetmaydi",
    gone: "Telefon endi roʻyxatda emas: oʻzi chiqdi yoki muddati tugadi",
    bindings: "Roʻyxatdan oʻtgan telefonlar",
    noBindings:
      "Hech bir telefon roʻyxatdan oʻtmagan. Telefondagi akkauntni ochib, yana saqlang.",
    phone: "Telefon",
    unnamedPhone: "Nomsiz telefon",
    source: "Qayerdan keladi",
    transport: "Transport",
    contact: "Oʻzi aytgan manzil",
    nat: "Yoʻldagi router",
    behindNat: "bor: oʻzi aytgan manzil u kelayotgan manzildan boshqa",
    notBehindNat: "yoʻq",
    expires: "Roʻyxat tugaydi",
    expiresIn: "uzaytirilmasa, {time}dan keyin",
    lifeSign: "Oxirgi hayot belgisi",
    noLifeSign: "roʻyxatdan oʻtishdan boshqa hali yoʻq",
    roundTrip: "Borib-kelish vaqti",
    roundTripMs: "{ms} ms",
    notAnswered: "hali javob yoʻq",
    missed: "ketma-ket javobsiz: {count}",
    keepsItself: "yoʻlni oʻzi ochiq ushlab turadi",
    unknown: "hali nomaʼlum",
    attempts: "Roʻyxatdan oʻtishga oxirgi urinishlar",
    noAttempts: "Hali urinish boʻlmadi. Telefondagi akkauntni ochib, saqlang.",
    time: "Vaqt",
    outcome: "Qayergacha yetdi",
    registered: "roʻyxatdan oʻtdi",
    signedOff: "roʻyxatdan chiqdi yoki faqat soʻradi",
    refused: "rad etildi",
    awaitsPassword: "parol soʻraldi, javob yoʻq",
    underWay: "davom etyapti",
    reason: "Sababi",
    messages: "Xabarlar",
    noMessages:
      "Saqlangan xabar yoʻq. Telefon biror narsa yuborishi bilan shu yerda chiqadi.",
    download: "Wireshark uchun yuklab olish (pcapng)",
    downloadHint:
      "Bu raqamning saqlangan hamma xabarlari; ulardagi parollar va kalitlar oʻrniga yulduzchalar qoʻyilgan.",
    showMore: "Koʻproq koʻrsatish: {count}",
    showLive: "Oxirgilarini jonli koʻrsatish",
    server: "server",
    others: "Bu raqamning boshqa telefonlari",
    settings: "Sozlamalar",
    name: "Nomi",
    noName: "koʻrsatilmagan",
    rename: "Nomini oʻzgartirish",
    newPassword: "Yangi parol",
    remove: "Raqamni oʻchirish",
    noSuchNumber: "Bunday raqam yoʻq",
    noSuchNumberText: "Bu serverda {number} raqami yoʻq.",
    nearest: "Oʻxshash, mavjud raqamlar:",
    addNumber: "{number} raqamini qoʻshish",
    allNumbers: "Hamma raqamlar",
  },
};
