/**
 * The words of the status page.
 * @module
 */

import type { CheckState } from "../../../diag/check.ts";
import type { Range } from "../../../diag/history/history.ts";
import type { Language } from "../../../diag/verdict.ts";
import type { CallRecord } from "../../../pbx/call/call_record.ts";
import type { DatagramClass } from "../../../sip/fact.ts";
import type { Standing } from "../../phone_standing.ts";

export const CHART_NAMES = [
  "registrations",
  "calls",
  "refused",
  "datagrams",
  "cpu",
  "memory",
] as const;
export type ChartName = (typeof CHART_NAMES)[number];

export interface StatusWords {
  readonly title: string;
  /** With `{registered}` and `{all}`, like the next two. */
  readonly well: string;
  readonly unknown: string;
  readonly quiet: string;
  readonly empty: string;
  readonly needsOne: string;
  /** With `{count}`. */
  readonly needsMany: string;
  /** With `{count}`. */
  readonly more: string;
  readonly phones: string;
  readonly allExtensions: string;
  readonly addPhone: string;
  readonly addFirst: string;
  /** With `{number}`. */
  readonly connectFirst: string;
  readonly emptyHint: string;
  readonly standings: Readonly<Record<Standing, string>>;
  /** With `{number}`. */
  readonly stranger: string;
  readonly otherPhones: string;
  /** Who else was refused with a number whose phone works. */
  readonly otherTries: string;
  readonly calls: string;
  readonly noCalls: string;
  readonly allCalls: string;
  readonly caller: string;
  readonly callee: string;
  readonly state: string;
  readonly duration: string;
  readonly callStates: Readonly<Record<CallRecord["state"], string>>;
  readonly call: string;
  readonly callDetails: string;
  readonly checks: string;
  readonly checking: string;
  readonly neverChecked: string;
  readonly lastChecked: string;
  readonly checkAgain: string;
  readonly checkStates: Readonly<Record<CheckState, string>>;
  /** Of a check that was left out because there is nothing to check. */
  readonly checkNeedless: string;
  readonly history: string;
  readonly ranges: Readonly<Record<Range, string>>;
  /** At the left end of a chart. */
  readonly rangeStarts: Readonly<Record<Range, string>>;
  readonly now: string;
  readonly charts: Readonly<Record<ChartName, string>>;
  /** Of what a chart counts in each step, with `{step}`. */
  readonly perStep: string;
  readonly ofOneCore: string;
  readonly datagrams: Readonly<Record<DatagramClass, string>>;
  readonly others: string;
  /** With `{last}`, `{least}` and `{most}`. */
  readonly summary: string;
  /** With `{sum}` and `{most}`. */
  readonly summaryCounts: string;
  readonly noData: string;
  /** With `{gaps}`. */
  readonly gaps: string;
  readonly server: string;
  readonly version: string;
  readonly uptime: string;
  /** What phones are given as their server. */
  readonly sip: string;
  readonly listens: string;
  readonly http: string;
  readonly dataDir: string;
  readonly free: string;
  readonly memory: string;
}

