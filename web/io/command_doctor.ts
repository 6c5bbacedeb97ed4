/**
 * `pbx doctor`: watches while somebody presses Register, and says where it stops and what to
 * change. It asks the running server for its facts, and adds what only this process can see.
 * @module
 */

import type { Check, CheckId, SelfTest } from "../../diag/check.ts";
import { runChecks } from "../../diag/io/checks.ts";
import { readFact } from "../../diag/ledger/fact_json.ts";
import { soundFlows } from "../../diag/story/newest_call.ts";
import { chooseLanguage, textsOf } from "../../diag/texts/texts.ts";
import type { Finding, Language } from "../../diag/verdict.ts";
import { Watch, type WatchState } from "../../diag/watch.ts";
import { writeVerdict } from "../../diag/write_verdict.ts";
import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { escapeText } from "../../pbx/quoted.ts";
import {
  type DoctorResult,
  formatResult,
  formatStrip,
} from "../terminal/doctor_text.ts";
import { isServerStatus } from "../server_status.ts";
import { fillWords } from "../fill_words.ts";
import { WORDS, type Words } from "../terminal/words.ts";
import {
  askServer,
  findServer,
  findServerPid,
  type ReachableServer,
  sendServer,
} from "./api_client.ts";
import { DoctorSenses } from "./doctor_senses.ts";
import { type FollowedEvents, followEvents } from "./event_client.ts";
import {
  type ConfigOptions,
  type LenientConfig,
  loadLeniently,
} from "./load_config.ts";
import { printJson, type Shell, spellCommand } from "./shell.ts";
import { noPermission, openCheckContext } from "./check_context.ts";
import { readAddresses } from "./server_file.ts";
import type { BuildServer } from "./server_parts.ts";
import { TEST_PREFIX } from "./serve_diagnosis.ts";

export interface DoctorOptions extends ConfigOptions {
  /** The server's name as it was typed into the phone. */
  readonly name?: string | undefined;
  readonly timeout?: string | undefined;
  readonly lang?: string | undefined;
  readonly json?: true | undefined;
}

/** The checks that need no phone and leave no trace in the server's facts. */
const CHECKS: readonly CheckId[] = [
  "config",
  "bind",
  "port",
  "dns",
  "route",
  "firewall",
  "clock",
  "disk",
];
const USUAL_SECONDS = 60;
/** Above this, the sound of all calls together is too much to be looked at. */
const MOST_WATCHED_CALLS = 20;
const NOTHING = { listen: [], calls: 0 };
const MOST_SECONDS = 3600;
const LOOK_EVERY_MS = 150;
/** A phone that has registered is asked whether it is there after so long. */
const PING_AFTER_MS = 200;
const PING_EVERY_MS = 2000;
/** How often somebody looks whether a server that has ended is there again. */
const RESTART_MS = 1000;

/** Gives the exit code: 0 where the verdict is `ok`. */
export async function runDoctor(
  shell: Shell,
  number: string,
  options: DoctorOptions,
  build: BuildServer,
): Promise<number> {
  const language = chooseLanguage(options.lang, shell.environment);
  const seconds = readTimeout(options.timeout);
  const read = await loadLeniently(shell, options);
  const doctor = new Doctor(shell, read, number, options, language);
  const result = await doctor.run(seconds, async () => {
    const context = await openCheckContext(
      shell,
      read,
      options,
      language,
      build,
    );
    return await runChecks(context, CHECKS, () => {});
  });
  if (options.json) printJson(shell, result);
  else shell.print(formatResult(result, WORDS[language], shell.paint));
  return result.verdict.code === "ok" ? 0 : 1;
}

function readTimeout(text: string | undefined): number {
  if (text === undefined) return USUAL_SECONDS;
  const seconds = Number(text);
  if (/^\d{1,4}$/.test(text) && seconds >= 1 && seconds <= MOST_SECONDS) {
    return seconds;
  }
  throw new OperatorError(
    `\`${
      text.slice(0, 40)
    }\` is no number of seconds from 1 to ${MOST_SECONDS}`,
    "For example: --timeout 30",
    2,
  );
}

