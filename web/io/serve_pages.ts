/**
 * The pages of a running server, put together: the desks that keep what pages ask for, and what
 * each page sees. Loaded when somebody asks for one.
 * @module
 */

import { randomUUID } from "node:crypto";
import {
  collectFacts,
  collectMessages,
} from "../../diag/ledger/collect_facts.ts";
import type { Fact } from "../../pbx/fact.ts";
import { isLoopback } from "../../sip/flow.ts";
import type { Access } from "../access/access.ts";
import { createApp, type PageSources } from "../app.tsx";
import type { DoorParts } from "../door_app.ts";
import { currentResults } from "../check_desk.ts";
import { FragmentStreams } from "../live/fragment_streams.ts";
import { findLostNames } from "../phone/lost_name.ts";
import type { ProvisionLinks } from "../phone/provision_links.ts";
import type { ServerStatus } from "../server_status.ts";
import { readAssets } from "./assets.ts";
import { RunningChecks } from "./check_desk.ts";
import { ConnectDesk } from "./connect_desk.ts";
import { runGently } from "./gentle.ts";
import type { AnswerHttp } from "./http.ts";
import { openCallsSource } from "./page_calls.ts";
import { openExtensionSource } from "./page_extension.ts";
import { openExtensionsSource } from "./page_extensions.ts";
import { openHelpSource } from "./page_help.ts";
import { openLiveSource } from "./page_live.ts";
import type { OpenSecurity } from "./page_security.ts";
import { openRepairSource, openStatusSource } from "./page_status.ts";
import { chooseServer, openPhoneDesk } from "./phone_desk.ts";
import { describeOpening } from "./page_opening.ts";
import type { RecentFacts } from "./recent_facts.ts";
import { isTestNumber } from "./serve_diagnosis.ts";
import { checkItself, findByItself } from "./serve_reading.ts";
import type { ServeRun } from "./serve_run.ts";
import { spellCommand } from "./shell.ts";
import type { OwnEvidence } from "./report_evidence.ts";
import { RollDesk } from "./roll_desk.ts";
import { Stepper } from "./stepper.ts";
import { TraceDesk } from "./trace_desk.ts";

/** What programs and pages have in common. */
export interface PagesGround {
  readonly run: ServeRun;
  readonly access: Access;
  readonly door: DoorParts;
  readonly links: ProvisionLinks;
  readonly security: OpenSecurity;
  readonly recentFacts: RecentFacts;
}

/** Streams that end when their owner has signed out. */
export interface Watched {
  /** How many there are. */
  readonly size: number;
  owners(): readonly string[];
  endAll(owner: string): void;
}

/** The pages, and everything that is served beside them. */
export interface Pages {
  readonly answer: AnswerHttp;
  /** What goes on for those who look, as long as they are signed in. */
  readonly watched: readonly Watched[];
  /** Takes each fact of the server. */
  onFact(fact: Fact): void;
  /** Ends what they do by themselves. */
  close(): void;
}

/** Puts them together, a little at a time. */
export async function openPages(ground: PagesGround): Promise<Pages> {
  const { run, door } = ground;
  const assets = await runGently(readAssets());
  const desks = openDesks(ground);
  const stepper = new Stepper((wallMs, monotonicMs) =>
    streams.step(wallMs, monotonicMs)
  );
  const streams = new FragmentStreams({
    onWatched: (isWatched) => stepper.set(isWatched),
    onFault: (view, error) =>
      run.log.error("A fault of the program", { view, error: describe(error) }),
  });
  const app = createApp({
    ...door,
    assets,
    streams,
    phones: desks.phones,
    pages: openSources(ground, desks),
  });
  return {
    answer: (request, connection) => app.fetch(request, connection),
    watched: [streams, desks.trace],
    onFact: (fact) => desks.connect.onFact(fact),
    close: () => {
      stepper.set(false);
      desks.close();
    },
  };
}

