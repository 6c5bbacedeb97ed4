/**
 * The messages of a call as a picture, as a part of its page: the caller left, this server in the
 * middle, the phones that were called right.
 * @module
 */

import type { CallRecord } from "../../pbx/call/call_record.ts";
import type { MessageView } from "../trace_view.ts";
import type { LadderParty } from "./ladder_lanes.ts";
import { LadderPicture } from "./ladder_picture.tsx";
import type { PageView } from "./page_view.ts";
import { CALL_WORDS } from "./words/call_words.ts";

export interface CallLadderProps {
  readonly page: Pick<PageView, "language">;
  readonly call: CallRecord;
  /** The oldest first; null where it is not known which they are. */
  readonly messages: readonly MessageView[] | null;
}

export function CallLadder({ page, call, messages }: CallLadderProps) {
  const words = CALL_WORDS[page.language];
  const hasAny = messages !== null && messages.length > 0;
  return (
    <section class="card" id="call-messages">
      <h2>{words.messages}</h2>
      {hasAny
        ? (
          <>
            <LadderPicture
              messages={messages}
              page={page}
              own={words.exchange}
              parties={listParties(call)}
            />
            <p class="actions">
              <a
                class="button"
                href={`/calls/${encodeURIComponent(call.id)}/messages.pcapng`}
              >
                {words.download}
              </a>
            </p>
          </>
        )
        : (
          <p class="muted">
            {messages === null ? words.messagesUnknown : words.messagesGone}
          </p>
        )}
    </section>
  );
}

function listParties({ caller, callee }: CallRecord): LadderParty[] {
  const parties: LadderParty[] = [];
  if (caller.source !== "") {
    parties.push({
      address: caller.source,
      name: caller.number,
      side: "left",
    });
  }
  if (callee.source !== "") {
    parties.push({
      address: callee.source,
      name: callee.number,
      side: "right",
    });
  }
  return parties;
}
