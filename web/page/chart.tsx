/**
 * A small chart of values over time, as a picture that needs no script: lines, or areas one upon
 * the other. A step of which nothing is known is a gap. What the picture shows is said in words
 * below it.
 *
 * The picture is as many units wide as there are steps and 100 high; the browser stretches it.
 * @module
 */

/** One line. */
export interface ChartSeries {
  readonly label: string;
  /** One for each step; null where nothing is known. */
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  /** Of the figure; no other one on the page has it. */
  readonly id: string;
  readonly title: string;
  /** The newest value, as a person reads it. */
  readonly value: string;
  /** From the bottom to the top; up to 4. */
  readonly series: readonly ChartSeries[];
  /** Writes the value at the upper end of the axis. */
  readonly format: (value: number) => string;
  /** What stands at both ends of the axis of time. */
  readonly from: string;
  readonly to: string;
  /** What the picture shows, in words. */
  readonly summary: string;
}

const HEIGHT = 100;

export function Chart(props: ChartProps) {
  const { id, title, value, series, format, from, to, summary } = props;
  const steps = series[0]?.values.length ?? 0;
  const layers = stackSeries(series);
  const top = roundUp(findMost(layers));
  const hasValues = series.some(({ values }) =>
    values.some((value) => value !== null)
  );
  return (
    <figure class="chart" id={id}>
      <figcaption>
        <strong>{title}</strong> <span class="chart-value">{value}</span>
      </figcaption>
      <div class="chart-plot">
        {hasValues && <span class="chart-top">{format(top)}</span>}
        <svg
          viewBox={`0 0 ${steps} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-words`}
        >
          <title id={`${id}-title`}>{title}</title>
          <path class="chart-gap" d={drawGaps(series, HEIGHT)} />
          <path class="chart-axis" d={`M0 .5H${steps}M0 99.5H${steps}`} />
          {layers.map((layer, index) => (
            <g class={`series-${index + 1}`}>
              <path
                class="chart-area"
                d={drawArea(layer, layers[index - 1] ?? null, top)}
              />
              <path class="chart-line" d={drawLine(layer, top)} />
            </g>
          ))}
        </svg>
      </div>
      <div class="chart-times">
        <span>{from}</span>
        <span>{to}</span>
      </div>
      {series.length > 1 && (
        <ul class="chart-key">
          {series.map(({ label }, index) => (
            <li class={`series-${index + 1}`}>{label}</li>
          ))}
        </ul>
      )}
      <p class="chart-words" id={`${id}-words`}>{summary}</p>
    </figure>
  );
}

type Values = readonly (number | null)[];

/** Each series on top of those before it. */
function stackSeries(series: readonly ChartSeries[]): Values[] {
  const layers: Values[] = [];
  for (const { values } of series) {
    const below = layers.at(-1);
    layers.push(
      below === undefined
        ? values
        : values.map((value, index) =>
          value === null ? null : value + (below[index] ?? 0)
        ),
    );
  }
  return layers;
}

function findMost(layers: readonly Values[]): number {
  let most = 0;
  for (const value of layers.at(-1) ?? []) {
    if (value !== null && value > most) most = value;
  }
  return most;
}

/**
 * The next number that reads well: 1, 2 or 5 with noughts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { roundUp } from "./chart.tsx";
 * assert.deepEqual([0, 0.3, 8, 10, 11, 420].map(roundUp), [1, 0.5, 10, 10, 20, 500]);
 * ```
 */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((one) => one * unit >= value) ?? 10;
  // so that 5 times 0.1 is 0.5
  return unit < 1 ? factor / Math.round(1 / unit) : factor * unit;
}

/** First and last step of each stretch without a gap. */
function* findStretches(values: Values): Generator<readonly [number, number]> {
  let first = -1;
  for (let index = 0; index <= values.length; index++) {
    const isKnown = index < values.length && values[index] !== null;
    if (isKnown && first < 0) first = index;
    if (isKnown || first < 0) continue;
    yield [first, index - 1];
    first = -1;
  }
}

function drawLine(values: Values, top: number): string {
  let path = "";
  for (const [first, last] of findStretches(values)) {
    path += `M${first} ${placeOf(values[first]!, top)}` +
      drawStretch(values, first, last, top);
  }
  return path;
}

/** Between a layer and the one below it; null: down to the axis. */
function drawArea(values: Values, below: Values | null, top: number): string {
  let path = "";
  for (const [first, last] of findStretches(values)) {
    path += `M${first} ${placeOf(values[first]!, top)}` +
      drawStretch(values, first, last, top);
    if (below === null) {
      path += `V${HEIGHT}H${first}Z`;
      continue;
    }
    path += `V${placeOf(below[last] ?? 0, top)}`;
    let drawn = placeOf(below[last] ?? 0, top);
    for (let index = last; index >= first; index--) {
      const place = placeOf(below[index] ?? 0, top);
      const isFlat = place === drawn &&
        (index === first || placeOf(below[index - 1] ?? 0, top) === drawn);
      if (!isFlat) path += `L${index + 0.5} ${place}`;
      drawn = place;
    }
    path += `H${first}Z`;
  }
  return path;
}

/** From the beginning of a stretch, where the pen is, to its end; what is flat is one line. */
function drawStretch(
  values: Values,
  first: number,
  last: number,
  top: number,
): string {
  let path = "";
  let drawn = placeOf(values[first]!, top);
  for (let index = first; index <= last; index++) {
    const place = placeOf(values[index]!, top);
    const isFlat = place === drawn &&
      (index === last || placeOf(values[index + 1]!, top) === drawn);
    if (!isFlat) path += `L${index + 0.5} ${place}`;
    drawn = place;
  }
  return `${path}H${last + 1}`;
}

function placeOf(value: number, top: number): number {
  return Math.round((1 - value / top) * HEIGHT * 2) / 2;
}

function drawGaps(series: readonly ChartSeries[], height: number): string {
  const [one] = series;
  if (one === undefined) return "";
  const unknown = one.values.map((value) => value === null ? 0 : null);
  let path = "";
  for (const [first, last] of findStretches(unknown)) {
    path += `M${first} 0H${last + 1}V${height}H${first}Z`;
  }
  return path;
}
