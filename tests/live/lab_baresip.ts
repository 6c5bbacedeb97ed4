/**
 * Drives baresip 1.0 without a terminal: a configuration directory of its own, its SIP trace on
 * stdout (`-s`), commands on stdin. Without an audio codec it never sends a REGISTER. `rwait` is
 * the part of the lifetime (in percent, at least 5) after which it refreshes.
 * @module
 */

import type { Lab } from "./lab.ts";
import type { Running } from "./lab_process.ts";
import type { Account, Softphone } from "./lab_softphone.ts";

const MODULES = ["/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules"];
const REGISTERED =
  /SIP\/2\.0 200 [^\n]*\n(?:[^\r\n]+\r?\n)*?CSeq: *\d+ REGISTER/i;
const REFUSED = /reg: sip:\S+: ([3-6]\d\d) /;

/** One baresip; its configuration, and so its `+sip.instance`, outlives a crash. */
export class Baresip implements Softphone {
  readonly name = "baresip";
  readonly #lab: Lab;
  readonly #namespace: string;
  readonly #directory: string;
  readonly #isV6: boolean;
  #process: Running | null = null;

  constructor(lab: Lab, namespace: string, account: Account) {
    this.#lab = lab;
    this.#namespace = namespace;
    this.#isV6 = account.server.includes(":");
    this.#directory = Deno.makeTempDirSync({
      dir: lab.directory,
      prefix: "baresip-",
    });
    const modules = MODULES.find(isDirectory) ?? MODULES[0]!;
    Deno.writeTextFileSync(
      `${this.#directory}/config`,
      `module_path ${modules}\nmodule stdio.so\nmodule g711.so\n` +
        "module uuid.so\nmodule_app account.so\nmodule_app menu.so\n",
    );
    Deno.writeTextFileSync(`${this.#directory}/accounts`, accountLine(account));
  }

  start(): void {
    const command = ["baresip", "-s", "-v", "-f", this.#directory];
    if (this.#isV6) command.push("-6");
    this.#process = this.#lab.spawn(this.#namespace, { command });
  }

  async registered(): Promise<void> {
    await this.#running().waitFor(REGISTERED, 15_000);
  }

  async refused(): Promise<number> {
    return Number((await this.#running().waitFor(REFUSED, 15_000))[1]);
  }

  /** It refreshes by itself, 3 seconds after each registration. */
  async refresh(): Promise<void> {
    const program = this.#running();
    await program.waitFor(REGISTERED, 30_000, program.mark());
  }

  /** It unregisters when it is closed. */
  async unregister(): Promise<void> {
    const program = this.#running();
    const answered = program.waitFor(REGISTERED, 15_000, program.mark());
    await program.write("/quit\n");
    await answered;
    await program.wait(15_000);
  }

  async crash(): Promise<void> {
    this.#running().signal("SIGKILL");
    await this.#running().exited;
  }

  #running(): Running {
    if (this.#process === null) throw new Error("baresip was not started");
    return this.#process;
  }
}

function accountLine(account: Account): string {
  const { number, password, server, port, domain, login, expiresSeconds } =
    account;
  const named = server.includes(":") ? `[${server}]` : server;
  const place = port === undefined ? named : `${named}:${port}`;
  const transport = `transport=${account.transport ?? "udp"}`;
  return [
    `<sip:${number}@${domain ?? place};${transport}>`,
    ...domain === undefined ? [] : [`outbound="sip:${place};${transport}"`],
    ...login === undefined ? [] : [`auth_user=${login}`],
    `auth_pass=${password}`,
    `regint=${expiresSeconds ?? 60}`,
    `rwait=${expiresSeconds === undefined ? 5 : 90}\n`,
  ].join(";");
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
