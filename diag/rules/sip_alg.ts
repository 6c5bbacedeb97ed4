/**
 * `sip-alg`: a router on the way rewrites what the phone says of itself. Only the very first
 * request tells, because later ones may carry what the phone learned from our answers (RFC 3581),
 * and only a contradiction in it: a phone that sits on a public address, or asks a STUN server,
 * says the same address in Via and Contact. It is an error where the phone does not hear us.
 *
 * Two families of phones learn one of the two alone and keep it over a restart of ours, so that
 * such a contradiction of theirs proves nothing: PJSIP (MicroSIP) its Via, Linphone its Contact.
 * @module
 */

import { formatAddress } from "../../sip/flow.ts";
import { parseAddress } from "../../sip/parse_address.ts";
import { hostOf, isPrivate, isPublic } from "../../sip/address_kind.ts";
import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import { standingRegistration } from "../story/standing.ts";
import type { Attempt, Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";
import { repliesLost } from "./replies_lost.ts";

const LEARNS_VIA = /microsip|pjs(?:ip|ua)/i;
const LEARNS_CONTACT = /linphone|belle-sip/i;

export function sipAlg(story: Story, scene: Scene): Finding | null {
  const attempt = story.attempts.findLast(({ first }) => first.isFirstContact);
  if (attempt === undefined) return null;
  const { via, contact } = attempt.first;
  const claimed = findClaim(attempt, hostOf(via), contactHost(contact));
  if (claimed === "") return null;
  const at = attempt.startedAt;
  const source = formatAddress(attempt.host, attempt.port);
  const finding: Finding = {
    code: "sip-alg",
    at,
    values: { claimed, source },
    evidence: [
      see(at, "phone-claims", { via, contact }),
      see(at, "request-source", { source }),
    ],
  };
  // it did no harm yet
  if (standingRegistration(story, scene) !== null) {
    return { ...finding, severity: "info" };
  }
  const lost = repliesLost(story, scene);
  if (lost === null) return finding;
  const evidence = [...finding.evidence, ...lost.evidence];
  return { ...finding, at: lost.at, evidence, severity: "error" };
}

/** The address that the phone cannot know; "" for none. */
function findClaim(attempt: Attempt, via: string, contact: string): string {
  const { host, userAgent } = attempt;
  if (via === "" || contact === "" || isPrivate(host)) return "";
  if (isPublic(via) && isPrivate(contact)) {
    return LEARNS_VIA.test(userAgent) ? "" : via;
  }
  if (isPrivate(via) && isPublic(contact)) {
    return LEARNS_CONTACT.test(userAgent) ? "" : contact;
  }
  const isStrange = isPublic(via) && isPublic(contact) && via !== contact &&
    (via === host || contact === host);
  if (!isStrange) return "";
  return via === host ? contact : via;
}

function contactHost(contact: string): string {
  const address = parseAddress(contact);
  return "fault" in address || address.uri.kind !== "sip"
    ? ""
    : address.uri.host;
}
