/**
 * A verdict as a part of a page: what is wrong, what to do and where, and what it rests on.
 * @module
 */

import type { Child } from "hono/jsx";
import type { Field } from "../../diag/catalogue.ts";
import type { Verdict } from "../../diag/verdict.ts";
import type { PageView } from "./page_view.ts";
import { QuotedText } from "./quoted_text.tsx";
import { Time } from "./time.tsx";
import { REFUSAL_WORDS } from "./words/refusal_words.ts";
import { VERDICT_WORDS } from "./words/verdict_words.ts";

export interface VerdictPartProps {
  readonly page: Pick<PageView, "language">;
  readonly verdict: Verdict;
  /** What the server offers to do about it. */
  readonly children?: Child;
}

/** Has headings of the third level. */
export function VerdictPart({ page, verdict, children }: VerdictPartProps) {
  const words = VERDICT_WORDS[page.language];
  const { severity, title, evidence } = verdict;
  return (
    <div class="verdict">
      <div class={`notice ${severity}`}>
        <p>
          <span class={`pill ${severity}`}>{words.severities[severity]}</span>
          {" "}
          <strong>
            <QuotedText text={title} />
          </strong>
        </p>
        <RemedyPart page={page} verdict={verdict} />
        {children}
      </div>
      {evidence.length > 0 && (
        <>
          <h3>{words.evidence}</h3>
          <EvidenceList page={page} verdict={verdict} />
        </>
      )}
    </div>
  );
}

/** What to do, and where unless nothing is wrong. */
export function RemedyPart({ page, verdict }: VerdictPartProps) {
  const words = VERDICT_WORDS[page.language];
  const { where, field, text, command } = verdict.remedy;
  if (text === "" && command === null) return <p hidden></p>;
  return (
    <div class="remedy">
      <p>
        {verdict.severity !== "ok" && (
          <strong>{`${words.remedyAt[where]}: `}</strong>
        )}
        <QuotedText text={text} />
      </p>
      {field !== null && (
        <p>
          {`${words.field}: `}
          <strong>{words.fields[field as Field] ?? field}</strong>
        </p>
      )}
      {command !== null && (
        <p>
          <code class="copy">{command}</code>
        </p>
      )}
    </div>
  );
}

/** Verdicts beside the main one, each with what to do when it is opened. */
export function AlsoPart(
  { page, verdicts }: {
    readonly page: Pick<PageView, "language">;
    readonly verdicts: readonly Verdict[];
  },
) {
  const words = VERDICT_WORDS[page.language];
  return (
    <div class="also">
      <h3>{words.also}</h3>
      {verdicts.map((verdict) => (
        <details>
          <summary>
            <span class={`pill ${verdict.severity}`}>
              {words.severities[verdict.severity]}
            </span>{" "}
            <QuotedText text={verdict.title} />
          </summary>
          <RemedyPart page={page} verdict={verdict} />
          <EvidenceList page={page} verdict={verdict} />
        </details>
      ))}
    </div>
  );
}

function EvidenceList({ page, verdict }: VerdictPartProps) {
  return (
    <ul class="evidence">
      {verdict.evidence.map(({ at, what }) => (
        <li>
          <Time ms={Date.parse(at)} page={page} />{" "}
          <QuotedText text={spellReasons(what, page)} />
        </li>
      ))}
    </ul>
  );
}

/** Why the server refused something, in words instead of its code. */
function spellReasons(
  what: string,
  { language }: Pick<PageView, "language">,
): string {
  const words: Readonly<Record<string, string>> = REFUSAL_WORDS[language];
  return what.replace(
    /`([a-z-]+)`/g,
    (whole, code: string) => Object.hasOwn(words, code) ? words[code]! : whole,
  );
}
