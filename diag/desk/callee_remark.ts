/**
 * What went wrong with a call concerns both phones, and is found in the story of the one that
 * made it. The other one is told of it as a remark, so that whoever looks at the called phone
 * sees it too.
 * @module
 */

import type { Code } from "../catalogue.ts";
import type { PhoneReport } from "../phone_report.ts";
import type { Scene } from "../scene.ts";
import { newestCall } from "../story/newest_call.ts";
import { type CallStory, lastRegistered, type Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

/** What the called phone, or the way to it, may have caused. */
const SHARED: ReadonlySet<Code> = new Set<Code>([
  "callee-silent",
  "no-common-codec",
  "srtp-mismatch",
  "rtp-blocked",
  "one-way-audio",
  "packet-loss",
]);

/** What is to be remarked about each called phone. */
export type CalleeRemarks = ReadonlyMap<Story, readonly Finding[]>;

/** Collects the faults of all newest calls for the phones that were called. */
export function collectRemarks(
  reports: readonly PhoneReport[],
  phonesOf: (number: string) => readonly PhoneReport[],
  scene: Scene,
): CalleeRemarks {
  const remarks = new Map<Story, Finding[]>();
  for (const { story, main, also } of reports) {
    if (story.calls.length === 0) continue;
    const faults = [main, ...also].filter((one) => one !== null)
      .filter(({ code }) => SHARED.has(code));
    const call = faults.length === 0 ? null : newestCall(story, scene);
    if (call === null) continue;
    for (const phone of calledPhones(call, phonesOf(call.callee))) {
      if (phone.story === story) continue;
      for (const fault of faults) remark(phone, fault, remarks);
    }
  }
  return remarks;
}

function remark(
  { story, main, also }: PhoneReport,
  fault: Finding,
  remarks: Map<Story, Finding[]>,
): void {
  if (fault.code === "callee-silent" && hasSpokenSince(story, fault.at)) return;
  if ([main, ...also].some((one) => one?.code === fault.code)) return;
  const known = remarks.get(story) ?? [];
  const same = known.find(({ code }) => code === fault.code);
  if (same !== undefined && same.at >= fault.at) return;
  remarks.set(story, [...known.filter((one) => one !== same), fault]);
}

/** Those of the called number from which the call has something to tell. */
function calledPhones(
  { calleeAnswers, calleeMedia }: CallStory,
  phones: readonly PhoneReport[],
): readonly PhoneReport[] {
  const flows = calleeAnswers.map(({ flow }) => flow);
  if (calleeMedia !== null) flows.push(calleeMedia.flow);
  const exact = phones.filter(({ story }) =>
    flows.some(({ peer }) => peer === lastRegistered(story)?.flow.peer)
  );
  if (exact.length > 0) return exact;
  return phones.filter(({ story }) =>
    flows.some(({ host }) => host === story.host)
  );
}

function hasSpokenSince(story: Story, at: number): boolean {
  return story.reach.lastAnsweredAt > at ||
    (lastRegistered(story)?.at ?? 0) > at;
}
