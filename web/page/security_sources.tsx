/**
 * Where refused attempts come from, and who of them is taken for a scanner: with the phones that
 * are hidden by that, because one of them may be the administrator's own.
 * @module
 */

import type { SourceReport } from "../../diag/desk/source_report.ts";
import { cut, escapeText } from "../../pbx/quoted.ts";
import { fillWords } from "../fill_words.ts";
import type { Looker } from "./security_source.ts";
import { spellNumber } from "./spell.ts";
import { Time } from "./time.tsx";
import { SECURITY_WORDS, type SecurityWords } from "./words/security_words.ts";

const MOST = 20;
const MOST_NUMBERS = 6;
const MOST_NAMES = 2;
const LONGEST_NUMBER = 24;
const LONGEST_NAME = 48;

export interface SourceTableProps {
  readonly page: Looker;
  /** null: not known yet. */
  readonly sources: readonly SourceReport[] | null;
  isExtension(number: string): boolean;
}

/** A number that was tried, and whether it exists. */
interface Tried {
  readonly number: string;
  readonly isOwn: boolean;
}

export function Scanners({ page, sources, isExtension }: SourceTableProps) {
  const words = SECURITY_WORDS[page.language];
  const scanners = sources?.filter(({ suspicion }) => suspicion !== null) ?? [];
  const own = listOwn(scanners, isExtension);
  return (
    <section class="card" id="security-scanners">
      <h2>{words.scanners}</h2>
      <p class="muted">{words.scannersWhy}</p>
      {own.length > 0 && (
        <div class="notice warning">
          <strong>
            {fillWords(words.ownHidden, { numbers: own.join(", ") })}
          </strong>
          <p>{words.ownHiddenHow}</p>
        </div>
      )}
      {scanners.length === 0
        ? (
          <p class="empty">
            {sources === null ? words.collecting : words.scannersEmpty}
          </p>
        )
        : (
          <SourceTable
            page={page}
            sources={scanners.toSorted((a, b) =>
              b.trail.lastAt - a.trail.lastAt
            )}
            isExtension={isExtension}
          />
        )}
      <p class="muted">{words.scannersHow}</p>
    </section>
  );
}

export function Sources({ page, sources, isExtension }: SourceTableProps) {
  const words = SECURITY_WORDS[page.language];
  const refused = sources?.filter(({ trail }) => trail.failures > 0) ?? [];
  return (
    <section class="card" id="security-sources">
      <h2>{words.sources}</h2>
      {refused.length === 0
        ? (
          <p class="empty">
            {sources === null ? words.collecting : words.sourcesEmpty}
          </p>
        )
        : (
          <>
            <p class="muted">{words.sourcesWhy}</p>
            <SourceTable
              page={page}
              sources={refused}
              isExtension={isExtension}
            />
          </>
        )}
    </section>
  );
}

interface TableProps extends SourceTableProps {
  readonly sources: readonly SourceReport[];
}

function SourceTable({ page, sources, isExtension }: TableProps) {
  const words = SECURITY_WORDS[page.language];
  const heads = [
    ...[words.address, words.looks, words.numbers],
    ...[words.names, words.refused, words.last],
  ];
  return (
    <>
      <div class="table-wrap">
        <table>
          <thead>
            <tr>
              {heads.map((head) => <th scope="col">{head}</th>)}
            </tr>
          </thead>
          <tbody>
            {sources.slice(0, MOST).map((source) => (
              <SourceRow
                page={page}
                source={source}
                isExtension={isExtension}
              />
            ))}
          </tbody>
        </table>
      </div>
      {sources.length > MOST && (
        <p class="muted">
          {fillWords(words.more, { count: sources.length - MOST })}
        </p>
      )}
    </>
  );
}

interface SourceRowProps {
  readonly page: Looker;
  readonly source: SourceReport;
  isExtension(number: string): boolean;
}

function SourceRow({ page, source, isExtension }: SourceRowProps) {
  const words = SECURITY_WORDS[page.language];
  const { trail, suspicion } = source;
  const names = trail.userAgents.slice(0, MOST_NAMES)
    .map((name) => clean(name, LONGEST_NAME)).join(", ");
  return (
    <tr>
      <th scope="row" data-label={words.address}>
        <code>{clean(trail.host, LONGEST_NAME)}</code>
      </th>
      <td data-label={words.looks}>
        <span class={`pill ${suspicion === null ? "muted" : "warning"}`}>
          {spellLooks(source, words)}
        </span>
      </td>
      <td data-label={words.numbers}>
        <Numbers tried={listTried(source, isExtension)} words={words} />
      </td>
      <td data-label={words.names}>{names === "" ? "–" : names}</td>
      <td data-label={words.refused}>
        {spellNumber(trail.failures, page.language)}
      </td>
      <td data-label={words.last}>
        <Time
          ms={suspicion === null ? trail.lastFailureAt : trail.lastAt}
          page={page}
        />
      </td>
    </tr>
  );
}

interface NumbersProps {
  readonly tried: readonly Tried[];
  readonly words: SecurityWords;
}

/** Those that exist first: it may be a phone of the office. */
function Numbers({ tried, words }: NumbersProps) {
  if (tried.length === 0) return <span>–</span>;
  const rest = tried.length - MOST_NUMBERS;
  return (
    <span>
      {tried.slice(0, MOST_NUMBERS).map(({ number, isOwn }, index) => (
        <>
          {index > 0 && ", "}
          {isOwn
            ? (
              <>
                <strong>{clean(number, LONGEST_NUMBER)}</strong>{" "}
                ({words.ownNumber})
              </>
            )
            : clean(number, LONGEST_NUMBER)}
        </>
      ))}
      {rest > 0 && ", …"}
    </span>
  );
}

function spellLooks(
  { suspicion, trail }: SourceReport,
  words: SecurityWords,
): string {
  if (suspicion !== null) return words.suspicions[suspicion];
  return trail.registrations > 0 ? words.registered : words.unclear;
}

function listTried(
  { trail, suspicion }: SourceReport,
  isExtension: (number: string) => boolean,
): Tried[] {
  // of a phone those that work are nobody's business here
  const numbers = suspicion === null ? trail.failedNumbers : trail.numbers;
  return numbers
    .map((number) => ({ number, isOwn: isExtension(number) }))
    .sort((a, b) => Number(b.isOwn) - Number(a.isOwn));
}

/** Extensions among the phones that are hidden. */
function listOwn(
  scanners: readonly SourceReport[],
  isExtension: (number: string) => boolean,
): string[] {
  const numbers = scanners.flatMap(({ hidden }) => hidden)
    .map(({ number }) => number).filter(isExtension);
  return [...new Set(numbers)].slice(0, MOST)
    .map((number) => clean(number, LONGEST_NUMBER));
}

function clean(text: string, longest: number): string {
  return escapeText(cut(text, longest));
}
