/**
 * The words of what is wrong with the server itself.
 * @module
 */

import type { ServerTrouble } from "../../../diag/trouble_watch.ts";
import type { Language } from "../../../diag/verdict.ts";

export interface TroubleWords {
  readonly troubles: Readonly<Record<ServerTrouble["kind"], string>>;
  /** Why a database cannot be written, by how the store says it. */
  readonly causes: Readonly<Record<string, string>>;
}

export const TROUBLE_WORDS: Readonly<Record<Language, TroubleWords>> = {
  en: {
    troubles: {
      "store-failed":
        "The database cannot be written, so phones cannot register",
      "relay-failed":
        "No call can be made until the server is started again: the part that carries sound failed",
      "relay-replaced":
        "The part that carries sound failed and was started again; calls may have been interrupted",
    },
    causes: {
      "disk full": "the disk is full",
      "database locked by another program":
        "another program holds the database",
      "database is read-only": "the database is read-only",
      "file is damaged or no database": "the file is damaged or no database",
    },
  },
  ru: {
    troubles: {
      "store-failed":
        "База данных не записывается, поэтому телефоны не могут зарегистрироваться",
      "relay-failed":
        "Звонить нельзя, пока сервер не перезапустят: отказала часть, которая передаёт звук",
      "relay-replaced":
        "Часть сервера, которая передаёт звук, отказала и запущена снова; звонки могли прерваться",
    },
    causes: {
      "disk full": "диск заполнен",
      "database locked by another program":
        "базу данных держит другая программа",
      "database is read-only": "база данных доступна только для чтения",
      "file is damaged or no database": "файл повреждён или это не база данных",
    },
  },
  uz: {
    troubles: {
      "store-failed":
        "Maʼlumotlar bazasiga yozib boʻlmayapti, shuning uchun telefonlar roʻyxatdan oʻta olmaydi",
      "relay-failed":
        "Server qayta ishga tushirilmaguncha qoʻngʻiroq qilib boʻlmaydi: ovozni uzatadigan qism ishdan chiqdi",
      "relay-replaced":
        "Ovozni uzatadigan qism ishdan chiqdi va qayta ishga tushdi; qoʻngʻiroqlar uzilgan boʻlishi mumkin",
    },
    causes: {
      "disk full": "disk toʻlgan",
      "database locked by another program":
        "maʼlumotlar bazasini boshqa dastur band qilgan",
      "database is read-only": "maʼlumotlar bazasi faqat oʻqish uchun ochiq",
      "file is damaged or no database":
        "fayl buzilgan yoki bu maʼlumotlar bazasi emas",
    },
  },
};
