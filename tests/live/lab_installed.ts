/**
 * A machine with a page of releases in its reach, phones in the network around it, and what an
 * administrator who sits there types and sees.
 * @module
 */

import assert from "node:assert/strict";
import type { CallEntry } from "../../web/call_entry.ts";
import type { Lab } from "./lab.ts";
import { type Build, buildPrograms } from "./lab_build.ts";
import { passwordOf } from "./lab_call.ts";
import { Caller, describeSound, statusOf } from "./lab_caller.ts";
import { type Ended, Machine, type RunOptions } from "./lab_machine.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { PLACES } from "./lab_office.ts";
import { until } from "./lab_process.ts";
import type { ExtensionRow } from "./lab_server.ts";
import { Shelf } from "./lab_shelf.ts";

/** The number of the user `nobody`. */
export const NOBODY = 65534;
/** Where the phones of the tests would listen to sound; these calls are about signalling. */
const SOUND = describeSound("192.0.2.77", 9);
/** Where an installation could leave something. */
const FOLDERS = "/usr/local /opt /etc /root /var/lib";

/** A fresh machine, and the releases that it can download: the older one to begin with. */
export class Site {
  readonly lab: Lab;
  readonly network: Network;
  readonly machine: Machine;
  readonly shelf: Shelf;
  readonly build: Build;

  private constructor(
    lab: Lab,
    network: Network,
    machine: Machine,
    shelf: Shelf,
    build: Build,
  ) {
    this.lab = lab;
    this.network = network;
    this.machine = machine;
    this.shelf = shelf;
    this.build = build;
  }

  static async open(lab: Lab): Promise<Site> {
    const build = await buildPrograms(lab);
    const network = await lab.network();
    const machine = await Machine.boot(lab, network.server);
    const shelf = await Shelf.open(lab, build, network.server);
    await shelf.publish(build.old);
    return new Site(lab, network, machine, shelf, build);
  }

  /** Types a line into the shell of the machine, as root when nobody else is named. */
  type(line: string, options: RunOptions = {}): Promise<Ended> {
    return this.machine.attempt(["sh", "-c", line], {
      timeoutMs: 120_000,
      ...options,
    });
  }

  /** Types the one line; fails when it fails. */
  async install(environment = "", options = ""): Promise<string> {
    const { code, said } = await this.type(
      this.shelf.line(environment, options),
    );
    assert.equal(code, 0, await this.#withJournal(said));
    return said;
  }

  /** Types the one line, which must fail with these words. */
  async refuses(words: RegExp, environment = ""): Promise<string> {
    const { code, said } = await this.type(this.shelf.line(environment));
    assert.notEqual(code, 0, said);
    assert.match(said, words, await this.#withJournal(said));
    return said;
  }

  /** Runs the installed program; throws when it fails. */
  pbx(args: readonly string[], input = ""): Promise<string> {
    return this.machine.run(["pbx", ...args], { input });
  }

  async json<T>(args: readonly string[]): Promise<T> {
    return JSON.parse(await this.pbx([...args, "--json"])) as T;
  }

  async add(number: string): Promise<void> {
    await this.pbx(
      ["extension", "add", number, "--password-stdin"],
      passwordOf(number),
    );
  }

  /** What `pbx status` says of the version and the process that answers. */
  status(): Promise<{ readonly version: string; readonly pid: number }> {
    return this.json(["status"]);
  }

  /** Where the phones of these numbers are reached. */
  async contacts(numbers: readonly string[]): Promise<string[]> {
    const rows = await this.json<ExtensionRow[]>(["extension", "list"]);
    return numbers.map((number) => {
      const row = rows.find((row) => row.number === number);
      return row?.bindings.map(({ contact }) => contact).join() ?? "";
    });
  }

  /** The identifiers of the calls on record. */
  async calls(): Promise<string[]> {
    const rows = await this.json<CallEntry[]>(["calls"]);
    return rows.map(({ id }) => id);
  }

  /** The process that systemd takes for the server's. */
  async pid(): Promise<number> {
    const { machine } = this;
    const command = ["systemctl", "show", "-P", "MainPID", "pbx.service"];
    return Number(await machine.run(command));
  }

  /** Waits until the server answers, as systemd's own child. */
  async answers(what: string): Promise<number> {
    try {
      return await until(what, async () => {
        const { code, stdout } = await this.machine.attempt(
          ["pbx", "status", "--json"],
        );
        if (code !== 0) return null;
        const { pid } = JSON.parse(stdout) as { readonly pid: number };
        return pid === await this.pid() ? pid : null;
      }, 15_000);
    } catch (error) {
      throw new Error(await this.#withJournal(String(error)));
    }
  }

  /** Every file that an installation could have made or changed, with time and rights. */
  async files(): Promise<string[]> {
    const { machine } = this;
    const found = await machine.sh(
      `find ${FOLDERS} -path '*/private/pbx/*' -prune -o ` +
        "-type d -printf '%p %m %U\\n' -o -printf '%p %m %U %s %T@ %l\\n' | sort",
    );
    return found.trim().split("\n");
  }

  /**
   * A registered phone in the network or behind the router, as soon as the server knows its
   * number. It is closed with the lab.
   */
  async phone(place: "lan" | "nat", number: string): Promise<Caller> {
    const phone = new Caller({
      socket: openUdpSocket(this.network[place], PLACES[place].own),
      server: { host: ADDRESS.server, port: 5060 },
      number,
      password: passwordOf(number),
    });
    this.lab.onClose(() => phone.close());
    await until(`${number} is registered`, async () => {
      try {
        await phone.register("", 3600);
        return true;
      } catch (error) {
        if (/^Error: SIP\/2\.0 403/.test(String(error))) return false;
        throw error;
      }
    });
    return phone;
  }

  async #withJournal(said: string): Promise<string> {
    return `${said}\n-- journal:\n${await this.machine.journal()}`;
  }
}

/** One phone calls the other one, which answers; then the caller hangs up. */
export async function makeCall(caller: Caller, callee: Caller): Promise<void> {
  const talk = caller.open(callee.number);
  const from = callee.inbox.length;
  const asking = caller.ask(talk, "INVITE", { body: SOUND });
  const invite = await callee.asked("INVITE", from);
  await callee.reply(invite, 200, { body: SOUND });
  assert.equal(statusOf(await asking), 200);
  const goodbye = caller.ask(talk, "BYE");
  await callee.reply(await callee.asked("BYE", from), 200);
  assert.equal(statusOf(await goodbye), 200);
}
