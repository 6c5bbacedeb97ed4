/**
 * All phones of the office: those with a fault first, each with its verdict and what mends it,
 * then the others by how they stand, in narrow grids.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import { cut } from "../../pbx/quoted.ts";
import { fillWords } from "../fill_words.ts";
import {
  type PhoneLine,
  severityOfLine,
  STANDINGS,
  type Stranger,
} from "../phone_standing.ts";
import { type RepairScene, repairsOf } from "../repair.ts";
import { sayFault, sayNumber } from "./health_part.tsx";
import { QuotedText } from "./quoted_text.tsx";
import { RepairButtons } from "./repair.tsx";
import { STATUS_WORDS } from "./words/status_words.ts";

const MOST_PROBLEMS = 30;
/** A larger office has a page of its own for them. */
const MOST_LINES = 400;
const LONGEST_NAME = 40;

export interface PhonesPartProps {
  readonly language: Language;
  readonly lines: readonly PhoneLine[];
  readonly strangers: readonly Stranger[];
  readonly scene: RepairScene;
}

export function PhonesPart(
  { language, lines, strangers, scene }: PhonesPartProps,
) {
  const words = STATUS_WORDS[language];
  const problems = lines.filter(({ fault }) => fault !== null).sort((a, b) =>
    Number(b.fault?.severity === "error") -
    Number(a.fault?.severity === "error")
  );
  const others = lines.filter(({ fault }) => fault === null);
  const groups = Map.groupBy(
    others.slice(0, MOST_LINES).sort((a, b) =>
      STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing)
    ),
    ({ standing }) => standing,
  );
  const left = Math.max(0, problems.length - MOST_PROBLEMS) +
    Math.max(0, others.length - MOST_LINES);
  return (
    <section class="card" id="status-phones">
      <h2>{words.phones}</h2>
      {problems.length > 0 && (
        <ul class="problems">
          {problems.slice(0, MOST_PROBLEMS).map((line) => (
            <Problem language={language} line={line} scene={scene} />
          ))}
        </ul>
      )}
      {[...groups].map(([standing, group]) => (
        <>
          <h3>
            <span class={`pill ${severityOfLine(group[0]!)}`}>
              {words.standings[standing]}
            </span>{" "}
            {group.length}
          </h3>
          <ul class="phone-grid">
            {group.map(({ number, name }) => (
              <li>
                <a href={`/extensions/${number}`}>{number}</a>{" "}
                {name !== "" && <span>{cut(name, LONGEST_NAME)}</span>}
              </li>
            ))}
          </ul>
        </>
      ))}
      {strangers.length > 0 && (
        <>
          <h3>{words.otherPhones}</h3>
          <ul class="problems">
            {strangers.map(({ fault }) => (
              <li>
                <p>
                  <strong>
                    {fillWords(words.stranger, {
                      number: sayNumber(fault.number),
                    })}
                  </strong>{" "}
                  <span class="muted">{fault.story.host}</span>
                </p>
                <RepairButtons
                  language={language}
                  repairs={repairsOf(fault.finding, fault.number, scene)}
                  back="/"
                />
              </li>
            ))}
          </ul>
        </>
      )}
      <Remarks language={language} lines={lines} />
      {left > 0 && <p class="muted">{fillWords(words.more, { count: left })}
      </p>}
      <p class="actions">
        {lines.length > 0 && (
          <a class="button quiet" href="/extensions">{words.allExtensions}</a>
        )}
        <a class="button quiet" href="/extensions/new">
          {lines.length > 0 ? words.addPhone : words.addFirst}
        </a>
      </p>
    </section>
  );
}

/** Somebody else who was refused with a number whose phone works: nothing has to be done. */
function Remarks(
  { language, lines }: Pick<PhonesPartProps, "language" | "lines">,
) {
  const words = STATUS_WORDS[language];
  const remarks = lines.flatMap(({ number, remark }) =>
    remark === null ? [] : [{ number, remark }]
  );
  if (remarks.length === 0) return null;
  return (
    <>
      <h3>{words.otherTries}</h3>
      <ul class="problems">
        {remarks.slice(0, MOST_PROBLEMS).map(({ number, remark }) => (
          <li>
            <p>
              <a href={`/extensions/${number}`}>{number}</a>{" "}
              <QuotedText text={sayFault(remark, language)} />{" "}
              <span class="muted">{remark.story.host}</span>
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Problem(
  { language, line, scene }: {
    readonly language: Language;
    readonly line: PhoneLine;
    readonly scene: RepairScene;
  },
) {
  const words = STATUS_WORDS[language];
  const { number, name, fault, standing } = line;
  if (fault === null) return <li></li>;
  const path = `/extensions/${number}`;
  return (
    <li>
      <p>
        <a href={path}>
          <strong>{number}</strong>
        </a>{" "}
        {name !== "" && <span>{cut(name, LONGEST_NAME)}</span>}{" "}
        <span class={`pill ${fault.severity}`}>
          {words.standings[standing]}
        </span>
      </p>
      <p>
        <a href={path}>
          <QuotedText text={sayFault(fault, language)} />
        </a>
      </p>
      <RepairButtons
        language={language}
        repairs={repairsOf(fault.finding, number, scene)}
        back="/"
      />
    </li>
  );
}
