/**
 * Cuts a stream of server-sent events into events (HTML living standard, §9.2.6), as far as ours
 * use the format: one `event` and one `data` line each, comments as signs of life.
 * @module
 */

export interface StreamEvent {
  readonly name: string;
  /** The JSON that stood in it; undefined where it was none. */
  readonly data: unknown;
}

/** A longer event than any of ours: the other end is no server of ours. */
const MOST_UNITS = 4 << 20;

export class EventReader {
  #rest = "";

  /** Takes the next piece of the stream; gives the events that are complete with it. */
  push(text: string): StreamEvent[] {
    this.#rest += text;
    const blocks = this.#rest.split("\n\n");
    this.#rest = blocks.pop()!.slice(-MOST_UNITS);
    const events: StreamEvent[] = [];
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name === undefined || data === undefined) continue;
      events.push({ name, data: parseJson(data) });
    }
    return events;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