/** One watch. */
class Doctor {
  readonly #shell: Shell;
  readonly #config: Config;
  readonly #number: string;
  readonly #options: DoctorOptions;
  readonly #language: Language;
  readonly #words: Words;
  #senses: DoctorSenses | null = null;
  readonly #faults: LenientConfig["faults"];
  #pingedAt = 0;
  #events: FollowedEvents | null = null;
  /** Milliseconds since 1970, of the newest fact. */
  #factAt = 0;
  #isOver = false;
  #line = "";
  #isInterrupted = false;

  constructor(
    shell: Shell,
    { config, faults }: LenientConfig,
    number: string,
    options: DoctorOptions,
    language: Language,
  ) {
    this.#shell = shell;
    this.#config = config;
    this.#faults = faults;
    this.#number = number;
    this.#options = options;
    this.#language = language;
    this.#words = WORDS[language];
  }

  async run(
    seconds: number,
    runChecks: () => Promise<SelfTest>,
  ): Promise<DoctorResult> {
    // a phone that tries while the machine is looked at was in time
    const since = Date.now();
    const server = this.#find();
    const { listen, calls } = await this.#askStatus(server);
    const isSoundWatched = calls <= MOST_WATCHED_CALLS;
    const pid = findServerPid(this.#config.dataDir);
    const senses = new DoctorSenses({
      config: this.#config,
      pid,
      isMute: server === null && pid > 0,
      listen,
      serveCommand: spellCommand(this.#shell, "serve", this.#options),
      name: this.#options.name ?? "",
      isSoundWatched,
    });
    this.#senses = senses;
    const { wirePorts } = senses;
    const watch = new Watch({
      number: this.#number,
      since,
      wirePorts,
      isSoundWatched: isSoundWatched && wirePorts !== null,
    });
    if (wirePorts === null) this.#tellNoCapture();
    senses.learn({ configFaults: this.#faults });
    const interrupt = () => {
      this.#isInterrupted = true;
    };
    Deno.addSignalListener("SIGINT", interrupt);
    if (server !== null) this.#follow(server, watch);
    let checks: readonly Check[] = [];
    const checked = runChecks().then(
      (result) => checks = result.checks,
      () => {},
    );
    try {
      // a first look at the machine, without which no verdict is certain
      await senses.start((fact) => watch.add(fact));
      const first = watch.look(Date.now(), false, senses.known);
      if (!first.isCertain) this.#invite(seconds);
      const state = await this.#observe(watch, since + seconds * 1000);
      await Promise.race([checked, wait(1500)]);
      return this.#conclude(state, checks);
    } finally {
      this.#isOver = true;
      this.#events?.close();
      senses.stop();
      Deno.removeSignalListener("SIGINT", interrupt);
      this.#showLine("");
    }
  }

  #find(): ReachableServer | null {
    try {
      return findServer(this.#config.dataDir);
    } catch (error) {
      if (error instanceof Deno.errors.PermissionDenied) {
        const command = this.#spellDoctor();
        throw noPermission(this.#config.dataDir, command);
      }
      if (!(error instanceof OperatorError)) throw error;
      const cause = error.message;
      this.#shell.tell(`pbx: ${fillWords(this.#words.noServer, { cause })}\n`);
      return null;
    }
  }

  /** Where the running server listens; empty where it does not say. */
  async #askStatus(
    server: ReachableServer | null,
  ): Promise<{ readonly listen: readonly Address[]; readonly calls: number }> {
    if (server === null) return NOTHING;
    const { dataDir } = this.#config;
    try {
      const status = await askServer(dataDir, "/api/v1/status");
      if (!isServerStatus(status)) return NOTHING;
      const { sip, calls } = status;
      return { listen: readAddresses(sip.listen), calls };
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      const cause = error.message;
      this.#shell.tell(`pbx: ${fillWords(this.#words.noServer, { cause })}\n`);
      return NOTHING;
    }
  }

  #follow(server: ReachableServer, watch: Watch): void {
    this.#learnExtensions();
    const since = this.#factAt === 0 ? 0 : this.#factAt + 1;
    const path = `/api/v1/events?facts=1&since=${since}`;
    this.#events = followEvents(server, path, (event) => {
      const fact = event.name === "fact" ? readFact(event.data) : null;
      if (fact === null) return;
      this.#factAt = Math.max(this.#factAt, fact.at);
      if ("number" in fact && fact.number.startsWith(TEST_PREFIX)) return;
      if (fact.kind === "extensions-changed") this.#learnExtensions();
      watch.add(fact);
    });
    this.#events.ended.then(async (why) => {
      if (why !== "") await this.#findAgain(watch);
    });
  }

  /** The server has ended while the doctor watched; perhaps it was only started anew. */
  async #findAgain(watch: Watch): Promise<void> {
    const { dataDir } = this.#config;
    for (;;) {
      await wait(RESTART_MS);
      if (this.#isOver) return;
      try {
        await this.#senses!.lookAtServer(findServerPid(dataDir));
        const server = findServer(dataDir);
        if (server === null) continue;
        if (!this.#isOver) this.#follow(server, watch);
        return;
      } catch {
        // whatever keeps it from being asked, the card can still be watched
      }
    }
  }

  async #learnExtensions(): Promise<void> {
    try {
      const { dataDir } = this.#config;
      const rows = await askServer(dataDir, "/api/v1/extensions");
      if (!Array.isArray(rows)) return;
      const extensions = rows.map((row) => String(row?.number));
      this.#senses!.learn({ extensions });
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
    }
  }

  #invite(seconds: number): void {
    const words = this.#words;
    const text = this.#number === ""
      ? words.pressRegister
      : words.pressRegisterOf;
    const line = fillWords(text, {
      seconds,
      number: escapeText(this.#number),
    });
    this.#shell.tell(`${this.#shell.errorPaint.bold(line)}\n`);
  }

  #tellNoCapture(): void {
    const command = `sudo ${this.#spellDoctor()}`;
    const text = fillWords(this.#words.noCapture, { command });
    this.#shell.tell(`${text}\n`);
  }

  #spellDoctor(): string {
    const words = `doctor${this.#number === "" ? "" : ` ${this.#number}`}`;
    const { config } = this.#options;
    const data = this.#config.dataDir;
    return spellCommand(this.#shell, words, { config, data });
  }

  async #observe(watch: Watch, untilMs: number): Promise<WatchState> {
    const senses = this.#senses!;
    for (;;) {
      const now = Date.now();
      const isOver = now >= untilMs || this.#isInterrupted;
      const state = watch.look(now, isOver, senses.known);
      const paint = this.#shell.errorPaint;
      const left = Math.max(0, Math.ceil((untilMs - now) / 1000));
      this.#showLine(formatStrip(state.stages, left, paint));
      if (state.isSeen) {
        const { host, attempts, calls } = state.story;
        senses.askAbout(host, attempts.at(-1)?.localHost ?? "");
        const call = calls.at(-1);
        for (const { host, localHost } of call ? soundFlows(call) : []) {
          senses.askAboutSound(host, localHost);
        }
      }
      if (state.isCertain || isOver) {
        await senses.finish();
        return watch.look(now, isOver, senses.known);
      }
      this.#askPhone(state, now, watch.since);
      await wait(LOOK_EVERY_MS);
    }
  }

  /**
   * The answer of a phone proves that the way back is open: no need to wait for the next ping. What
   * it answered before the watch proves nothing any more.
   */
  #askPhone({ story }: WatchState, now: number, since: number): void {
    const registered = story.attempts.at(-1)?.registered;
    if (!registered || now - registered.at < PING_AFTER_MS) return;
    if (story.reach.lastAnsweredAt >= Math.max(registered.at, since)) return;
    if (now - this.#pingedAt < PING_EVERY_MS) return;
    this.#pingedAt = now;
    const number = encodeURIComponent(story.number);
    const path = `/api/v1/extensions/${number}/ping`;
    sendServer(this.#config.dataDir, "POST", path).catch(() => {});
  }

  #conclude(state: WatchState, checks: readonly Check[]): DoctorResult {
    const { story, main, also, stages } = state;
    const texts = textsOf(this.#language);
    const write = (finding: Finding) =>
      writeVerdict(finding, story, this.#language, texts);
    if (main === null) throw new TypeError("a watch ended without a verdict");
    return { verdict: write(main), stages, checks, also: also.map(write) };
  }

  /** One line on a terminal that is written over. */
  #showLine(text: string): void {
    if (!this.#shell.isErrorTerminal || this.#options.json) return;
    if (text === this.#line) return;
    this.#line = text;
    this.#shell.tell(`\r\x1b[K${text}`);
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
