/**
 * The page of one extension: how its phone stands, how far it got, and what goes to and fro.
 * @module
 */

import { isTls } from "../access/guard.ts";
import type { Child } from "hono/jsx";
import type { PhoneReport } from "../../diag/phone_report.ts";
import { isRegistered, lastRegistered } from "../../diag/story/story.ts";
import { textsOf } from "../../diag/texts/texts.ts";
import type { Finding, Verdict } from "../../diag/verdict.ts";
import { writeVerdict } from "../../diag/write_verdict.ts";
import { nearestNumbers } from "../../pbx/nearest_number.ts";
import { cut, escapeText } from "../../pbx/quoted.ts";
import { fillWords } from "../fill_words.ts";
import type { Fragment, LiveView } from "../live/live_view.ts";
import { makeLinks } from "../phone/phone_desk.ts";
import { orderReports } from "../phone_standing.ts";
import { type RepairScene, repairsOf } from "../repair.ts";
import type { MessageView } from "../trace_view.ts";
import { answerCapture } from "./capture_response.ts";
import { AttemptsPart, BindingsPart } from "./extension_parts.tsx";
import { SettingsPart } from "./extension_settings.tsx";
import type { ExtensionName, ExtensionSource } from "./extension_source.ts";
import { Frame } from "./frame.tsx";
import type { LadderParty } from "./ladder_lanes.ts";
import { LadderPicture } from "./ladder_picture.tsx";
import { viewLinks } from "./link_state.tsx";
import type { App } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import type { PageView } from "./page_view.ts";
import { PhoneCard } from "./phone_card.tsx";
import { RepairButtons, RepairOutcome } from "./repair.tsx";
import { StagePath } from "./stage_path.tsx";
import { AlsoPart, VerdictPart } from "./verdict_part.tsx";
import { EXTENSION_WORDS } from "./words/extension_words.ts";

type View = Pick<PageView, "language">;

const NUMBER = ":number{[0-9]{1,15}}";
/** As many as are shown live: the whole ladder is sent each time that it changes. */
const MOST_LIVE = 20;
const LONGEST_NAME = 80;

/** Adds the page and the download of its messages. */
export function addExtensionPage(app: App, source: ExtensionSource): void {
  app.get(`/extensions/${NUMBER}`, (context) => {
    const { page } = context.var;
    const number = context.req.param("number");
    const extension = source.find(number);
    if (extension === null) {
      const known = source.numbers();
      return Promise.resolve(answerPage(
        context,
        <UnknownNumber page={page} number={number} known={known} />,
        404,
      ));
    }
    const reached = {
      host: context.req.header("host"),
      isSecure: isTls(context),
    };
    const account = source.phones.accountOf(number);
    return source.settle().then(() =>
      answerPage(
        context,
        <ExtensionPage
          page={page}
          extension={extension}
          source={source}
          isWhole={context.req.query("messages") === "all"}
          query={context.req.query()}
        >
          {account !== null && (
            <PhoneCard
              page={page}
              card={account}
              links={makeLinks(source.phones, number, reached)}
              isFolded={source.bindings(number).length > 0}
            />
          )}
        </ExtensionPage>,
      )
    );
  });
  app.get(`/extensions/${NUMBER}/messages.pcapng`, (context) => {
    const number = context.req.param("number");
    return answerCapture(
      `messages-${number}`,
      context.var.page.version,
      source.capture(number),
    );
  });
}

/** The parts of the page that live; null where there is no such extension. */
export function viewExtension(
  source: ExtensionSource,
  number: string,
): LiveView | null {
  if (source.find(number) === null) return null;
  return (language) => {
    const page = { language };
    const parts = describeParts(source, number);
    const fragment = (id: string, element: Child): Fragment => ({
      id,
      html: String(element),
    });
    return [
      fragment("verdict", <StatePart page={page} parts={parts} />),
      fragment("bindings", <BindingsPart page={page} {...parts} />),
      fragment("attempts", <AttemptsPart page={page} {...parts} />),
      fragment("others", <OthersPart page={page} parts={parts} />),
      fragment("ladder", <MessagesPart page={page} parts={parts} />),
      ...viewLinks(source.phones, number, language),
    ];
  };
}

