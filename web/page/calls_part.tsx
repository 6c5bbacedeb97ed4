/**
 * The calls that live, in a few lines.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import type { CallRecord } from "../../pbx/call/call_record.ts";
import { fillWords } from "../fill_words.ts";
import { sayNumber } from "./health_part.tsx";
import { NumberName } from "./number_name.tsx";
import { spellDuration } from "./spell.ts";
import { STATUS_WORDS } from "./words/status_words.ts";

const MOST_CALLS = 20;

export interface CallsPartProps {
  readonly language: Language;
  /** The oldest first. */
  readonly calls: readonly CallRecord[];
  /** The name of an extension; "" or nothing where it has none. */
  nameOf(number: string): string | undefined;
  readonly nowMs: number;
}

export function CallsPart({ language, calls, nameOf, nowMs }: CallsPartProps) {
  const words = STATUS_WORDS[language];
  const shown = calls.slice(-MOST_CALLS).reverse();
  const left = calls.length - shown.length;
  return (
    <section class="card" id="status-calls">
      <h2>{words.calls}</h2>
      {shown.length === 0
        ? <p class="muted">{words.noCalls}</p>
        : (
          <div class="table-wrap">
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.caller}</th>
                  <th scope="col">{words.callee}</th>
                  <th scope="col">{words.state}</th>
                  <th scope="col">{words.duration}</th>
                  <th scope="col">
                    <span class="visually-hidden">{words.call}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map((call) => (
                  <tr>
                    <td data-label={words.caller}>
                      <NumberName
                        text={sayNumber(call.caller.number) || "–"}
                        name={nameOf(call.caller.number)}
                      />
                    </td>
                    <td data-label={words.callee}>
                      <NumberName
                        text={sayNumber(call.callee.number || call.dialled)}
                        name={nameOf(call.callee.number || call.dialled)}
                      />
                    </td>
                    <td data-label={words.state}>
                      <span class={`pill ${toneOf(call)}`}>
                        {words.callStates[call.state]}
                      </span>
                    </td>
                    <td data-label={words.duration}>
                      {spellDuration(secondsOf(call, nowMs), language)}
                    </td>
                    <td>
                      <a href={`/calls/${encodeURIComponent(call.id)}`}>
                        {words.callDetails}
                      </a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      {left > 0 && <p class="muted">{fillWords(words.more, { count: left })}
      </p>}
      <p class="actions">
        <a class="button quiet" href="/calls">{words.allCalls}</a>
      </p>
    </section>
  );
}

function toneOf({ state }: CallRecord): string {
  return state === "answered" ? "ok" : state === "ringing" ? "info" : "muted";
}

/** Since the answer, or since it began to ring. */
function secondsOf(
  { startedAt, answeredAt }: CallRecord,
  nowMs: number,
): number {
  return (nowMs - (answeredAt || startedAt)) / 1000;
}
