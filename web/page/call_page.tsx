/**
 * The page of one call: what is known of it, how it sounded in each direction, and the messages of
 * both phones as a ladder.
 * @module
 */

import type { Context } from "hono";
import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import type { CallDialog } from "../../pbx/call/call_dialog.ts";
import type { CallRecord } from "../../pbx/call/call_record.ts";
import type { CallSource } from "../api/api_calls.ts";
import type { Fragment, LiveView } from "../live/live_view.ts";
import { type MessageView, viewMessage } from "../trace_view.ts";
import { CallFacts } from "./call_facts.tsx";
import { CallLadder } from "./call_ladder.tsx";
import { CallSoundPart } from "./call_sound.tsx";
import { EndCall } from "./call_end.tsx";
import { answerCapture } from "./capture_response.ts";
import { Frame } from "./frame.tsx";
import type { Names } from "./number_name.tsx";
import type { App, AppEnv } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import type { PageView } from "./page_view.ts";
import { CALL_WORDS } from "./words/call_words.ts";

/** What the pages about calls show and do. */
export interface CallPageSource extends CallSource {
  /** The names of extensions. */
  names(): Names;
  /** The dialogs of a call that lives or ended lately; null where it is not remembered. */
  dialogsOf(id: string): readonly CallDialog[] | null;
  /** The numbers of the messages of dialogs that are kept, the oldest first. */
  findMessages(callIds: ReadonlySet<string>): Promise<readonly number[]>;
  /** The same at once; null where that is not possible yet. */
  peekMessages(callIds: ReadonlySet<string>): readonly number[] | null;
  /** A message by its number; null where it is not kept any more. */
  message(number: number): TrafficEntry | null;
}

/** More messages than these are a page that nobody reads. */
const MOST_MESSAGES = 400;

/** Adds the page of a call, its end, and the download of its messages. */
export function addCallPage(app: App, source: CallPageSource): void {
  app.get("/calls/:id", (context) => {
    const { page } = context.var;
    const call = findCall(source, context.req.param("id"));
    if (call === null) return Promise.resolve(answerNoCall(context));
    const callIds = callIdsOf(source, call.id);
    const found = callIds === null
      ? Promise.resolve(null)
      : source.findMessages(callIds);
    return found.then((numbers) =>
      answerPage(
        context,
        <CallPage
          page={page}
          call={call}
          names={source.names()}
          messages={numbers === null ? null : readMessages(source, numbers)}
        />,
      )
    );
  });
  app.post("/calls/:id/end", (context) => {
    const id = context.req.param("id");
    // one that is over already is what was wanted
    source.hangUp(id);
    return context.redirect(`/calls/${encodeURIComponent(id)}`, 303);
  });
  app.get("/calls/:id/messages.pcapng", (context) => {
    const id = context.req.param("id");
    const callIds = callIdsOf(source, id);
    if (callIds === null) return Promise.resolve(answerNoCall(context));
    const name = `pbx-call-${id.replace(/[^\w-]/g, "_").slice(0, 64)}`;
    return source.findMessages(callIds).then((numbers) =>
      answerCapture(name, context.var.page.version, pick(source, numbers))
    );
  });
}

/** The view `call/ID`; null where there is no such call. */
export function viewCall(source: CallPageSource, id: string): LiveView | null {
  if (findCall(source, id) === null) return null;
  let drawn = "";
  let ladder: Fragment | null = null;
  return (language, nowMs) => {
    const call = findCall(source, id);
    if (call === null) return [];
    const page = { language, nowMs };
    const callIds = callIdsOf(source, id);
    const numbers = callIds === null ? null : source.peekMessages(callIds);
    const key = `${language} ${numbers?.join()}`;
    if (numbers !== null && key !== drawn) {
      const messages = readMessages(source, numbers);
      ladder = {
        id: "call-messages",
        html: String(
          <CallLadder page={page} call={call} messages={messages} />,
        ),
      };
      drawn = key;
    }
    return [
      {
        id: "call-facts",
        html: String(
          <CallFacts page={page} call={call} names={source.names()} />,
        ),
      },
      { id: "call-end", html: String(<CallEndPart page={page} call={call} />) },
      {
        id: "call-sound",
        html: String(<CallSoundPart page={page} call={call} />),
      },
      ...(ladder === null ? [] : [ladder]),
    ];
  };
}

function answerNoCall(context: Context<AppEnv>): Response {
  return answerPage(context, <NoCall page={context.var.page} />, 404);
}

function findCall(source: CallSource, id: string): CallRecord | null {
  return source.listLive().find((call) => call.id === id) ??
    source.getKept(id);
}

function callIdsOf(
  source: CallPageSource,
  id: string,
): ReadonlySet<string> | null {
  const dialogs = source.dialogsOf(id);
  return dialogs === null ? null : new Set(dialogs.map(({ callId }) => callId));
}

function readMessages(
  source: CallPageSource,
  numbers: readonly number[],
): MessageView[] {
  return [...pick(source, numbers.slice(-MOST_MESSAGES))].map(viewMessage);
}

function* pick(
  source: CallPageSource,
  numbers: readonly number[],
): Generator<TrafficEntry> {
  for (const number of numbers) {
    const message = source.message(number);
    if (message !== null) yield message;
  }
}

interface CallPageProps {
  readonly page: PageView;
  readonly call: CallRecord;
  readonly names: Names;
  /** Null where it is not known which they are. */
  readonly messages: readonly MessageView[] | null;
}

export function CallPage({ page, call, names, messages }: CallPageProps) {
  const words = CALL_WORDS[page.language];
  const { caller, dialled } = call;
  const title = `${words.title} ${caller.number} → ${dialled}`;
  return (
    <Frame
      page={page}
      title={title.slice(0, 120)}
      {
        // what is over does not change any more
        ...(call.state === "ended" ? {} : { live: `call/${call.id}` })
      }
    >
      <p>
        <a href="/calls">{words.toList}</a>
      </p>
      <CallFacts page={page} call={call} names={names} />
      <CallEndPart page={page} call={call} />
      <CallSoundPart page={page} call={call} />
      <CallLadder page={page} call={call} messages={messages} />
    </Frame>
  );
}

interface PartProps {
  readonly page: Pick<PageView, "language" | "nowMs">;
  readonly call: CallRecord;
}

/** Stands apart from the facts, so that they change while somebody holds the button. */
function CallEndPart({ page, call }: PartProps) {
  return (
    <div class="actions" id="call-end">
      {call.state !== "ended" && <EndCall page={page} call={call} />}
    </div>
  );
}

function NoCall({ page }: { readonly page: PageView }) {
  const words = CALL_WORDS[page.language];
  return (
    <Frame page={page} title={words.notFound}>
      <section class="card">
        <p>{words.notFoundText}</p>
        <p>
          <a class="button" href="/calls">{words.toList}</a>
        </p>
      </section>
    </Frame>
  );
}
