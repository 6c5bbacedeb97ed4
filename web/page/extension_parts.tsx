/**
 * The parts of an extension's page that tell of its phones: who is registered and how well it is
 * reached, and what became of the last attempts.
 * @module
 */

import type { Child } from "hono/jsx";
import type { PhoneReport } from "../../diag/phone_report.ts";
import { type Attempt, lastRegistered } from "../../diag/story/story.ts";
import { cut, escapeText } from "../../pbx/quoted.ts";
import { formatAddress } from "../../sip/flow.ts";
import { fillWords } from "../fill_words.ts";
import type { Repair } from "../repair.ts";
import type { ExtensionBinding } from "./extension_source.ts";
import type { PageView } from "./page_view.ts";
import { RepairButtons } from "./repair.tsx";
import { spellDuration } from "./spell.ts";
import { Time } from "./time.tsx";
import {
  EXTENSION_WORDS,
  type ExtensionWords,
} from "./words/extension_words.ts";
import { REFUSAL_WORDS } from "./words/refusal_words.ts";
import { STAGE_WORDS } from "./words/stage_words.ts";

type View = Pick<PageView, "language">;

const MOST_ATTEMPTS = 10;
const LONGEST_AGENT = 60;
const LONGEST_CONTACT = 120;
const STEP_SECONDS = 10;

export interface BindingsPartProps {
  readonly page: View;
  readonly number: string;
  readonly bindings: readonly ExtensionBinding[];
  readonly reports: readonly PhoneReport[];
}

/** Every phone that is registered. */
export function BindingsPart(
  { page, number, bindings, reports }: BindingsPartProps,
) {
  const words = EXTENSION_WORDS[page.language];
  return (
    <section class="card" id="bindings">
      <h2>{words.bindings}</h2>
      {bindings.length === 0
        ? <p class="empty">{words.noBindings}</p>
        : bindings.map((binding) => (
          <BindingFacts
            page={page}
            words={words}
            binding={binding}
            report={findReport(binding, reports)}
          />
        ))}
      <RepairButtons
        language={page.language}
        repairs={listRepairs(number, bindings.length)}
        back={`/extensions/${number}`}
      />
    </section>
  );
}

/** Of one phone that does not answer it is better not to lose the way. */
function listRepairs(number: string, phones: number): Repair[] {
  const path = `/extensions/${number}`;
  const repairs: Repair[] = [];
  if (phones > 0) {
    repairs.push({
      id: "ask-phone",
      method: "post",
      path: `${path}/ping`,
      number,
    });
  }
  if (phones > 1) {
    repairs.push({
      id: "forget-silent",
      method: "post",
      path: `${path}/forget`,
      number,
    });
  }
  return repairs;
}

interface BindingFactsProps {
  readonly page: View;
  readonly words: ExtensionWords;
  readonly binding: ExtensionBinding;
  /** Null where nothing is known of it but that it is registered. */
  readonly report: PhoneReport | null;
}

function BindingFacts({ page, words, binding, report }: BindingFactsProps) {
  // in steps, so that the page need not change each second
  const seconds = Math.ceil(binding.expiresSeconds / STEP_SECONDS) *
    STEP_SECONDS;
  const expires = spellDuration(seconds, page.language);
  return (
    <div class="binding">
      <h3>
        {spell(binding.userAgent, LONGEST_AGENT) || words.unnamedPhone}
      </h3>
      <dl class="facts">
        <Row label={words.source}>
          <code>{binding.source}</code>
        </Row>
        <Row label={words.transport}>{binding.transport.toUpperCase()}</Row>
        <Row label={words.contact}>
          <code>{spell(binding.contact, LONGEST_CONTACT)}</code>
        </Row>
        <Row label={words.nat}>
          {binding.isBehindNat ? words.behindNat : words.notBehindNat}
        </Row>
        <Row label={words.lifeSign}>
          <LifeSign page={page} words={words} report={report} />
        </Row>
        <Row label={words.roundTrip}>
          {spellRoundTrip(binding, report, words)}
        </Row>
        <Row label={words.expires}>
          {fillWords(words.expiresIn, { time: expires })}
        </Row>
      </dl>
    </div>
  );
}

function Row(
  { label, children }: { readonly label: string; readonly children?: Child },
) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The phone's own sign or its last answer, whichever is newer. */
function LifeSign(
  { page, words, report }: Omit<BindingFactsProps, "binding">,
) {
  const at = Math.max(
    report?.story.trail.lastKeepAliveAt ?? 0,
    report?.story.reach.lastAnsweredAt ?? 0,
  );
  return at > 0
    ? <Time ms={at} page={page} />
    : <span class="muted">{words.noLifeSign}</span>;
}

