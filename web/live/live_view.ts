/**
 * A live view: the parts of a page that change while somebody looks at it. A page renders its
 * parts with the same functions, each in an element with the part's `id`; the stream sends those
 * that changed, and the browser puts them in the place of the old ones.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";

/** One element of a page. */
export interface Fragment {
  /** The `id` of its outermost element. */
  readonly id: string;
  /** That element, whole. */
  readonly html: string;
}

/**
 * Renders all parts of a view. One rendering serves all who look at it in one language, at most
 * once a second; so it must not hold anything that is for one session only.
 */
export type LiveView = (
  language: Language,
  nowMs: number,
) => readonly Fragment[];

/** Finds the view of a name such as `status` or `extension/1001`; null where there is none. */
export type FindView = (name: string) => LiveView | null;
