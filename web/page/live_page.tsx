/**
 * The page Live: every message as it comes and goes, of all phones, of one number or of one
 * address. Without script it is a table of the last ones.
 * @module
 */

import type { Context } from "hono";
import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import { ownerOf } from "../access/admin.ts";
import { parseInteger } from "../../sip/octet.ts";
import { spellStamp } from "../file_stamp.ts";
import { fillWords } from "../fill_words.ts";
import { readRowWish, type RowWish, writeWishQuery } from "../live/row_wish.ts";
import { answerStream } from "../live/stream_response.ts";
import type { TraceRow } from "../live/trace_row.ts";
import { answerCapture } from "./capture_response.ts";
import { Frame } from "./frame.tsx";
import { writeMessageText } from "./message_text.ts";
import type { App, AppEnv } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import type { PageView } from "./page_view.ts";
import { Time } from "./time.tsx";
import { LADDER_WORDS } from "./words/ladder_words.ts";
import { LIVE_WORDS, type LiveWords } from "./words/live_words.ts";

/** What the page shows. */
export interface LiveSource {
  /** The wall clock. */
  nowMs(): number;
  /** The newest rows, the oldest of them first. */
  list(wish: RowWish, most: number): Promise<readonly TraceRow[]>;
  /**
   * A stream of events, which ends when its owner signs out, or `ended` is settled; null where too
   * many watch.
   */
  watch(
    wish: RowWish,
    lastEvent: string | undefined,
    owner: string,
    ended?: Promise<void>,
  ): ReadableStream<Uint8Array> | null;
  /** A message by its number; null where it is not kept any more. */
  message(id: number): TrafficEntry | null;
  /** What is kept, read one by one as it is taken. */
  messages(wish: RowWish): Promise<Iterable<TrafficEntry>>;
}

const MOST_ROWS = 100;
const LONGEST_MESSAGE = 1 << 16;
const LATEST_ID = Number.MAX_SAFE_INTEGER;

/** Adds the page, its stream, and what it loads. */
export function addLivePage(app: App, source: LiveSource): void {
  app.get("/live", (context) => {
    const { page } = context.var;
    const { wish, faults } = readWishOf(context);
    return source.list(wish, MOST_ROWS).then((rows) =>
      answerPage(
        context,
        <LivePage page={page} wish={wish} faults={faults} rows={rows} />,
        faults.length > 0 ? 400 : 200,
      )
    );
  });
  app.get("/stream/trace", (context) => {
    const { wish } = readWishOf(context);
    const last = context.req.header("last-event-id") ??
      context.req.query("last");
    const owner = ownerOf(context.var.admin);
    const { ended } = context.env;
    return answerStream(context, source.watch(wish, last, owner, ended));
  });
  app.get("/live/messages.pcapng", (context) => {
    const { wish } = readWishOf(context);
    const name = `pbx-trace-${spellStamp(source.nowMs())}`;
    return source.messages(wish).then((messages) =>
      answerCapture(name, context.var.page.version, messages)
    );
  });
  app.get("/live/messages/:id", (context) => {
    const message = source.message(
      parseInteger(context.req.param("id"), LATEST_ID),
    );
    if (message === null) return context.text("Not kept any more\n", 404);
    const { text } = writeMessageText(message.octets, LONGEST_MESSAGE);
    return context.text(text, 200, {
      "Content-Type": "text/plain; charset=utf-8",
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "default-src 'none'; sandbox",
    });
  });
}

function readWishOf({ req }: Context<AppEnv>) {
  return readRowWish(req.query("number"), req.query("address"));
}

interface LivePageProps {
  readonly page: PageView;
  readonly wish: RowWish;
  readonly faults: readonly (keyof RowWish)[];
  readonly rows: readonly TraceRow[];
}

export function LivePage({ page, wish, faults, rows }: LivePageProps) {
  const words = LIVE_WORDS[page.language];
  const query = writeWishQuery(wish);
  const { hints, unreadable } = LADDER_WORDS[page.language];
  const spoken = JSON.stringify({ ...words.script, hints, unreadable });
  return (
    <Frame page={page} title={words.title}>
      <p class="muted">{words.about}</p>
      <form class="trace-form" method="get" action="/live">
        <Field
          name="number"
          value={wish.number}
          label={words.number}
          hint={words.numberHint}
          fault={faults.includes("number") ? words.numberFault : null}
        />
        <Field
          name="address"
          value={wish.address}
          label={words.address}
          hint={words.addressHint}
          fault={faults.includes("address") ? words.addressFault : null}
        />
        <p class="actions">
          <button class="button primary" type="submit">{words.show}</button>
          {query !== "" && (
            <a class="button quiet" href="/live">{words.showAll}</a>
          )}
          <a
            class="button"
            href={`/live/messages.pcapng${query}`}
            title={words.downloadHint}
          >
            {words.download}
          </a>
        </p>
      </form>
      {faults.length === 0 && (
        <>
          <section
            class="card trace"
            id="trace"
            hidden
            data-stream={`/stream/trace${query}`}
            data-messages="/live/messages/"
            data-words={spoken}
          >
          </section>
          <section class="card" id="trace-table">
            <h2>{fillWords(words.last, { count: rows.length })}</h2>
            <noscript>
              <p class="muted">{words.noScript}</p>
            </noscript>
            {rows.length === 0
              ? <p class="empty">{words.empty}</p>
              : <RowTable page={page} rows={rows} words={words} />}
          </section>
          <script type="module" src={`${page.assets}/live.js`}></script>
        </>
      )}
    </Frame>
  );
}

interface FieldProps {
  readonly name: keyof RowWish;
  readonly value: string;
  readonly label: string;
  readonly hint: string;
  readonly fault: string | null;
}

function Field({ name, value, label, hint, fault }: FieldProps) {
  const id = `trace-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        value={value}
        maxlength={64}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={`${id}-hint`}
        aria-invalid={fault === null ? undefined : "true"}
      />
      <p class={fault === null ? "hint" : "error"} id={`${id}-hint`}>
        {fault ?? hint}
      </p>
    </div>
  );
}

interface RowTableProps {
  readonly page: PageView;
  readonly rows: readonly TraceRow[];
  readonly words: LiveWords;
}

/** The newest last, as in the list that the script makes. */
function RowTable({ page, rows, words }: RowTableProps) {
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col">{words.phone}</th>
            <th scope="col">{words.direction}</th>
            <th scope="col">{words.message}</th>
            <th scope="col">{words.notes}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <td data-label={words.time}>
                <Time ms={row.at} page={page} show="time" />
              </td>
              <td data-label={words.phone}>{row.peer}</td>
              <td data-label={words.direction}>
                {words.script[row.direction]}
              </td>
              <td data-label={words.message}>
                <a href={`/live/messages/${row.id}`}>
                  {spellRow(row, page)}
                </a>
              </td>
              <td data-label={words.notes}>{spellHints(row, page)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function spellRow({ what, from, to }: TraceRow, page: PageView): string {
  const kind = what === "" ? LADDER_WORDS[page.language].unreadable : what;
  const whom = [from, to].filter((name) => name !== "").join(" → ");
  return `${kind} ${whom}`.trim();
}

/** What the parser says of a fault is in no language of ours, and stands behind it. */
function spellHints({ hints }: TraceRow, page: PageView): string {
  const words = LADDER_WORDS[page.language].hints;
  return hints.map(([kind, value]) =>
    kind === "fault"
      ? `${words.fault}: ${value}`
      : fillWords(words[kind], { value: value ?? "" })
  ).join(", ");
}
