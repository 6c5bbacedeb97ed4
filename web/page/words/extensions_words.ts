/**
 * The words of the list of extensions, and of the forms that change them.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";
import type { DeskRefusal } from "../../extension_desk.ts";

export interface ExtensionsWords {
  readonly title: string;
  readonly add: string;
  readonly search: string;
  readonly searchHint: string;
  readonly find: string;
  readonly showAll: string;
  /** With `{extensions}` and `{phones}`. */
  readonly summary: string;
  /** With `{shown}` and `{found}`. */
  readonly cut: string;
  readonly noneYet: string;
  readonly noneFound: string;
  readonly columns: Readonly<
    Record<"number" | "name" | "state" | "phone" | "source", string>
  >;
  readonly registered: string;
  readonly noPhone: string;
  readonly unnamedPhone: string;
  /** Behind the first phone of several, with `{count}`. */
  readonly more: string;
  readonly number: string;
  readonly numberHint: string;
  readonly name: string;
  readonly nameHint: string;
  readonly password: string;
  readonly passwordHint: string;
  /** Where somebody had typed one, and the page comes back without it. */
  readonly passwordAgain: string;
  readonly addTitle: string;
  readonly addButton: string;
  /** With `{number}`, like the others below. */
  readonly passwordTitle: string;
  readonly passwordText: string;
  readonly passwordButton: string;
  readonly renameTitle: string;
  readonly renameButton: string;
  readonly removeTitle: string;
  readonly removeText: string;
  readonly removeButton: string;
  readonly cancel: string;
  readonly errors: Readonly<
    Record<DeskRefusal["why"] | "weak-password" | "no-password", string>
  >;
}

