/**
 * The words of the page of one call.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";
import type { SoundGrade } from "../../sound_quality.ts";

export interface CallWords {
  readonly title: string;
  readonly notFound: string;
  readonly notFoundText: string;
  readonly toList: string;
  readonly facts: string;
  readonly began: string;
  readonly rang: string;
  readonly answered: string;
  readonly over: string;
  readonly waited: string;
  readonly status: string;
  readonly caller: string;
  readonly callee: string;
  readonly exchange: string;
  readonly phone: string;
  readonly address: string;
  readonly through: string;
  readonly sound: string;
  readonly soundNone: string;
  readonly soundAbout: string;
  /** With `{goodLoss}`, `{goodJitter}`, `{fairLoss}` and `{fairJitter}`. */
  readonly limits: string;
  readonly quality: string;
  readonly grades: Readonly<Record<SoundGrade, string>>;
  readonly packets: string;
  readonly lost: string;
  readonly jitter: string;
  readonly milliseconds: string;
  readonly mos: string;
  /** With `{score}`. */
  readonly mosAtMost: string;
  readonly mosAbout: string;
  readonly messages: string;
  readonly messagesGone: string;
  readonly messagesUnknown: string;
  readonly download: string;
}

export const CALL_WORDS: Readonly<Record<Language, CallWords>> = {
  en: {
    title: "Call",
    notFound: "No such call",
    notFoundText: "It may be so old that it is not kept any more.",
    toList: "To the list of calls",
    facts: "The call",
    began: "Began",
    rang: "Rang",
    answered: "Answered",
    over: "Ended",
    waited: "Waited for an answer",
    status: "Answer to the caller (SIP)",
    caller: "Caller",
    callee: "Called",
    exchange: "server",
    phone: "Phone",
    address: "Address",
    through: "Through the server's address",
    sound: "Sound",
    soundNone: "There was no sound, because nobody answered.",
    soundAbout:
      "Counted at the server: what came from each phone. What is lost on the way from the server to the other phone is not in it.",
    limits:
      "Good: loss below {goodLoss} % and jitter below {goodJitter} ms. Fair: below {fairLoss} % and {fairJitter} ms. Poor: anything else.",
    quality: "Quality",
    grades: {
      none: "no sound came",
      short: "too short to tell",
      good: "good",
      fair: "fair",
      poor: "poor",
    },
    packets: "Packets",
    lost: "Lost",
    jitter: "Jitter",
    milliseconds: "ms",
    mos: "Speech quality (MOS)",
    mosAtMost: "at most {score} of 5",
    mosAbout:
      "MOS is estimated from the loss alone (ITU-T G.107, G.711 with concealment); delay and echo are not known.",
    messages: "Messages",
    messagesGone:
      "The messages of this call are not kept any more: the server keeps the newest ones only.",
    messagesUnknown:
      "The server does not remember which messages belonged to this call: it was restarted since, or many calls came after it.",
    download: "Download the messages (pcapng)",
  },
  ru: {
    title: "Звонок",
    notFound: "Такого звонка нет",
    notFoundText: "Возможно, он слишком давний и уже не хранится.",
    toList: "К списку звонков",
    facts: "Звонок",
    began: "Начат",
    rang: "Телефон зазвонил",
    answered: "Ответ",
    over: "Завершён",
    waited: "Ожидание ответа",
    status: "Ответ звонящему (SIP)",
    caller: "Звонящий",
    callee: "Вызываемый",
    exchange: "сервер",
    phone: "Телефон",
    address: "Адрес",
    through: "Через адрес сервера",
    sound: "Звук",
    soundNone: "Звука не было, потому что никто не ответил.",
    soundAbout:
      "Посчитано на сервере: что пришло от каждого телефона. Потери на пути от сервера к другому телефону сюда не входят.",
    limits:
      "Хорошо: потери меньше {goodLoss} % и джиттер меньше {goodJitter} мс. Удовлетворительно: меньше {fairLoss} % и {fairJitter} мс. Плохо: всё остальное.",
    quality: "Качество",
    grades: {
      none: "звук не приходил",
      short: "слишком коротко для оценки",
      good: "хорошо",
      fair: "удовлетворительно",
      poor: "плохо",
    },
    packets: "Пакеты",
    lost: "Потеряно",
    jitter: "Джиттер",
    milliseconds: "мс",
    mos: "Качество речи (MOS)",
    mosAtMost: "не выше {score} из 5",
    mosAbout:
      "MOS оценён только по потерям (ITU-T G.107, G.711 с маскировкой потерь); задержка и эхо неизвестны.",
    messages: "Сообщения",
    messagesGone:
      "Сообщения этого звонка уже не хранятся: сервер держит только самые новые.",
    messagesUnknown:
      "Сервер не помнит, какие сообщения относились к этому звонку: он с тех пор перезапускался, или после этого было много звонков.",
    download: "Скачать сообщения (pcapng)",
  },
  uz: {
    title: "Qoʻngʻiroq",
    notFound: "Bunday qoʻngʻiroq yoʻq",
    notFoundText: "Balki juda eski boʻlgani uchun endi saqlanmagandir.",
    toList: "Qoʻngʻiroqlar roʻyxatiga",
    facts: "Qoʻngʻiroq",
    began: "Boshlandi",
    rang: "Jiringladi",
    answered: "Javob berildi",
    over: "Tugadi",
    waited: "Javob kutilgan vaqt",
    status: "Qoʻngʻiroq qilganga javob (SIP)",
    caller: "Qoʻngʻiroq qilgan",
    callee: "Chaqirilgan",
    exchange: "server",
    phone: "Telefon",
    address: "Manzil",
    through: "Serverning qaysi manzili orqali",
    sound: "Ovoz",
    soundNone: "Hech kim javob bermagani uchun ovoz boʻlmagan.",
    soundAbout:
      "Serverda sanalgan: har bir telefondan nima kelgani. Serverdan ikkinchi telefongacha boʻlgan yoʻldagi yoʻqotishlar bunga kirmaydi.",
    limits:
      "Yaxshi: yoʻqotish {goodLoss} % dan, jitter {goodJitter} ms dan kam. Oʻrtacha: {fairLoss} % va {fairJitter} ms dan kam. Yomon: qolgan hollarda.",
    quality: "Sifati",
    grades: {
      none: "ovoz kelmagan",
      short: "baholash uchun juda qisqa",
      good: "yaxshi",
      fair: "oʻrtacha",
      poor: "yomon",
    },
    packets: "Paketlar",
    lost: "Yoʻqolgani",
    jitter: "Jitter",
    milliseconds: "ms",
    mos: "Nutq sifati (MOS)",
    mosAtMost: "5 dan koʻpi bilan {score}",
    mosAbout:
      "MOS faqat yoʻqotish boʻyicha baholangan (ITU-T G.107, yoʻqotishni niqoblaydigan G.711); kechikish va aks-sado nomaʼlum.",
    messages: "Xabarlar",
    messagesGone:
      "Bu qoʻngʻiroqning xabarlari endi saqlanmagan: server faqat eng yangilarini saqlaydi.",
    messagesUnknown:
      "Server bu qoʻngʻiroqqa qaysi xabarlar tegishli ekanini eslamaydi: u qayta ishga tushirilgan yoki undan keyin koʻp qoʻngʻiroq boʻlgan.",
    download: "Xabarlarni yuklab olish (pcapng)",
  },
};
