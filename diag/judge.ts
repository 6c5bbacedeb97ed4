/**
 * From stories to verdicts: every rule looks at a story in its scene, and of what they find the
 * deepest cause is said first.
 * @module
 */

import { CODES } from "./catalogue.ts";
import { type Ranked, rankFindings } from "./ranking.ts";
import { isScanner, isScanners } from "./story/recognise.ts";
import { RULES } from "./rules.ts";
import type { Scene } from "./scene.ts";
import type { HostTrail, Story } from "./story/story.ts";
import type { Texts } from "./texts/text.ts";
import type { Finding, Language, Verdict } from "./verdict.ts";
import { writeVerdict } from "./write_verdict.ts";

/** What all rules together say of one story; `main` is null where none says anything. */
export function judgeOne(story: Story, scene: Scene): Ranked {
  const findings: Finding[] = [];
  for (const code of CODES) {
    const finding = RULES[code](story, scene);
    if (finding !== null) findings.push(finding);
  }
  return rankFindings(findings);
}

/** The verdict of each phone, the one that was active last first; scanners have none. */
export function judgeAll(
  stories: readonly Story[],
  trails: readonly HostTrail[],
  scene: Scene,
  texts: Texts,
  language: Language,
): Verdict[] {
  const extensions = scene.extensions && new Set(scene.extensions);
  const scanners = new Set(
    trails.filter((trail) => isScanner(trail, extensions)),
  );
  const phones = stories.filter((story) =>
    !isScanners(story, scanners) &&
    (story.attempts.length > 0 || story.calls.length > 0)
  );
  const verdicts: Verdict[] = [];
  for (const story of phones.toReversed()) {
    const { main } = judgeOne(story, { ...scene, others: phones });
    if (main !== null) {
      verdicts.push(writeVerdict(main, story, language, texts));
    }
  }
  return verdicts;
}
