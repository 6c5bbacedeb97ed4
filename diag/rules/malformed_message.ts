/**
 * `malformed-message`: the phone writes what breaks the grammar or cannot be granted, and nothing
 * better came from it since.
 * @module
 */

import type { RefusalReason } from "../../sip/fact.ts";
import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import {
  hasTriedSince,
  openRefusal,
  sourceOf,
  standingRegistration,
} from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

/** Refusals for how a REGISTER is written, and the section that it breaks. */
const SECTIONS: Partial<Readonly<Record<RefusalReason, string>>> = {
  "malformed": "RFC 3261 §8.1.1",
  "unsupported-version": "RFC 3261 §7.1",
  "unsupported-scheme": "RFC 3261 §8.2.2.1",
  "unsupported-extension": "RFC 3261 §8.2.2.3",
  "unsupported-content": "RFC 3261 §8.2.3",
  "too-many-hops": "RFC 3261 §16.3",
  "extension-required": "RFC 3327 §5.3",
  "credentials-incomplete": "RFC 7616 §3.4",
  "algorithm-unknown": "RFC 7616 §3.4",
  "uri-differs": "RFC 7616 §3.4.6",
  "contact-unusable": "RFC 3261 §10.2.1",
  "wildcard-misused": "RFC 3261 §10.2.2",
  "cseq-out-of-order": "RFC 3261 §10.2.4",
};
const REASONS = Object.keys(SECTIONS) as RefusalReason[];

export function malformedMessage(story: Story, scene: Scene): Finding | null {
  if (standingRegistration(story, scene) !== null) return null;
  return seeRefusal(story) ?? seeMalformed(story);
}

function seeRefusal(story: Story): Finding | null {
  const open = openRefusal(story, REASONS);
  if (open === null) return null;
  const { at, method, status, why, detail } = open.refusal;
  const evidence = [see(at, "refused-with", { method, status, why })];
  if (detail !== "") evidence.push(see(at, "refusal-detail", { detail }));
  return {
    code: "malformed-message",
    at,
    values: {
      what: detail === "" ? why : `${why}: ${detail}`,
      position: 0,
      rfc: SECTIONS[why] ?? "",
    },
    evidence,
  };
}

function seeMalformed(story: Story): Finding | null {
  const { trail } = story;
  // another device of the same network may write badly as well
  const moment = trail.malformed.findLast(({ userAgent, method }) =>
    (userAgent === story.userAgent || story.attemptCount === 0) &&
    (method === "" || method === "REGISTER")
  );
  if (moment === undefined || hasTriedSince(story, moment.at)) return null;
  const { at, what, position, rfc } = moment;
  return {
    code: "malformed-message",
    at,
    values: { what, position, rfc },
    evidence: [
      see(at, "malformed-at", {
        source: sourceOf(story),
        position,
        what,
        rfc,
      }),
    ],
  };
}
