/**
 * Everything that the HTTP side shows of a running server: at once what programs ask for, and the
 * pages from the moment on that somebody wants one. So the pages cost neither the start nor memory
 * where nobody looks.
 * @module
 */

import { Tidy } from "../../pbx/io/tidy.ts";
import { isLoopback } from "../../sip/flow.ts";
import type { Access } from "../access/access.ts";
import { createDoor, type DoorParts } from "../door_app.ts";
import { joinBindings } from "../extension_entry.ts";
import { ProvisionLinks } from "../phone/provision_links.ts";
import { shareWork } from "../shared_work.ts";
import { locatePage } from "../terminal/banner.ts";
import { openExtensionDesk } from "./extension_desk.ts";
import type { AnswerHttp } from "./http.ts";
import { openSecuritySource } from "./page_security.ts";
import { RecentFacts } from "./recent_facts.ts";
import { openAccess } from "./serve_access.ts";
import type { Pages, PagesGround, Watched } from "./serve_pages.ts";
import {
  checkItself,
  readCalls,
  readMetrics,
  readStatus,
} from "./serve_reading.ts";
import type { ServeRun } from "./serve_run.ts";
import { writeToken } from "./server_file.ts";

/** The site, before and while it listens. */
export interface Site {
  readonly answer: AnswerHttp;
  /** Where it is to be found now: `host:port`. */
  listens(listen: string): void;
  /** Null where the page has a password. */
  makeSetupToken(): string | null;
  /** Ends what it does by itself. */
  close(): void;
}

/** A step of the history is over for so long before it is shown: its reading comes a little later. */
const SETTLED_MS = 2000;
/** So often those who watch are looked at, whether they are still signed in. */
const SESSION_EVERY_MS = 2000;
/** Who has watched leaves as much behind as so many messages. */
const MESSAGES_EACH = 20;

/** Puts it together; opens no socket. */
export function openSite(run: ServeRun): Site {
  let listen: string | null = null;
  let signInFailures = 0;
  const access = openAccess(run.parts, run.log, ({ kind }) => {
    if (kind === "wrong-password" || kind === "wrong-metrics-password") {
      signInFailures++;
    }
  });
  const ground = openGround(run, access, {
    listen: () => listen,
    signInFailures: () => signInFailures,
  });
  let pages: Pages | null = null;
  run.diagnosis.tellFacts((fact) => {
    ground.recentFacts.add(fact);
    pages?.onFact(fact);
  });
  let isClosed = false;
  let loading: Promise<Pages> | null = null;
  const load = async (): Promise<Pages> => {
    const { loadPages } = await import("./load_pages.ts");
    const { openPages } = await loadPages();
    pages = await openPages(ground);
    if (isClosed) pages.close();
    return pages;
  };
  const door = createDoor(ground.door, async (request, connection) => {
    loading ??= load().catch((error) => {
      // whoever asks next has it tried again
      loading = null;
      throw error;
    });
    const { answer } = await loading;
    return await answer(request, connection);
  });
  const crowd = new Crowd();
  const sessions = setInterval(() => {
    const watched = [ground.door.api.hub, ...pages?.watched ?? []];
    endGone(access, watched);
    crowd.look(watched);
  }, SESSION_EVERY_MS);
  return {
    answer: (request, connection) =>
      pages === null
        ? door.fetch(request, connection)
        : pages.answer(request, connection),
    listens: (address) => listen = address,
    makeSetupToken: () => access.makeSetupToken(),
    close: () => {
      isClosed = true;
      clearInterval(sessions);
      crowd.close();
      ground.security.stop();
      pages?.close();
    },
  };
}

/** Gives memory back when many who watched have left. */
class Crowd {
  readonly #tidy = new Tidy();
  #size = 0;

  look(watched: readonly Watched[]): void {
    const before = this.#size;
    this.#size = watched.reduce((sum, { size }) => sum + size, 0);
    const left = Math.max(0, before - this.#size);
    this.#tidy.count(MESSAGES_EACH * left);
    this.#tidy.tick();
  }

  close(): void {
    this.#tidy.close();
  }
}

/** Who signed out, or whose password was changed, sees nothing more. */
function endGone(access: Access, watched: readonly Watched[]): void {
  for (const streams of watched) {
    for (const id of streams.owners()) {
      if (id === "" || access.isStillIn({ kind: "session", id })) continue;
      streams.endAll(id);
    }
  }
}

/** What changes while it runs. */
interface Changing {
  listen(): string | null;
  signInFailures(): number;
}

/** What programs and pages have in common. */
function openGround(
  run: ServeRun,
  access: Access,
  { listen, signInFailures }: Changing,
): PagesGround {
  const { shell, config, parts, log, diagnosis, history, counters } = run;
  const { exchange, extensions, random } = parts;
  const nowMs = () => Date.now();
  const own = new Set(parts.localAddresses);
  const links = new ProvisionLinks();
  const desk = openExtensionDesk({ store: extensions, links, random, nowMs });
  const status = () => readStatus(run, listen());
  const calls = readCalls(run);
  const listEntries = () =>
    joinBindings(parts.listExtensions(), exchange.listBindings());
  const security = openSecuritySource({
    logins: {
      list: () => access.listLockouts(),
      release: (source) => access.releaseLockout(source),
    },
    reports: diagnosis.reports,
    exchange,
    startedMs: run.startedAtMs,
    counters: () => counters.snapshot(),
  });
  const door: DoorParts = {
    version: shell.version,
    door: {
      token: writeToken(config.dataDir, random),
      domains: config.domains,
      isOwnAddress: (host) => isLoopback(host) || own.has(host),
      access,
    },
    api: {
      version: shell.version,
      isReady: () => run.isReady(),
      status,
      extensions: listEntries,
      desk,
      calls,
      setup: () => {
        const setupToken = access.makeSetupToken();
        const page = {
          listen: listen() ?? "",
          isTls: config.tls !== null,
          setupToken,
        };
        const { domains, publicAddress } = config;
        const place = {
          domains,
          publicAddress,
          localAddresses: parts.localAddresses,
        };
        return { ...locatePage(page, place), setupToken };
      },
      history: (range) => history.history.window(range, nowMs() - SETTLED_MS),
      ...diagnosis.source(
        config,
        // each run starts programs and registers a phone of its own
        shareWork((language) => checkItself(run, language)),
      ),
    },
    metrics: { read: () => readMetrics(run, signInFailures()) },
    nowMs,
    onFault: (error) =>
      log.error("A fault of the program", {
        error: error.stack ?? error.message,
      }),
  };
  const recentFacts = new RecentFacts();
  return { run, access, door, links, security, recentFacts };
}