function spellRoundTrip(
  { pingsSent, missedPings, isOutbound }: ExtensionBinding,
  report: PhoneReport | null,
  words: ExtensionWords,
): string {
  const reach = report?.story.reach;
  const isAnswered = reach !== undefined && reach.answered > 0;
  const parts = [];
  if (isAnswered) {
    const ms = Math.max(1, Math.round(reach.roundTripMs));
    parts.push(fillWords(words.roundTripMs, { ms }));
  } else parts.push(pingsSent > 0 ? words.notAnswered : words.unknown);
  if (missedPings > 0) {
    parts.push(fillWords(words.missed, { count: missedPings }));
  }
  if (isOutbound) parts.push(words.keepsItself);
  return parts.join("; ");
}

/** What is known of the phone behind a binding. */
function findReport(
  { contact, source }: ExtensionBinding,
  reports: readonly PhoneReport[],
): PhoneReport | null {
  return reports.find(({ story }) => {
    const registered = lastRegistered(story);
    return registered !== null && registered.flow.peer === source &&
      registered.contact === contact;
  }) ?? null;
}

export interface AttemptsPartProps {
  readonly page: View;
  readonly reports: readonly PhoneReport[];
}

/** What became of the last attempts of all phones, the newest first. */
export function AttemptsPart({ page, reports }: AttemptsPartProps) {
  const words = EXTENSION_WORDS[page.language];
  const attempts = reports.flatMap(({ story }) => story.attempts)
    .sort((a, b) => b.startedAt - a.startedAt).slice(0, MOST_ATTEMPTS);
  return (
    <section class="card" id="attempts">
      <h2>{words.attempts}</h2>
      {attempts.length === 0
        ? <p class="empty">{words.noAttempts}</p>
        : (
          <details id="attempts-list">
            <summary>
              <NewestAttempt page={page} words={words} attempt={attempts[0]!} />
            </summary>
            <div class="table-wrap">
              <table>
                <thead>
                  <tr>
                    <th scope="col">{words.time}</th>
                    <th scope="col">{words.outcome}</th>
                    <th scope="col">{words.reason}</th>
                    <th scope="col">{words.source}</th>
                    <th scope="col">{words.phone}</th>
                  </tr>
                </thead>
                <tbody>
                  {attempts.map((attempt) => (
                    <AttemptRow page={page} words={words} attempt={attempt} />
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        )}
    </section>
  );
}

/** What stands for all of them while they are folded. */
function NewestAttempt({ page, words, attempt }: AttemptProps) {
  const { state, text } = describeOutcome(attempt, page, words);
  return (
    <>
      <span class={`pill ${state}`}>{text}</span>{" "}
      <Time ms={attempt.startedAt} page={page} />
    </>
  );
}

interface AttemptProps {
  readonly page: View;
  readonly words: ExtensionWords;
  readonly attempt: Attempt;
}

function AttemptRow(
  { page, words, attempt }: AttemptProps,
) {
  const { startedAt, host, port, transport, userAgent } = attempt;
  const { state, text, reason } = describeOutcome(attempt, page, words);
  return (
    <tr>
      <td data-label={words.time}>
        <Time ms={startedAt} page={page} />
      </td>
      <td data-label={words.outcome}>
        <span class={`pill ${state}`}>{text}</span>
      </td>
      <td data-label={words.reason}>{reason}</td>
      <td data-label={words.source}>
        <span>
          <code>{formatAddress(host, port)}</code> {transport.toUpperCase()}
        </span>
      </td>
      <td data-label={words.phone}>
        {spell(userAgent, LONGEST_AGENT) || words.unnamedPhone}
      </td>
    </tr>
  );
}

interface Outcome {
  readonly state: "ok" | "error" | "warning" | "muted";
  readonly text: string;
  /** "" for none. */
  readonly reason: string;
}

function describeOutcome(
  attempt: Attempt,
  { language }: View,
  words: ExtensionWords,
): Outcome {
  const refusal = attempt.refusals.at(-1);
  const challenge = attempt.challenges.at(-1);
  if (attempt.registered !== null) {
    return { state: "ok", text: words.registered, reason: "" };
  }
  if (refusal !== undefined && refusal.at >= (challenge?.at ?? 0)) {
    const [stage] = STAGE_WORDS[language].stages[refusal.stage];
    const reason = `${refusal.status}: ${REFUSAL_WORDS[language][refusal.why]}`;
    return { state: "error", text: `${words.refused}: ${stage}`, reason };
  }
  if (attempt.isServed) {
    return { state: "muted", text: words.signedOff, reason: "" };
  }
  return challenge === undefined
    ? { state: "muted", text: words.underWay, reason: "" }
    : { state: "warning", text: words.awaitsPassword, reason: "" };
}

function spell(text: string, longest: number): string {
  return escapeText(cut(text, longest));
}
