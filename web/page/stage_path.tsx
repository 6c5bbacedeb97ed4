/**
 * The stages of an attempt as a path: what was passed, and where it stopped.
 * @module
 */

import type { StageState } from "../../diag/verdict.ts";
import type { PageView } from "./page_view.ts";
import { STAGE_WORDS } from "./words/stage_words.ts";

export interface StagePathProps {
  readonly page: Pick<PageView, "language">;
  readonly stages: readonly StageState[];
}

export function StagePath({ page, stages }: StagePathProps) {
  const words = STAGE_WORDS[page.language];
  return (
    <ol class="stages">
      {stages.map(({ stage, state }) => {
        const [name, meaning] = words.stages[stage];
        return (
          <li class={state} title={`${meaning}: ${words.states[state]}`}>
            {name}
            <span class="visually-hidden">
              {`: ${words.states[state]}. ${meaning}.`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
