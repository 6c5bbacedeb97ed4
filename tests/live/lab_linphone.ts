/**
 * Drives linphonec (liblinphone 5.1): a configuration file, commands on stdin, its log on stderr.
 * Port 0 or -1 leaves it without a socket, so it has a fixed one, in a namespace of its own. With
 * files for a sound card it plays its tone and records what it hears at the pace of speech.
 * @module
 */

import type { Lab } from "./lab.ts";
import type { Running } from "./lab_process.ts";
import type { Account, Softphone } from "./lab_softphone.ts";
import { readSound, type Sound, writeTone } from "./lab_sound.ts";

const REGISTERED = /to \[LinphoneRegistrationOk\]/;
const CLEARED = /to \[LinphoneRegistrationCleared\]/;
const REFUSED =
  /SIP\/2\.0 (40[2-9]|4[1-9]\d|[56]\d\d) [\s\S]*to \[LinphoneRegistrationFailed\]/;
const RINGS = /to LinphoneCallIncomingReceived/;
const ESTABLISHED = /to LinphoneCallStreamsRunning/;
const PAUSED = /to LinphoneCallPaused\s/;
const HELD = /to LinphoneCallPausedByRemote/;
const ENDED = /to LinphoneCall(?:End|Error)/;

/** One linphonec; its instance id outlives a crash. */
export class Linphone implements Softphone {
  readonly name = "linphone";
  readonly #lab: Lab;
  readonly #namespace: string;
  readonly #directory: string;
  readonly #account: Account;
  readonly #instance = crypto.randomUUID();
  #process: Running | null = null;
  #mark = 0;

  constructor(lab: Lab, namespace: string, account: Account) {
    this.#lab = lab;
    this.#namespace = namespace;
    this.#account = account;
    this.#directory = Deno.makeTempDirSync({
      dir: lab.directory,
      prefix: "linphone-",
    });
    Deno.mkdirSync(`${this.#directory}/.local/share/linphone`, {
      recursive: true,
    });
  }

  start(): void {
    const file = `${this.#directory}/linphonerc`;
    Deno.writeTextFileSync(file, configuration(this.#account, this.#instance));
    this.#process = this.#lab.spawn(this.#namespace, {
      command: ["linphonec", "-c", file, "-d", "6", "-l", "/dev/stderr"],
      env: { HOME: this.#directory },
    });
    this.#mark = 0;
    const { tone } = this.#account;
    if (tone === undefined) return;
    writeTone(this.#soundFile("tone"), tone);
    this.#type(
      `soundcard use files\nplay ${this.#soundFile("tone")}\n` +
        `record ${this.#soundFile("heard")}`,
    );
  }

  get log(): string {
    return this.#process?.output ?? "";
  }

  async registered(): Promise<void> {
    await this.#running().waitFor(REGISTERED, 15_000, this.#mark);
  }

  async refused(): Promise<number> {
    return Number(
      (await this.#running().waitFor(REFUSED, 15_000, this.#mark))[1],
    );
  }

  /** It has no command to refresh, so it goes and comes back. */
  async refresh(): Promise<void> {
    await this.unregister();
    this.#mark = this.#running().mark();
    await this.#running().write("register\n");
    await this.registered();
  }

  async unregister(): Promise<void> {
    const program = this.#running();
    this.#mark = program.mark();
    await program.write("unregister\n");
    await program.waitFor(CLEARED, 15_000, this.#mark);
  }

  async crash(): Promise<void> {
    this.#running().signal("SIGKILL");
    await this.#running().exited;
  }

  async call(number: string): Promise<void> {
    this.#mark = this.#running().mark();
    await this.#type(`call ${number}`);
  }

  async rings(): Promise<void> {
    await this.#running().waitFor(RINGS, 15_000, this.#mark);
  }

  answer(): Promise<void> {
    return this.#type("answer");
  }

  async established(): Promise<void> {
    await this.#running().waitFor(ESTABLISHED, 15_000, this.#mark);
  }

  async hold(): Promise<void> {
    await this.#change("pause", PAUSED);
  }

  async held(): Promise<void> {
    await this.#running().waitFor(HELD, 15_000, this.#mark);
  }

  async resume(): Promise<void> {
    await this.#change("resume", ESTABLISHED);
  }

  transfer(number: string): Promise<void> {
    return this.#type(`transfer ${number}`);
  }

  /** Sends the first call to the other end of the second one (RFC 3891). */
  transferToSecond(): Promise<void> {
    return this.#type("transfer 1 --to-call 2");
  }

  hangUp(): Promise<void> {
    this.#mark = this.#running().mark();
    return this.#type("terminate");
  }

  async ended(timeoutMs = 15_000): Promise<string> {
    const program = this.#running();
    const [, why = ""] = await program.waitFor(ENDED, timeoutMs, this.#mark);
    this.#mark = program.mark();
    return why.trim();
  }

  heard(): Sound {
    return readSound(this.#soundFile("heard"));
  }

  #soundFile(name: string): string {
    return `${this.#directory}/${name}.wav`;
  }

  /** Types a command and waits for what it brings about. */
  async #change(line: string, pattern: RegExp): Promise<void> {
    const from = this.#running().mark();
    await this.#type(line);
    await this.#running().waitFor(pattern, 15_000, from);
  }

  async #type(line: string): Promise<void> {
    await this.#running().write(`${line}\n`);
  }

  #running(): Running {
    if (this.#process === null) throw new Error("linphonec was not started");
    return this.#process;
  }
}

function configuration(account: Account, instance: string): string {
  const { number, password, server, domain = server, login } = account;
  const transport = account.transport ?? "udp";
  const place = account.port === undefined
    ? server
    : `${server}:${account.port}`;
  return `[sip]
sip_port=5070
sip_tcp_port=5070
sip_tls_port=${transport === "tls" ? 5071 : 0}
default_proxy=0
guess_hostname=1
use_ipv6=0
media_encryption=none
[video]
enabled=0
[misc]
uuid=${instance}
[proxy_0]
reg_proxy=<sip:${place};transport=${transport}>
reg_identity=sip:${number}@${domain}
reg_expires=${account.expiresSeconds ?? 60}
reg_sendregister=1
publish=${account.publishes ? 1 : 0}
[auth_info_0]
username=${number}
userid=${login ?? number}
passwd=${password}
domain=${domain}
`;
}
