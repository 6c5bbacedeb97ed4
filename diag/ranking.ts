/**
 * Which finding is the verdict, and which are only remarks beside it. A deeper cause hides its
 * consequences, as the catalogue says; of several errors the one at the earliest stage counts,
 * because the phone never got to the later ones.
 * @module
 */

import { type Stage, STAGES } from "../sip/stage.ts";
import { type Code, CODES, entryOf } from "./catalogue.ts";
import { pendingStage } from "./story/progress.ts";
import type { Scene } from "./scene.ts";
import { isAnswered, isHeard, newestCall } from "./story/newest_call.ts";
import { standingRegistration } from "./story/standing.ts";
import type { CallStory, Story } from "./story/story.ts";
import type { Finding, StageState } from "./verdict.ts";
import type { Severity } from "./catalogue.ts";

export interface Ranked {
  /** null where nothing was found: more has to be seen. */
  readonly main: Finding | null;
  /** What else is true, the gravest first. */
  readonly also: readonly Finding[];
}

/** `ok` stands below a warning among remarks, but above it as the verdict. */
const GRAVITY: Readonly<Record<Severity, number>> = {
  error: 0,
  warning: 1,
  info: 2,
  ok: 3,
};

/** Remarks that say nothing about why a phone does not get on. */
const REMARKS: ReadonlySet<Code> = new Set([
  "scanner",
  "stun-on-sip-port",
  "phone-publishes-presence",
  "ice-enabled",
]);

/** How grave a finding is: as the rule says, else as the catalogue. */
export function severityOf({ code, severity }: Finding): Severity {
  return severity ?? entryOf(code).severity;
}

/** The stage that a finding is about; of what is undecided, the one that the phone did not pass. */
export function stageOf({ code, values }: Finding): Stage {
  const { stage } = entryOf(code);
  if (code !== "undecided") return stage;
  return STAGES.find((one) => one === values["stage"]) ?? stage;
}

/** Chooses the verdict among findings of one story. */
export function rankFindings(findings: readonly Finding[]): Ranked {
  const shown = dropHidden(findings).toSorted(compareFindings);
  const main = chooseMain(shown);
  return { main, also: shown.filter((finding) => finding !== main) };
}

/**
 * The first error; else `ok`, beside which warnings are only remarks; else a warning, else what is
 * supposed or undecided.
 */
function chooseMain(shown: readonly Finding[]): Finding | null {
  const first = (severity: Severity) =>
    shown.find((finding) =>
      severityOf(finding) === severity && !REMARKS.has(finding.code)
    );
  return first("error") ?? first("ok") ?? first("warning") ?? first("info") ??
    null;
}

/** Without what is a consequence of something at least as grave, and `undecided` beside a cause. */
function dropHidden(findings: readonly Finding[]): Finding[] {
  const hidden = new Set<Finding>();
  for (const cause of findings) {
    for (const other of findings) {
      if (cause !== other && isHidden(other, cause)) hidden.add(other);
    }
  }
  return findings.filter((finding) => !hidden.has(finding));
}

function isHidden(other: Finding, cause: Finding): boolean {
  const gravity = GRAVITY[severityOf(cause)];
  if (other.code === "undecided") {
    return !REMARKS.has(cause.code) && cause.code !== "undecided";
  }
  if (gravity > GRAVITY[severityOf(other)]) return false;
  const { hides } = entryOf(cause.code);
  if (hides !== "*") return hides.includes(other.code);
  // `ok` and remarks are consequences of nothing
  const isFault = GRAVITY[severityOf(other)] <= GRAVITY.warning ||
    !REMARKS.has(other.code) && severityOf(other) === "info";
  return severityOf(cause) === "error" && isFault &&
    indexOf(stageOf(other)) > indexOf(stageOf(cause));
}

function compareFindings(a: Finding, b: Finding): number {
  return GRAVITY[severityOf(a)] - GRAVITY[severityOf(b)] ||
    indexOf(stageOf(a)) - indexOf(stageOf(b)) ||
    b.at - a.at ||
    CODES.indexOf(a.code) - CODES.indexOf(b.code);
}

function indexOf(stage: Stage): number {
  return STAGES.indexOf(stage);
}

/** How many of the stages `route`, `ring`, `answer` and `media` a call has passed. */
function countPassed(call: CallStory): number {
  if (isAnswered(call) && call.isAcknowledged) return isHeard(call) ? 4 : 3;
  if (isAnswered(call)) return 2;
  return call.calleeAnswers.length > 0 ? 2 : call.forks > 0 ? 1 : 0;
}

/**
 * How each stage stands: passed where something shows it, stopped where the verdict is an error,
 * else unknown. The stages of a call are there where the verdict is about a call, and where
 * there was one in which nothing is wrong.
 */
export function stageStates(
  story: Story,
  scene: Scene,
  main: Finding | null,
): StageState[] {
  const last = indexOf("reachable");
  const stage = main === null ? null : stageOf(main);
  const isCall = (stage !== null && indexOf(stage) > last) ||
    (main?.code === "ok" && newestCall(story, scene) !== null);
  const stopped = stage !== null && severityOf(main!) === "error"
    ? indexOf(stage)
    : STAGES.length;
  const passed = passedStages(story, scene, main, isCall);
  const shown = isCall ? STAGES : STAGES.slice(0, last + 1);
  return shown.map((one, index) => ({
    stage: one,
    state: index === stopped
      ? "stopped"
      : index < stopped && passed.has(one)
      ? "passed"
      : "unknown",
  }));
}

function passedStages(
  story: Story,
  scene: Scene,
  main: Finding | null,
  isCall: boolean,
): Set<Stage> {
  const passed = new Set<Stage>();
  const { server, wire } = scene;
  if (server?.isRunning === true) passed.add("process");
  if (scene.ports?.holders.some(({ isOurs }) => isOurs)) passed.add("bind");
  const isResolved = scene.names.some(({ ipv4, ipv6 }) =>
    ipv4.length + ipv6.length > 0
  );
  if (isResolved) passed.add("dns");
  const { arrivals } = story.trail;
  if (wire !== null && arrivals.length > 0) {
    passed.add("dns").add("nic");
  }
  // each stage of a request that was read proves all before it
  const pending = indexOf(pendingStage(story, scene));
  if (pending > indexOf("socket")) {
    for (const stage of STAGES.slice(0, pending)) passed.add(stage);
  }
  const isReached = story.reach.answered > 0 && story.reach.unanswered === 0;
  const isOn = standingRegistration(story, scene) !== null;
  if (main?.code === "ok" || (isOn && isReached)) {
    passed.add("reachable");
  }
  if (isCall) {
    const call = newestCall(story, scene);
    const at = main?.code === "ok"
      ? indexOf("route") + (call === null ? 0 : countPassed(call))
      : indexOf(stageOf(main!));
    for (const stage of STAGES.slice(indexOf("route"), at)) passed.add(stage);
  }
  return passed;
}
