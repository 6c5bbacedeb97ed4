/**
 * At which stage a request is refused for a reason, as the office does it.
 * @module
 */

import type { RefusalReason } from "../sip/fact.ts";
import type { Stage } from "../sip/stage.ts";

const STAGES: Partial<Readonly<Record<RefusalReason, Stage>>> = {
  "wrong-domain": "domain",
  "unknown-extension": "account",
  "wrong-password": "auth",
  "login-differs": "auth",
  "third-party": "auth",
  "credentials-incomplete": "auth",
  "algorithm-unknown": "auth",
  "uri-differs": "auth",
  "contact-limit": "policy",
  "contact-unusable": "policy",
  "wildcard-misused": "policy",
  "interval-too-brief": "policy",
  "cseq-out-of-order": "policy",
  "extension-required": "policy",
  "method-not-allowed": "policy",
  "store-failed": "reply",
};

export function stageOfRefusal(why: RefusalReason): Stage {
  return STAGES[why] ?? "parse";
}