function openDesks({ run, door, links, recentFacts }: PagesGround) {
  const { shell, config, options, parts, log, diagnosis } = run;
  const { exchange, extensions, random, localAddresses } = parts;
  const nowMs = () => Date.now();
  const hasName = config.domains.some((domain) => /[a-z]/i.test(domain));
  const roll = new RollDesk({
    extensions: () => parts.listExtensions(),
    bindings: (number) => exchange.listBindings(number),
    reports: () => diagnosis.reports.list(),
    wallMs: nowMs,
    monotonicMs: parts.monotonicMs,
    onFault: (error) =>
      log.error("A fault of the program", { error: describe(error) }),
  });
  const checks = new RunningChecks({
    run: () =>
      findByItself(run).then((results) => {
        diagnosis.setLostNames(findLostNames(results));
        return results;
      }),
    wallMs: nowMs,
    monotonicMs: parts.monotonicMs,
    onTrouble: (cause) => log.warning(`The checks broke off: ${cause}`),
  });
  const connect = new ConnectDesk({
    config,
    listen: parts.sip,
    serveCommand: spellCommand(shell, "serve", options),
    doctorCommand: (number) => spellCommand(shell, `doctor ${number}`, options),
    nowMs,
    listExtensions: () => parts.listExtensions(),
    listBindings: (number) => exchange.listBindings(number),
    listCalls: () => exchange.listCalls(),
    countsOf: (id) => exchange.countsOf(id),
    ping: (number) => exchange.ping(number),
    status: () => exchange.status(),
    recentFacts: () => recentFacts.list(),
  });
  const trace = new TraceDesk(
    diagnosis.recorder.traffic,
    randomUUID(),
    parts.monotonicMs,
    ({ from, to, target }) => [from, to, target].some(isTestNumber),
  );
  return {
    roll,
    checks,
    connect,
    trace,
    phones: openPhoneDesk({
      config: { ...config, sip: parts.sip },
      localAddresses,
      extensions,
      links,
      lostNames: () => {
        // who is told what to type in should be told what is true by now
        if (hasName) checks.look();
        return findLostNames(currentResults(checks, nowMs()));
      },
      opening: () =>
        describeOpening(shell, config, options, door.api.status().http.listen),
      random,
      nowMs,
    }),
    close: () => {
      roll.stop();
      checks.close();
      connect.stop();
      trace.close();
    },
  };
}

function openSources(
  { run, access, door, security }: PagesGround,
  { roll, checks, connect, trace, phones }: ReturnType<typeof openDesks>,
): PageSources {
  const { status, desk, calls } = door.api;
  const { shell, config, options, parts, log, diagnosis } = run;
  const { exchange } = parts;
  const { reports, recorder } = diagnosis;
  return {
    access: {
      access,
      spellAdmin: (what, peer) => {
        // the data of a service are for root
        const sudo = shell.environment["STATE_DIRECTORY"] ? "sudo " : "";
        const words = `admin ${what}`;
        return sudo +
          (isLoopback(peer)
            ? spellCommand(shell, words, options)
            : `pbx ${words}`);
      },
    },
    status: openStatusSource({
      status,
      phoneAddress: () =>
        chooseServer(
          { ...config, sip: parts.sip },
          parts.localAddresses,
          findLostNames(currentResults(checks, Date.now())),
        ).server,
      roll,
      reports,
      liveCalls: () => exchange.listCalls(),
      checks,
      history: run.history.history,
      troubles: run.troubles,
      dataDir: config.dataDir,
      monotonicMs: parts.monotonicMs,
    }),
    repairs: openRepairSource(exchange),
    extensions: openExtensionsSource({
      extensions: parts.extensions,
      listExtensions: () => parts.listExtensions(),
      exchange,
      reports,
      desk,
    }),
    extension: openExtensionSource({
      extensions: parts.extensions,
      exchange,
      traffic: recorder.traffic,
      reports,
      settle: () => reports.settle(),
      phones,
    }),
    connect,
    calls: openCallsSource(
      calls,
      exchange,
      trace,
      () => parts.listExtensions(),
    ),
    live: openLiveSource(trace),
    security,
    help: openHelpSource({
      shell,
      config,
      options,
      evidence: openEvidence(run, status),
      runChecks: (language) => checkItself(run, language),
      onFault: (error) =>
        log.error("No help bundle could be made", { error: describe(error) }),
    }),
  };
}

/** What a help bundle is told without asking over HTTP. */
function openEvidence(
  { parts, diagnosis }: ServeRun,
  status: () => ServerStatus,
): OwnEvidence {
  const { recorder } = diagnosis;
  return {
    status,
    listExtensions: () => parts.listExtensions(),
    facts: () => runGently(collectFacts(recorder.ledger)),
    messages: () => runGently(collectMessages(recorder.traffic)),
    verdicts: (language) => diagnosis.verdicts(language),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
