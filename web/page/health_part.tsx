/**
 * One sentence that says whether all is well, and below it what needs somebody.
 * @module
 */

import { CHECK_TEXTS, writePhrase } from "../../diag/machine/check_finding.ts";
import { textsOf } from "../../diag/texts/texts.ts";
import type { ServerTrouble } from "../../diag/trouble_watch.ts";
import type { Language } from "../../diag/verdict.ts";
import { fillText } from "../../diag/write_verdict.ts";
import { cut, escapeText } from "../../pbx/quoted.ts";
import { fillWords } from "../fill_words.ts";
import type { Need, OfficeHealth } from "../office_health.ts";
import type { Fault } from "../phone_standing.ts";
import { repairsOfTrouble } from "../repair.ts";
import { QuotedText } from "./quoted_text.tsx";
import { RepairButtons } from "./repair.tsx";
import { STATUS_WORDS } from "./words/status_words.ts";
import { TROUBLE_WORDS } from "./words/trouble_words.ts";

const MOST_NEEDS = 6;
const LONGEST_DETAIL = 200;

export interface HealthPartProps {
  readonly language: Language;
  readonly health: OfficeHealth;
}

export function HealthPart({ language, health }: HealthPartProps) {
  const words = STATUS_WORDS[language];
  const { needs, state, extensions, waiting } = health;
  const troubles = needs.flatMap((need) =>
    need.kind === "trouble" ? [need.trouble] : []
  );
  const repairs = troubles.flatMap(repairsOfTrouble);
  return (
    <section
      class={`notice ${severityOfHealth(health)}`}
      id="status-says"
      aria-live="polite"
    >
      <p class="status-says">
        <strong>
          <QuotedText text={sayHealth(health, language)} language={language} />
        </strong>
      </p>
      {needs.length > 1 && (
        <ul class="status-needs">
          {needs.slice(0, MOST_NEEDS).map((need) => (
            <li>
              <NeedLine language={language} need={need} />
            </li>
          ))}
          {needs.length > MOST_NEEDS && (
            <li>
              {fillWords(words.more, { count: needs.length - MOST_NEEDS })}
            </li>
          )}
        </ul>
      )}
      <RepairButtons language={language} repairs={repairs} back="/" />
      {extensions === 0 && (
        <>
          {state === "empty" && <p>{words.emptyHint}</p>}
          <p class="actions">
            <a class="button primary" href="/extensions/new">
              {words.addFirst}
            </a>
          </p>
        </>
      )}
      {waiting !== null && (
        <p class="actions">
          <a class="button primary" href={`/extensions/${waiting}/connect`}>
            {fillWords(words.connectFirst, { number: waiting })}
          </a>
        </p>
      )}
    </section>
  );
}

function NeedLine(
  { language, need }: { readonly language: Language; readonly need: Need },
) {
  const text = (
    <QuotedText
      text={sayNeed(need, language)}
      language={language}
    />
  );
  const path = pathOfNeed(need);
  return path === null ? text : <a href={path}>{text}</a>;
}

function pathOfNeed(need: Need): string | null {
  if (need.kind === "trouble") return null;
  if (need.kind === "check") return `#check-${need.id}`;
  return need.isExtension
    ? `/extensions/${encodeURIComponent(need.fault.number)}`
    : "#status-phones";
}

/** The sentence, without a full stop; where several things are wrong, a list is to follow it. */
export function sayHealth(health: OfficeHealth, language: Language): string {
  const words = STATUS_WORDS[language];
  const { state, needs, registered, extensions: all } = health;
  const [only] = needs;
  if (state !== "needs" || only === undefined) {
    const sentence = words[state === "needs" ? "unknown" : state];
    return fillWords(sentence, { registered, all });
  }
  const head = needs.length === 1
    ? words.needsOne
    : fillWords(words.needsMany, { count: needs.length });
  const first = needs.length === 1 ? ` ${sayNeed(only, language)}` : "";
  return `${head}:${first}`;
}

function severityOfHealth({ state, needs }: OfficeHealth): string {
  if (needs.length > 0) return needs[0]!.severity;
  return state === "well" ? "ok" : "info";
}

/** What is wrong, in some words. */
function sayNeed(need: Need, language: Language): string {
  switch (need.kind) {
    case "trouble":
      return sayTrouble(need.trouble, language);
    case "check": {
      const texts = CHECK_TEXTS[language];
      const title = texts.titles[need.id];
      return need.detail === null
        ? title
        : `${title}: ${cut(writePhrase(need.detail, texts), LONGEST_DETAIL)}`;
    }
    case "phone":
      return sayFaultOf(need.fault, language);
  }
}

/** With its cause, where that is known in the language. */
function sayTrouble(
  { kind, detail }: ServerTrouble,
  language: Language,
): string {
  const { troubles, causes } = TROUBLE_WORDS[language];
  const found = Object.entries(causes).find(([name]) =>
    kind === "store-failed" && detail.startsWith(name)
  );
  return found === undefined
    ? troubles[kind]
    : `${troubles[kind]}: ${found[1]}`;
}

/** With the number in front, where the title does not name it. */
function sayFaultOf(fault: Fault, language: Language): string {
  const number = sayNumber(fault.number);
  const title = sayFault(fault, language);
  return title.includes(number) ? title : `${number}: ${title}`;
}

/** A number as a phone says it, which may be anything. */
export function sayNumber(number: string): string {
  return cut(escapeText(number), 32);
}

/** The title of a verdict. */
export function sayFault({ finding }: Fault, language: Language): string {
  return fillText(textsOf(language).codes[finding.code].title, finding.values);
}
