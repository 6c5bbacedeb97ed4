/**
 * The words of the page Security.
 * @module
 */

import type { Suspicion } from "../../../diag/story/recognise.ts";
import type { Language } from "../../../diag/verdict.ts";

export interface SecurityWords {
  readonly title: string;
  readonly noBans: string;
  readonly noBansWhy: string;
  readonly locked: string;
  readonly lockedEmpty: string;
  readonly address: string;
  readonly from: string;
  readonly kinds: Readonly<Record<"page" | "metrics" | "sip", string>>;
  readonly why: string;
  readonly whys: Readonly<Record<"password" | "metrics" | "token", string>>;
  readonly since: string;
  readonly until: string;
  readonly forGood: string;
  readonly numbers: string;
  readonly release: string;
  /** With `{source}`, for who does not see the row. */
  readonly releaseOf: string;
  readonly released: string;
  readonly notThere: string;
  /** With `{count}`. */
  readonly more: string;
  readonly scanners: string;
  readonly scannersWhy: string;
  /** How they are told from phones. */
  readonly scannersHow: string;
  readonly scannersEmpty: string;
  readonly suspicions: Readonly<Record<Suspicion, string>>;
  /** With `{numbers}`. */
  readonly ownHidden: string;
  readonly ownHiddenHow: string;
  readonly ownNumber: string;
  readonly names: string;
  readonly last: string;
  readonly sources: string;
  readonly sourcesWhy: string;
  readonly sourcesEmpty: string;
  readonly looks: string;
  readonly refused: string;
  readonly unclear: string;
  readonly registered: string;
  readonly collecting: string;
  readonly refusals: string;
  readonly refusalsEmpty: string;
  readonly stage: string;
  readonly reason: string;
  readonly hour: string;
  readonly start: string;
  readonly hourSince: string;
  readonly startSince: string;
}

