/**
 * The text format in which Prometheus reads metrics, version 0.0.4: for each family its help, its
 * type and its samples.
 *
 *     # HELP pbx_calls_active Calls that live
 *     # TYPE pbx_calls_active gauge
 *     pbx_calls_active 3
 *
 * @module
 */

export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** What was counted into buckets. */
export interface Distribution {
  /** The upper end of each bucket but the last, which has none; ascending. */
  readonly bounds: readonly number[];
  /** How many fell into each bucket, that without an end too; not added up. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** Puts a document together, one family after the other. */
export class Exposition {
  #text = "";

  /** A number that only grows; its name ends in `_total`. */
  addCounter(name: string, help: string, value: number): this {
    return this.#begin(name, help, "counter").#put(name, "", value);
  }

  /** Such a number for each value of a label. */
  addCounters(
    name: string,
    help: string,
    label: string,
    values: Readonly<Record<string, number>>,
  ): this {
    this.#begin(name, help, "counter");
    for (const [key, value] of Object.entries(values)) {
      this.#put(name, writeLabel(label, key), value);
    }
    return this;
  }

  /** A number that rises and falls. */
  addGauge(name: string, help: string, value: number): this {
    return this.#begin(name, help, "gauge").#put(name, "", value);
  }

  /** A text, in a label of a number that is always 1. */
  addInfo(name: string, help: string, label: string, value: string): this {
    return this.#begin(name, help, "gauge")
      .#put(name, writeLabel(label, value), 1);
  }

  addHistogram(
    name: string,
    help: string,
    { bounds, counts, sum }: Distribution,
  ): this {
    this.#begin(name, help, "histogram");
    let total = 0;
    for (const [i, count] of counts.entries()) {
      total += count;
      const bound = bounds[i] ?? Infinity;
      this.#put(
        `${name}_bucket`,
        writeLabel("le", writeNumber(bound)),
        total,
      );
    }
    return this.#put(`${name}_sum`, "", sum).#put(`${name}_count`, "", total);
  }

  toString(): string {
    return this.#text;
  }

  #begin(name: string, help: string, type: string): this {
    const told = help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
    this.#text += `# HELP ${name} ${told}\n# TYPE ${name} ${type}\n`;
    return this;
  }

  #put(name: string, labels: string, value: number): this {
    this.#text += `${name}${labels} ${writeNumber(value)}\n`;
    return this;
  }
}

function writeLabel(name: string, value: string): string {
  const told = value.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")
    .replace(/"/g, '\\"');
  return `{${name}="${told}"}`;
}

function writeNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  return String(value);
}
