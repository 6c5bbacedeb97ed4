/**
 * Tells messages that are sent once more because no answer came (RFC 3261 §17.1) from new ones.
 * @module
 */

import { BoundedMap } from "../diag/bounded_map.ts";
import type { MessageView } from "./trace_view.ts";

const MOST_REMEMBERED = 8192;

export class RepeatCounter {
  readonly #counts = new BoundedMap<number>(MOST_REMEMBERED);

  /** How often the message was seen, this time included (RFC 3261 §17.1.3). */
  count(
    { message, isRequest, method, status, branch, cseq, callId }: MessageView,
  ): number {
    if (branch === "" && callId === "") return 1;
    const kind = isRequest ? method : `${status} ${method}`;
    const { direction, flow } = message;
    const key = `${direction} ${flow.peer} ${kind} ${cseq} ${branch} ${callId}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.put(key, count);
    return count;
  }
}