export const EXTENSIONS_WORDS: Readonly<Record<Language, ExtensionsWords>> = {
  en: {
    title: "Extensions",
    add: "Add a phone",
    search: "Number or name",
    searchHint: "Shows the extensions whose number or name holds this",
    find: "Find",
    showAll: "Show all",
    summary: "Extensions: {extensions} · registered phones: {phones}",
    cut: "Shown: {shown} of {found}. Search to see the others.",
    noneYet:
      "There is no extension yet. Add the first phone: it takes two minutes.",
    noneFound: "No extension has this in its number or name.",
    columns: {
      number: "Number",
      name: "Name",
      state: "State",
      phone: "Phone",
      source: "Address",
    },
    registered: "Registered",
    noPhone: "No phone",
    unnamedPhone: "without a name",
    more: "and {count} more",
    number: "Number",
    numberHint: "What others dial: digits only, at most 15",
    name: "Name",
    nameHint: "Whose phone it is; may stay empty",
    password: "Password",
    passwordHint: "Leave it empty, and a strong one is made",
    passwordAgain: "Type your own password again: it is not kept in the page",
    addTitle: "Add a phone",
    addButton: "Add and connect the phone",
    passwordTitle: "New password of {number}",
    passwordText:
      "The phones that have the old password lose their registration and must be given the new one.",
    passwordButton: "Set the password",
    renameTitle: "Rename {number}",
    renameButton: "Save",
    removeTitle: "Remove {number}?",
    removeText:
      "Its phones lose their registration at once, and nobody can call this number any more. The calls that it made stay in the list.",
    removeButton: "Remove",
    cancel: "Cancel",
    errors: {
      "number-taken": "There is such a number already; choose another one",
      "no-such-number": "There is no such number any more",
      "wrong-number": "A number is digits only, from 1 to 15 of them",
      "wrong-name": "A name is one line of at most 100 letters",
      "wrong-password": "A password is one line of at most 128 letters",
      "no-password": "You had typed a password of your own; type it again",
      "weak-password":
        "Strangers try this one first; take at least 6 letters, and not the number",
      "store-failed":
        "The database could not be written: see the status page for the reason",
    },
  },
  ru: {
    title: "Номера",
    add: "Добавить телефон",
    search: "Номер или имя",
    searchHint: "Показывает те, в чьём номере или имени это есть",
    find: "Найти",
    showAll: "Показать все",
    summary: "Номера: {extensions} · телефоны на связи: {phones}",
    cut: "Показано: {shown} из {found}. Остальные можно найти поиском.",
    noneYet:
      "Номеров пока нет. Добавьте первый телефон: это займёт две минуты.",
    noneFound: "Ни в одном номере или имени этого нет.",
    columns: {
      number: "Номер",
      name: "Имя",
      state: "Состояние",
      phone: "Телефон",
      source: "Адрес",
    },
    registered: "На связи",
    noPhone: "Нет телефона",
    unnamedPhone: "без названия",
    more: "и ещё {count}",
    number: "Номер",
    numberHint: "По нему будут звонить: только цифры, не больше 15",
    name: "Имя",
    nameHint: "Чей это телефон; можно не заполнять",
    password: "Пароль",
    passwordHint: "Оставьте пустым, и надёжный пароль будет создан",
    passwordAgain: "Введите свой пароль ещё раз: на странице он не сохраняется",
    addTitle: "Добавить телефон",
    addButton: "Добавить и подключить телефон",
    passwordTitle: "Новый пароль для {number}",
    passwordText:
      "Телефоны со старым паролем потеряют регистрацию, в них нужно ввести новый.",
    passwordButton: "Задать пароль",
    renameTitle: "Переименовать {number}",
    renameButton: "Сохранить",
    removeTitle: "Удалить {number}?",
    removeText:
      "Его телефоны сразу потеряют регистрацию, и позвонить на этот номер будет нельзя. Его звонки останутся в списке.",
    removeButton: "Удалить",
    cancel: "Отмена",
    errors: {
      "number-taken": "Такой номер уже есть, выберите другой",
      "no-such-number": "Такого номера больше нет",
      "wrong-number": "Номер состоит только из цифр, от 1 до 15",
      "wrong-name": "Имя занимает одну строку, не длиннее 100 букв",
      "wrong-password": "Пароль занимает одну строку, не длиннее 128 знаков",
      "no-password": "Вы вводили свой пароль; введите его ещё раз",
      "weak-password":
        "Этот пароль чужие пробуют первым; возьмите не меньше 6 знаков и не сам номер",
      "store-failed":
        "Не удалось записать в базу данных: причина на странице состояния",
    },
  },
  uz: {
    title: "Raqamlar",
    add: "Telefon qoʻshish",
    search: "Raqam yoki ism",
    searchHint: "Raqami yoki ismida shu bor raqamlarni koʻrsatadi",
    find: "Topish",
    showAll: "Hammasini koʻrsatish",
    summary: "Raqamlar: {extensions} · ulangan telefonlar: {phones}",
    cut:
      "Koʻrsatilgan: {shown}, jami: {found}. Qolganini qidiruv bilan toping.",
    noneYet:
      "Hali raqam yoʻq. Birinchi telefonni qoʻshing: bu ikki daqiqa oladi.",
    noneFound: "Hech bir raqam yoki ismda bunday yozuv yoʻq.",
    columns: {
      number: "Raqam",
      name: "Ism",
      state: "Holati",
      phone: "Telefon",
      source: "Manzil",
    },
    registered: "Ulangan",
    noPhone: "Telefon yoʻq",
    unnamedPhone: "nomsiz",
    more: "va yana {count}",
    number: "Raqam",
    numberHint: "Boshqalar teradigan raqam: faqat sonlar, koʻpi bilan 15 ta",
    name: "Ism",
    nameHint: "Kimning telefoni; boʻsh qolishi mumkin",
    password: "Parol",
    passwordHint: "Boʻsh qoldirsangiz, ishonchli parol yaratiladi",
    passwordAgain: "Oʻz parolingizni yana kiriting: u sahifada saqlanmaydi",
    addTitle: "Telefon qoʻshish",
    addButton: "Qoʻshish va telefonni ulash",
    passwordTitle: "{number} uchun yangi parol",
    passwordText:
      "Eski parolli telefonlar roʻyxatdan chiqadi, ularga yangi parolni kiritish kerak.",
    passwordButton: "Parolni oʻrnatish",
    renameTitle: "{number} nomini oʻzgartirish",
    renameButton: "Saqlash",
    removeTitle: "{number} oʻchirilsinmi?",
    removeText:
      "Uning telefonlari darhol roʻyxatdan chiqadi va bu raqamga qoʻngʻiroq qilib boʻlmaydi. Qoʻngʻiroqlari roʻyxatda qoladi.",
    removeButton: "Oʻchirish",
    cancel: "Bekor qilish",
    errors: {
      "number-taken": "Bunday raqam bor, boshqasini tanlang",
      "no-such-number": "Bunday raqam endi yoʻq",
      "wrong-number": "Raqam faqat sonlardan iborat, 1 tadan 15 tagacha",
      "wrong-name": "Ism bitta qatorda, koʻpi bilan 100 harf",
      "wrong-password": "Parol bitta qatorda, koʻpi bilan 128 belgi",
      "no-password": "Siz oʻz parolingizni kiritgan edingiz; uni yana kiriting",
      "weak-password":
        "Begonalar avval shu parolni sinaydi; kamida 6 ta belgi oling, raqamning oʻzini emas",
      "store-failed":
        "Maʼlumotlar bazasiga yozib boʻlmadi: sababi holat sahifasida",
    },
  },
};
