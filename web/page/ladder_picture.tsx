/**
 * The ladder of messages as a picture: a vertical line for each party, an arrow for each message,
 * and under the arrow, when it is pressed, the text of the message. Lines are drawn row by row, so
 * that a text can stand between two rows and a reader of the screen has a list.
 * @module
 */

import type { Child } from "hono/jsx";
import type { Language } from "../../diag/verdict.ts";
import { cut, escapeText } from "../../pbx/quoted.ts";
import { fillWords } from "../fill_words.ts";
import {
  type LadderHint,
  LadderReader,
  type LadderTone,
} from "../ladder_line.ts";
import type { MessageView } from "../trace_view.ts";
import {
  arrangeLanes,
  type LadderParty,
  type Lane,
  type Lanes,
} from "./ladder_lanes.ts";
import { writeMessageText } from "./message_text.ts";
import type { PageView } from "./page_view.ts";
import { spellClock, spellDuration } from "./spell.ts";
import { Time } from "./time.tsx";
import { LADDER_WORDS, type LadderWords } from "./words/ladder_words.ts";

export interface LadderPictureProps {
  /** The oldest first; secrets in them are hidden here. */
  readonly messages: readonly MessageView[];
  readonly page: Pick<PageView, "language">;
  /** What stands over the line of this server. */
  readonly own: string;
  /** Phones whose names and places are known: for a call the caller left, the callee right. */
  readonly parties?: readonly LadderParty[];
  /** Of more messages only the newest are shown; 200 where nothing is said. */
  readonly most?: number;
}

const MOST_MESSAGES = 200;
const LONGEST_LABEL = 30;
const LONGEST_ADDRESS = 24;
const LONGEST_NAME = 24;
const ROW_HEIGHT = 44;
const LINE_AT = 24;
/** Where the first and the last line stand, in hundredths of the width. */
const FIRST_PERCENT = 7;
const LAST_PERCENT = 93;

/** Draws nothing but the list where there are no messages: the page says what to do then. */
export function LadderPicture(
  { messages, page, own, parties = [], most = MOST_MESSAGES }:
    LadderPictureProps,
) {
  const words = LADDER_WORDS[page.language];
  const shown = messages.slice(-most);
  const lanes = arrangeLanes(shown, own, parties);
  const rows = describeRows(messages, shown, lanes, page.language);
  const lines = lanes.lanes.map((_, place) => (
    <line
      class="ladder-line"
      x1={percentOf(place, lanes)}
      x2={percentOf(place, lanes)}
      y2="100%"
    />
  ));
  return (
    <div class={`ladder ladder-${lanes.lanes.length}`}>
      <p class="muted">
        {words.secrets}
        {shown.length < messages.length &&
          ` ${fillWords(words.shortened, { count: shown.length })}`}
      </p>
      <div
        class="ladder-box"
        data-keep-scroll
        tabindex={0}
        role="group"
        aria-label={words.title}
      >
        <LadderHead lanes={lanes} words={words} />
        <ol>
          {rows.map((row) => (
            <LadderRow
              row={row}
              lanes={lanes}
              lines={lines}
              page={page}
              words={words}
            />
          ))}
        </ol>
      </div>
    </div>
  );
}

/** One arrow, in the words of the page. */
interface Row {
  readonly view: MessageView;
  readonly id: string;
  readonly tone: LadderTone;
  readonly isRepeated: boolean;
  readonly label: string;
  /** The method that an answer belongs to; "" for a request. */
  readonly answers: string;
  readonly notes: string;
  readonly from: number;
  readonly to: number;
  /** The same in words. */
  readonly way: string;
  /** Since the message before; "" for the first. */
  readonly after: string;
}

function describeRows(
  messages: readonly MessageView[],
  shown: readonly MessageView[],
  lanes: Lanes,
  language: Language,
): Row[] {
  const words = LADDER_WORDS[language];
  const reader = new LadderReader();
  // what is not shown tells whether a message is a repetition
  for (const view of messages.slice(0, -shown.length || 0)) reader.read(view);
  const ways = new Map<string, string>();
  let lastAt = NaN;
  let sameAt = 0;
  return shown.map((view) => {
    const { at, direction, flow } = view.message;
    sameAt = at === lastAt ? sameAt + 1 : 0;
    const after = Number.isNaN(lastAt) ? "" : spellAfter(at - lastAt, language);
    lastAt = at;
    const { tone, hints } = reader.read(view);
    const peer = lanes.placeOf(flow.peer);
    const isIn = direction === "in";
    const [from, to] = isIn ? [peer, lanes.own] : [lanes.own, peer];
    const key = `${direction} ${flow.peer}`;
    const way = ways.get(key) ?? spellWay(view, from, to, lanes, words);
    ways.set(key, way);
    return {
      view,
      // stays the same when older messages go
      id: `message-${Math.round(at).toString(36)}-${sameAt}`,
      tone,
      isRepeated: hints.some(([hint]) => hint === "again"),
      label: labelOf(view, words),
      answers: view.isRequest ? "" : escapeText(cut(view.method, 16)),
      notes: hints.map((hint) => spellHint(hint, words)).join(", "),
      from,
      to,
      way,
      after,
    };
  });
}

