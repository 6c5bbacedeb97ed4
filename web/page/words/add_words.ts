/**
 * The words of the page that waits for a phone and then listens to its test call.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";

export interface AddWords {
  /** With `{number}`, like the others where it stands. */
  readonly title: string;
  readonly steps: readonly [string, string, string];
  readonly waiting: string;
  readonly waitingText: string;
  /** With `{source}` and `{phone}`. */
  readonly seen: string;
  readonly seenText: string;
  readonly unready: string;
  readonly unreadyText: string;
  readonly stopped: string;
  readonly gone: string;
  readonly goneText: string;
  readonly registered: string;
  /** With `{source}` and `{phone}`. */
  readonly registeredText: string;
  readonly unnamedPhone: string;
  readonly stages: string;
  readonly notWatched: string;
  /** The configuration forbids it. */
  readonly captureOff: string;
  readonly busy: string;
  readonly call: string;
  readonly callFirst: string;
  readonly callNow: string;
  readonly callText: string;
  readonly ringing: string;
  readonly fromPhone: string;
  readonly toPhone: string;
  /** With `{rate}`. */
  readonly rate: string;
  /** With `{loss}` and `{jitter}`. */
  readonly quality: string;
  readonly hear: string;
  readonly hearItself: string;
  readonly noSound: string;
  readonly noSoundText: string;
  readonly done: string;
  readonly doneText: string;
  readonly endedSilent: string;
  readonly again: string;
  readonly toExtension: string;
  readonly addNext: string;
}