export const SECURITY_WORDS: Readonly<Record<Language, SecurityWords>> = {
  en: {
    title: "Security",
    noBans: "The exchange bans no phone by itself",
    noBansWhy:
      "Who gives a wrong password or number is refused each time, and may try again at once: a phone with a typing error is never locked out. Only the sign-in to this page makes an address wait after several wrong passwords.",
    locked: "Banned and locked out",
    lockedEmpty: "Nobody is locked out.",
    address: "Address",
    from: "Kept out of",
    kinds: {
      page: "this page",
      metrics: "the metrics",
      sip: "calls and registration (SIP)",
    },
    why: "Why",
    whys: {
      password: "wrong password at the sign-in",
      metrics: "wrong password of Prometheus",
      token: "wrong setup token",
    },
    since: "Since",
    until: "Until",
    forGood: "until you unban it",
    numbers: "Numbers tried",
    release: "Unban",
    releaseOf: "Unban {source}",
    released: "The address may try again.",
    notThere: "Nothing kept this address out any more.",
    more: "More that are not shown: {count}",
    scanners: "Taken for scanners",
    scannersWhy:
      "Programs in the internet try every server. They are refused like anybody else, and no verdict is shown for them, so that your phones are not lost among them.",
    scannersHow:
      "An address is taken for one if it calls itself what scanning programs do, tries several numbers that do not exist, or gives wrong passwords faster than a phone repeats them. Where a phone registers, only the name counts.",
    scannersEmpty: "No address looks like a scanner at the moment.",
    suspicions: {
      name: "name of a scanner",
      numbers: "tries many numbers",
      guesses: "guesses passwords",
    },
    ownHidden: "Numbers of yours were tried from there: {numbers}",
    ownHiddenHow:
      "If one of these addresses is your office, correct the number and password in the phone. As soon as a phone from there registers, it is shown again.",
    ownNumber: "exists here",
    names: "Calls itself",
    last: "Last time",
    sources: "Where refused attempts come from",
    sourcesWhy:
      "Counted are the attempts that the server still remembers, newest of each address.",
    sourcesEmpty: "Nobody was refused for domain, number or password.",
    looks: "Looks like",
    refused: "Refused",
    unclear: "a phone, or unclear",
    registered: "a phone that registers",
    collecting: "This is being collected and appears in a moment.",
    refusals: "Refused attempts",
    refusalsEmpty: "Nothing was refused since the start.",
    stage: "Stage",
    reason: "Reason",
    hour: "Last hour",
    start: "Since the start",
    hourSince: "The last hour is counted from:",
    startSince: "The server started:",
  },
  ru: {
    title: "Защита",
    noBans: "Станция сама не блокирует ни один телефон",
    noBansWhy:
      "Кто указал неверный пароль или номер, получает отказ и может сразу попробовать снова: телефон с опечаткой никогда не будет заблокирован. Только вход на эту страницу после нескольких неверных паролей заставляет адрес подождать.",
    locked: "Заблокированы",
    lockedEmpty: "Никто не заблокирован.",
    address: "Адрес",
    from: "Куда нет доступа",
    kinds: {
      page: "на эту страницу",
      metrics: "к метрикам",
      sip: "к звонкам и регистрации (SIP)",
    },
    why: "Причина",
    whys: {
      password: "неверный пароль при входе",
      metrics: "неверный пароль у Prometheus",
      token: "неверный код первой настройки",
    },
    since: "С какого времени",
    until: "До какого времени",
    forGood: "пока вы не разблокируете",
    numbers: "Какие номера пробовали",
    release: "Разблокировать",
    releaseOf: "Разблокировать {source}",
    released: "С этого адреса снова можно пробовать.",
    notThere: "Этот адрес уже не был заблокирован.",
    more: "Не показано ещё: {count}",
    scanners: "Приняты за сканеры",
    scannersWhy:
      "В интернете есть программы, которые пробуют каждый сервер. Они получают отказ, как и все, а вердикты о них не показываются, чтобы среди них не потерялись ваши телефоны.",
    scannersHow:
      "Сканером считается адрес, который называет себя как программы-сканеры, пробует несколько несуществующих номеров или присылает неверные пароли чаще, чем их повторяет телефон. Если оттуда регистрируется телефон, учитывается только имя.",
    scannersEmpty: "Сейчас ни один адрес не похож на сканер.",
    suspicions: {
      name: "имя сканера",
      numbers: "перебирает номера",
      guesses: "подбирает пароль",
    },
    ownHidden: "Оттуда пробовали и ваши номера: {numbers}",
    ownHiddenHow:
      "Если один из этих адресов принадлежит вашему офису, исправьте в телефоне номер и пароль. Как только телефон оттуда зарегистрируется, он снова будет виден.",
    ownNumber: "есть здесь",
    names: "Как себя называет",
    last: "Последний раз",
    sources: "Откуда приходят отклонённые попытки",
    sourcesWhy:
      "Считаются попытки, которые сервер ещё помнит: последние с каждого адреса.",
    sourcesEmpty: "Отказов из-за домена, номера или пароля не было.",
    looks: "На что похоже",
    refused: "Отказов",
    unclear: "телефон или неясно",
    registered: "телефон, который регистрируется",
    collecting: "Данные собираются и появятся через мгновение.",
    refusals: "Отклонённые попытки",
    refusalsEmpty: "С момента запуска отказов не было.",
    stage: "Этап",
    reason: "Причина",
    hour: "За последний час",
    start: "С момента запуска",
    hourSince: "Последний час считается с:",
    startSince: "Сервер запущен:",
  },
  uz: {
    title: "Himoya",
    noBans: "Stansiya oʻzi hech bir telefonni bloklamaydi",
    noBansWhy:
      "Parol yoki raqamni notoʻgʻri kiritgan har safar rad javobini oladi va darhol qayta urinishi mumkin: xato terilgan telefon hech qachon bloklanib qolmaydi. Faqat shu sahifaga kirishda bir necha notoʻgʻri paroldan keyin manzil biroz kutishi kerak boʻladi.",
    locked: "Bloklanganlar",
    lockedEmpty: "Hech kim bloklanmagan.",
    address: "Manzil",
    from: "Qayerga kira olmaydi",
    kinds: {
      page: "shu sahifaga",
      metrics: "metrikalarga",
      sip: "qoʻngʻiroq va roʻyxatga (SIP)",
    },
    why: "Sababi",
    whys: {
      password: "kirishda notoʻgʻri parol",
      metrics: "Prometheus paroli notoʻgʻri",
      token: "birinchi sozlash kodi notoʻgʻri",
    },
    since: "Qachondan",
    until: "Qachongacha",
    forGood: "siz blokdan chiqarguningizcha",
    numbers: "Sinab koʻrilgan raqamlar",
    release: "Blokdan chiqarish",
    releaseOf: "{source} manzilini blokdan chiqarish",
    released: "Bu manzildan yana urinish mumkin.",
    notThere: "Bu manzil endi bloklanmagan edi.",
    more: "Koʻrsatilmaganlari: {count}",
    scanners: "Skaner deb hisoblanganlar",
    scannersWhy:
      "Internetda har bir serverni sinab koʻradigan dasturlar bor. Ular ham boshqalar kabi rad javobini oladi, lekin ular haqida xulosa koʻrsatilmaydi: sizning telefonlaringiz ular orasida yoʻqolib ketmasligi kerak.",
    scannersHow:
      "Manzil oʻzini skaner dasturlari kabi nomlasa, mavjud boʻlmagan bir necha raqamni sinasa yoki notoʻgʻri parolni telefon takrorlaganidan koʻra tez-tez yuborsa, skaner deb hisoblanadi. U yerdan telefon roʻyxatdan oʻtsa, faqat nomi hisobga olinadi.",
    scannersEmpty: "Hozir hech bir manzil skanerga oʻxshamaydi.",
    suspicions: {
      name: "skaner nomi bilan",
      numbers: "koʻp raqamni sinaydi",
      guesses: "parolni taxmin qiladi",
    },
    ownHidden: "U yerdan sizning raqamlaringiz ham sinab koʻrilgan: {numbers}",
    ownHiddenHow:
      "Agar bu manzillardan biri sizning ofisingiz boʻlsa, telefondagi raqam va parolni toʻgʻrilang. U yerdan telefon roʻyxatdan oʻtishi bilan yana koʻrinadi.",
    ownNumber: "bu yerda bor",
    names: "Oʻzini nomlashi",
    last: "Oxirgi marta",
    sources: "Rad etilgan urinishlar qayerdan keladi",
    sourcesWhy:
      "Server hali eslab turgan urinishlar sanaladi: har bir manzilning oxirgilari.",
    sourcesEmpty: "Domen, raqam yoki parol sababli hech kim rad etilmagan.",
    looks: "Nimaga oʻxshaydi",
    refused: "Rad etildi",
    unclear: "telefon yoki nomaʼlum",
    registered: "roʻyxatdan oʻtadigan telefon",
    collecting: "Maʼlumot yigʻilmoqda, bir lahzada koʻrinadi.",
    refusals: "Rad etilgan urinishlar",
    refusalsEmpty: "Ishga tushgandan beri hech narsa rad etilmagan.",
    stage: "Bosqich",
    reason: "Sababi",
    hour: "Oxirgi bir soatda",
    start: "Ishga tushgandan beri",
    hourSince: "Oxirgi soat shu vaqtdan sanaladi:",
    startSince: "Server ishga tushgan vaqti:",
  },
};