function LadderHead({ lanes, words }: { lanes: Lanes; words: LadderWords }) {
  return (
    <div class="ladder-head" aria-hidden="true">
      <span></span>
      <svg width="100%" height={ROW_HEIGHT}>
        {lanes.lanes.map((lane, place) => (
          <g text-anchor={anchorOf(place, lanes)}>
            <text class="ladder-name" x={edgeOf(place, lanes)} y="14">
              {nameOf(lane, words)}
            </text>
            <text class="ladder-address" x={edgeOf(place, lanes)} y="30">
              {shortenAddress(lane.address)}
            </text>
            <line
              class="ladder-line"
              x1={percentOf(place, lanes)}
              x2={percentOf(place, lanes)}
              y1="34"
              y2="100%"
            />
          </g>
        ))}
      </svg>
    </div>
  );
}

interface LadderRowProps {
  readonly row: Row;
  readonly lanes: Lanes;
  readonly lines: Child;
  readonly page: Pick<PageView, "language">;
  readonly words: LadderWords;
}

function LadderRow({ row, lanes, lines, page, words }: LadderRowProps) {
  const { view, from, to, way } = row;
  const [start, end] = [percentAt(from, lanes), percentAt(to, lanes)];
  const middle = `${(start + end) / 2}%`;
  const tip = end > start ? "M-1 0l-9-5v10z" : "M1 0l9-5v10z";
  const { text, isCut } = writeMessageText(view.message.octets);
  return (
    <li>
      <details id={row.id}>
        <summary>
          <span class="ladder-time">
            <Time ms={view.message.at} page={page} show="time" />
            <small class="muted">{row.after}</small>
          </span>
          <svg
            class={`arrow ${row.tone}${row.isRepeated ? " repeated" : ""}`}
            width="100%"
            height={ROW_HEIGHT}
            aria-hidden="true"
          >
            {lines}
            <line
              class="arrow-line"
              x1={`${start}%`}
              x2={`${end}%`}
              y1={LINE_AT}
              y2={LINE_AT}
            />
            <svg x={`${end}%`} y={LINE_AT} overflow="visible">
              <path class="arrow-tip" d={tip} />
            </svg>
            <text class="arrow-label" x={middle} y={LINE_AT - 7}>
              {row.label}
              {row.answers !== "" && (
                <tspan class="arrow-method">{` ${row.answers}`}</tspan>
              )}
            </text>
            <text class="arrow-notes" x={middle} y={LINE_AT + 15}>
              {row.notes}
            </text>
          </svg>
          <span class="visually-hidden">
            {`${way}: ${`${row.label} ${row.answers}`.trim()}${
              row.notes === "" ? "" : `, ${row.notes}`
            }`}
          </span>
        </summary>
        <div class="ladder-text">
          <p class="muted">
            {`${way}, ${view.message.flow.transport.toUpperCase()}`}
          </p>
          {view.fault !== "" && (
            <p lang="en">{cut(escapeText(view.fault), 160)}</p>
          )}
          <pre tabindex={0}>{text}</pre>
          {isCut && <p class="muted">{words.cut}</p>}
        </div>
      </details>
    </li>
  );
}

function percentAt(place: number, { lanes }: Lanes): number {
  if (lanes.length < 2) return 50;
  const share = place / (lanes.length - 1);
  return Math.round(FIRST_PERCENT + share * (LAST_PERCENT - FIRST_PERCENT));
}

function percentOf(place: number, lanes: Lanes): string {
  return `${percentAt(place, lanes)}%`;
}

/** The outermost names are held by the edge, so that they are not cut. */
function edgeOf(place: number, lanes: Lanes): string {
  if (place === 0) return "0";
  return place === lanes.lanes.length - 1 ? "100%" : percentOf(place, lanes);
}

function anchorOf(place: number, { lanes }: Lanes): "start" | "middle" | "end" {
  if (place === 0) return "start";
  return place === lanes.length - 1 ? "end" : "middle";
}

function nameOf({ kind, name }: Lane, words: LadderWords): string {
  if (kind === "others") return words.others;
  return cut(escapeText(name), LONGEST_NAME);
}

/** Of a long IPv6 address both ends, because phones of one network differ at the end. */
function shortenAddress(address: string): string {
  if (address.length <= LONGEST_ADDRESS) return address;
  return `${address.slice(0, 7)}…${address.slice(8 - LONGEST_ADDRESS)}`;
}

function spellWay(
  view: MessageView,
  from: number,
  to: number,
  lanes: Lanes,
  words: LadderWords,
): string {
  return fillWords(words.way, {
    from: spellParty(view, from, lanes, words),
    to: spellParty(view, to, lanes, words),
  });
}

function spellParty(
  { message }: MessageView,
  place: number,
  { lanes }: Lanes,
  words: LadderWords,
): string {
  const lane = lanes[place]!;
  const name = nameOf(lane, words);
  if (lane.kind === "own") return name;
  const { peer } = message.flow;
  return lane.kind === "others" || name === "" ? peer : `${name} (${peer})`;
}

function labelOf(view: MessageView, words: LadderWords): string {
  const { isRequest, method, status, reason } = view;
  if (method === "" && status === 0) return words.unreadable;
  const label = isRequest ? method : `${status} ${reason}`;
  return escapeText(cut(label.trim(), LONGEST_LABEL));
}

function spellHint([hint, value]: LadderHint, words: LadderWords): string {
  // the parser's own words stand beside the text
  if (value === undefined) return words.hints[hint];
  return fillWords(words.hints[hint], { value });
}

function spellAfter(afterMs: number, language: Language): string {
  const ms = Math.max(0, Math.round(afterMs));
  if (ms >= 60_000) return `+${spellClock(ms / 1000)}`;
  if (ms >= 1000) return `+${spellDuration(ms / 1000, language)}`;
  return `+${ms}\u00a0${LADDER_WORDS[language].milliseconds}`;
}
