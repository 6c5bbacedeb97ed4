/**
 * The button that ends a call.
 * @module
 */

import type { CallRecord } from "../../pbx/call/call_record.ts";
import type { PageView } from "./page_view.ts";
import { CALLS_WORDS } from "./words/calls_words.ts";

export interface EndCallProps {
  readonly page: Pick<PageView, "language">;
  readonly call: Pick<CallRecord, "id">;
  /** Whether it stands in a table, where there is little room. */
  readonly isShort?: boolean;
}

export function EndCall({ page, call, isShort = false }: EndCallProps) {
  const words = CALLS_WORDS[page.language];
  return (
    <form
      method="post"
      action={`/calls/${encodeURIComponent(call.id)}/end`}
      data-confirm={words.endConfirm}
      data-confirm-yes={words.endYes}
    >
      <button class="button danger" type="submit">
        {isShort ? words.endShort : words.end}
      </button>
    </form>
  );
}
