/**
 * The words of the pages about calls.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";
import type { CallEnd, CallEnder } from "../../../pbx/call/call_record.ts";

export interface CallsWords {
  readonly title: string;
  readonly now: string;
  readonly nowEmpty: string;
  readonly before: string;
  readonly beforeEmpty: string;
  /** With `{number}`. */
  readonly emptyOf: string;
  readonly number: string;
  readonly numberHint: string;
  readonly show: string;
  readonly showAll: string;
  readonly older: string;
  readonly newest: string;
  readonly csv: string;
  readonly time: string;
  readonly from: string;
  readonly to: string;
  /** With `{number}`: what was typed, where another number is meant by it. */
  readonly dialled: string;
  readonly duration: string;
  readonly state: string;
  readonly codec: string;
  readonly fromCaller: string;
  readonly fromCallee: string;
  readonly details: string;
  /** With `{percent}` and `{ms}`. */
  readonly lossAndJitter: string;
  readonly end: string;
  readonly endShort: string;
  readonly endConfirm: string;
  readonly endYes: string;
  readonly ringing: string;
  readonly talking: string;
  readonly ended: string;
  readonly ends: Readonly<Record<CallEnd, string>>;
  /** In place of `hung-up` and `phone-gone`, because it matters whose phone it was. */
  readonly hungUp: Readonly<Record<CallEnder, string>>;
  readonly gone: Readonly<Record<CallEnder, string>>;
  readonly busy: string;
}