export const STATUS_WORDS: Readonly<Record<Language, StatusWords>> = {
  en: {
    title: "Status",
    well:
      "All is well: {registered} of {all} phones are registered, no faults were found",
    unknown:
      "{registered} of {all} phones are registered; whether all is well is still being checked",
    quiet: "No phone is registered now; the server finds no fault with itself",
    empty: "The exchange runs, and waits for its first phone",
    needsOne: "One thing needs you",
    needsMany: "{count} things need you",
    more: "and {count} more",
    phones: "Phones",
    allExtensions: "All extensions",
    addPhone: "Add a phone",
    addFirst: "Add your first phone",
    connectFirst: "Connect the phone of {number}",
    emptyHint:
      "Choose a number, and the page shows what to type into the phone and whether it gets through.",
    standings: {
      answering: "registered, answers",
      registered: "registered",
      silent: "registered, does not answer",
      troubled: "registered, with a fault",
      refused: "refused",
      "cut-off": "does not get through",
      trying: "trying to register",
      absent: "not registered",
    },
    stranger: "{number}: no such extension",
    otherPhones: "Phones with a number that nobody has",
    otherTries: "Refused elsewhere; the phone of the number works",
    calls: "Calls now",
    noCalls: "Nobody is talking.",
    allCalls: "All calls",
    caller: "From",
    callee: "To",
    state: "State",
    duration: "Duration",
    callStates: {
      ringing: "ringing",
      answered: "talking",
      ended: "over",
    },
    call: "Call",
    callDetails: "Details",
    checks: "Checks of the server",
    checking: "checking…",
    neverChecked: "The server has not been checked yet.",
    lastChecked: "Checked",
    checkAgain: "Check again",
    checkStates: {
      pass: "right",
      warn: "warning",
      fail: "fault",
      skip: "could not be tried",
    },
    checkNeedless: "not needed",
    history: "What has happened",
    ranges: { hour: "Last hour", day: "Last day" },
    rangeStarts: { hour: "60 min ago", day: "24 h ago" },
    now: "now",
    charts: {
      registrations: "Registered phones",
      calls: "Calls",
      refused: "Refused requests",
      datagrams: "UDP datagrams",
      cpu: "Processor",
      memory: "Memory",
    },
    perStep: "in {step}",
    ofOneCore: "of one core",
    datagrams: {
      sip: "SIP",
      keepalive: "signs of life",
      stun: "STUN",
      empty: "empty",
      garbage: "not SIP",
    },
    others: "others",
    summary: "Last: {last}. Least: {least}. Most: {most}.",
    summaryCounts: "Altogether: {sum}. Most in one step: {most}.",
    noData: "Nothing was measured yet.",
    gaps: "Not measured: {gaps}.",
    server: "Server",
    version: "Version",
    uptime: "Running for",
    sip: "Phones connect to",
    listens: "SIP listens on",
    http: "This page",
    dataDir: "Data",
    free: "Free on the disk",
    memory: "Memory",
  },
  ru: {
    title: "Состояние",
    well:
      "Всё в порядке: зарегистрировано телефонов {registered} из {all}, неисправностей не найдено",
    unknown:
      "Зарегистрировано телефонов {registered} из {all}; всё ли в порядке, ещё проверяется",
    quiet:
      "Сейчас не зарегистрирован ни один телефон; у себя сервер неисправностей не находит",
    empty: "Станция работает и ждёт первого телефона",
    needsOne: "Требует внимания",
    needsMany: "Требует внимания ({count})",
    more: "и ещё: {count}",
    phones: "Телефоны",
    allExtensions: "Все номера",
    addPhone: "Добавить телефон",
    addFirst: "Добавить первый телефон",
    connectFirst: "Подключить телефон {number}",
    emptyHint:
      "Выберите номер, и страница покажет, что ввести в телефон и доходит ли он до сервера.",
    standings: {
      answering: "зарегистрирован, отвечает",
      registered: "зарегистрирован",
      silent: "зарегистрирован, не отвечает",
      troubled: "зарегистрирован, есть неисправность",
      refused: "отказано",
      "cut-off": "связи нет",
      trying: "пытается зарегистрироваться",
      absent: "не зарегистрирован",
    },
    stranger: "{number}: такого номера нет",
    otherPhones: "Телефоны с номером, которого нет",
    otherTries: "Отказано кому-то ещё; телефон этого номера работает",
    calls: "Звонки сейчас",
    noCalls: "Никто не разговаривает.",
    allCalls: "Все звонки",
    caller: "Кто",
    callee: "Кому",
    state: "Состояние",
    duration: "Длительность",
    callStates: {
      ringing: "вызов",
      answered: "разговор",
      ended: "завершён",
    },
    call: "Звонок",
    callDetails: "Подробнее",
    checks: "Проверки сервера",
    checking: "идёт проверка…",
    neverChecked: "Сервер ещё не проверялся.",
    lastChecked: "Проверено",
    checkAgain: "Проверить ещё раз",
    checkStates: {
      pass: "в порядке",
      warn: "предупреждение",
      fail: "неисправность",
      skip: "проверить не удалось",
    },
    checkNeedless: "не нужно",
    history: "Что происходило",
    ranges: { hour: "Последний час", day: "Последние сутки" },
    rangeStarts: { hour: "60 мин назад", day: "24 ч назад" },
    now: "сейчас",
    charts: {
      registrations: "Зарегистрированные телефоны",
      calls: "Звонки",
      refused: "Отклонённые запросы",
      datagrams: "Датаграммы UDP",
      cpu: "Процессор",
      memory: "Память",
    },
    perStep: "за {step}",
    ofOneCore: "одного ядра",
    datagrams: {
      sip: "SIP",
      keepalive: "признаки жизни",
      stun: "STUN",
      empty: "пустые",
      garbage: "не SIP",
    },
    others: "прочее",
    summary:
      "Последнее значение: {last}. Наименьшее: {least}. Наибольшее: {most}.",
    summaryCounts: "Всего: {sum}. Больше всего за один шаг: {most}.",
    noData: "Ещё ничего не измерено.",
    gaps: "Без измерений: {gaps}.",
    server: "Сервер",
    version: "Версия",
    uptime: "Работает",
    sip: "Адрес для телефонов",
    listens: "SIP слушает",
    http: "Эта страница",
    dataDir: "Данные",
    free: "Свободно на диске",
    memory: "Память",
  },
  uz: {
    title: "Holat",
    well:
      "Hammasi joyida: {all} ta telefondan {registered} tasi roʻyxatdan oʻtgan, nosozlik topilmadi",
    unknown:
      "{all} ta telefondan {registered} tasi roʻyxatdan oʻtgan; hammasi joyidami, hali tekshirilyapti",
    quiet:
      "Hozir birorta telefon roʻyxatdan oʻtmagan; server oʻzida nosozlik topmadi",
    empty: "Stansiya ishlayapti va birinchi telefonni kutyapti",
    needsOne: "Eʼtiboringiz kerak",
    needsMany: "Eʼtiboringiz kerak ({count})",
    more: "yana {count} ta",
    phones: "Telefonlar",
    allExtensions: "Barcha raqamlar",
    addPhone: "Telefon qoʻshish",
    addFirst: "Birinchi telefonni qoʻshing",
    connectFirst: "{number} telefonini ulash",
    emptyHint:
      "Raqam tanlang: sahifa telefonga nima kiritishni va u serverga yetib kelayotganini koʻrsatadi.",
    standings: {
      answering: "roʻyxatdan oʻtgan, javob beryapti",
      registered: "roʻyxatdan oʻtgan",
      silent: "roʻyxatdan oʻtgan, javob bermayapti",
      troubled: "roʻyxatdan oʻtgan, nosozlik bor",
      refused: "rad etildi",
      "cut-off": "aloqa yoʻq",
      trying: "roʻyxatdan oʻtishga urinyapti",
      absent: "roʻyxatdan oʻtmagan",
    },
    stranger: "{number}: bunday raqam yoʻq",
    otherPhones: "Mavjud boʻlmagan raqamli telefonlar",
    otherTries:
      "Boshqa kimgadir rad javobi berildi; raqamning telefoni ishlayapti",
    calls: "Hozirgi qoʻngʻiroqlar",
    noCalls: "Hech kim gaplashmayapti.",
    allCalls: "Barcha qoʻngʻiroqlar",
    caller: "Kimdan",
    callee: "Kimga",
    state: "Holati",
    duration: "Davomiyligi",
    callStates: {
      ringing: "chaqiryapti",
      answered: "gaplashyapti",
      ended: "tugagan",
    },
    call: "Qoʻngʻiroq",
    callDetails: "Batafsil",
    checks: "Server tekshiruvlari",
    checking: "tekshirilyapti…",
    neverChecked: "Server hali tekshirilmagan.",
    lastChecked: "Tekshirilgan",
    checkAgain: "Yana tekshirish",
    checkStates: {
      pass: "joyida",
      warn: "ogohlantirish",
      fail: "nosozlik",
      skip: "tekshirib boʻlmadi",
    },
    checkNeedless: "kerak emas",
    history: "Nimalar boʻldi",
    ranges: { hour: "Oxirgi soat", day: "Oxirgi kun" },
    rangeStarts: { hour: "60 daqiqa oldin", day: "24 soat oldin" },
    now: "hozir",
    charts: {
      registrations: "Roʻyxatdan oʻtgan telefonlar",
      calls: "Qoʻngʻiroqlar",
      refused: "Rad etilgan soʻrovlar",
      datagrams: "UDP datagrammalar",
      cpu: "Protsessor",
      memory: "Xotira",
    },
    perStep: "{step} ichida",
    ofOneCore: "bitta yadrodan",
    datagrams: {
      sip: "SIP",
      keepalive: "hayot belgilari",
      stun: "STUN",
      empty: "boʻsh",
      garbage: "SIP emas",
    },
    others: "boshqalar",
    summary: "Oxirgisi: {last}. Eng kami: {least}. Eng koʻpi: {most}.",
    summaryCounts: "Jami: {sum}. Bir qadamda eng koʻpi: {most}.",
    noData: "Hali hech narsa oʻlchanmagan.",
    gaps: "Oʻlchanmagan: {gaps}.",
    server: "Server",
    version: "Versiya",
    uptime: "Ishlayapti",
    sip: "Telefonlar uchun manzil",
    listens: "SIP tinglaydi",
    http: "Bu sahifa",
    dataDir: "Maʼlumotlar",
    free: "Diskda boʻsh joy",
    memory: "Xotira",
  },
};
