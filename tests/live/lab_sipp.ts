/**
 * Runs a scenario of `sipp/` with SIPp. SIPp 3.6 knows MD5 digests only, and ends with 0 when
 * every call of the scenario went as it says. Over IPv6 its credentials name a URI without brackets,
 * which no server can read, so it is used over IPv4 only.
 * @module
 */

import type { Lab } from "./lab.ts";
import type { Account } from "./lab_softphone.ts";

export interface SippOptions extends Account {
  /** The name of a file in `sipp/`, without `.xml`. */
  readonly scenario: string;
  readonly namespace: string;
  /** The phone's own address. */
  readonly from: string;
  /** Whom it calls; its own number when left out. */
  readonly dialled?: string;
  /** Its own port; any when left out. */
  readonly ownPort?: number;
  /** How many times the scenario is played; 1 when left out. */
  readonly calls?: number;
  /** How many of them at once; 1 when left out. */
  readonly atOnce?: number;
  /** The wish for the lifetime; 60 when left out. */
  readonly expiresSeconds?: number;
}

/** Plays a scenario to its end; throws with SIPp's own messages when it did not go as written. */
export async function runSipp(lab: Lab, options: SippOptions): Promise<void> {
  const { number, password, server, scenario, from, namespace } = options;
  const { dialled, atOnce = 1 } = options;
  const file = new URL(`sipp/${scenario}.xml`, import.meta.url).pathname;
  const log = `${lab.directory}/sipp-${scenario}-${crypto.randomUUID()}`;
  const command = [
    ["sipp", `${server}:5060`, "-sf", file, "-i", from, "-t"],
    [options.transport === "tcp" ? "t1" : "u1", "-m", `${options.calls ?? 1}`],
    ["-l", `${atOnce}`, "-r", `${atOnce * 5}`, "-s", dialled ?? number],
    ["-au", number, "-ap", password, "-key", "own", number, "-nostdin"],
    // its own choice is the server's address, whatever the request is for
    dialled === undefined ? [] : ["-auth_uri", `${dialled}@${server}`],
    options.ownPort === undefined ? [] : ["-p", `${options.ownPort}`],
    ["-timeout", "20", "-timeout_error", "-recv_timeout", "15000"],
    ["-key", "domain", server],
    ["-key", "expires", `${options.expiresSeconds ?? 60}`],
    ["-trace_err", "-error_file", `${log}.err`],
    ["-trace_msg", "-message_file", `${log}.msg`],
  ].flat();
  const { code } = await lab.attempt(
    namespace,
    { command, cwd: lab.directory },
    "",
    30_000,
  );
  if (code === 0) return;
  const read = (path: string) => Deno.readTextFile(path).catch(() => "");
  const messages = `${await read(`${log}.err`)}\n${await read(`${log}.msg`)}`;
  throw new Error(
    `sipp, scenario \`${scenario}\`, ended with code ${code}:\n${messages}`,
  );
}