export const CALLS_WORDS: Readonly<Record<Language, CallsWords>> = {
  en: {
    title: "Calls",
    now: "Now",
    nowEmpty: "Nobody is calling at the moment.",
    before: "Earlier",
    beforeEmpty:
      "No calls yet. Call *43 from a phone: it lets you hear yourself.",
    emptyOf: "No calls of {number} here.",
    number: "Number",
    numberHint: "Who called, was called, or was dialled",
    show: "Show",
    showAll: "Show all",
    older: "Older calls",
    newest: "To the newest calls",
    csv: "Download as a table (CSV)",
    time: "Time",
    from: "From",
    to: "To",
    dialled: "dialled {number}",
    duration: "Duration",
    state: "State",
    codec: "Codec",
    fromCaller: "Sound from the caller",
    fromCallee: "Sound from the one called",
    details: "Details",
    lossAndJitter: "loss {percent}\u00a0%, jitter {ms}\u00a0ms",
    end: "End call",
    endShort: "End",
    endConfirm: "End this call for both phones?",
    endYes: "Yes, end it",
    ringing: "ringing",
    talking: "talking",
    ended: "over",
    ends: {
      "hung-up": "hung up",
      "cancelled": "the caller gave up before anybody answered",
      "refused": "refused",
      "unanswered": "nobody answered",
      "unreachable": "no phone of this number could be reached",
      "no-such-number": "no such number",
      "no-ack": "the phone did not confirm the answer (no ACK)",
      "session-timer": "the phone did not renew the call in time",
      "phone-gone": "a phone does not answer any more",
      "transferred": "transferred",
      "picked-up": "taken by another phone",
      "operator": "ended by the administrator",
      "server-stopped": "the server stopped",
      "error": "failed",
    },
    hungUp: {
      caller: "the caller hung up",
      callee: "the one called hung up",
      exchange: "ended by the server",
    },
    gone: {
      caller: "the caller's phone does not answer any more",
      callee: "the called phone does not answer any more",
      exchange: "a phone does not answer any more",
    },
    busy: "busy",
  },
  ru: {
    title: "Звонки",
    now: "Сейчас",
    nowEmpty: "Сейчас никто не разговаривает.",
    before: "Раньше",
    beforeEmpty:
      "Звонков ещё не было. Позвоните с телефона на *43: вы услышите сами себя.",
    emptyOf: "Звонков номера {number} здесь нет.",
    number: "Номер",
    numberHint: "Кто звонил, кому звонили или что набрали",
    show: "Показать",
    showAll: "Показать все",
    older: "Более ранние звонки",
    newest: "К последним звонкам",
    csv: "Скачать таблицей (CSV)",
    time: "Время",
    from: "Кто",
    to: "Кому",
    dialled: "набрано {number}",
    duration: "Длительность",
    state: "Состояние",
    codec: "Кодек",
    fromCaller: "Звук от звонящего",
    fromCallee: "Звук от вызываемого",
    details: "Подробнее",
    lossAndJitter: "потери {percent}\u00a0%, джиттер {ms}\u00a0мс",
    end: "Завершить звонок",
    endShort: "Завершить",
    endConfirm: "Завершить этот звонок для обоих телефонов?",
    endYes: "Да, завершить",
    ringing: "звонит",
    talking: "разговор",
    ended: "завершён",
    ends: {
      "hung-up": "трубка положена",
      "cancelled": "звонящий передумал, не дождавшись ответа",
      "refused": "отклонён",
      "unanswered": "никто не ответил",
      "unreachable": "ни один телефон этого номера не доступен",
      "no-such-number": "такого номера нет",
      "no-ack": "телефон не подтвердил ответ (нет ACK)",
      "session-timer": "телефон вовремя не продлил звонок",
      "phone-gone": "телефон больше не отвечает",
      "transferred": "переведён",
      "picked-up": "принят другим телефоном",
      "operator": "завершён администратором",
      "server-stopped": "сервер остановлен",
      "error": "не удался",
    },
    hungUp: {
      caller: "звонивший положил трубку",
      callee: "вызываемый положил трубку",
      exchange: "завершён сервером",
    },
    gone: {
      caller: "телефон звонившего больше не отвечает",
      callee: "вызываемый телефон больше не отвечает",
      exchange: "телефон больше не отвечает",
    },
    busy: "занято",
  },
  uz: {
    title: "Qoʻngʻiroqlar",
    now: "Hozir",
    nowEmpty: "Hozir hech kim gaplashmayapti.",
    before: "Avvalgilari",
    beforeEmpty:
      "Hali qoʻngʻiroq boʻlmagan. Telefondan *43 ga qoʻngʻiroq qiling: oʻz ovozingizni eshitasiz.",
    emptyOf: "Bu yerda {number} raqamining qoʻngʻiroqlari yoʻq.",
    number: "Raqam",
    numberHint: "Kim qoʻngʻiroq qilgan, kimga qilingan yoki nima terilgan",
    show: "Koʻrsatish",
    showAll: "Hammasini koʻrsatish",
    older: "Oldinroq boʻlgan qoʻngʻiroqlar",
    newest: "Eng yangi qoʻngʻiroqlarga",
    csv: "Jadval qilib yuklab olish (CSV)",
    time: "Vaqt",
    from: "Kimdan",
    to: "Kimga",
    dialled: "terilgani: {number}",
    duration: "Davomiyligi",
    state: "Holati",
    codec: "Kodek",
    fromCaller: "Qoʻngʻiroq qilgandan ovoz",
    fromCallee: "Chaqirilgandan ovoz",
    details: "Batafsil",
    lossAndJitter: "yoʻqotish {percent}\u00a0%, jitter {ms}\u00a0ms",
    end: "Qoʻngʻiroqni tugatish",
    endShort: "Tugatish",
    endConfirm: "Bu qoʻngʻiroq ikkala telefon uchun ham tugatilsinmi?",
    endYes: "Ha, tugatilsin",
    ringing: "jiringlayapti",
    talking: "suhbat",
    ended: "tugagan",
    ends: {
      "hung-up": "goʻshak qoʻyildi",
      "cancelled": "qoʻngʻiroq qilgan kishi javobni kutmay toʻxtatdi",
      "refused": "rad etildi",
      "unanswered": "hech kim javob bermadi",
      "unreachable": "bu raqamning birorta telefoniga yetib boʻlmadi",
      "no-such-number": "bunday raqam yoʻq",
      "no-ack": "telefon javobni tasdiqlamadi (ACK yoʻq)",
      "session-timer": "telefon qoʻngʻiroqni oʻz vaqtida uzaytirmadi",
      "phone-gone": "telefon javob bermay qoʻydi",
      "transferred": "boshqa raqamga oʻtkazildi",
      "picked-up": "boshqa telefon qabul qildi",
      "operator": "administrator tugatdi",
      "server-stopped": "server toʻxtatildi",
      "error": "amalga oshmadi",
    },
    hungUp: {
      caller: "qoʻngʻiroq qilgan kishi goʻshakni qoʻydi",
      callee: "chaqirilgan kishi goʻshakni qoʻydi",
      exchange: "server tugatdi",
    },
    gone: {
      caller: "qoʻngʻiroq qilgan telefon javob bermay qoʻydi",
      callee: "chaqirilgan telefon javob bermay qoʻydi",
      exchange: "telefon javob bermay qoʻydi",
    },
    busy: "band",
  },
};
