/**
 * The words of what the server offers to mend, and of what became of it.
 * @module
 */

import type { Language } from "../../../diag/verdict.ts";
import type { RepairId } from "../../repair.ts";

/** What was done, and how it went. */
export const OUTCOMES = [
  "asked",
  "nobody-asked",
  "forgetting",
  "stored",
  "not-stored",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface RepairWords {
  /** Labels, some with `{number}`. */
  readonly repairs: Readonly<Record<RepairId, string>>;
  /** Some with `{number}` and `{count}`. */
  readonly outcomes: Readonly<Record<Outcome, string>>;
}

export const REPAIR_WORDS: Readonly<Record<Language, RepairWords>> = {
  en: {
    repairs: {
      "add-extension": "Add extension {number}",
      "new-password": "New password for {number}",
      "forget-silent": "Forget phones that do not answer",
      "ask-phone": "Ask the phone again",
      "retry-store": "Try to write again",
      "check-again": "Try again",
      "see-bans": "See who is kept out",
    },
    outcomes: {
      "asked":
        "Phones of {number} that were asked: {count}. Whether they answer shows within five seconds.",
      "nobody-asked":
        "No phone of {number} is registered, so there is nobody to ask.",
      "forgetting":
        "Phones of {number} that were asked: {count}. Those that do not answer within five seconds are forgotten; each of them can register again.",
      "stored": "The journal was written: phones can register again.",
      "not-stored":
        "The journal still cannot be written: see the check of the disk.",
    },
  },
  ru: {
    repairs: {
      "add-extension": "Добавить номер {number}",
      "new-password": "Новый пароль для {number}",
      "forget-silent": "Забыть телефоны, которые не отвечают",
      "ask-phone": "Опросить телефон ещё раз",
      "retry-store": "Попробовать записать ещё раз",
      "check-again": "Проверить ещё раз",
      "see-bans": "Показать, кто заблокирован",
    },
    outcomes: {
      "asked":
        "Опрошено телефонов номера {number}: {count}. Ответили ли они, будет видно через пять секунд.",
      "nobody-asked":
        "На номере {number} не зарегистрирован ни один телефон: опрашивать некого.",
      "forgetting":
        "Опрошено телефонов номера {number}: {count}. Те, что не ответят за пять секунд, будут забыты; каждый из них может зарегистрироваться снова.",
      "stored": "Журнал записан: телефоны снова могут регистрироваться.",
      "not-stored":
        "Журнал по-прежнему не записывается: смотрите проверку диска.",
    },
  },
  uz: {
    repairs: {
      "add-extension": "{number} raqamini qoʻshish",
      "new-password": "{number} uchun yangi parol",
      "forget-silent": "Javob bermayotgan telefonlarni unutish",
      "ask-phone": "Telefondan yana soʻrash",
      "retry-store": "Yana yozib koʻrish",
      "check-again": "Yana tekshirish",
      "see-bans": "Kim bloklanganini koʻrish",
    },
    outcomes: {
      "asked":
        "{number} raqamining soʻralgan telefonlari: {count}. Javob berganlari besh soniyada koʻrinadi.",
      "nobody-asked":
        "{number} raqamida roʻyxatdan oʻtgan telefon yoʻq, soʻraydigan hech kim yoʻq.",
      "forgetting":
        "{number} raqamining soʻralgan telefonlari: {count}. Besh soniyada javob bermaganlari unutiladi; ular yana roʻyxatdan oʻtishi mumkin.",
      "stored": "Jurnal yozildi: telefonlar yana roʻyxatdan oʻta oladi.",
      "not-stored":
        "Jurnal hali ham yozilmayapti: disk tekshiruvining natijasini koʻring.",
    },
  },
};
