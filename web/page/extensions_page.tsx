/**
 * The list of extensions: who has a phone, and what keeps the others from having one.
 * @module
 */

import { severityOf } from "../../diag/ranking.ts";
import { textsOf } from "../../diag/texts/texts.ts";
import type { PhoneReport, ReportDesk } from "../../diag/phone_report.ts";
import type { Severity } from "../../diag/catalogue.ts";
import type { Language } from "../../diag/verdict.ts";
import { fillText } from "../../diag/write_verdict.ts";
import { cut } from "../../pbx/quoted.ts";
import type { BindingEntry } from "../extension_entry.ts";
import { fillWords } from "../fill_words.ts";
import type { Fragment, LiveView } from "../live/live_view.ts";
import { orderReports } from "../phone_standing.ts";
import { Frame } from "./frame.tsx";
import type { App } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import type { PageView } from "./page_view.ts";
import { QuotedText } from "./quoted_text.tsx";
import {
  EXTENSIONS_WORDS,
  type ExtensionsWords,
} from "./words/extensions_words.ts";

/** What the list shows, asked once a second while somebody looks. */
export interface ExtensionsSource {
  readonly reports: ReportDesk;
  /** Short numbers first; the same array as before where nothing changed. */
  extensions(): readonly ListedExtension[];
  bindings(number: string): readonly BindingEntry[];
  /** How many phones are registered. */
  phoneCount(): number;
}

export interface ListedExtension {
  readonly number: string;
  readonly name: string;
}

const MOST_ROWS = 200;
/** Rows in one part of the page: what changes is sent with few others. */
const GROUP_ROWS = 20;
const LONGEST_QUERY = 40;
const LONGEST_PHONE = 60;

/** Adds the page. Belongs before the page of one extension. */
export function addExtensionsPage(app: App, source: ExtensionsSource): void {
  app.get("/extensions", (context) => {
    const { page } = context.var;
    const query = readQuery(context.req.query("q"));
    return answerPage(
      context,
      <ExtensionsPage page={page} query={query} source={source} />,
    );
  });
}

/** Finds `extensions`, or what somebody searches: `extensions/QUERY`; null for another name. */
export function findExtensionsView(
  source: ExtensionsSource,
  name: string,
): LiveView | null {
  if (name === "extensions") return viewExtensions(source, "");
  const query = /^extensions\/(.+)$/.exec(name)?.[1];
  if (query === undefined) return null;
  try {
    return viewExtensions(source, decodeURIComponent(query));
  } catch {
    return null;
  }
}

export function viewExtensions(
  source: ExtensionsSource,
  query: string,
): LiveView {
  const wanted = readQuery(query);
  return (language) => {
    const found = findExtensions(source, wanted);
    const words = EXTENSIONS_WORDS[language];
    return [
      {
        id: "extensions-summary",
        html: String(<Summary source={source} words={words} />),
      },
      ...groupRows(found, source, language).map((rows, index): Fragment => ({
        id: groupId(index),
        html: String(
          <RowGroup index={index} rows={rows} words={words} />,
        ),
      })),
    ];
  };
}

function readQuery(text: string | undefined): string {
  return (text ?? "").trim().slice(0, LONGEST_QUERY);
}

function findExtensions(
  source: ExtensionsSource,
  query: string,
): readonly ListedExtension[] {
  const all = source.extensions();
  if (query === "") return all;
  const wanted = query.toLowerCase();
  return all.filter(({ number, name }) =>
    number.includes(wanted) || name.toLowerCase().includes(wanted)
  );
}

interface ExtensionsPageProps {
  readonly page: PageView;
  readonly query: string;
  readonly source: ExtensionsSource;
}

function ExtensionsPage({ page, query, source }: ExtensionsPageProps) {
  const words = EXTENSIONS_WORDS[page.language];
  const found = findExtensions(source, query);
  const live = query === ""
    ? "extensions"
    : `extensions/${encodeURIComponent(query)}`;
  const hasAny = found.length > 0 || query !== "";
  return (
    <Frame page={page} title={words.title} live={live}>
      <div class="actions list-head">
        <a class="button primary" href="/extensions/new">{words.add}</a>
        {hasAny && <Search query={query} words={words} />}
      </div>
      <section class="card">
        <h2 class="visually-hidden">{words.title}</h2>
        <Summary source={source} words={words} />
        {found.length === 0
          ? <Nothing query={query} words={words} />
          : <Table found={found} page={page} source={source} words={words} />}
        {found.length > MOST_ROWS && (
          <p class="muted">
            {fillWords(words.cut, { shown: MOST_ROWS, found: found.length })}
          </p>
        )}
      </section>
    </Frame>
  );
}

