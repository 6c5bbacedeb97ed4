/**
 * What the server offers to mend, as buttons of a page, and what became of it.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import { fillWords } from "../fill_words.ts";
import type { Repair } from "../repair.ts";
import { OUTCOMES, REPAIR_WORDS } from "./words/repair_words.ts";

export interface RepairButtonsProps {
  readonly language: Language;
  readonly repairs: readonly Repair[];
  /** The path of the page that the browser comes back to. */
  readonly back: string;
}

/** Nothing where nothing is offered. */
export function RepairButtons({ language, repairs, back }: RepairButtonsProps) {
  if (repairs.length === 0) return null;
  const { repairs: labels } = REPAIR_WORDS[language];
  return (
    <div class="actions">
      {repairs.map(({ id, method, path, number }) =>
        method === "get"
          ? (
            <a class="button" href={path}>
              {fillWords(labels[id], { number })}
            </a>
          )
          : (
            <form method="post" action={path}>
              <button type="submit" class="button">
                {fillWords(labels[id], { number })}
              </button>
              <input type="hidden" name="back" value={back} />
            </form>
          )
      )}
    </div>
  );
}

export interface RepairOutcomeProps {
  readonly language: Language;
  /** Of the page: `did`, `number` and `count`. */
  readonly query: Readonly<Record<string, string | undefined>>;
}

/** Says what became of a repair that the browser comes back from; nothing where there was none. */
export function RepairOutcome({ language, query }: RepairOutcomeProps) {
  const outcome = OUTCOMES.find((one) => one === query["did"]);
  if (outcome === undefined) return null;
  const number = /^\d{1,15}$/.exec(query["number"] ?? "")?.[0] ?? "–";
  const count = /^\d{1,6}$/.exec(query["count"] ?? "")?.[0] ?? "–";
  const severity = outcome === "not-stored"
    ? "error"
    : outcome === "nobody-asked"
    ? "warning"
    : "info";
  return (
    <p class={`notice ${severity}`} role="status">
      {fillWords(REPAIR_WORDS[language].outcomes[outcome], { number, count })}
    </p>
  );
}
