/**
 * The verdicts on recorded evidence, one for each phone: also for those of which nothing could be
 * read as a registration, and for one that is asked about and not there.
 * @module
 */

import { judgeOne } from "../judge.ts";
import { severityOf } from "../ranking.ts";
import { isScanner, recognise } from "../story/recognise.ts";
import type { NoiseView, Scene } from "../scene.ts";
import type { HostTrail, Story } from "../story/story.ts";
import { beginStory, beginTrail } from "../story/story_make.ts";
import type { Finding } from "../verdict.ts";

/** What was found of one phone. */
export interface JudgedPhone {
  readonly story: Story;
  readonly main: Finding;
  readonly also: readonly Finding[];
}

export interface JudgedEvidence {
  /** The one that was active last comes first. */
  readonly phones: readonly JudgedPhone[];
  readonly noise: NoiseView;
  /** The numbers of all phones, also of those that were not asked about. */
  readonly numbers: readonly string[];
}

/**
 * Judges every phone.
 *
 * @param number only the phones of this number; "" for all.
 */
export function judgeEvidence(
  stories: readonly Story[],
  trails: readonly HostTrail[],
  known: Scene,
  number: string,
): JudgedEvidence {
  const { extensions } = known;
  const wanted = { number: "", since: 0, extensions };
  const { story, others, noise } = recognise(stories, trails, wanted);
  // one without a single request is made below, and not only for one host
  const told = new Set(stories);
  const phones = (story === null ? [] : [story, ...others])
    .filter((phone) => told.has(phone))
    .sort((a, b) => b.lastAt - a.lastAt);
  const judged: JudgedPhone[] = [];
  for (const phone of phones) {
    const scene = { ...known, others: phones.filter((one) => one !== phone) };
    const { main, also } = judgeOne(phone, scene);
    if (main === null || isFine(phone, main)) continue;
    judged.push({ story: phone, main, also });
  }
  const exists = extensions && new Set(extensions);
  const hosts = trails.filter((trail) => !isScanner(trail, exists));
  for (const phone of hosts.flatMap((trail) => unread(trail, phones))) {
    const { main, also } = judgeOne(phone, { ...known, others: phones });
    if (main !== null && isFault(main)) {
      judged.push({ story: phone, main, also });
    }
  }
  const numbers = new Set(
    [...phones, ...judged.map((one) => one.story)].map((one) => one.number),
  );
  numbers.delete("");
  const fitting = number === ""
    ? judged
    : judged.filter((one) => one.story.number === number);
  const isSeen = number === "" ? numbers.size > 0 : numbers.has(number);
  if (fitting.length === 0 && !isSeen) {
    fitting.push(...judgeAbsent(known, phones, number));
  }
  return { phones: fitting, noise, numbers: [...numbers] };
}

/** A phone that registered before the file begins, and only calls in it, as it should. */
function isFine({ attempts, calls }: Story, { code }: Finding): boolean {
  return code === "undecided" && attempts.length === 0 &&
    calls.at(-1)?.isAcknowledged === true;
}

/** Whether it says more of somebody unknown than that he was there. */
function isFault(finding: Finding): boolean {
  const severity = severityOf(finding);
  return severity === "error" || severity === "warning";
}

/** Phones on a host of which no request could be read, or none that came to the right port. */
function unread(trail: HostTrail, phones: readonly Story[]): Story[] {
  const own = phones.filter((phone) => phone.trail === trail);
  const begin = (number: string, userAgent: string) => ({
    ...beginStory(trail, number, userAgent, trail.firstAt),
    lastAt: trail.lastAt,
  });
  const astray = trail.arrivals.filter(({ method, number }) =>
    method === "REGISTER" && !own.some((phone) => phone.number === number)
  );
  if (astray.length > 0) {
    const numbers = new Map(
      astray.map(({ number, userAgent }) => [number, userAgent]),
    );
    return [...numbers].map(([number, userAgent]) => begin(number, userAgent));
  }
  return own.length === 0 ? [begin("", "")] : [];
}

/** Nothing of the phone is in the evidence. */
function judgeAbsent(
  known: Scene,
  others: readonly Story[],
  number: string,
): JudgedPhone[] {
  const story = beginStory(beginTrail("", known.since), number, "", 0);
  const { main, also } = judgeOne(story, { ...known, others });
  return main === null ? [] : [{ story, main, also }];
}
