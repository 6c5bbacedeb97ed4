/**
 * The routes of the HTTP interface that the diagnosis needs: verdicts, checks, facts and messages
 * as they are kept and as they come, temporary extensions for a self-test, and a question to a
 * phone. Whoever reaches them was let in.
 * @module
 */

import type { Context } from "hono";
import { ownerOf } from "../access/admin.ts";
import type { SelfTest } from "../../diag/check.ts";
import type { LedgerEntry } from "../../diag/ledger/ledger.ts";
import type { TrafficEntry } from "../../diag/ledger/traffic.ts";
import { type Language, LANGUAGES, type Verdict } from "../../diag/verdict.ts";
import { answerStream, RETRY_SECONDS } from "../live/stream_response.ts";
import type { App, AppEnv } from "../page/page_app.ts";
import { problem } from "./api_problem.ts";
import {
  describeMessage,
  type EventHub,
  writeFactEvent,
  writeMessageEvent,
} from "./event_hub.ts";

/** What the routes show and do. */
export interface DiagnosisSource {
  readonly hub: EventHub;
  /** What is kept, the oldest first. */
  facts(): readonly LedgerEntry[];
  messages(): readonly TrafficEntry[];
  /** One for each phone, in a language. */
  verdicts(language: Language): Promise<readonly Verdict[]>;
  checks(language: Language): Promise<SelfTest>;
  /** An extension that is forgotten by itself after a while. */
  addTestExtension(): TestExtension;
  removeTestExtension(number: string): void;
  /** Asks the phones of an extension whether they are there; gives how many. */
  ping(number: string): number;
}

export interface TestExtension {
  readonly number: string;
  readonly password: string;
  readonly realm: string;
}

/** Adds the routes. */
export function addDiagnosis(app: App, source: DiagnosisSource): void {
  app.get(
    "/api/v1/verdicts",
    (context) =>
      source.verdicts(readLanguage(context.req)).then((verdicts) =>
        context.json(verdicts)
      ),
  );
  app.get(
    "/api/v1/checks",
    (context) =>
      source.checks(readLanguage(context.req)).then((result) =>
        context.json(result)
      ),
  );
  app.get("/api/v1/facts", (context) => {
    const since = Number(context.req.query("since") ?? 0);
    const facts = source.facts().map(({ fact }) => fact);
    return context.json(facts.filter(({ at }) => !(at < since)));
  });
  app.get("/api/v1/messages", (context) => {
    const since = Number(context.req.query("since") ?? 0);
    const hasSecrets = context.req.query("secrets") === "1";
    if (hasSecrets && !maySeeSecrets(context)) return refuseSecrets(context);
    return context.json(
      source.messages().filter(({ at }) => !(at < since))
        .map((entry) => describeMessage(entry, hasSecrets)),
    );
  });
  app.get("/api/v1/events", (context) => {
    const wish = {
      facts: context.req.query("facts") === "1",
      messages: context.req.query("messages") === "1",
      secrets: context.req.query("secrets") === "1",
    };
    if (wish.secrets && !maySeeSecrets(context)) return refuseSecrets(context);
    const stream = source.hub.watch(
      wish,
      listPast(source, wish, context.req.query("since")),
      ownerOf(context.var.admin),
      context.env.ended,
    );
    if (stream !== null) return answerStream(context, stream);
    context.header("Retry-After", RETRY_SECONDS);
    return problem(context, 503, "Too many watch already");
  });
  app.post(
    "/api/v1/test-extensions",
    (context) => context.json(source.addTestExtension(), 201),
  );
  app.delete("/api/v1/test-extensions/:number", (context) => {
    source.removeTestExtension(context.req.param("number"));
    return context.body(null, 204);
  });
  app.post(
    "/api/v1/extensions/:number/ping",
    (context) =>
      context.json({ asked: source.ping(context.req.param("number")) }),
  );
}

/** Credentials of phones are for the command line only, which could read them on the wire. */
function maySeeSecrets(context: Context<AppEnv>): boolean {
  return context.var.admin?.kind === "token";
}

function refuseSecrets(context: Context<AppEnv>): Response {
  const detail = "Whole messages are shown to who holds the token only";
  return problem(context, 403, detail);
}

/** Events for what happened from a time on, written as they are read; none without a time. */
function listPast(
  source: DiagnosisSource,
  wish: {
    readonly facts: boolean;
    readonly messages: boolean;
    readonly secrets: boolean;
  },
  sinceText: string | undefined,
): Iterable<string> {
  if (sinceText === undefined) return [];
  const since = Number(sinceText) || 0;
  const past: { at: number; write: () => string }[] = [];
  if (wish.facts) {
    for (const entry of source.facts()) {
      const { at } = entry.fact;
      if (at >= since) past.push({ at, write: () => writeFactEvent(entry) });
    }
  }
  if (wish.messages) {
    for (const entry of source.messages()) {
      if (entry.at < since) continue;
      const write = () => writeMessageEvent(entry, wish.secrets);
      past.push({ at: entry.at, write });
    }
  }
  return past.sort((a, b) => a.at - b.at).values().map(({ write }) => write());
}

function readLanguage(
  request: { query(name: string): string | undefined },
): Language {
  const wanted = request.query("lang");
  return LANGUAGES.find((language) => language === wanted) ?? "en";
}
