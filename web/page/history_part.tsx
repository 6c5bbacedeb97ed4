/**
 * The last hour or the last day of the server as charts.
 * @module
 */

import type { HistoryWindow } from "../../diag/history/history_ring.ts";
import { type Range, RANGES } from "../../diag/history/history.ts";
import {
  type CountsBy,
  DATAGRAM_CLASSES,
  type Reading,
  sumCounts,
} from "../../diag/history/reading.ts";
import type { Language } from "../../diag/verdict.ts";
import { STAGES } from "../../sip/stage.ts";
import { fillWords } from "../fill_words.ts";
import { Chart, type ChartSeries } from "./chart.tsx";
import { spellDuration, spellMemory, spellNumber } from "./spell.ts";
import { STAGE_WORDS } from "./words/stage_words.ts";
import {
  type ChartName,
  STATUS_WORDS,
  type StatusWords,
} from "./words/status_words.ts";

const MOST_SERIES = 4;

export interface HistoryPartProps {
  readonly language: Language;
  readonly range: Range;
  readonly window: HistoryWindow;
}

export function HistoryPart({ language, range, window }: HistoryPartProps) {
  const words = STATUS_WORDS[language];
  return (
    <section class="card" id="status-history" aria-label={words.history}>
      <h2>{words.history}</h2>
      <nav aria-label={words.history}>
        <ul class="switch">
          {RANGES.map((one) => (
            <li>
              <a
                href={`/?range=${one}#status-history`}
                aria-current={one === range ? "true" : undefined}
              >
                {words.ranges[one]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="charts">
        {listCharts(language, window).map((chart) => (
          <Chart
            id={`chart-${chart.name}`}
            title={titleOf(chart, window, language)}
            from={words.rangeStarts[range]}
            to={words.now}
            value={spellLast(chart)}
            series={chart.series}
            format={chart.format}
            summary={summarise(chart, window, language)}
          />
        ))}
      </div>
    </section>
  );
}

interface ChartPlan {
  readonly name: ChartName;
  /** Whether it counts what happens in each step. */
  readonly isCount: boolean;
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
}

function listCharts(language: Language, window: HistoryWindow): ChartPlan[] {
  const words = STATUS_WORDS[language];
  const count = (value: number) => spellNumber(value, language);
  const one = (
    name: ChartName,
    pick: (reading: Reading) => number,
    format: (value: number) => string,
  ): ChartPlan => {
    const values = window.readings.map((one) => one && pick(one));
    const series = [{ label: words.charts[name], values }];
    return { name, isCount: false, series, format };
  };
  return [
    one("registrations", ({ registrations }) => registrations, count),
    one("calls", ({ calls }) => calls, count),
    {
      name: "refused",
      isCount: true,
      format: count,
      series: splitCounts(
        window,
        ({ refused }) => refused,
        STAGES,
        (stage) => STAGE_WORDS[language].stages[stage][0],
        words,
        words.charts.refused,
      ),
    },
    {
      name: "datagrams",
      isCount: true,
      format: count,
      series: splitCounts(
        window,
        ({ datagrams }) => datagrams,
        DATAGRAM_CLASSES,
        (name) => words.datagrams[name],
        words,
        words.charts.datagrams,
      ),
    },
    one("cpu", percentOf, (value) => spellPercent(value, language)),
    one(
      "memory",
      ({ memoryBytes }) => memoryBytes,
      (value) => spellMemory(value, language),
    ),
  ];
}

function percentOf({ cpuSeconds, seconds }: Reading): number {
  return seconds > 0 ? cpuSeconds / seconds * 100 : 0;
}

function spellPercent(value: number, language: Language): string {
  return `${spellNumber(value, language, value < 10 ? 1 : 0)}\u00a0%`;
}

/** A series for each name that occurs, the most frequent first; the rest is one. */
function splitCounts<K extends string>(
  { readings }: HistoryWindow,
  pick: (reading: Reading) => CountsBy<K>,
  names: readonly K[],
  spell: (name: K) => string,
  words: StatusWords,
  label: string,
): ChartSeries[] {
  const sums = new Map<K, number>();
  for (const reading of readings) {
    if (reading === null) continue;
    const counts = pick(reading);
    for (const name of names) {
      const count = counts[name];
      if (count !== undefined) sums.set(name, (sums.get(name) ?? 0) + count);
    }
  }
  const found = [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const isMany = found.length > MOST_SERIES;
  const shown = isMany ? found.slice(0, MOST_SERIES - 1) : found;
  const series = shown.map((name): ChartSeries => ({
    label: spell(name),
    values: readings.map((one) => one && (pick(one)[name] ?? 0)),
  }));
  if (isMany || series.length === 0) {
    const rest = (reading: Reading) =>
      shown.reduce(
        (sum, name) => sum - (pick(reading)[name] ?? 0),
        sumCounts(pick(reading)),
      );
    series.push({
      label: isMany ? words.others : label,
      values: readings.map((one) => one && rest(one)),
    });
  }
  return series;
}

function titleOf(
  { name, isCount, series }: ChartPlan,
  { stepMs }: HistoryWindow,
  language: Language,
): string {
  const words = STATUS_WORDS[language];
  const title = words.charts[name];
  if (name === "cpu") return `${title}, % ${words.ofOneCore}`;
  if (!isCount) return title;
  // one line has no key that could name it
  const only = series.length === 1 && series[0]!.label !== title
    ? ` (${series[0]!.label})`
    : "";
  const step = spellStep(stepMs, language);
  return `${title}${only}, ${fillWords(words.perStep, { step })}`;
}

/** Whole minutes without seconds. */
function spellStep(stepMs: number, language: Language): string {
  return spellDuration(stepMs / 1000, language).replace(/ 0\u00a0\S+$/, "");
}

function totalsOf({ series }: ChartPlan): (number | null)[] {
  const [first, ...more] = series;
  return (first?.values ?? []).map((value, index) =>
    value === null
      ? null
      : more.reduce((sum, { values }) => sum + (values[index] ?? 0), value)
  );
}

function spellLast(chart: ChartPlan): string {
  const last = totalsOf(chart).at(-1);
  return last === null || last === undefined ? "–" : chart.format(last);
}

function summarise(
  chart: ChartPlan,
  { stepMs }: HistoryWindow,
  language: Language,
): string {
  const words = STATUS_WORDS[language];
  const totals = totalsOf(chart);
  const known = totals.filter((value) => value !== null);
  if (known.length === 0) return words.noData;
  const { format } = chart;
  const most = format(Math.max(...known));
  const said = chart.isCount
    ? fillWords(words.summaryCounts, {
      sum: format(known.reduce((sum, value) => sum + value, 0)),
      most,
    })
    : fillWords(words.summary, {
      last: format(known.at(-1)!),
      least: format(Math.min(...known)),
      most,
    });
  const missing = totals.length - known.length;
  if (missing === 0) return said;
  const gaps = spellStep(missing * stepMs, language);
  return `${said} ${fillWords(words.gaps, { gaps })}`;
}
