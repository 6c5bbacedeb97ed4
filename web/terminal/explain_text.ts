/**
 * What `pbx explain` says: which server was taken, and the verdict of each phone, as JSON for
 * scripts and for people.
 * @module
 */

import type { Language, Verdict } from "../../diag/verdict.ts";
import { quote } from "../../pbx/quoted.ts";
import { formatVerdict } from "./doctor_text.ts";
import type { Paint } from "./paint.ts";
import { fillWords } from "../fill_words.ts";
import { WORDS } from "./words.ts";

/** The verdict of a phone, and what else was noticed of it. */
export interface ExplainedVerdict extends Verdict {
  readonly also: readonly Verdict[];
}

/** The document of `pbx explain --json`. */
export interface Explanation {
  readonly file: string;
  /** Where the server listens, each as `udp 192.0.2.1:5060`. */
  readonly server: readonly string[];
  /** Frames of the capture; 0 where there was none. */
  readonly packets: number;
  /** SIP messages. */
  readonly messages: number;
  readonly verdicts: readonly ExplainedVerdict[];
  /** Scanners, and how many of their requests came. */
  readonly noise: { readonly hosts: number; readonly tries: number };
  /** Why the file could not be read to its end; "" where it could. */
  readonly damage: string;
}

interface ExplainWords {
  readonly server: string;
  readonly noServer: string;
  readonly counts: string;
  readonly damage: string;
  readonly noise: string;
  readonly nobody: string;
  readonly near: string;
}

const EXPLAIN_WORDS: Readonly<Record<Language, ExplainWords>> = {
  en: {
    server: "Server: {server}",
    noServer: "No SIP server is in the file; `--server HOST:PORT` names it",
    counts: "Packets: {packets}, SIP messages: {messages}, phones: {phones}",
    damage: "The file is damaged, what was before that is explained: {damage}",
    noise:
      "Scanners: {tries} requests from {hosts} addresses, no phone's verdict speaks of them",
    nobody: "There is no phone with the number {number} in the file",
    near: "Similar numbers that are in it: {numbers}",
  },
  ru: {
    server: "Сервер: {server}",
    noServer: "SIP-сервера в файле не видно; его называет `--server HOST:PORT`",
    counts:
      "Пакетов: {packets}, сообщений SIP: {messages}, телефонов: {phones}",
    damage: "Файл повреждён, разобрано то, что было до этого места: {damage}",
    noise:
      "Сканеры: запросов {tries}, адресов {hosts}; к телефонам это не относится",
    nobody: "Телефона с номером {number} в файле нет",
    near: "Похожие номера, которые в нём есть: {numbers}",
  },
  uz: {
    server: "Server: {server}",
    noServer:
      "Faylda SIP server koʻrinmaydi; uni `--server HOST:PORT` bilan koʻrsating",
    counts: "{packets} ta paket, {messages} ta SIP xabar, {phones} ta telefon",
    damage: "Fayl buzilgan, shu joygacha boʻlgani tushuntirildi: {damage}",
    noise:
      "Skanerlar: {hosts} ta manzildan {tries} ta soʻrov, bu telefonlarga tegishli emas",
    nobody: "Faylda {number} raqamli telefon yoʻq",
    near: "Unda bor oʻxshash raqamlar: {numbers}",
  },
};

/** What a person asked for and did not get. */
export interface Missing {
  readonly number: string;
  readonly nearest: readonly string[];
}

/** Writes the answer for people; `missing` where the number is not in the file. */
export function formatExplanation(
  explanation: Explanation,
  missing: Missing | null,
  language: Language,
  paint: Paint,
): string {
  const words = EXPLAIN_WORDS[language];
  const { server, packets, messages, verdicts, noise, damage } = explanation;
  const phones = verdicts.filter(({ source }) => source !== "").length;
  const lines = [
    server.length === 0
      ? words.noServer
      : fillWords(words.server, { server: server.join(", ") }),
    fillWords(words.counts, { packets, messages, phones }),
  ];
  if (damage !== "") {
    lines.push(paint.yellow(fillWords(words.damage, { damage })));
  }
  if (missing !== null) {
    lines.push(fillWords(words.nobody, { number: quote(missing.number) }));
    if (missing.nearest.length > 0) {
      const numbers = missing.nearest.map((number) => quote(number)).join(", ");
      lines.push(fillWords(words.near, { numbers }));
    }
  }
  for (const verdict of verdicts) {
    lines.push("", ...formatPhone(verdict, language, paint));
  }
  if (noise.hosts > 0) lines.push("", fillWords(words.noise, noise));
  return lines.join("\n") + "\n";
}

function formatPhone(
  verdict: ExplainedVerdict,
  language: Language,
  paint: Paint,
): string[] {
  const words = WORDS[language];
  const lines = formatVerdict(verdict, words, paint);
  if (verdict.also.length === 0) return lines;
  lines.push("", paint.bold(words.also));
  for (const { title, code, remedy } of verdict.also) {
    lines.push(`  ${title} ${paint.dim(`(${code})`)}`, `    ${remedy.text}`);
    if (remedy.command) lines.push(`    $ ${remedy.command}`);
  }
  return lines;
}

/** 0 where every phone is well, or nothing is wrong; else 1. */
export function explanationExit({ verdicts }: Explanation): 0 | 1 {
  return verdicts.every(({ code }) => code === "ok") ? 0 : 1;
}
