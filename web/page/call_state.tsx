/**
 * How a call is or ended, and how it sounded, in a few words.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import type { CallRecord, CallSound } from "../../pbx/call/call_record.ts";
import { cut } from "../../pbx/quoted.ts";
import { fillWords } from "../fill_words.ts";
import { lossPercentOf } from "../sound_quality.ts";
import { spellDuration, spellNumber } from "./spell.ts";
import { CALLS_WORDS, type CallsWords } from "./words/calls_words.ts";

type Outcome = Pick<
  CallRecord,
  "state" | "why" | "endedBy" | "status" | "answeredAt"
>;

const LONGEST_NUMBER = 40;
const BUSY = [486, 600];

export interface CallStateProps {
  readonly call: Outcome;
  readonly language: Language;
}

export function CallState({ call, language }: CallStateProps) {
  const words = CALLS_WORDS[language];
  return (
    <span class={`pill ${severityOf(call)}`}>{spellState(call, words)}</span>
  );
}

/** Of a call that failed, with the status that the caller heard. */
export function spellState(call: Outcome, words: CallsWords): string {
  if (call.state === "ringing") return words.ringing;
  if (call.state === "answered") return words.talking;
  const { why, endedBy, status } = call;
  const isUnanswered = call.answeredAt === 0;
  if (why === "") return words.ended;
  if (why === "hung-up" && endedBy !== "") return words.hungUp[endedBy];
  if (why === "phone-gone" && endedBy !== "") return words.gone[endedBy];
  if (why === "refused" && BUSY.includes(status)) {
    return `${words.busy} (${status})`;
  }
  // a database may have been written by another version
  const text: string | undefined = words.ends[why];
  const hasStatus = isUnanswered && status > 0 &&
    ["refused", "unreachable", "no-such-number", "error"].includes(why);
  return hasStatus ? `${text} (${status})` : text ?? words.ended;
}

function severityOf({ state, why }: Outcome): string {
  if (state === "answered") return "ok";
  if (state === "ringing") return "info";
  switch (why) {
    case "hung-up":
    case "transferred":
    case "picked-up":
    case "operator":
    case "":
      return "muted";
    case "cancelled":
    case "unanswered":
    case "refused":
    case "server-stopped":
      return "warning";
    default:
      return "error";
  }
}

/** Who was called: the number, and what was typed where that is another one. */
export function spellCallee(
  { callee, dialled }: CallRecord,
  words: CallsWords,
): string {
  const typed = cut(dialled, LONGEST_NUMBER);
  if (callee.number === "" || callee.number === dialled) return typed;
  return `${cut(callee.number, LONGEST_NUMBER)} (${
    fillWords(words.dialled, { number: typed })
  })`;
}

/** From the answer to the end, or until now; "" where nobody answered. */
export function spellTalk(
  { answeredAt, endedAt }: CallRecord,
  nowMs: number,
  language: Language,
): string {
  if (answeredAt === 0) return "";
  const untilMs = endedAt > 0 ? endedAt : nowMs;
  return spellDuration((untilMs - answeredAt) / 1000, language);
}

/** Loss and jitter; "" where nothing came. */
export function spellSound(sound: CallSound, language: Language): string {
  if (sound.packets === 0) return "";
  return fillWords(CALLS_WORDS[language].lossAndJitter, {
    percent: spellNumber(lossPercentOf(sound), language, 1),
    ms: spellNumber(sound.jitterMs, language),
  });
}
