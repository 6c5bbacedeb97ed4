/**
 * A moment on a page: written in UTC, and turned into the local time of the one who looks by the
 * client script.
 * @module
 */

import type { PageView } from "./page_view.ts";

export interface TimeProps {
  /** Milliseconds since 1970. */
  readonly ms: number;
  readonly page: Pick<PageView, "language">;
  /** Without it day and time; `time` leaves out the day. */
  readonly show?: "time";
}

/** The last moment that a `Date` holds. */
const LAST_MS = 8.64e15;

/** Writes `–` for what is no moment. */
export function Time({ ms, page, show }: TimeProps) {
  if (!(Math.abs(ms) <= LAST_MS)) return <span>–</span>;
  const iso = new Date(ms).toISOString();
  const [year, month, day] = iso.slice(0, 10).split("-");
  const date = page.language === "en"
    ? `${year}-${month}-${day}`
    : `${day}.${month}.${year}`;
  const clock = `${iso.slice(11, 19)} UTC`;
  return (
    <time datetime={iso} data-show={show}>
      {show === "time" ? clock : `${date} ${clock}`}
    </time>
  );
}
