/**
 * What the answer of any server means, in the words of our own: why it asks for the password
 * again, and why it refuses. A capture shows the question and the answer, and not the reason: it
 * is inferred from what the request had in it, and from the extensions of our own office where
 * they are at hand.
 * @module
 */

import { algorithmOf, DigestCheck } from "../../sip/digest.ts";
import type { ChallengeReason, RefusalReason } from "../../sip/fact.ts";
import type { Message } from "../../sip/message.ts";
import { printable } from "../../sip/octet.ts";
import type { Credentials } from "../../sip/parse_credentials.ts";
import type { Stage } from "../../sip/stage.ts";
import {
  type Exchange,
  reasonOf,
  type SeenChallenge,
} from "./replay_exchange.ts";

/** The extensions of our own office: who has which password, as hashes only. */
export interface ReplayDirectory {
  readonly realm: string;
  /** Hexadecimal digits; null where the number does not exist. */
  lookUp(number: string): {
    readonly ha1Md5: string;
    readonly ha1Sha256: string;
  } | null;
}

/** What else the capture showed. */
export interface AnswerContext {
  readonly directory: ReplayDirectory | null;
  /** How many requests answered a nonce since it was issued; 0: not issued in the capture. */
  noncesUsed(nonce: string): number;
  /** Whether a host is the server, or a name under which it served somebody. */
  isServed(host: string): boolean;
}

/** A refusal as our server would have told it. */
export interface ExplainedRefusal {
  readonly why: RefusalReason;
  readonly stage: Stage;
  readonly detail: string;
}

const CANNOT_TELL =
  "a capture cannot tell a wrong password from a number that does not exist";
const FULL =
  /too many|contact.*limit|limit.*contact|max.*contacts|contacts.*exceeded/i;

/** Why a 401 or 407 came. */
export function explainChallenge(
  exchange: Exchange,
  challenges: readonly SeenChallenge[],
  context: AnswerContext,
): ChallengeReason {
  const { credentials } = exchange;
  if (credentials === null) return "no-credentials";
  if (credentials === "broken") return "wrong-answer";
  if (credentials.scheme !== "digest") return "other-scheme";
  const { realm, nonce } = credentials;
  if (
    challenges.length > 0 && !challenges.some((one) => one.realm === realm)
  ) return "other-realm";
  if (challenges.some(({ isStale }) => isStale)) return "stale-nonce";
  const known = identify(exchange.method, credentials, context.directory);
  if (known === "right") return "foreign-nonce";
  if (known !== null) return "wrong-answer";
  const used = context.noncesUsed(nonce);
  if (used === 0) return "foreign-nonce";
  return used === 1 ? "wrong-answer" : "nonce-count-replayed";
}

/** Why a request with wrong credentials was wrong, as far as can be told. */
export function explainWrongAnswer(
  exchange: Exchange,
  directory: ReplayDirectory | null,
): ExplainedRefusal {
  const { credentials, number } = exchange;
  if (credentials === null || credentials === "broken") {
    return { why: "credentials-incomplete", stage: "auth", detail: "" };
  }
  const login = printable(credentials.username, 64);
  const known = identify(exchange.method, credentials, directory);
  if (login !== number) {
    return {
      why: "login-differs",
      stage: "auth",
      detail: `login \`${login}\``,
    };
  }
  if (known === "unknown") {
    return {
      why: "unknown-extension",
      stage: "account",
      detail: `login \`${login}\``,
    };
  }
  const doubt = known === null ? `; ${CANNOT_TELL}` : "";
  return {
    why: "wrong-password",
    stage: "auth",
    detail: `login \`${login}\`${doubt}`,
  };
}

/** Why an answer from 300 up, which is no challenge, came. */
export function explainRefusal(
  exchange: Exchange,
  answer: Message,
  context: AnswerContext,
): ExplainedRefusal {
  const { status } = answer;
  const reason = reasonOf(answer);
  if (FULL.test(reason)) return policy("contact-limit", reason);
  switch (status) {
    case 403:
      return explainForbidden(exchange, reason, context);
    case 404:
    case 604:
      return explainNotFound(exchange, reason, context);
    case 400:
      return explainBadRequest(reason);
    case 415:
      return parsing("unsupported-content", reason);
    case 416:
      return parsing("unsupported-scheme", reason);
    case 420:
      return parsing("unsupported-extension", reason);
    case 482:
      return parsing("loop-detected", reason);
    case 483:
      return parsing("too-many-hops", reason);
    case 505:
      return parsing("unsupported-version", reason);
    case 421:
      return policy("extension-required", reason);
    case 423:
      return policy("interval-too-brief", wishOf(exchange));
    case 405:
      return policy("method-not-allowed", exchange.method);
    case 501:
      return policy("method-unknown", exchange.method);
    case 481:
      return policy("no-such-dialog", "");
    case 500:
      return /cseq/i.test(reason)
        ? policy("cseq-out-of-order", reason)
        : policy("not-acceptable", reason);
    case 503:
      return isOurRegret(exchange, answer)
        ? { why: "store-failed", stage: "reply", detail: "" }
        : policy("not-acceptable", reason);
    default:
      return policy("not-acceptable", reason);
  }
}

