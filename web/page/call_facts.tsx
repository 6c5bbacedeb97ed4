/**
 * What is known of a call, as a part of its page.
 * @module
 */

import type { CallParty, CallRecord } from "../../pbx/call/call_record.ts";
import { cut } from "../../pbx/quoted.ts";
import { CallState, spellCallee, spellTalk } from "./call_state.tsx";
import { type Names, NumberName } from "./number_name.tsx";
import type { PageView } from "./page_view.ts";
import { spellDuration } from "./spell.ts";
import { Time } from "./time.tsx";
import { CALL_WORDS, type CallWords } from "./words/call_words.ts";
import { CALLS_WORDS } from "./words/calls_words.ts";

export interface CallFactsProps {
  readonly page: Pick<PageView, "language" | "nowMs">;
  readonly call: CallRecord;
  readonly names: Names;
}

const LONGEST = 80;

export function CallFacts({ page, call, names }: CallFactsProps) {
  const { language, nowMs } = page;
  const words = CALL_WORDS[language];
  const common = CALLS_WORDS[language];
  const { startedAt, ringingAt, answeredAt, endedAt, status, codec } = call;
  const untilMs = answeredAt || endedAt || nowMs;
  const moments = [
    [words.began, startedAt],
    [words.rang, ringingAt],
    [words.answered, answeredAt],
    [words.over, endedAt],
  ] as const;
  return (
    <section class="card" id="call-facts">
      <h2>{words.facts}</h2>
      <dl class="facts">
        <div>
          <dt>{common.state}</dt>
          <dd>
            <CallState call={call} language={language} />
          </dd>
        </div>
        <Fact
          label={common.from}
          text={call.caller.number}
          name={names.get(call.caller.number)}
        />
        <Fact
          label={common.to}
          text={spellCallee(call, common)}
          name={names.get(call.callee.number || call.dialled)}
        />
        {moments.map(([label, ms]) =>
          ms > 0 && (
            <div>
              <dt>{label}</dt>
              <dd>
                <Time ms={ms} page={page} />
              </dd>
            </div>
          )
        )}
        <Fact
          label={words.waited}
          text={spellDuration((untilMs - startedAt) / 1000, language)}
        />
        <Fact
          label={common.duration}
          text={spellTalk(call, nowMs, language)}
        />
        <Fact label={words.status} text={status > 0 ? String(status) : ""} />
        <Fact label={common.codec} text={codec} />
      </dl>
      <div class="call-sides">
        <Party title={words.caller} party={call.caller} words={words} />
        <Party title={words.callee} party={call.callee} words={words} />
      </div>
    </section>
  );
}

interface PartyProps {
  readonly title: string;
  readonly party: CallParty;
  readonly words: CallWords;
}

/** Nothing of a party that has no phone. */
function Party({ title, party, words }: PartyProps) {
  const { number, source, transport, userAgent, through } = party;
  if (source === "" && userAgent === "" && through === "") return null;
  const address = source === "" ? "" : `${source} (${transport.toUpperCase()})`;
  return (
    <div>
      <h3>{`${title} ${cut(number, LONGEST)}`}</h3>
      <dl class="facts">
        <Fact label={words.phone} text={userAgent} />
        <Fact label={words.address} text={address} />
        <Fact label={words.through} text={through} />
      </dl>
    </div>
  );
}

interface FactProps {
  readonly label: string;
  readonly text: string;
  /** Of the extension whose number it is. */
  readonly name?: string | undefined;
}

/** Nothing where nothing is known. */
function Fact({ label, text, name }: FactProps) {
  return text !== "" && (
    <div>
      <dt>{label}</dt>
      <dd>
        <NumberName text={cut(text, LONGEST)} name={name} />
      </dd>
    </div>
  );
}
