/**
 * How many attempts were refused, by stage and by reason.
 * @module
 */

import { STAGES } from "../../sip/stage.ts";
import type { Looker, RefusalView } from "./security_source.ts";
import { spellNumber } from "./spell.ts";
import { Time } from "./time.tsx";
import { REFUSAL_WORDS } from "./words/refusal_words.ts";
import { SECURITY_WORDS } from "./words/security_words.ts";
import { STAGE_WORDS } from "./words/stage_words.ts";

export interface RefusedProps {
  readonly page: Looker;
  readonly view: RefusalView;
}

interface Row {
  readonly name: string;
  readonly hour: number;
  readonly start: number;
}

export function Refused({ page, view }: RefusedProps) {
  const { language } = page;
  const words = SECURITY_WORDS[language];
  const { sinceStart, lastHour } = view;
  const stages = STAGES.filter((stage) => sinceStart.byStage.has(stage))
    .map((stage) => ({
      name: STAGE_WORDS[language].stages[stage][0],
      hour: lastHour.byStage.get(stage) ?? 0,
      start: sinceStart.byStage.get(stage) ?? 0,
    }));
  const reasons = [...sinceStart.byReason].map(([why, start]) => ({
    name: REFUSAL_WORDS[language][why],
    hour: lastHour.byReason.get(why) ?? 0,
    start,
  })).sort((a, b) => b.start - a.start);
  return (
    <section class="card" id="security-refused">
      <h2>{words.refusals}</h2>
      {stages.length === 0 ? <p class="empty">{words.refusalsEmpty}</p> : (
        <>
          <Counts page={page} head={words.stage} rows={stages} />
          <Counts page={page} head={words.reason} rows={reasons} />
          <p class="muted">
            {words.hourSince} <Time ms={view.hourMs} page={page} />
          </p>
        </>
      )}
      <p class="muted">
        {words.startSince} <Time ms={view.startedMs} page={page} />
      </p>
    </section>
  );
}

interface CountsProps {
  readonly page: Looker;
  readonly head: string;
  readonly rows: readonly Row[];
}

function Counts({ page, head, rows }: CountsProps) {
  const words = SECURITY_WORDS[page.language];
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col" class="number">{words.hour}</th>
            <th scope="col" class="number">{words.start}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, hour, start }) => (
            <tr>
              <th scope="row" data-label={head}>{name}</th>
              <td class="number" data-label={words.hour}>
                {spellNumber(hour, page.language)}
              </td>
              <td class="number" data-label={words.start}>
                {spellNumber(start, page.language)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