function policy(why: RefusalReason, detail: string): ExplainedRefusal {
  return { why, stage: "policy", detail };
}

function parsing(why: RefusalReason, detail: string): ExplainedRefusal {
  return { why, stage: "parse", detail };
}

function explainForbidden(
  exchange: Exchange,
  reason: string,
  { directory, isServed }: AnswerContext,
): ExplainedRefusal {
  const { credentials, hosts, number, sender } = exchange;
  if (credentials === null || credentials === "broken") {
    const strange = findStrange(hosts, isServed);
    return strange === null
      ? policy("not-acceptable", reason)
      : wrongDomain(strange);
  }
  const isRight = identify(exchange.method, credentials, directory) === "right";
  if (!isRight || credentials.username !== number) {
    return explainWrongAnswer(exchange, directory);
  }
  if (exchange.method === "REGISTER" && sender !== number) {
    const detail = `From \`${sender}\``;
    return { why: "third-party", stage: "auth", detail };
  }
  return policy("not-acceptable", reason);
}

/**
 * Our server says 404 of a domain that it does not serve, others say it of a number. A host that
 * is the server's, or under which it served somebody, cannot be what is wrong.
 */
function explainNotFound(
  exchange: Exchange,
  reason: string,
  { directory, isServed }: AnswerContext,
): ExplainedRefusal {
  const { credentials, hosts, number } = exchange;
  const strange = findStrange(hosts, isServed);
  if (/domain/i.test(reason)) return wrongDomain(strange ?? hosts[0] ?? "");
  const isUnknown = directory !== null && directory.lookUp(number) === null;
  if (strange !== null && credentials === null && !isUnknown) {
    return wrongDomain(strange);
  }
  const login = credentials === null || credentials === "broken"
    ? number
    : printable(credentials.username, 64);
  if (login !== number) {
    return {
      why: "login-differs",
      stage: "auth",
      detail: `login \`${login}\``,
    };
  }
  return {
    why: "unknown-extension",
    stage: "account",
    detail: `login \`${login}\``,
  };
}

/** The reason phrases of our own server, whose detail is known; of others the phrase itself. */
function explainBadRequest(reason: string): ExplainedRefusal {
  const auth = (why: RefusalReason): ExplainedRefusal => ({
    why,
    stage: "auth",
    detail: reason,
  });
  if (/another URI/i.test(reason)) return auth("uri-differs");
  if (/unknown algorithm/i.test(reason)) return auth("algorithm-unknown");
  if (/authorization|missing or bad|credential/i.test(reason)) {
    return auth("credentials-incomplete");
  }
  if (/contact \*/i.test(reason)) return policy("wildcard-misused", reason);
  if (/contact|path/i.test(reason)) return policy("contact-unusable", reason);
  return parsing("malformed", reason);
}

function wrongDomain(host: string): ExplainedRefusal {
  return { why: "wrong-domain", stage: "domain", detail: host };
}

/** The first host that is not the server's; null where all are. */
function findStrange(
  hosts: readonly string[],
  isServed: AnswerContext["isServed"],
): string | null {
  return hosts.find((host) => !isServed(host)) ?? null;
}

/** As our server says that its journal fails; others name their program in the answer. */
function isOurRegret({ method }: Exchange, answer: Message): boolean {
  return method === "REGISTER" && !answer.has("server") &&
    answer.value("retry-after") === "30";
}

function wishOf({ contacts }: Exchange): string {
  const seconds = contacts === "*" ? -1 : contacts[0]?.expiresSeconds ?? -1;
  return seconds < 0 ? "" : `${seconds} s`;
}

/** Compares credentials with the directory; null where it is none, or of another office. */
function identify(
  method: string,
  credentials: Credentials,
  directory: ReplayDirectory | null,
): "right" | "wrong" | "unknown" | null {
  if (directory === null || credentials.realm !== directory.realm) return null;
  const algorithm = algorithmOf(credentials);
  if (algorithm === null || credentials.qop.toLowerCase() !== "auth") {
    return null;
  }
  const known = directory.lookUp(credentials.username);
  if (known === null) return "unknown";
  const ha1 = algorithm === "MD5" ? known.ha1Md5 : known.ha1Sha256;
  const isRight = new DigestCheck()
    .isRight(algorithm, ha1, method, credentials);
  return isRight ? "right" : "wrong";
}
