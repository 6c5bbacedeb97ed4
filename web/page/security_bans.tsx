/**
 * Who is banned or locked out, with the button that lets him in again.
 * @module
 */

import { cut, escapeText } from "../../pbx/quoted.ts";
import { fillWords } from "../fill_words.ts";
import type { Ban } from "./ban.ts";
import type { PageView } from "./page_view.ts";
import { Time } from "./time.tsx";
import { REFUSAL_WORDS } from "./words/refusal_words.ts";
import { SECURITY_WORDS } from "./words/security_words.ts";

const MOST = 50;
const MOST_NUMBERS = 8;
const LONGEST = 64;

export interface BansProps {
  readonly page: Pick<PageView, "language">;
  readonly bans: readonly Ban[];
}

export function Bans({ page, bans }: BansProps) {
  const words = SECURITY_WORDS[page.language];
  const shown = bans.slice(0, MOST);
  const hasNumbers = shown.some(({ numbers }) => numbers.length > 0);
  const heads = [words.address, words.from, words.why];
  if (hasNumbers) heads.push(words.numbers);
  heads.push(words.since, words.until);
  return (
    <section class="card" id="security-bans">
      <h2>{words.locked}</h2>
      {shown.length === 0 && <p class="empty">{words.lockedEmpty}</p>}
      {shown.length > 0 && (
        <div class="table-wrap">
          <table>
            <thead>
              <tr>
                {heads.map((head) => <th scope="col">{head}</th>)}
                <th scope="col">
                  <span class="visually-hidden">{words.release}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((ban) => (
                <BanRow page={page} ban={ban} hasNumbers={hasNumbers} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {bans.length > MOST && (
        <p class="muted">
          {fillWords(words.more, { count: bans.length - MOST })}
        </p>
      )}
    </section>
  );
}

interface BanRowProps {
  readonly page: Pick<PageView, "language">;
  readonly ban: Ban;
  readonly hasNumbers: boolean;
}

function BanRow({ page, ban, hasNumbers }: BanRowProps) {
  const words = SECURITY_WORDS[page.language];
  const { source, kind, since, until, numbers } = ban;
  const release = fillWords(words.releaseOf, { source });
  return (
    <tr>
      <th scope="row" data-label={words.address}>
        <code>{clean(source)}</code>
      </th>
      <td data-label={words.from}>{words.kinds[kind]}</td>
      <td data-label={words.why}>{spellWhy(ban, page)}</td>
      {hasNumbers && (
        <td data-label={words.numbers}>
          {numbers.slice(0, MOST_NUMBERS).map(clean).join(", ")}
        </td>
      )}
      <td data-label={words.since}>
        <Time ms={since} page={page} />
      </td>
      <td data-label={words.until}>
        {until === 0 ? words.forGood : <Time ms={until} page={page} />}
      </td>
      <td class="actions">
        <form method="post" action="/security/release">
          <button class="button" type="submit" aria-label={release}>
            {words.release}
          </button>
          <input type="hidden" name="source" value={source} />
        </form>
      </td>
    </tr>
  );
}

function spellWhy(
  { why }: Ban,
  { language }: Pick<PageView, "language">,
): string {
  const known: Readonly<Record<string, string>> = {
    ...REFUSAL_WORDS[language],
    ...SECURITY_WORDS[language].whys,
  };
  return Object.hasOwn(known, why) ? known[why]! : clean(why);
}

function clean(text: string): string {
  return escapeText(cut(text, LONGEST));
}
