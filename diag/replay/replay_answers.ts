/**
 * The final answers to requests that are no calls, told as our own server would have told them;
 * and what the file shows of challenges and of the names that the server goes by.
 * @module
 */

import type { Fact } from "../../pbx/fact.ts";
import type { Message } from "../../sip/message.ts";
import { isPublic } from "../../sip/address_kind.ts";
import {
  type AnswerContext,
  explainChallenge,
  type ExplainedRefusal,
  explainRefusal,
  explainWrongAnswer,
  type ReplayDirectory,
} from "./replay_answer.ts";
import type { ReplayBindings } from "./replay_binding.ts";
import { type Exchange, readChallenges } from "./replay_exchange.ts";
import { BoundedMap } from "../bounded_map.ts";
import type { StoryFact } from "../story/story_book.ts";

const MOST_NONCES = 4096;
const MOST_WRONG = 1024;
const MOST_NAMES = 256;
/** An answer to an older question may be wrong because the question is no longer good. */
const FRESH_MS = 60_000;

/** Statuses that say that a request is not written as the server wants it. */
const UNREADABLE: ReadonlySet<number> = new Set([400, 413, 414, 416, 493, 505]);

interface IssuedNonce {
  readonly at: number;
  /** Since it was issued last. */
  uses: number;
}

/** The last answer of a phone was wrong. */
interface WrongAnswer {
  readonly exchange: Exchange;
  readonly at: number;
  readonly status: number;
}

export class ReplayAnswers {
  /** The realms that the server asked passwords for. */
  readonly realms = new Set<string>();
  readonly #hosts: ReadonlySet<string>;
  readonly #directory: ReplayDirectory | null;
  readonly #bindings: ReplayBindings;
  readonly #nonces = new BoundedMap<IssuedNonce>(MOST_NONCES);
  /** By Call-ID. */
  readonly #wrong = new BoundedMap<WrongAnswer>(MOST_WRONG);
  /** Names under which somebody was served. */
  readonly #names = new Set<string>();

  constructor(
    hosts: ReadonlySet<string>,
    directory: ReplayDirectory | null,
    bindings: ReplayBindings,
  ) {
    this.#hosts = hosts;
    this.#directory = directory;
    this.#bindings = bindings;
  }

  /** A new request came: it may answer a challenge. */
  noteRequest({ credentials }: Exchange): void {
    if (credentials === null || credentials === "broken") return;
    const issued = this.#nonces.get(credentials.nonce);
    if (issued !== undefined) issued.uses++;
  }

  /** A final answer left, the first one to its request. */
  take(
    exchange: Exchange,
    answer: Message,
    at: number,
    facts: StoryFact[],
  ): void {
    const { malformed, method } = exchange;
    const { status } = answer;
    if (malformed !== null) {
      if (UNREADABLE.has(status)) {
        facts.push(malformedSeen(exchange, status));
        return;
      }
      facts.push(exchange.seen);
    } else if (method === "PUBLISH" && status >= 400 && !isQuestion(status)) {
      facts.push(exchange.seen);
    }
    if (isQuestion(status)) this.#challenge(exchange, answer, at, facts);
    else if (status >= 300) this.#refuse(exchange, answer, at, facts);
    else this.#accept(exchange, answer, at, facts);
  }

  /** The file is over: whose last word was a wrong password. */
  end(facts: StoryFact[]): void {
    for (const { exchange, at, status } of this.#wrong.values()) {
      const explained = explainWrongAnswer(exchange, this.#directory);
      facts.push(refused(exchange, status, explained, at));
    }
  }

  #challenge(
    exchange: Exchange,
    answer: Message,
    at: number,
    facts: StoryFact[],
  ): void {
    const { flow, method, number, callId, userAgent } = exchange;
    const challenges = readChallenges(answer);
    const why = explainChallenge(exchange, challenges, this.#contextAt(at));
    const isOther = why === "wrong-answer" && isOtherLogin(exchange);
    if (isOther) {
      const explained = explainWrongAnswer(exchange, this.#directory);
      facts.push(refused(exchange, answer.status, explained, at));
    } else {
      facts.push({
        kind: "challenged",
        at,
        flow,
        stage: "auth",
        method,
        number,
        callId,
        why,
        userAgent,
      });
    }
    if (why === "wrong-answer" && !isOther) {
      this.#wrong.put(callId, { exchange, at, status: answer.status });
    } else this.#wrong.delete(callId);
    for (const { realm, nonce } of challenges) {
      if (this.realms.size < MOST_NAMES) this.realms.add(realm);
      // some servers give the same one to all who ask within a second
      this.#nonces.put(nonce, { at, uses: 0 });
    }
  }

  #refuse(
    exchange: Exchange,
    answer: Message,
    at: number,
    facts: StoryFact[],
  ): void {
    this.#wrong.delete(exchange.callId);
    const { method } = exchange;
    const explained = explainRefusal(exchange, answer, this.#contextAt(at));
    // of other requests a refusal says nothing about the phone's settings
    const isTold = method === "REGISTER" || method === "INVITE" ||
      explained.why.startsWith("method-");
    if (isTold) facts.push(refused(exchange, answer.status, explained, at));
  }

  #accept(
    exchange: Exchange,
    answer: Message,
    at: number,
    facts: StoryFact[],
  ): void {
    this.#wrong.delete(exchange.callId);
    if (exchange.method !== "REGISTER") return;
    for (const host of exchange.hosts) {
      if (this.#names.size < MOST_NAMES) this.#names.add(host);
    }
    const { credentials } = exchange;
    // its question is older than the file
    const isOlder = credentials !== null && credentials !== "broken" &&
      this.#nonces.get(credentials.nonce) === undefined;
    facts.push(...this.#bindings.take(exchange, answer, at, isOlder));
  }

  #contextAt(at: number): AnswerContext {
    return {
      directory: this.#directory,
      noncesUsed: (nonce) => {
        const issued = this.#nonces.get(nonce);
        return issued === undefined || at - issued.at > FRESH_MS
          ? 0
          : issued.uses;
      },
      isServed: (host) => this.#isServed(host),
    };
  }

  #isServed(host: string): boolean {
    if (this.#hosts.has(host) || this.#names.has(host)) return true;
    // behind a provider's router the capture does not have the address that phones know
    return isPublic(host) && ![...this.#hosts].some(isPublic);
  }
}

/** A request that breaks the grammar, as the answer to it confirms; status 0: there was none. */
export function malformedSeen(exchange: Exchange, status: number): Fact {
  const { at, flow, method, userAgent, malformed } = exchange;
  return {
    kind: "malformed-seen",
    at,
    flow,
    stage: "parse",
    what: malformed?.what ?? "",
    position: malformed?.at ?? 0,
    rfc: malformed?.rfc ?? "",
    status,
    method,
    userAgent,
  };
}

/** Whether the login is what is wrong first, so that nothing is said of the password. */
function isOtherLogin({ credentials, number }: Exchange): boolean {
  return credentials !== null && credentials !== "broken" &&
    credentials.username !== number;
}

function isQuestion(status: number): boolean {
  return status === 401 || status === 407;
}

function refused(
  exchange: Exchange,
  status: number,
  { why, stage, detail }: ExplainedRefusal,
  at: number,
): Fact {
  const { flow, method, number, callId, userAgent } = exchange;
  return {
    kind: "refused",
    at,
    flow,
    stage,
    method,
    number,
    callId,
    status,
    why,
    detail,
    userAgent,
  };
}
