/**
 * The parts of the page that waits for a phone which change while it waits.
 * @module
 */

import { textsOf } from "../../diag/texts/texts.ts";
import type { Finding } from "../../diag/verdict.ts";
import type { WatchState } from "../../diag/watch.ts";
import { writeVerdict } from "../../diag/write_verdict.ts";
import { cut } from "../../pbx/quoted.ts";
import { fillWords } from "../fill_words.ts";
import type { TestCall } from "../test_call.ts";
import {
  type ConnectState,
  type ConnectStep,
  stepOf,
} from "./connect_state.ts";
import type { PageView } from "./page_view.ts";
import { QuotedText } from "./quoted_text.tsx";
import { spellNumber } from "./spell.ts";
import { StagePath } from "./stage_path.tsx";
import { AlsoPart, VerdictPart } from "./verdict_part.tsx";
import { ADD_WORDS, type AddWords } from "./words/add_words.ts";

export interface ConnectPartProps {
  readonly page: Pick<PageView, "language">;
  readonly number: string;
  /** Null where too many phones are watched. */
  readonly state: ConnectState | null;
  /** The ports of sound, as text. */
  readonly ports: string;
  /** What shows more on the server. */
  readonly doctor: string;
  /** Whether the configuration lets the network card be looked at. */
  readonly mayCapture: boolean;
}

const LONGEST_PHONE = 60;
/** Most codecs send fifty packets a second. */
const USUAL_RATE = 50;

const TONES: Readonly<Record<ConnectStep, string>> = {
  waiting: "info",
  seen: "info",
  gone: "muted",
  unready: "error",
  stopped: "error",
  registered: "ok",
};

/** How far the phone has got. */
export function StatePart(
  { page, state, doctor, mayCapture }: ConnectPartProps,
) {
  const words = ADD_WORDS[page.language];
  const step = state === null ? "waiting" : stepOf(state);
  const watch = state?.watch ?? null;
  return (
    <section
      class={`card connect-state ${step}`}
      id="connect-state"
      aria-live="polite"
    >
      <h2>
        <span class={`pill ${TONES[step]}`}>{headOf(step, state, words)}</span>
      </h2>
      <p>{textOf(step, state, words)}</p>
      {watch !== null && (
        <>
          <h3>{words.stages}</h3>
          <StagePath page={page} stages={watch.stages} />
        </>
      )}
      {watch !== null && (step === "stopped" || step === "unready") && (
        <Findings page={page} watch={watch} />
      )}
      {watch !== null && !state!.isCardWatched && step !== "registered" && (
        <div class="muted">
          <p>
            <QuotedText
              text={mayCapture ? words.notWatched : words.captureOff}
            />
          </p>
          <p>
            <code class="copy">{doctor}</code>
          </p>
        </div>
      )}
    </section>
  );
}

function headOf(
  step: ConnectStep,
  state: ConnectState | null,
  words: AddWords,
): string {
  switch (step) {
    case "waiting":
      return words.waiting;
    case "seen":
      return fillWords(words.seen, describePhone(state, words));
    case "unready":
      return words.unready;
    case "stopped":
      return words.stopped;
    case "gone":
      return words.gone;
    case "registered":
      return words.registered;
  }
}

function textOf(
  step: ConnectStep,
  state: ConnectState | null,
  words: AddWords,
): string {
  if (state === null) return words.busy;
  switch (step) {
    case "waiting":
      return words.waitingText;
    case "seen":
      return words.seenText;
    case "unready":
      return words.unreadyText;
    case "stopped":
      return "";
    case "gone":
      return words.goneText;
    case "registered":
      return fillWords(words.registeredText, describePhone(state, words));
  }
}

/** What the phone calls itself, and where it is. */
function describePhone(
  state: ConnectState | null,
  words: AddWords,
): { readonly phone: string; readonly source: string } {
  const { binding = null, watch = null } = state ?? {};
  const attempt = watch?.story.attempts.at(-1);
  const phone = binding?.userAgent || attempt?.userAgent ||
    watch?.story.userAgent || words.unnamedPhone;
  const source = binding?.source ||
    (attempt ? `${attempt.host}:${attempt.port}` : watch?.story.host ?? "");
  return { phone: cut(phone, LONGEST_PHONE), source };
}

