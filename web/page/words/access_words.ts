/**
 * The words of the pages about access: the sign-in, the first visit, the account.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";
import type { PasswordFault } from "../../access/admin_password.ts";

export interface AccessWords {
  readonly signIn: string;
  readonly signInButton: string;
  readonly signInText: string;
  readonly password: string;
  readonly forgotten: string;
  readonly wrongPassword: string;
  /** With `{count}`. */
  readonly triesLeft: string;
  readonly lastTry: string;
  /** With `{wait}`. */
  readonly locked: string;
  readonly busy: string;
  readonly setUp: string;
  readonly setUpText: string;
  readonly setUpCommand: string;
  readonly token: string;
  readonly tokenHint: string;
  readonly wrongToken: string;
  readonly newPassword: string;
  /** With `{least}` and `{most}`. */
  readonly rules: string;
  readonly again: string;
  readonly differs: string;
  /** `short` with `{least}`, `long` with `{most}`. */
  readonly unfit: Readonly<Record<PasswordFault, string>>;
  readonly setPassword: string;
  readonly account: string;
  readonly change: string;
  readonly changeText: string;
  readonly changeMetrics: string;
  readonly oldPassword: string;
  readonly changed: string;
  readonly ended: string;
  readonly sessions: string;
  readonly sessionsText: string;
  readonly browser: string;
  readonly unknownBrowser: string;
  readonly address: string;
  readonly since: string;
  readonly seen: string;
  readonly current: string;
  readonly action: string;
  readonly end: string;
  /** For who hears the page, with `{browser}` and `{address}`. */
  readonly endOf: string;
  readonly signOut: string;
  readonly signOutEverywhere: string;
}

