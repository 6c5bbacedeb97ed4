/**
 * The stages of an attempt, as a page names them, and what each one means.
 * @module
 */

import type { Language, StageState } from "../../../diag/verdict.ts";
import type { Stage } from "../../../sip/stage.ts";

export interface StageWords {
  /** A word or two for the path, and a sentence without a full stop. */
  readonly stages: Readonly<Record<Stage, readonly [string, string]>>;
  readonly states: Readonly<Record<StageState["state"], string>>;
}

export const STAGE_WORDS: Readonly<Record<Language, StageWords>> = {
  en: {
    stages: {
      process: ["Server runs", "The program of the exchange is running"],
      bind: ["Port open", "The server listens on its SIP port"],
      dns: ["Name", "The name of the server leads to this machine"],
      nic: ["Arrives", "Packets of the phone reach the network card"],
      firewall: ["Firewall", "The firewall of this machine lets them in"],
      socket: ["Taken in", "The server takes the packets in"],
      ban: ["Not banned", "The address of the phone is not kept out"],
      transport: [
        "Transport",
        "The phone speaks UDP or TCP, as the server does",
      ],
      parse: ["Readable", "The message follows the rules of SIP"],
      domain: ["Domain", "The phone asks for a domain of this server"],
      account: ["Number", "There is an extension with this number"],
      auth: ["Password", "Login and password are right"],
      policy: [
        "Allowed",
        "The number of phones and the times are within limits",
      ],
      reply: ["Answer", "The answer of the server reaches the phone"],
      reachable: [
        "Reachable",
        "The phone answers when the server asks, so calls will reach it",
      ],
      route: ["Callee found", "The number that was called has a phone"],
      ring: ["Rings", "The phone that was called rings"],
      answer: ["Answered", "The call was answered"],
      media: ["Sound", "Both hear each other"],
    },
    states: {
      passed: "passed",
      stopped: "it stops here",
      unknown: "not known",
    },
  },
  ru: {
    stages: {
      process: ["Сервер работает", "Программа станции запущена"],
      bind: ["Порт открыт", "Сервер слушает свой порт SIP"],
      dns: ["Имя", "Имя сервера ведёт на эту машину"],
      nic: ["Доходит", "Пакеты телефона доходят до сетевой карты"],
      firewall: ["Файрвол", "Файрвол этой машины их пропускает"],
      socket: ["Принято", "Сервер принимает эти пакеты"],
      ban: ["Нет запрета", "Адрес телефона не заблокирован"],
      transport: ["Транспорт", "Телефон использует UDP или TCP, как и сервер"],
      parse: ["Читается", "Сообщение написано по правилам SIP"],
      domain: ["Домен", "Телефон обращается к домену этого сервера"],
      account: ["Номер", "Такой номер есть на сервере"],
      auth: ["Пароль", "Логин и пароль верны"],
      policy: ["Лимиты", "Число телефонов и сроки в пределах допустимого"],
      reply: ["Ответ", "Ответ сервера доходит до телефона"],
      reachable: [
        "На связи",
        "Телефон отвечает, когда сервер его спрашивает: звонки до него дойдут",
      ],
      route: ["Кому звонят", "У вызванного номера есть телефон"],
      ring: ["Звонит", "Вызванный телефон звонит"],
      answer: ["Ответили", "На звонок ответили"],
      media: ["Звук", "Оба слышат друг друга"],
    },
    states: {
      passed: "пройдено",
      stopped: "остановилось здесь",
      unknown: "неизвестно",
    },
  },
  uz: {
    stages: {
      process: ["Server ishlayapti", "Stansiya dasturi ishga tushgan"],
      bind: ["Port ochiq", "Server oʻzining SIP portida tinglayapti"],
      dns: ["Nom", "Serverning nomi shu mashinaga olib keladi"],
      nic: [
        "Yetib keladi",
        "Telefonning paketlari tarmoq kartasiga yetib keladi",
      ],
      firewall: ["Fayrvol", "Shu mashinaning fayrvoli ularni oʻtkazadi"],
      socket: ["Qabul qilindi", "Server bu paketlarni qabul qiladi"],
      ban: ["Blok yoʻq", "Telefonning manzili bloklanmagan"],
      transport: [
        "Transport",
        "Telefon ham, server ham UDP yoki TCP ishlatadi",
      ],
      parse: ["Oʻqiladi", "Xabar SIP qoidalariga mos"],
      domain: ["Domen", "Telefon shu serverning domeniga murojaat qiladi"],
      account: ["Raqam", "Serverda shunday raqam bor"],
      auth: ["Parol", "Login va parol toʻgʻri"],
      policy: ["Ruxsat", "Telefonlar soni va muddatlar chegaradan chiqmaydi"],
      reply: ["Javob", "Serverning javobi telefonga yetib boradi"],
      reachable: [
        "Aloqada",
        "Server soʻraganda telefon javob beradi: qoʻngʻiroqlar unga yetib boradi",
      ],
      route: ["Kimga", "Chaqirilgan raqamning telefoni bor"],
      ring: ["Jiringlaydi", "Chaqirilgan telefon jiringlaydi"],
      answer: ["Javob berildi", "Qoʻngʻiroqqa javob berildi"],
      media: ["Ovoz", "Ikkalasi bir-birini eshitadi"],
    },
    states: {
      passed: "oʻtildi",
      stopped: "shu yerda toʻxtadi",
      unknown: "nomaʼlum",
    },
  },
};
