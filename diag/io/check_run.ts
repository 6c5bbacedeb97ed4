/**
 * What the checks of one run share: what is known of the server, and things that are looked at or
 * started once for several of them. Takes away what they made, also what came too late.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import type { Address } from "../../pbx/config_value.ts";
import { isLoopback } from "../../sip/flow.ts";
import { isWildcard } from "../machine/bound_address.ts";
import type { BindTry } from "../machine/check_bind.ts";
import type { TestAccount } from "../machine/test_request.ts";
import type { ConfigFaultView } from "../scene.ts";
import type { Language } from "../verdict.ts";
import { tryToBind } from "./bind_tries.ts";
import { type LimitReading, readLimits } from "./limits.ts";
import { listLocalAddresses } from "./server_view.ts";
import { readUnit, type UnitReading } from "./unit.ts";

/** What the caller of the checks knows and can do. */
export interface CheckContext {
  readonly config: Config;
  /** What is wrong with the configuration; `config` is then what applies without it. */
  readonly configFaults: readonly ConfigFaultView[];
  /** The file that the configuration was read from; "" for none. */
  readonly configFile: string;
  readonly language: Language;
  readonly isRoot: boolean;
  /** Whether the checks run in the server, which serves phones meanwhile. */
  readonly isServing: boolean;
  /** The server that runs on the data directory; null: none does. */
  readonly server: RunningServer | null;
  /** Writes a command of `pbx` as it can be typed: `selftest port`. */
  spell(words: string): string;
  /** Starts a server of its own on the loopback address, with a data directory of its own. */
  startTemporary(): Promise<TemporaryServer>;
}

export interface RunningServer {
  readonly pid: number;
  readonly listen: readonly Address[];
  /** Makes an extension that is in no database; throws where the server cannot be asked. */
  addAccount(): Promise<TestAccount>;
  /** Forgets it; one that is gone is none. */
  removeAccount(number: string): Promise<void>;
  /** Those that are registered; throws where the server cannot be asked. */
  listPhones(): Promise<readonly RegisteredPhone[]>;
}

export interface RegisteredPhone {
  readonly number: string;
  /** `host:port` of the phone. */
  readonly source: string;
  /** The address of ours that it writes to; "" for unknown. */
  readonly local: string;
}

export interface TemporaryServer {
  readonly address: Address;
  readonly account: TestAccount;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** How long taking things away may hold the result up. */
const CLOSE_MS = 500;

/** The surroundings of one run. */
export class CheckRun {
  readonly context: CheckContext;
  /** Where the server listens, or where it would. */
  readonly listen: readonly Address[];
  /** 0: the server is down. */
  readonly serverPid: number;
  readonly localAddresses: readonly string[] = listLocalAddresses();
  readonly #closers: (() => Promise<void>)[] = [];
  #tries: readonly BindTry[] | undefined;
  #limits: LimitReading | undefined;
  #unit: Promise<UnitReading> | undefined;
  #temporary: Promise<TemporaryServer> | undefined;
  #isClosed = false;

  constructor(context: CheckContext) {
    this.context = context;
    this.listen = context.server?.listen ?? context.config.sip;
    this.serverPid = context.server?.pid ?? 0;
  }

  /** Tries to listen where a server that is down would; nothing while one runs. */
  tries(): readonly BindTry[] {
    if (this.context.server !== null) return [];
    return this.#tries ??= tryToBind(this.listen);
  }

  limits(): LimitReading {
    return this.#limits ??= readLimits(this.serverPid);
  }

  unit(): Promise<UnitReading> {
    return this.#unit ??= readUnit(this.serverPid);
  }

  /** What starts the server anew. */
  async startCommand(): Promise<string> {
    const { unit } = await this.unit();
    const sudo = this.context.isRoot ? "" : "sudo ";
    return unit === ""
      ? this.context.spell("serve")
      : `${sudo}systemctl restart ${unit}`;
  }

  /** Starts the temporary server, once. */
  temporary(): Promise<TemporaryServer> {
    return this.#temporary ??= this.#startTemporary();
  }

  /** An extension of the running server, which is removed in the end. */
  async account(server: RunningServer): Promise<TestAccount> {
    const account = await server.addAccount();
    await this.#onClose(() => server.removeAccount(account.number));
    return account;
  }

  /** An IPv4 address under which others reach this machine, else the loopback one. */
  outsideAddress(): string {
    const bound = this.listen.map(({ host }) => host).find((host) =>
      !isWildcard(host) && !host.includes(":") && !isLoopback(host)
    );
    return bound ??
      this.localAddresses.find((host) =>
        !host.includes(":") && !isLoopback(host)
      ) ?? "127.0.0.1";
  }

  /** Takes away what the checks made; waits for that half a second at most. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MS);
    const closers = this.#closers.splice(0);
    const all = Promise.allSettled(closers.map((close) => close()));
    await Promise.race([all, late]);
    clearTimeout(timer);
  }

  async #startTemporary(): Promise<TemporaryServer> {
    const server = await this.context.startTemporary();
    await this.#onClose(() => server.close());
    return server;
  }

  /** What came too late is taken away at once. */
  async #onClose(close: () => Promise<void>): Promise<void> {
    if (this.#isClosed) await close();
    else this.#closers.push(close);
  }
}