export const ACCESS_WORDS: Readonly<Record<Language, AccessWords>> = {
  en: {
    signIn: "Sign in",
    signInButton: "Sign in",
    signInText: "This page needs the password of the administrator.",
    password: "Password",
    forgotten: "Forgotten? Set another one, on the server:",
    wrongPassword: "This password is wrong",
    triesLeft: "Attempts left before you have to wait: {count}",
    lastTry: "That was the last attempt for now: the next one is in a minute",
    locked:
      "Too many wrong attempts from your address. Try again in {wait}, at",
    busy:
      "The server is checking other passwords at this moment. Try again in a few seconds",
    setUp: "First visit",
    setUpText:
      "Nobody has set a password for this page yet. The setup token, which the server printed at its start, shows that the server is yours. On the server, this tells it again:",
    setUpCommand:
      "The password can also be set without the token, on the server:",
    token: "Setup token",
    tokenHint: "Four groups of four letters and digits",
    wrongToken:
      "This is not the token of the running server: each start makes another one",
    newPassword: "New password",
    rules:
      "At least {least} characters, at most {most}; none of the passwords that everybody tries first",
    again: "New password once more",
    differs: "The two new passwords are not the same: type both again",
    unfit: {
      short: "The new password is too short: at least {least} characters",
      long: "The new password is too long: at most {most} characters",
      obvious: "The new password is one of those that are tried first",
      unprintable: "The new password holds a character that cannot be typed",
    },
    setPassword: "Set the password",
    account: "Account",
    change: "Change the password",
    changeText: "Whoever is signed in elsewhere must sign in again.",
    changeMetrics:
      "If Prometheus reads the metrics of this server with the password, give it the new one too.",
    oldPassword: "Current password",
    changed: "The password is changed, and all other browsers are signed out",
    ended: "The browser is signed out",
    sessions: "Signed in",
    sessionsText:
      "A browser stays signed in for 30 days after it was last here, and for 90 days at most.",
    browser: "Browser",
    unknownBrowser: "unknown",
    address: "Address",
    since: "Signed in",
    seen: "Last here",
    current: "this browser",
    action: "Sign out",
    end: "Sign out",
    endOf: "Sign out: {browser}, {address}",
    signOut: "Sign out here",
    signOutEverywhere: "Sign out everywhere",
  },
  ru: {
    signIn: "Вход",
    signInButton: "Войти",
    signInText: "Для этой страницы нужен пароль администратора.",
    password: "Пароль",
    forgotten: "Забыли пароль? Задайте новый на сервере:",
    wrongPassword: "Пароль неверный",
    triesLeft: "Осталось попыток, прежде чем придётся подождать: {count}",
    lastTry: "Попытки пока закончились: следующая будет через минуту",
    locked:
      "Слишком много неверных попыток с вашего адреса. Попробуйте снова через {wait}, в",
    busy:
      "Сервер сейчас проверяет другие пароли. Попробуйте снова через несколько секунд",
    setUp: "Первый вход",
    setUpText:
      "Пароль для этой страницы ещё никто не задал. Код установки, который сервер вывел при запуске, подтверждает, что сервер ваш. На сервере его ещё раз покажет команда:",
    setUpCommand: "Пароль можно задать и без кода, на сервере:",
    token: "Код установки",
    tokenHint: "Четыре группы по четыре буквы и цифры; на сервере: Setup token",
    wrongToken: "Это не код работающего сервера: при каждом запуске он новый",
    newPassword: "Новый пароль",
    rules:
      "Не меньше {least} и не больше {most} символов; не из тех паролей, которые пробуют первыми",
    again: "Новый пароль ещё раз",
    differs: "Новый пароль введён по-разному: наберите его дважды ещё раз",
    unfit: {
      short: "Новый пароль слишком короткий: нужно не меньше {least} символов",
      long: "Новый пароль слишком длинный: можно не больше {most} символов",
      obvious: "Новый пароль из тех, которые пробуют первыми",
      unprintable: "В новом пароле есть символ, который нельзя набрать",
    },
    setPassword: "Задать пароль",
    account: "Профиль",
    change: "Сменить пароль",
    changeText: "Всем, кто вошёл с других устройств, придётся войти снова.",
    changeMetrics:
      "Если Prometheus читает метрики этого сервера по паролю, укажите новый пароль и там.",
    oldPassword: "Текущий пароль",
    changed: "Пароль сменён, во всех других браузерах выполнен выход",
    ended: "В том браузере выполнен выход",
    sessions: "Кто вошёл",
    sessionsText:
      "Вход действует 30 дней после последнего посещения, но не дольше 90 дней.",
    browser: "Браузер",
    unknownBrowser: "неизвестен",
    address: "Адрес",
    since: "Вход",
    seen: "Последний раз",
    current: "этот браузер",
    action: "Выход",
    end: "Завершить",
    endOf: "Завершить: {browser}, {address}",
    signOut: "Выйти здесь",
    signOutEverywhere: "Выйти везде",
  },
  uz: {
    signIn: "Kirish",
    signInButton: "Kirish",
    signInText: "Bu sahifa uchun administrator paroli kerak.",
    password: "Parol",
    forgotten: "Parolni unutdingizmi? Serverda yangisini oʻrnating:",
    wrongPassword: "Parol notoʻgʻri",
    triesLeft: "Kutishga toʻgʻri kelguncha qolgan urinishlar: {count}",
    lastTry: "Urinishlar hozircha tugadi: keyingisi bir daqiqadan keyin",
    locked:
      "Sizning manzilingizdan notoʻgʻri urinishlar juda koʻp boʻldi. Qayta urinish mumkin boʻlguncha: {wait}; vaqti:",
    busy:
      "Server hozir boshqa parollarni tekshiryapti. Bir necha soniyadan keyin qayta urinib koʻring",
    setUp: "Birinchi kirish",
    setUpText:
      "Bu sahifa uchun hali hech kim parol oʻrnatmagan. Server ishga tushganda chiqargan oʻrnatish kodi server sizniki ekanini tasdiqlaydi. Serverda uni shu buyruq yana koʻrsatadi:",
    setUpCommand: "Parolni kodsiz, serverning oʻzida ham oʻrnatish mumkin:",
    token: "Oʻrnatish kodi",
    tokenHint: "Toʻrttadan harf va raqamli toʻrt guruh; serverda: Setup token",
    wrongToken:
      "Bu ishlab turgan serverning kodi emas: har ishga tushganda kod yangi boʻladi",
    newPassword: "Yangi parol",
    rules:
      "Kamida {least}, koʻpi bilan {most} ta belgi; birinchi boʻlib sinab koʻriladigan parollardan boʻlmasin",
    again: "Yangi parol yana bir marta",
    differs: "Yangi parol ikki xil yozilgan: ikkalasini qaytadan yozing",
    unfit: {
      short: "Yangi parol juda qisqa: kamida {least} ta belgi kerak",
      long: "Yangi parol juda uzun: koʻpi bilan {most} ta belgi mumkin",
      obvious: "Yangi parol birinchi boʻlib sinab koʻriladiganlardan",
      unprintable: "Yangi parolda terib boʻlmaydigan belgi bor",
    },
    setPassword: "Parolni oʻrnatish",
    account: "Profil",
    change: "Parolni almashtirish",
    changeText: "Boshqa joydan kirganlar qaytadan kirishi kerak boʻladi.",
    changeMetrics:
      "Prometheus bu server metrikalarini parol bilan oʻqisa, u yerga ham yangi parolni kiriting.",
    oldPassword: "Hozirgi parol",
    changed: "Parol almashtirildi, boshqa barcha brauzerlardan chiqildi",
    ended: "Oʻsha brauzerdan chiqildi",
    sessions: "Kirganlar",
    sessionsText:
      "Brauzer oxirgi tashrifdan keyin 30 kun, koʻpi bilan 90 kun kirgan holda qoladi.",
    browser: "Brauzer",
    unknownBrowser: "nomaʼlum",
    address: "Manzil",
    since: "Kirgan vaqti",
    seen: "Oxirgi marta",
    current: "shu brauzer",
    action: "Chiqish",
    end: "Chiqarish",
    endOf: "Chiqarish: {browser}, {address}",
    signOut: "Bu yerdan chiqish",
    signOutEverywhere: "Hamma joydan chiqish",
  },
};