export const ADD_WORDS: Readonly<Record<Language, AddWords>> = {
  en: {
    title: "Connect the phone of {number}",
    steps: ["Type it in", "The phone registers", "Test call"],
    waiting: "Waiting for your phone",
    waitingText:
      "Type the values into the phone and save them there. This page shows by itself how far the phone gets.",
    seen: "Your phone is here: {phone}, {source}",
    seenText: "It is being looked at how far it gets.",
    unready: "The server is not ready for phones yet",
    unreadyText:
      "No phone has been seen yet, and none would get through. First this has to be put right:",
    stopped: "Your phone does not get through yet",
    gone: "The phone is not registered any more",
    goneText:
      "It has signed off, or its time has run out. Start it again, or save its account once more.",
    registered: "The phone is registered",
    registeredText: "{phone}, {source}",
    unnamedPhone: "a phone without a name",
    stages: "How far it gets",
    notWatched:
      "The network card is not watched, so what a firewall drops stays unknown. As root this shows more:",
    captureOff:
      "The network card is not watched, because the configuration says `capture = false`: what a firewall drops stays unknown. To watch it, write `capture = true` in `pbx.toml`, write the service unit again by `pbx unit`, and restart. Until then, as root this shows more:",
    busy:
      "Too many phones are waited for at the same time. This one will be looked at when another page is closed.",
    call: "Test call",
    callFirst: "When the phone is registered, the test call follows here.",
    callNow: "Now call *43 from this phone",
    callText:
      "The server sends back what you say: you should hear yourself. During the call two meters here show what arrives.",
    ringing: "The call to *43 begins",
    fromPhone: "From the phone to the server",
    toPhone: "From the server to the phone",
    rate: "packets a second: {rate}",
    quality: "lost: {loss} %, jitter: {jitter} ms",
    hear: "We hear your phone.",
    hearItself:
      "Your phone should hear itself now. If it is silent, its router or its computer's firewall keeps the sound out.",
    noSound: "No sound arrives from the phone.",
    noSoundText:
      "See that its microphone is not muted and that the system lets the program use it. If that is right, the sound is stopped on the way: in the phone's router, or in the firewall in front of the server (UDP ports {ports}).",
    done: "Done: the phone registers, and its sound arrives",
    doneText:
      "If you heard yourself, sound passes both ways. Others reach this phone under {number}.",
    endedSilent: "The call ended, and no sound had come from the phone",
    again: "Call *43 once more to test again.",
    toExtension: "To the page of {number}",
    addNext: "Add the next phone",
  },
  ru: {
    title: "Подключение телефона {number}",
    steps: ["Ввести в телефон", "Телефон регистрируется", "Пробный звонок"],
    waiting: "Ждём ваш телефон",
    waitingText:
      "Введите значения в телефон и сохраните их там. Страница сама покажет, докуда дошло.",
    seen: "Ваш телефон здесь: {phone}, {source}",
    seenText: "Смотрим, докуда он дойдёт.",
    unready: "Сервер ещё не готов принимать телефоны",
    unreadyText:
      "Телефона пока не видно, и ни один бы не подключился. Сначала нужно исправить вот что:",
    stopped: "Ваш телефон пока не подключается",
    gone: "Телефон больше не зарегистрирован",
    goneText:
      "Он сам снялся с регистрации, или её срок истёк. Запустите его снова или ещё раз сохраните учётную запись.",
    registered: "Телефон зарегистрирован",
    registeredText: "{phone}, {source}",
    unnamedPhone: "телефон без названия",
    stages: "Докуда дошло",
    notWatched:
      "За сетевой картой никто не наблюдает: что отбрасывает файрвол, останется неизвестным. От имени root больше покажет команда:",
    captureOff:
      "За сетевой картой не наблюдают: в конфигурации стоит `capture = false`, и что отбрасывает файрвол, останется неизвестным. Чтобы наблюдать, запишите в `pbx.toml` строку `capture = true`, заново создайте юнит командой `pbx unit` и перезапустите сервер. А пока от имени root больше покажет команда:",
    busy:
      "Одновременно ждут слишком много телефонов. За этим начнём следить, когда закроют другую страницу.",
    call: "Пробный звонок",
    callFirst: "Когда телефон зарегистрируется, здесь будет пробный звонок.",
    callNow: "Теперь позвоните с этого телефона на *43",
    callText:
      "Сервер вернёт то, что вы скажете: вы должны услышать себя. Во время звонка здесь появятся две шкалы: они покажут, что доходит.",
    ringing: "Звонок на *43 начинается",
    fromPhone: "От телефона к серверу",
    toPhone: "От сервера к телефону",
    rate: "пакетов в секунду: {rate}",
    quality: "потеряно: {loss} %, джиттер: {jitter} мс",
    hear: "Мы слышим ваш телефон.",
    hearItself:
      "Сейчас телефон должен слышать себя. Если тихо, звук не пускает его роутер или файрвол его компьютера.",
    noSound: "От телефона не приходит звук.",
    noSoundText:
      "Проверьте, что микрофон не выключен и система разрешает программе им пользоваться. Если всё верно, звук теряется в пути: в роутере телефона или в файрволе перед сервером (UDP-порты {ports}).",
    done: "Готово: телефон регистрируется, и его звук доходит",
    doneText:
      "Если вы слышали себя, звук проходит в обе стороны. Звонить на этот телефон можно по номеру {number}.",
    endedSilent: "Звонок закончился, а звука от телефона так и не было",
    again: "Чтобы проверить ещё раз, снова позвоните на *43.",
    toExtension: "На страницу номера {number}",
    addNext: "Добавить следующий телефон",
  },
  uz: {
    title: "{number} telefonini ulash",
    steps: ["Telefonga kiritish", "Telefon ulanadi", "Sinov qoʻngʻirogʻi"],
    waiting: "Telefoningiz kutilyapti",
    waitingText:
      "Qiymatlarni telefonga kiriting va oʻsha yerda saqlang. Telefon qayergacha yetib kelganini sahifaning oʻzi koʻrsatadi.",
    seen: "Telefoningiz shu yerda: {phone}, {source}",
    seenText: "Qayergacha yetib kelishi kuzatilyapti.",
    unready: "Server hali telefonlarni qabul qilishga tayyor emas",
    unreadyText:
      "Telefon hali koʻrinmadi, hech qaysi telefon ham ulana olmas edi. Avval buni toʻgʻrilash kerak:",
    stopped: "Telefoningiz hali ulana olmayapti",
    gone: "Telefon endi roʻyxatda emas",
    goneText:
      "U oʻzi chiqib ketgan yoki muddati tugagan. Uni qayta ishga tushiring yoki akkauntini yana bir marta saqlang.",
    registered: "Telefon roʻyxatdan oʻtdi",
    registeredText: "{phone}, {source}",
    unnamedPhone: "nomsiz telefon",
    stages: "Qayergacha yetdi",
    notWatched:
      "Tarmoq kartasi kuzatilmayapti: fayrvol nimani tashlab yuborayotgani nomaʼlum qoladi. Root sifatida bu buyruq koʻproq koʻrsatadi:",
    captureOff:
      "Tarmoq kartasi kuzatilmayapti: sozlamalarda `capture = false` deb yozilgan, fayrvol nimani tashlab yuborayotgani nomaʼlum qoladi. Kuzatish uchun `pbx.toml` fayliga `capture = true` deb yozing, unitni `pbx unit` buyrugʻi bilan qayta yarating va serverni qayta ishga tushiring. Ungacha root sifatida bu buyruq koʻproq koʻrsatadi:",
    busy:
      "Bir vaqtning oʻzida juda koʻp telefon kutilyapti. Boshqa sahifa yopilganda bu telefon kuzatiladi.",
    call: "Sinov qoʻngʻirogʻi",
    callFirst:
      "Telefon roʻyxatdan oʻtgach, bu yerda sinov qoʻngʻirogʻi boʻladi.",
    callNow: "Endi shu telefondan *43 ga qoʻngʻiroq qiling",
    callText:
      "Server aytganingizni qaytaradi: oʻzingizni eshitishingiz kerak. Qoʻngʻiroq paytida bu yerda ikkita shkala nima yetib kelayotganini koʻrsatadi.",
    ringing: "*43 ga qoʻngʻiroq boshlanyapti",
    fromPhone: "Telefondan serverga",
    toPhone: "Serverdan telefonga",
    rate: "soniyasiga paketlar: {rate}",
    quality: "yoʻqolgani: {loss} %, jitter: {jitter} ms",
    hear: "Telefoningiz eshitilyapti.",
    hearItself:
      "Hozir telefon oʻzini eshitishi kerak. Jim boʻlsa, ovozni uning routeri yoki kompyuterining fayrvoli oʻtkazmayapti.",
    noSound: "Telefondan ovoz kelmayapti.",
    noSoundText:
      "Mikrofon oʻchirilmaganini va tizim dasturga undan foydalanishga ruxsat berganini tekshiring. Bari toʻgʻri boʻlsa, ovoz yoʻlda toʻxtayapti: telefon routerida yoki server oldidagi fayrvolda (UDP portlari {ports}).",
    done: "Tayyor: telefon roʻyxatdan oʻtdi, ovozi yetib kelyapti",
    doneText:
      "Oʻzingizni eshitgan boʻlsangiz, ovoz ikki tomonga ham oʻtyapti. Bu telefonga {number} raqami orqali qoʻngʻiroq qilinadi.",
    endedSilent: "Qoʻngʻiroq tugadi, telefondan esa ovoz kelmadi",
    again: "Yana tekshirish uchun *43 ga qayta qoʻngʻiroq qiling.",
    toExtension: "{number} sahifasiga",
    addNext: "Keyingi telefonni qoʻshish",
  },
};
