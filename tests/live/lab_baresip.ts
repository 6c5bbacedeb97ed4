/**
 * Drives baresip 1.0 without a terminal: a configuration directory of its own, its SIP trace on
 * stdout (`-s`), commands on stdin. Without an audio codec it never sends a REGISTER. `rwait` is
 * the part of the lifetime (in percent, at least 5) after which it refreshes. A phone with a tone
 * plays it from a file at the pace of speech, and writes what it hears into a file for each call;
 * that it has no loudspeaker does not matter.
 * @module
 */

import type { Lab } from "./lab.ts";
import type { Running } from "./lab_process.ts";
import type { Account, Softphone } from "./lab_softphone.ts";
import { joinSounds, readSound, type Sound, writeTone } from "./lab_sound.ts";

const MODULES = ["/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules"];
const REGISTERED =
  /SIP\/2\.0 200 [^\n]*\n(?:[^\r\n]+\r?\n)*?CSeq: *\d+ REGISTER/i;
const REFUSED = /reg: sip:\S+: ([3-6]\d\d) /;
const RINGS = /Incoming call from/;
const ESTABLISHED = /Call established/;
const INVITED = /SIP\/2\.0 200 [^\n]*\n(?:[^\r\n]+\r?\n)*?CSeq: *\d+ INVITE/i;
const HELD = /INVITE sip:[^[]*a=(?:sendonly|inactive)/;
const ENDED = /session closed: ([^\n]*)/;
/** What it has heard, in the order of time; what it sent is in `…-enc.wav`. */
const HEARD = /^dump-.*-dec\.wav$/;

/** One baresip; its configuration, and so its `+sip.instance`, outlives a crash. */
export class Baresip implements Softphone {
  readonly name = "baresip";
  readonly #lab: Lab;
  readonly #namespace: string | null;
  readonly #directory: string;
  readonly #account: Account;
  #process: Running | null = null;
  #mark = 0;

  /** @param line of its file of accounts; made from the account when left out. */
  constructor(
    lab: Lab,
    namespace: string | null,
    account: Account,
    line: string = accountLine(account),
  ) {
    this.#lab = lab;
    this.#namespace = namespace;
    this.#account = account;
    this.#directory = Deno.makeTempDirSync({
      dir: lab.directory,
      prefix: "baresip-",
    });
    const modules = MODULES.find(isDirectory) ?? MODULES[0]!;
    Deno.writeTextFileSync(
      `${this.#directory}/config`,
      `module_path ${modules}\nmodule stdio.so\nmodule g711.so\n` +
        "module uuid.so\nmodule_app account.so\nmodule_app menu.so\n" +
        this.#soundLines(),
    );
    Deno.writeTextFileSync(`${this.#directory}/accounts`, `${line}\n`);
  }

  start(): void {
    const command = ["baresip", "-s", "-v", "-f", this.#directory];
    if (this.#account.server.includes(":")) command.push("-6");
    this.#process = this.#lab.spawn(this.#namespace, { command });
    this.#mark = 0;
  }

  get log(): string {
    return this.#process?.output ?? "";
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

  async call(number: string): Promise<void> {
    this.#mark = this.#running().mark();
    await this.#running().write(`/dial ${number}\n`);
  }

  async rings(): Promise<void> {
    await this.#running().waitFor(RINGS, 15_000, this.#mark);
  }

  async answer(): Promise<void> {
    await this.#running().write("/accept\n");
  }

  async established(): Promise<void> {
    await this.#running().waitFor(ESTABLISHED, 15_000, this.#mark);
  }

  /** Its recording ends here, whatever comes in. */
  async hold(): Promise<void> {
    await this.#reinvite("/hold\n");
  }

  async held(): Promise<void> {
    await this.#running().waitFor(HELD, 15_000, this.#mark);
  }

  async resume(): Promise<void> {
    await this.#reinvite("/resume\n");
  }

  async transfer(number: string): Promise<void> {
    await this.#running().write(`/transfer ${number}\n`);
  }

  /** Hangs up, cancels or declines. */
  async hangUp(): Promise<void> {
    this.#mark = this.#running().mark();
    await this.#running().write("/hangup\n");
  }

  async ended(timeoutMs = 15_000): Promise<string> {
    const program = this.#running();
    const [, why = ""] = await program.waitFor(ENDED, timeoutMs, this.#mark);
    this.#mark = program.mark();
    return why.trim();
  }

  heard(): Sound {
    const files = [...Deno.readDirSync(this.#directory)]
      .map(({ name }) => name).filter((name) => HEARD.test(name)).sort();
    return joinSounds(
      files.map((name) => readSound(`${this.#directory}/${name}`)),
    );
  }

  async #reinvite(keys: string): Promise<void> {
    const from = this.#running().mark();
    await this.#running().write(keys);
    await this.#running().waitFor(INVITED, 15_000, from);
  }

  #soundLines(): string {
    const { tone } = this.#account;
    if (tone === undefined) return "";
    const file = `${this.#directory}/tone.wav`;
    writeTone(file, tone);
    return "module aufile.so\nmodule sndfile.so\n" +
      `audio_source aufile,${file}\nsnd_path ${this.#directory}\n`;
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
    `rwait=${expiresSeconds === undefined ? 5 : 90}`,
  ].join(";");
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
