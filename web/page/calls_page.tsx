/**
 * The page Calls: those that live, then those that are over, the newest first; of all numbers or
 * of one; and the same as a table for a spreadsheet.
 * @module
 */

import type { CallRecord } from "../../pbx/call/call_record.ts";
import { cut } from "../../pbx/quoted.ts";
import { listCalls } from "../api/api_calls.ts";
import { spellStamp } from "../file_stamp.ts";
import { fillWords } from "../fill_words.ts";
import type { LiveView } from "../live/live_view.ts";
import { streamCallCsv } from "./call_csv_stream.ts";
import { EndCall } from "./call_end.tsx";
import type { CallPageSource } from "./call_page.tsx";
import {
  CallState,
  spellCallee,
  spellSound,
  spellTalk,
} from "./call_state.tsx";
import { Frame } from "./frame.tsx";
import { type Names, NumberName } from "./number_name.tsx";
import type { App } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import type { PageView } from "./page_view.ts";
import { Time } from "./time.tsx";
import { CALLS_WORDS } from "./words/calls_words.ts";

/** Calls on one page. */
const PAGE = 100;
const LONGEST = 64;
/** A call may have come and gone between two looks. */
const LOOK_AGAIN_MS = 10_000;

/** What of the calls is looked at; "" for anything. */
interface CallQuery {
  readonly number: string;
  /** The call where the page before ended. */
  readonly before: string;
}

const NEWEST: CallQuery = { number: "", before: "" };

/** One page of calls. */
interface CallList {
  readonly live: readonly CallRecord[];
  readonly ended: readonly CallRecord[];
  /** Where the next page begins; "" where this is the last one. */
  readonly next: string;
}