function Search({ query, words }: { query: string; words: ExtensionsWords }) {
  return (
    <form class="search" method="get" action="/extensions" role="search">
      <label class="visually-hidden" for="q">{words.search}</label>
      <input
        type="search"
        id="q"
        name="q"
        value={query}
        maxlength={LONGEST_QUERY}
        placeholder={words.search}
        title={words.searchHint}
      />
      <button class="button" type="submit">{words.find}</button>
      {query !== "" && (
        <a class="button quiet" href="/extensions">{words.showAll}</a>
      )}
    </form>
  );
}

function Nothing({ query, words }: { query: string; words: ExtensionsWords }) {
  return query === ""
    ? (
      <div class="empty">
        <p>{words.noneYet}</p>
        <p>
          <a class="button" href="/extensions/new">{words.add}</a>
        </p>
      </div>
    )
    : <p class="empty">{words.noneFound}</p>;
}

function Summary({ source, words }: {
  source: ExtensionsSource;
  words: ExtensionsWords;
}) {
  return (
    <p class="muted" id="extensions-summary">
      {fillWords(words.summary, {
        extensions: source.extensions().length,
        phones: source.phoneCount(),
      })}
    </p>
  );
}

interface TableProps {
  readonly found: readonly ListedExtension[];
  readonly page: PageView;
  readonly source: ExtensionsSource;
  readonly words: ExtensionsWords;
}

function Table({ found, page, source, words }: TableProps) {
  const { columns } = words;
  return (
    <div class="table-wrap">
      <table class="extension-list">
        <thead>
          <tr>
            <th scope="col">{columns.number}</th>
            <th scope="col">{columns.name}</th>
            <th scope="col">{columns.state}</th>
            <th scope="col">{columns.phone}</th>
            <th scope="col">{columns.source}</th>
          </tr>
        </thead>
        {groupRows(found, source, page.language).map((rows, index) => (
          <RowGroup index={index} rows={rows} words={words} />
        ))}
      </table>
    </div>
  );
}

/** One line of the list. */
interface Row extends ListedExtension {
  readonly tone: Severity | "muted";
  readonly state: string;
  readonly bindings: readonly BindingEntry[];
}

/** Always all groups, so that each has its place on the page when it is needed. */
function groupRows(
  found: readonly ListedExtension[],
  source: ExtensionsSource,
  language: Language,
): Row[][] {
  const reports = Map.groupBy(
    source.reports.list(),
    ({ story }) => story.number,
  );
  const rows = found.slice(0, MOST_ROWS).map((extension) => {
    const { number } = extension;
    const bindings = source.bindings(number);
    const own = orderReports(reports.get(number) ?? [], bindings.length > 0);
    return describeRow(extension, bindings, own[0] ?? null, language);
  });
  const groups: Row[][] = [];
  for (let first = 0; first < MOST_ROWS; first += GROUP_ROWS) {
    groups.push(rows.slice(first, first + GROUP_ROWS));
  }
  return groups;
}

/** What is wrong counts more than that another phone of the number is registered. */
function describeRow(
  { number, name }: ListedExtension,
  bindings: readonly BindingEntry[],
  report: PhoneReport | null,
  language: Language,
): Row {
  const words = EXTENSIONS_WORDS[language];
  const main = report?.main ?? null;
  const severity = main === null ? null : severityOf(main);
  const row = { number, name, bindings };
  if (main !== null && (severity === "error" || severity === "warning")) {
    const { title } = textsOf(language).codes[main.code];
    return { ...row, tone: severity, state: fillText(title, main.values) };
  }
  return bindings.length > 0
    ? { ...row, tone: "ok", state: words.registered }
    : { ...row, tone: "muted", state: words.noPhone };
}

function groupId(index: number): string {
  return `extension-rows-${index}`;
}

function RowGroup({ index, rows, words }: {
  index: number;
  rows: readonly Row[];
  words: ExtensionsWords;
}) {
  const { columns } = words;
  return (
    <tbody id={groupId(index)} hidden={rows.length === 0}>
      {rows.map((row) => (
        <tr>
          <th scope="row" data-label={columns.number}>
            <a href={`/extensions/${row.number}`}>{row.number}</a>
          </th>
          <td data-label={columns.name}>{row.name}</td>
          <td data-label={columns.state}>
            <span class={`pill ${row.tone}`}>
              <QuotedText text={row.state} />
            </span>
          </td>
          <td data-label={columns.phone}>
            {row.bindings.length === 0
              ? ""
              : <Phone bindings={row.bindings} words={words} />}
          </td>
          <td data-label={columns.source}>{row.bindings[0]?.source ?? ""}</td>
        </tr>
      ))}
    </tbody>
  );
}

function Phone({ bindings, words }: {
  bindings: readonly BindingEntry[];
  words: ExtensionsWords;
}) {
  const [first, ...others] = bindings;
  const name = cut(first?.userAgent || words.unnamedPhone, LONGEST_PHONE);
  const more = others.length === 0
    ? ""
    : ` ${fillWords(words.more, { count: others.length })}`;
  return <span>{name + more}</span>;
}