function Findings({ page, watch }: {
  page: Pick<PageView, "language">;
  watch: WatchState;
}) {
  const { language } = page;
  const { main, also, story } = watch;
  const write = (finding: Finding) =>
    writeVerdict(finding, story, language, textsOf(language));
  return (
    <>
      {main !== null && <VerdictPart page={page} verdict={write(main)} />}
      {also.length > 0 && <AlsoPart page={page} verdicts={also.map(write)} />}
    </>
  );
}

/** The test call: what to do, and how it sounds. */
export function CallPart({ page, number, state, ports }: ConnectPartProps) {
  const words = ADD_WORDS[page.language];
  const isRegistered = state !== null && stepOf(state) === "registered";
  const call = state?.call ?? null;
  return (
    <section class="card" id="connect-call" aria-live="polite">
      <h2>{words.call}</h2>
      {call === null && (
        isRegistered
          ? (
            <>
              <p>
                <strong>{words.callNow}</strong>
              </p>
              <p>{words.callText}</p>
            </>
          )
          : <p class="muted">{words.callFirst}</p>
      )}
      {call !== null && (
        <Sound page={page} call={call} ports={ports} words={words} />
      )}
      {call?.state === "ended" && call.isHeard && (
        <Done number={number} words={words} />
      )}
    </section>
  );
}

function Sound({ page, call, ports, words }: {
  page: Pick<PageView, "language">;
  call: TestCall;
  ports: string;
  words: AddWords;
}) {
  const { state, isHeard, isSettled, fromRate, toRate } = call;
  const loss = spellNumber(call.lossPercent, page.language, 1);
  const jitter = spellNumber(call.jitterMs, page.language, 1);
  if (state === "ringing") return <p>{words.ringing}</p>;
  const silence = fillWords(words.noSoundText, { ports });
  if (state === "ended") {
    return isHeard
      ? <p class="muted">{words.again}</p>
      : (
        <div class="notice error">
          <p>
            <strong>{words.endedSilent}</strong>
          </p>
          <p>{silence}</p>
          <p>{words.again}</p>
        </div>
      );
  }
  return (
    <>
      <Meter
        id="from-phone"
        label={words.fromPhone}
        rate={fromRate}
        text={`${fillWords(words.rate, { rate: fromRate })} · ${
          fillWords(words.quality, { loss, jitter })
        }`}
      />
      <Meter
        id="to-phone"
        label={words.toPhone}
        rate={toRate}
        text={fillWords(words.rate, { rate: toRate })}
      />
      {isHeard && (
        <div class="notice ok">
          <p>
            <strong>{words.hear}</strong>
          </p>
          <p>{words.hearItself}</p>
        </div>
      )}
      {!isHeard && isSettled && (
        <div class="notice error">
          <p>
            <strong>{words.noSound}</strong>
          </p>
          <p>{silence}</p>
        </div>
      )}
    </>
  );
}

function Meter({ id, label, rate, text }: {
  id: string;
  label: string;
  rate: number;
  text: string;
}) {
  return (
    <div class="sound-meter">
      <label for={id}>{label}</label>
      <meter
        id={id}
        min={0}
        max={USUAL_RATE}
        low={5}
        value={Math.min(rate, USUAL_RATE)}
      >
        {String(rate)}
      </meter>
      <p class="muted">{text}</p>
    </div>
  );
}

function Done({ number, words }: { number: string; words: AddWords }) {
  return (
    <div class="notice ok">
      <p>
        <strong>{words.done}</strong>
      </p>
      <p>{fillWords(words.doneText, { number })}</p>
      <div class="actions">
        <a class="button primary" href="/extensions/new">{words.addNext}</a>
        <a class="button" href={`/extensions/${number}`}>
          {fillWords(words.toExtension, { number })}
        </a>
      </div>
    </div>
  );
}