/** Adds the list and its download. */
export function addCallsPage(app: App, source: CallPageSource): void {
  app.get("/calls", (context) => {
    const { page } = context.var;
    const query = {
      number: (context.req.query("number") ?? "").trim().slice(0, LONGEST),
      before: (context.req.query("before") ?? "").slice(0, LONGEST),
    };
    const list = findCalls(source, query);
    return answerPage(
      context,
      <CallsPage
        page={page}
        query={query}
        list={list}
        names={source.names()}
      />,
    );
  });
  app.get("/calls.csv", (context) => {
    const number = (context.req.query("number") ?? "").trim().slice(0, LONGEST);
    const name = `pbx-calls-${spellStamp(source.nowMs())}.csv`;
    return context.body(streamCallCsv(source, number || undefined), 200, {
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="${name}"`,
    });
  });
}

/** The view `calls`: the first page, of all numbers. */
export function viewCalls(source: CallPageSource): LiveView {
  let lastKey = "";
  let lookedAtMs = -Infinity;
  let kept: CallList = { live: [], ended: [], next: "" };
  return (language, nowMs) => {
    const page = { language, nowMs };
    const live = source.listLive();
    const key = live.map(({ id }) => id).join();
    // a call that is over has left those that live
    if (key !== lastKey || Math.abs(nowMs - lookedAtMs) >= LOOK_AGAIN_MS) {
      kept = findCalls(source, NEWEST);
      lastKey = key;
      lookedAtMs = nowMs;
    }
    const newest = live.toReversed().slice(0, PAGE);
    const names = source.names();
    return [
      {
        id: "calls-now",
        html: String(<CallsNow page={page} calls={newest} names={names} />),
      },
      {
        id: "calls-before",
        html: String(
          <CallsBefore page={page} query={NEWEST} list={kept} names={names} />,
        ),
      },
    ];
  };
}

function findCalls(
  source: CallPageSource,
  { number, before }: CallQuery,
): CallList {
  const found = listCalls(
    source,
    PAGE + 1,
    number || undefined,
    before || undefined,
    false,
  );
  const shown = found.slice(0, PAGE);
  const next = found.length > PAGE ? shown.at(-1)?.id ?? "" : "";
  return {
    live: shown.filter(({ state }) => state !== "ended"),
    ended: shown.filter(({ state }) => state === "ended"),
    next,
  };
}

type Looker = Pick<PageView, "language" | "nowMs">;

interface CallsPageProps {
  readonly page: PageView;
  readonly query: CallQuery;
  readonly list: CallList;
  readonly names: Names;
}

export function CallsPage({ page, query, list, names }: CallsPageProps) {
  const words = CALLS_WORDS[page.language];
  const { number, before } = query;
  // what is filtered stands still, so that nothing moves away under the finger
  const live = number === "" && before === "" ? { live: "calls" } : {};
  const hasNow = before === "" || list.live.length > 0;
  return (
    <Frame page={page} title={words.title} {...live}>
      <form class="actions calls-form" method="get" action="/calls">
        <div class="field">
          <label for="calls-number">{words.number}</label>
          <input
            id="calls-number"
            name="number"
            value={number}
            maxlength={LONGEST}
            autocomplete="off"
            aria-describedby="calls-hint"
          />
          <p class="hint" id="calls-hint">{words.numberHint}</p>
        </div>
        <button class="button primary" type="submit">{words.show}</button>
        {number !== "" && (
          <a class="button quiet" href="/calls">{words.showAll}</a>
        )}
        <a class="button" href={`/calls.csv${writeQuery({ number })}`}>
          {words.csv}
        </a>
      </form>
      {hasNow && <CallsNow page={page} calls={list.live} names={names} />}
      <CallsBefore page={page} query={query} list={list} names={names} />
    </Frame>
  );
}

interface CallsNowProps {
  readonly page: Looker;
  readonly calls: readonly CallRecord[];
  readonly names: Names;
}

function CallsNow({ page, calls, names }: CallsNowProps) {
  const words = CALLS_WORDS[page.language];
  return (
    <section class="card" id="calls-now">
      <h2>{words.now}</h2>
      {calls.length === 0
        ? <p class="muted">{words.nowEmpty}</p>
        : <CallTable page={page} calls={calls} names={names} isLive />}
    </section>
  );
}

interface CallsBeforeProps {
  readonly page: Looker;
  readonly query: CallQuery;
  readonly list: CallList;
  readonly names: Names;
}

function CallsBefore({ page, query, list, names }: CallsBeforeProps) {
  const words = CALLS_WORDS[page.language];
  const { number, before } = query;
  return (
    <section class="card" id="calls-before">
      <h2>{words.before}</h2>
      {list.ended.length === 0
        ? (
          <p class="empty">
            {number === ""
              ? words.beforeEmpty
              : fillWords(words.emptyOf, { number })}
          </p>
        )
        : <CallTable page={page} calls={list.ended} names={names} />}
      {(before !== "" || list.next !== "") && (
        <p class="actions">
          {before !== "" && (
            <a class="button" href={`/calls${writeQuery({ number })}`}>
              {words.newest}
            </a>
          )}
          {list.next !== "" && (
            <a
              class="button"
              rel="next"
              href={`/calls${writeQuery({ number, before: list.next })}`}
            >
              {words.older}
            </a>
          )}
        </p>
      )}
    </section>
  );
}

interface CallTableProps {
  readonly page: Looker;
  readonly calls: readonly CallRecord[];
  readonly names: Names;
  readonly isLive?: boolean;
}

function CallTable({ page, calls, names, isLive = false }: CallTableProps) {
  const words = CALLS_WORDS[page.language];
  const heads = [
    ...[words.time, words.from, words.to, words.state, words.duration],
    ...[words.codec, words.fromCaller, words.fromCallee],
  ];
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            {heads.map(showHead)}
            {isLive && (
              <th scope="col">
                <span class="visually-hidden">{words.end}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <CallRow page={page} call={call} names={names} isLive={isLive} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function showHead(text: string) {
  return <th scope="col">{text}</th>;
}

interface CallRowProps {
  readonly page: Looker;
  readonly call: CallRecord;
  readonly names: Names;
  readonly isLive: boolean;
}

function CallRow({ page, call, names, isLive }: CallRowProps) {
  const { language, nowMs } = page;
  const words = CALLS_WORDS[language];
  const path = `/calls/${encodeURIComponent(call.id)}`;
  const caller = call.caller.number;
  const called = call.callee.number || call.dialled;
  return (
    <tr>
      <td data-label={words.time}>
        <a href={path}>
          <Time ms={call.startedAt} page={page} />
        </a>
      </td>
      <td data-label={words.from}>
        <NumberName text={cut(caller, LONGEST)} name={names.get(caller)} />
      </td>
      <td data-label={words.to}>
        <NumberName
          text={spellCallee(call, words)}
          name={names.get(called)}
        />
      </td>
      <td data-label={words.state}>
        <CallState call={call} language={language} />
      </td>
      <td data-label={words.duration}>{spellTalk(call, nowMs, language)}</td>
      <td data-label={words.codec}>{cut(call.codec, LONGEST)}</td>
      <td data-label={words.fromCaller}>
        {spellSound(call.callerSound, language)}
      </td>
      <td data-label={words.fromCallee}>
        {spellSound(call.calleeSound, language)}
      </td>
      {isLive && (
        <td class="actions">
          <EndCall call={call} page={page} isShort />
        </td>
      )}
    </tr>
  );
}

function writeQuery(values: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== "") query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