/** What the parts of the page are made from. */
interface Parts {
  readonly number: string;
  readonly reports: readonly PhoneReport[];
  readonly bindings: ReturnType<ExtensionSource["bindings"]>;
  readonly messages: readonly MessageView[];
  readonly scene: RepairScene;
}

function describeParts(source: ExtensionSource, number: string): Parts {
  const bindings = source.bindings(number);
  return {
    number,
    scene: {
      isExtension: (one) => source.find(one) !== null,
      countPhones: (one) => source.bindings(one).length,
    },
    reports: orderReports(source.reports.listOf(number), bindings.length > 0),
    bindings,
    messages: source.messages(number),
  };
}

interface ExtensionPageProps {
  readonly page: PageView;
  readonly extension: ExtensionName;
  readonly source: ExtensionSource;
  /** Whether all messages at hand are shown, and then they stand still. */
  readonly isWhole: boolean;
  /** Says what became of a repair. */
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly children?: Child;
}

function ExtensionPage(
  { page, extension, source, isWhole, query, children }: ExtensionPageProps,
) {
  const words = EXTENSION_WORDS[page.language];
  const { number, name } = extension;
  const parts = describeParts(source, number);
  const title = fillWords(words.title, { number });
  return (
    <Frame
      page={page}
      title={name === ""
        ? title
        : `${title} · ${escapeText(cut(name, LONGEST_NAME))}`}
      live={`extension/${number}`}
    >
      <RepairOutcome language={page.language} query={query} />
      <div aria-live="polite">
        <StatePart page={page} parts={parts} />
      </div>
      {parts.bindings.length === 0 && children}
      <BindingsPart page={page} {...parts} />
      {parts.bindings.length > 0 && children}
      <AttemptsPart page={page} {...parts} />
      <OthersPart page={page} parts={parts} />
      <SettingsPart page={page} extension={extension} />
      <MessagesPart page={page} parts={parts} isWhole={isWhole} />
    </Frame>
  );
}

interface PartProps {
  readonly page: View;
  readonly parts: Parts;
}

/** The phone that was active last. */
function StatePart({ page, parts }: PartProps) {
  const words = EXTENSION_WORDS[page.language];
  const [report] = parts.reports;
  return (
    <section class="card" id="verdict">
      <h2>{words.state}</h2>
      {report === undefined
        ? (
          <div class="empty">
            <p>{words.nothingSeen}</p>
            <p>{words.pressRegister}</p>
          </div>
        )
        : <ReportPart page={page} parts={parts} report={report} />}
    </section>
  );
}

function ReportPart(
  { page, parts, report }: PartProps & { readonly report: PhoneReport },
) {
  const words = EXTENSION_WORDS[page.language];
  const { main, also, stages } = report;
  const write = (finding: Finding) => writeFinding(finding, report, page);
  return (
    <div class="report">
      {main === null
        ? (
          <div class="notice info">
            <p>{isGone(report) ? words.gone : words.undecided}</p>
            <p>{words.pressRegister}</p>
          </div>
        )
        : (
          <VerdictPart page={page} verdict={write(main)}>
            <RepairButtons
              language={page.language}
              repairs={repairsOf(main, parts.number, parts.scene)}
              back={`/extensions/${parts.number}`}
            />
          </VerdictPart>
        )}
      {also.length > 0 && <AlsoPart page={page} verdicts={also.map(write)} />}
      <h3>{words.stages}</h3>
      <StagePath page={page} stages={stages} />
    </div>
  );
}

/** Whether the phone was registered, and is not any more. */
function isGone({ story }: PhoneReport): boolean {
  return lastRegistered(story) !== null && !isRegistered(story);
}

