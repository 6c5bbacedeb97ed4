/**
 * A verdict: what a story means. A rule finds it in the words of the catalogue (`Finding`), and it
 * is written out in a language for people and programs (`Verdict`, whose shape is part of the
 * contract).
 * @module
 */

import type { Stage } from "../sip/stage.ts";
import type { Code, RemedyPlace, Severity } from "./catalogue.ts";
import type { Scene } from "./scene.ts";
import type { Story } from "./story/story.ts";
import type { PhraseKey } from "./texts/text.ts";

/** What a sentence is filled with. */
export type Values = Readonly<Record<string, string | number>>;

/** One thing that was seen, as a sentence that is still in no language. */
export interface Evidence {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly phrase: PhraseKey;
  readonly values: Values;
}

/** What a rule has found. */
export interface Finding {
  readonly code: Code;
  /** When it became true, in milliseconds since 1970: of two equal findings the newer one counts. */
  readonly at: number;
  /** Fills the texts of the code; the catalogue says which values there are. */
  readonly values: Values;
  /** In the order of time. */
  readonly evidence: readonly Evidence[];
  /** The command that mends it; "" for none. */
  readonly command?: string;
  /** Instead of the catalogue's, for what is a guess, or harmless this time. */
  readonly severity?: Severity;
}

/** Looks at a story in its scene and says what is wrong, or nothing. */
export type Rule = (story: Story, scene: Scene) => Finding | null;

export interface Verdict {
  readonly code: Code;
  readonly stage: Stage;
  readonly severity: Severity;
  /** "" where it is about the server. */
  readonly extension: string;
  /** `host:port` of the phone; "" where it is about the server. */
  readonly source: string;
  /** The phone's User-Agent, as it says; "" where unknown. */
  readonly phone: string;
  readonly title: string;
  /** `at` by RFC 3339. */
  readonly evidence: readonly { readonly at: string; readonly what: string }[];
  readonly remedy: Remedy;
  readonly lang: Language;
}

export interface Remedy {
  readonly where: RemedyPlace;
  /** The field of the phone, under a name that does not change: `password`; null for none. */
  readonly field: string | null;
  readonly text: string;
  readonly command: string | null;
}

export const LANGUAGES = ["uz", "ru", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** How a stage stands, as the strip of stages shows it. */
export interface StageState {
  readonly stage: Stage;
  readonly state: "passed" | "stopped" | "unknown";
}
