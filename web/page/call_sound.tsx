/**
 * How a call sounded in each direction, as a part of its page.
 * @module
 */

import type { CallRecord, CallSound } from "../../pbx/call/call_record.ts";
import { fillWords } from "../fill_words.ts";
import {
  estimateMos,
  gradeSound,
  lossPercentOf,
  SOUND_LIMITS,
  type SoundGrade,
} from "../sound_quality.ts";
import type { PageView } from "./page_view.ts";
import { spellNumber } from "./spell.ts";
import { CALL_WORDS } from "./words/call_words.ts";
import { CALLS_WORDS } from "./words/calls_words.ts";

export interface CallSoundPartProps {
  readonly page: Pick<PageView, "language">;
  readonly call: CallRecord;
}

const SEVERITIES: Readonly<Record<SoundGrade, string>> = {
  none: "error",
  short: "muted",
  good: "ok",
  fair: "warning",
  poor: "error",
};

export function CallSoundPart({ page, call }: CallSoundPartProps) {
  const words = CALL_WORDS[page.language];
  const common = CALLS_WORDS[page.language];
  const { good, fair } = SOUND_LIMITS;
  if (call.answeredAt === 0) {
    return (
      <section class="card" id="call-sound">
        <h2>{words.sound}</h2>
        <p class="muted">{words.soundNone}</p>
      </section>
    );
  }
  return (
    <section class="card" id="call-sound">
      <h2>{words.sound}</h2>
      <div class="call-sides">
        <Direction
          page={page}
          title={common.fromCaller}
          sound={call.callerSound}
          codec={call.codec}
        />
        <Direction
          page={page}
          title={common.fromCallee}
          sound={call.calleeSound}
          codec={call.codec}
        />
      </div>
      <p class="muted">
        {words.soundAbout} {fillWords(words.limits, {
          goodLoss: good.lossPercent,
          goodJitter: good.jitterMs,
          fairLoss: fair.lossPercent,
          fairJitter: fair.jitterMs,
        })}
        {estimateMos(call.codec, 0) !== null && ` ${words.mosAbout}`}
      </p>
    </section>
  );
}

interface DirectionProps {
  readonly page: Pick<PageView, "language">;
  readonly title: string;
  readonly sound: CallSound;
  readonly codec: string;
}

function Direction({ page, title, sound, codec }: DirectionProps) {
  const { language } = page;
  const words = CALL_WORDS[language];
  const grade = gradeSound(sound);
  const lossPercent = lossPercentOf(sound);
  const isTold = grade !== "none" && grade !== "short";
  const mos = isTold ? estimateMos(codec, lossPercent) : null;
  return (
    <div>
      <h3>{title}</h3>
      <dl class="facts">
        <div>
          <dt>{words.quality}</dt>
          <dd>
            <span class={`pill ${SEVERITIES[grade]}`}>
              {words.grades[grade]}
            </span>
          </dd>
        </div>
        <div>
          <dt>{words.packets}</dt>
          <dd>{spellNumber(sound.packets, language)}</dd>
        </div>
        <div>
          <dt>{words.lost}</dt>
          <dd>
            {`${spellNumber(sound.lost, language)} (${
              spellNumber(lossPercent, language, 1)
            } %)`}
          </dd>
        </div>
        <div>
          <dt>{words.jitter}</dt>
          <dd>
            {`${
              spellNumber(sound.jitterMs, language, 1)
            } ${words.milliseconds}`}
          </dd>
        </div>
        {mos !== null && (
          <div>
            <dt>{words.mos}</dt>
            <dd>
              {fillWords(words.mosAtMost, {
                score: spellNumber(mos, language, 1),
              })}
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}