/** All phones but the first of which there is something to say, each folded. */
function OthersPart({ page, parts }: PartProps) {
  const words = EXTENSION_WORDS[page.language];
  // one phone may have come as several, each time that it started
  const others = parts.reports.slice(1).filter(({ main, also }) =>
    main !== null || also.length > 0
  );
  if (others.length === 0) return <section id="others" hidden></section>;
  return (
    <section class="card" id="others">
      <h2>{words.others}</h2>
      {others.map((report) => (
        <details id={idOf(report)}>
          <summary>{describePhone(report, page)}</summary>
          <ReportPart page={page} parts={parts} report={report} />
        </details>
      ))}
    </section>
  );
}

/** Stays the same while the others move. */
function idOf({ story: { firstAt, host } }: PhoneReport): string {
  return `phone-${Math.round(firstAt).toString(36)}-${
    host.replace(/[^\w]/g, "-")
  }`;
}

function describePhone(report: PhoneReport, page: View): string {
  const words = EXTENSION_WORDS[page.language];
  const { story, main } = report;
  const agent = escapeText(cut(story.userAgent, 60)) || words.unnamedPhone;
  const title = main === null
    ? words.undecided
    : writeFinding(main, report, page).title.replaceAll("`", "");
  return `${agent}, ${story.host}: ${title}`;
}

function writeFinding(
  finding: Finding,
  { story }: PhoneReport,
  { language }: View,
): Verdict {
  return writeVerdict(finding, story, language, textsOf(language));
}

function MessagesPart(
  { page, parts, isWhole = false }: PartProps & { readonly isWhole?: boolean },
) {
  const words = EXTENSION_WORDS[page.language];
  const { number, messages } = parts;
  const path = `/extensions/${number}`;
  return (
    // the live view has no part of this other name, and leaves it as it is
    <section class="card" id={isWhole ? "ladder-whole" : "ladder"}>
      <h2>{words.messages}</h2>
      {messages.length === 0 ? <p class="empty">{words.noMessages}</p> : (
        <>
          <LadderPicture
            messages={messages}
            page={page}
            own={words.server}
            parties={listParties(messages, number)}
            most={isWhole ? messages.length : MOST_LIVE}
          />
          <p class="actions">
            <a class="button" href={`${path}/messages.pcapng`} download>
              {words.download}
            </a>
            {isWhole && <a href={`${path}#ladder`}>{words.showLive}</a>}
            {!isWhole && messages.length > MOST_LIVE && (
              <a href={`${path}?messages=all#ladder-whole`}>
                {fillWords(words.showMore, { count: messages.length })}
              </a>
            )}
          </p>
          <p class="muted">{words.downloadHint}</p>
        </>
      )}
    </section>
  );
}

/** The phones of the extension on the left, those that it talks to on the right. */
function listParties(
  messages: readonly MessageView[],
  number: string,
): LadderParty[] {
  const names = new Map<string, string>();
  for (const { message, isRequest, from, to } of messages) {
    if (!isRequest) continue;
    const name = message.direction === "in" ? from : to;
    const { peer } = message.flow;
    if (!names.has(peer) || name === number) names.set(peer, name);
  }
  return [...names].map(([address, name]) => ({
    address,
    name,
    side: name === number ? "left" : "right",
  }));
}

function UnknownNumber(
  { page, number, known }: {
    readonly page: PageView;
    readonly number: string;
    readonly known: readonly string[];
  },
) {
  const words = EXTENSION_WORDS[page.language];
  const nearest = nearestNumbers(number, known);
  return (
    <Frame page={page} title={words.noSuchNumber}>
      <section class="card">
        <p>{fillWords(words.noSuchNumberText, { number })}</p>
        {nearest.length > 0 && (
          <>
            <p>{words.nearest}</p>
            <ul>
              {nearest.map((one) => (
                <li>
                  <a href={`/extensions/${one}`}>{one}</a>
                </li>
              ))}
            </ul>
          </>
        )}
        <p class="actions">
          <a class="button primary" href={`/extensions/new?number=${number}`}>
            {fillWords(words.addNumber, { number })}
          </a>
          <a class="button" href="/extensions">{words.allNumbers}</a>
        </p>
      </section>
    </Frame>
  );
}
