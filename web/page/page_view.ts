/**
 * What every page is told about the one who looks at it.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";

export const THEMES = ["auto", "light", "dark"] as const;
/** `auto`: as the browser wants it. */
export type Theme = (typeof THEMES)[number];

export interface PageView {
  readonly language: Language;
  readonly theme: Theme;
  /** The path that was asked for, without the query. */
  readonly path: string;
  /** What else the address asks for, as `q=10&range=day`; "" for nothing. */
  readonly query?: string;
  /** Where styles and scripts are, without a slash at the end. */
  readonly assets: string;
  /** Whether nobody on the way can read the page: TLS, or the same machine. */
  readonly isSecure: boolean;
  /** Whether somebody is signed in; before that the page names nothing of the office. */
  readonly isSignedIn: boolean;
  /** The wall clock, in milliseconds since 1970. */
  readonly nowMs: number;
  readonly version: string;
}
