/**
 * Drives linphonec (liblinphone 5.1): a configuration file, commands on stdin, its log on stderr.
 * Port 0 or -1 leaves it without a socket, so it has a fixed one, in a namespace of its own.
 * @module
 */

import type { Lab } from "./lab.ts";
import type { Running } from "./lab_process.ts";
import type { Account, Softphone } from "./lab_softphone.ts";

const REGISTERED = /to \[LinphoneRegistrationOk\]/;
const CLEARED = /to \[LinphoneRegistrationCleared\]/;
const REFUSED =
  /SIP\/2\.0 (40[2-9]|4[1-9]\d|[56]\d\d) [\s\S]*to \[LinphoneRegistrationFailed\]/;

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
