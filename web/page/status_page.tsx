/**
 * The status page: whether all is well, the phones, the calls, the checks of the server, and what
 * has happened in the last hour or day.
 * @module
 */

import { raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { HistoryWindow } from "../../diag/history/history_ring.ts";
import { type Range, RANGES } from "../../diag/history/history.ts";
import type { ServerTrouble } from "../../diag/trouble_watch.ts";
import type { Language } from "../../diag/verdict.ts";
import type { CallRecord } from "../../pbx/call/call_record.ts";
import { type CheckDesk, currentResults } from "../check_desk.ts";
import type { LiveView } from "../live/live_view.ts";
import { judgeHealth } from "../office_health.ts";
import type { OfficeRoll } from "../office_roll.ts";
import type { ServerStatus } from "../server_status.ts";
import { CallsPart } from "./calls_part.tsx";
import { CheckPart } from "./check_part.tsx";
import { Frame } from "./frame.tsx";
import { HealthPart } from "./health_part.tsx";
import { HistoryPart } from "./history_part.tsx";
import type { App } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import { PhonesPart } from "./phones_part.tsx";
import { RepairOutcome } from "./repair.tsx";
import { readBack } from "./repair_actions.ts";
import { ServerPart } from "./server_part.tsx";
import { STATUS_WORDS } from "./words/status_words.ts";

/** What the page shows, asked anew each time; asking is cheap. */
export interface StatusSource {
  status(): ServerStatus;
  /** What phones are given as their server. */
  phoneAddress(): string;
  /** How all phones stand; null where nobody knows yet. */
  roll(): OfficeRoll | null;
  /** Resolves when `roll()` tells of now. */
  settle(): Promise<void>;
  /** Whether the verdicts of phones are known. */
  hasVerdicts(): boolean;
  /** The oldest first. */
  liveCalls(): readonly CallRecord[];
  readonly checks: CheckDesk;
  history(range: Range, nowMs: number): HistoryWindow;
  /** What is wrong with the server itself. */
  troubles(nowMs: number): readonly ServerTrouble[];
  readonly dataDir: string;
  /** On the disk of the data directory, in octets; null where unknown. */
  freeOctets(): number | null;
}

/** Adds the page and the button that checks again. */
export function addStatusPage(app: App, source: StatusSource): void {
  app.get("/", (context) => {
    const { page } = context.var;
    const query = context.req.query();
    const range = readRange(query["range"]);
    const { language, nowMs } = page;
    source.checks.look();
    return source.settle().then(() =>
      answerPage(
        context,
        <Frame
          page={page}
          title={STATUS_WORDS[language].title}
          live={range === "hour" ? "status" : `status/${range}`}
        >
          <RepairOutcome language={language} query={query} />
          {renderParts(source, range, language, nowMs).map(({ part }) => part)}
        </Frame>,
      )
    );
  });
  app.post("/checks", (context) => {
    source.checks.again();
    return readBack(context).then((path) => context.redirect(path, 303));
  });
}

/** `status` for the last hour, `status/day` for the last day. */
export function viewStatus(source: StatusSource, range: Range): LiveView {
  /** The charts are most of the work, and change with the steps of the history only. */
  const drawn = new Map<Language, { window: HistoryWindow; html: string }>();
  return (language, nowMs) => {
    source.checks.look();
    const draw = (window: HistoryWindow) => {
      const last = drawn.get(language);
      if (last !== undefined && isSame(last.window, window)) {
        return raw(last.html);
      }
      const html = String(
        <HistoryPart language={language} range={range} window={window} />,
      );
      drawn.set(language, { window, html });
      return raw(html);
    };
    return renderParts(source, range, language, nowMs, draw).map((
      { id, part },
    ) => ({ id, html: String(part) }));
  };
}

function isSame(one: HistoryWindow, other: HistoryWindow): boolean {
  return one.toMs === other.toMs &&
    one.readings.every((reading, index) => reading === other.readings[index]);
}

function renderParts(
  source: StatusSource,
  range: Range,
  language: Language,
  nowMs: number,
  draw: (
    window: HistoryWindow,
  ) => HtmlEscapedString | Promise<HtmlEscapedString> = (window) => (
    <HistoryPart language={language} range={range} window={window} />
  ),
) {
  const roll = source.roll();
  if (roll === null) return [];
  const { lines, strangers, scene } = roll;
  const health = judgeHealth({
    troubles: source.troubles(nowMs),
    checks: currentResults(source.checks, nowMs),
    lines,
    strangers,
    hasVerdicts: source.hasVerdicts(),
  });
  const isEmpty = lines.length === 0 && strangers.length === 0;
  return [
    {
      id: "status-says",
      part: <HealthPart language={language} health={health} />,
    },
    {
      id: "status-phones",
      part: isEmpty ? <div id="status-phones" hidden></div> : (
        <PhonesPart
          language={language}
          lines={lines}
          strangers={strangers}
          scene={scene}
        />
      ),
    },
    {
      id: "status-calls",
      part: (
        <CallsPart
          language={language}
          calls={source.liveCalls()}
          nameOf={(number) =>
            lines.find((line) => line.number === number)?.name}
          nowMs={nowMs}
        />
      ),
    },
    {
      id: "status-checks",
      part: <CheckPart language={language} desk={source.checks} />,
    },
    {
      id: "status-history",
      part: draw(source.history(range, nowMs)),
    },
    {
      id: "status-server",
      part: (
        <ServerPart
          language={language}
          status={source.status()}
          phoneAddress={source.phoneAddress()}
          dataDir={source.dataDir}
          freeOctets={source.freeOctets()}
        />
      ),
    },
  ];
}

function readRange(text: string | undefined): Range {
  return RANGES.find((range) => range === text) ?? "hour";
}
