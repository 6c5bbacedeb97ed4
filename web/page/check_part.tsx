/**
 * The checks of the server as a list of ticks, each with what was seen and what mends it.
 * @module
 */

import type { CheckState } from "../../diag/check.ts";
import {
  type CheckResult,
  isNeedless,
  writeCheck,
} from "../../diag/machine/check_finding.ts";
import type { Language } from "../../diag/verdict.ts";
import type { CheckDesk } from "../check_desk.ts";
import { repairsOfCheck } from "../repair.ts";
import { QuotedText } from "./quoted_text.tsx";
import { RepairButtons } from "./repair.tsx";
import { Time } from "./time.tsx";
import { STATUS_WORDS } from "./words/status_words.ts";

/** The order in which a person wants to see them. */
const ORDER: readonly CheckState[] = ["fail", "warn", "skip", "pass"];

export interface CheckPartProps {
  readonly language: Language;
  readonly desk: Pick<CheckDesk, "last" | "isRunning">;
}

export function CheckPart({ language, desk }: CheckPartProps) {
  const words = STATUS_WORDS[language];
  const last = desk.last();
  const isRunning = desk.isRunning();
  const results = (last?.results ?? []).toSorted((one, other) =>
    ORDER.indexOf(one.finding.state) - ORDER.indexOf(other.finding.state)
  );
  return (
    <section class="card" id="status-checks">
      <h2>{words.checks}</h2>
      {results.length > 0 && (
        <ul class="ticks">
          {results.map((result) => (
            <CheckLine language={language} result={result} />
          ))}
        </ul>
      )}
      <div class="actions">
        <form method="post" action="/checks">
          <button type="submit" class="button" disabled={isRunning}>
            {words.checkAgain}
          </button>
          <input type="hidden" name="back" value="/" />
        </form>
        <p class="muted">
          {isRunning ? words.checking : last === null ? words.neverChecked : (
            <>
              {`${words.lastChecked}: `}
              <Time ms={last.atMs} page={{ language }} show="time" />
            </>
          )}
        </p>
      </div>
    </section>
  );
}

function CheckLine(
  { language, result }: {
    readonly language: Language;
    readonly result: CheckResult;
  },
) {
  const words = STATUS_WORDS[language];
  const check = writeCheck(
    result.id,
    result.finding,
    result.durationMs,
    language,
  );
  const { id, state, title, detail, remedy } = check;
  const remedies = remedy === undefined ? [] : remedy.split("\n");
  return (
    <li class={state === "skip" ? "muted" : state} id={`check-${id}`}>
      <strong>{title}</strong>{" "}
      <span class={state === "pass" ? "visually-hidden" : "muted"}>
        ({isNeedless(result.finding)
          ? words.checkNeedless
          : words.checkStates[state]})
      </span>{" "}
      <QuotedText text={detail} language={language} />
      {remedies.map((text) => (
        <p>
          <RemedyText text={text} />
        </p>
      ))}
      <RepairButtons
        language={language}
        repairs={repairsOfCheck(id, state)}
        back="/"
      />
    </li>
  );
}

/** A remedy, in which what has spaces between back-ticks is something to copy. */
export function RemedyText({ text }: { readonly text: string }) {
  const pieces = text.split("`");
  if (pieces.length % 2 === 0) return <span>{text}</span>;
  return (
    <span>
      {pieces.map((piece, index) => (
        <Piece text={piece} isQuoted={index % 2 === 1} />
      ))}
    </span>
  );
}

function Piece(
  { text, isQuoted }: { readonly text: string; readonly isQuoted: boolean },
) {
  if (!isQuoted) return <>{text}</>;
  return text.includes(" ")
    ? <code class="copy">{text}</code>
    : <code>{text}</code>;
}
