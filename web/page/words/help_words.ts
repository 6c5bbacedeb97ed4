/**
 * The words of the page Help.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";

export interface HelpWords {
  readonly title: string;
  readonly bundle: string;
  readonly bundleAbout: string;
  readonly contents: string;
  readonly contentList: readonly string[];
  readonly secrets: string;
  readonly withoutNumbers: string;
  readonly withoutNumbersHint: string;
  readonly make: string;
  readonly makeHint: string;
  readonly busy: string;
  readonly busyText: string;
  readonly failed: string;
  readonly failedText: string;
  readonly back: string;
  readonly commands: string;
  readonly commandsAbout: string;
  readonly doctor: string;
  readonly selftest: string;
  readonly report: string;
  readonly interfaces: string;
  readonly openapi: string;
  readonly metrics: string;
  /** With `{version}`. */
  readonly version: string;
}

export const HELP_WORDS: Readonly<Record<Language, HelpWords>> = {
  en: {
    title: "Help",
    bundle: "Help bundle",
    bundleAbout:
      "One file with everything that helps somebody far away to find a fault. Send it to whoever helps you; `pbx explain FILE` reads it.",
    contents: "What is inside",
    contentList: [
      "the verdict of each phone, with what mends it",
      "the checks of this server, run anew",
      "what was seen of each phone, and the last SIP messages, also as a capture for Wireshark",
      "extensions, configuration, versions",
      "counters of the kernel, the rules of the firewall, the end of the log",
    ],
    secrets:
      "No secret is in it: passwords, their hashes, answers to password questions, keys of sound and tokens are replaced by stars. Addresses stay, because the diagnosis needs them.",
    withoutNumbers: "Without numbers and names",
    withoutNumbersHint:
      "Each number becomes n1, n2 and so on, the same one everywhere; names become stars.",
    make: "Create and download",
    makeHint: "Takes up to half a minute. Calls and phones notice nothing.",
    busy: "Already under way",
    busyText:
      "A help bundle is being made right now, and one at a time is enough. Try again in half a minute.",
    failed: "Not made",
    failedText:
      "The help bundle could not be made; the server's log says why. On the server this command makes one too:",
    back: "Back",
    commands: "On the server",
    commandsAbout: "Commands for a terminal on the server:",
    doctor:
      "watches while you press Register in a phone, and says where it stops",
    selftest: "tries everything that the server needs",
    report: "makes the help bundle, also when the server does not run",
    interfaces: "For programs",
    openapi: "the API of this server, as OpenAPI 3.1",
    metrics: "measurements for Prometheus",
    version: "This is pbx {version}.",
  },
  ru: {
    title: "Помощь",
    bundle: "Файл для поддержки",
    bundleAbout:
      "Один файл со всем, что помогает найти неисправность издалека. Отправьте его тому, кто вам помогает; его читает команда `pbx explain FILE`.",
    contents: "Что внутри",
    contentList: [
      "заключение по каждому телефону и что исправить",
      "проверки этого сервера, выполненные заново",
      "что было видно о каждом телефоне и последние сообщения SIP, в том числе для Wireshark",
      "номера, настройки, версии",
      "счётчики ядра, правила файрвола, конец журнала",
    ],
    secrets:
      "Секретов в нём нет: пароли, их хеши, ответы на запросы пароля, ключи звука и токены заменены звёздочками. Адреса остаются, потому что без них нельзя поставить диагноз.",
    withoutNumbers: "Без номеров и имён",
    withoutNumbersHint:
      "Каждый номер заменяется на n1, n2 и так далее, везде одинаково; имена заменяются звёздочками.",
    make: "Создать и скачать",
    makeHint: "До половины минуты. Звонки и телефоны ничего не заметят.",
    busy: "Уже создаётся",
    busyText:
      "Файл для поддержки создаётся прямо сейчас, а одновременно хватает одного. Попробуйте через полминуты.",
    failed: "Не получилось",
    failedText:
      "Файл для поддержки создать не удалось; причина в журнале сервера. На самом сервере его создаёт и эта команда:",
    back: "Назад",
    commands: "На сервере",
    commandsAbout: "Команды для терминала на сервере:",
    doctor:
      "наблюдает, пока вы регистрируете телефон, и говорит, где всё останавливается",
    selftest: "проверяет всё, что нужно серверу",
    report: "создаёт файл для поддержки, даже когда сервер не работает",
    interfaces: "Для программ",
    openapi: "API этого сервера в виде OpenAPI 3.1",
    metrics: "измерения для Prometheus",
    version: "Это pbx {version}.",
  },
  uz: {
    title: "Yordam",
    bundle: "Yordam fayli",
    bundleAbout:
      "Uzoqdan turib nosozlikni topishga yordam beradigan hamma narsa bitta faylda. Uni sizga yordam beradigan kishiga yuboring; uni `pbx explain FILE` buyrugʻi oʻqiydi.",
    contents: "Ichida nima bor",
    contentList: [
      "har bir telefon boʻyicha xulosa va nimani tuzatish kerakligi",
      "shu serverning qaytadan oʻtkazilgan tekshiruvlari",
      "har bir telefon haqida nima koʻringani va oxirgi SIP xabarlari, Wireshark uchun ham",
      "raqamlar, sozlamalar, versiyalar",
      "yadro hisoblagichlari, fayrvol qoidalari, jurnalning oxiri",
    ],
    secrets:
      "Unda maxfiy maʼlumot yoʻq: parollar, ularning xeshlari, parol soʻroviga javoblar, ovoz kalitlari va tokenlar oʻrniga yulduzchalar qoʻyilgan. Manzillar qoladi, chunki ularsiz tashxis qoʻyib boʻlmaydi.",
    withoutNumbers: "Raqam va ismlarsiz",
    withoutNumbersHint:
      "Har bir raqam hamma joyda bir xil n1, n2 va hokazoga, ismlar esa yulduzchalarga almashtiriladi.",
    make: "Yaratish va yuklab olish",
    makeHint:
      "Yarim daqiqagacha davom etadi. Qoʻngʻiroqlar va telefonlar buni sezmaydi.",
    busy: "Allaqachon yaratilmoqda",
    busyText:
      "Yordam fayli ayni damda yaratilmoqda, bir vaqtda bittasi yetarli. Yarim daqiqadan keyin qayta urinib koʻring.",
    failed: "Yaratilmadi",
    failedText:
      "Yordam faylini yaratib boʻlmadi; sababi server jurnalida. Uni serverning oʻzida shu buyruq ham yaratadi:",
    back: "Orqaga",
    commands: "Serverda",
    commandsAbout: "Serverdagi terminal uchun buyruqlar:",
    doctor:
      "siz telefonni roʻyxatdan oʻtkazayotganda kuzatadi va qayerda toʻxtaganini aytadi",
    selftest: "serverga kerak boʻlgan hamma narsani sinab koʻradi",
    report: "yordam faylini server ishlamayotganda ham yaratadi",
    interfaces: "Dasturlar uchun",
    openapi: "shu serverning APIsi, OpenAPI 3.1 koʻrinishida",
    metrics: "Prometheus uchun oʻlchovlar",
    version: "Bu pbx {version}.",
  },
};
