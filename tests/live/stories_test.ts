/**
 * Every story of `tests/stories/` gives the verdict that stands below its line of dashes, in every
 * language; and every code has a story that gives it and one that looks similar and does not.
 * @module
 */

import assert from "node:assert/strict";
import { CODES, entryOf } from "../../diag/catalogue.ts";
import { judgeOne } from "../../diag/judge.ts";
import { severityOf, stageOf, stageStates } from "../../diag/ranking.ts";
import { recognise } from "../../diag/story/recognise.ts";
import { makeScene } from "../../diag/scene_make.ts";
import { StoryBook } from "../../diag/story/story_book.ts";
import { beginStory, beginTrail } from "../../diag/story/story_make.ts";
import { textsOf } from "../../diag/texts/texts.ts";
import { type Finding, LANGUAGES } from "../../diag/verdict.ts";
import { writeVerdict } from "../../diag/write_verdict.ts";
import { nameOf, parseStory } from "../story_file.ts";

const FOLDER = new URL("../stories/", import.meta.url);
const FILES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

for (const file of FILES) {
  Deno.test(`story ${file}`, () => {
    const name = nameOf(file);
    assert.ok(name, "the file is named after no code");
    const story = parseStory(Deno.readTextFileSync(new URL(file, FOLDER)));
    const { main, also, codes } = judge(story);
    assert.deepEqual({ main, also }, story.expected);
    assert.equal(codes.includes(name.code), !name.isNegative);
  });
}

Deno.test("every code has a story that gives it and one that does not", () => {
  const names = FILES.map(nameOf);
  const missing = CODES.flatMap((code) =>
    [false, true].filter((isNegative) =>
      !names.some((one) => one?.code === code && one.isNegative === isNegative)
    ).map((isNegative) => isNegative ? `${code}-not` : code)
  );
  assert.deepEqual(missing, []);
});

/** What the rules say, in the words of a story file. */
function judge(
  { facts, scene: known, asked }: ReturnType<typeof parseStory>,
): { main: string; also: string[]; codes: string[] } {
  const book = new StoryBook();
  for (const fact of facts) book.add(fact);
  const since = known.since ?? known.now;
  const { story: found, others, noise } = recognise(
    book.stories(),
    book.trails(),
    { number: asked, since, extensions: known.extensions ?? null },
  );
  const scene = makeScene(known.now, { ...known, others, noise });
  const story = found ?? beginStory(beginTrail("", since), asked, "", since);
  const { main, also } = judgeOne(story, scene);
  for (const finding of main === null ? also : [main, ...also]) {
    assert.ok(finding.evidence.length > 0, `${finding.code} without evidence`);
    const { values } = entryOf(finding.code);
    assert.deepEqual(Object.keys(finding.values).sort(), values.toSorted());
    for (const language of LANGUAGES) {
      const verdict = writeVerdict(finding, story, language, textsOf(language));
      assert.doesNotMatch(JSON.stringify(verdict), /\{\w+\}|undefined|NaN/);
    }
  }
  checkStages(stageStates(story, scene, main));
  return {
    main: main === null ? "none" : describe(main),
    also: also.map((finding) => `${finding.code} ${severityOf(finding)}`)
      .sort(),
    codes: [main, ...also].flatMap((finding) => finding?.code ?? []),
  };
}

function describe(finding: Finding): string {
  return `${finding.code} ${stageOf(finding)} ${severityOf(finding)}`;
}

/** Nothing is passed behind the stage where it stopped. */
function checkStages(stages: ReturnType<typeof stageStates>): void {
  const stopped = stages.findIndex(({ state }) => state === "stopped");
  const passed = stages.findLastIndex(({ state }) => state === "passed");
  assert.ok(stopped < 0 || passed < stopped, JSON.stringify(stages));
}
