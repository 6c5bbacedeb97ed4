/**
 * What the tests ask of a real phone program, whichever it is.
 * @module
 */

import { Baresip } from "./lab_baresip.ts";
import type { Lab } from "./lab.ts";
import { Linphone } from "./lab_linphone.ts";
import type { Sound } from "./lab_sound.ts";

/** What is typed into the phone. */
export interface Account {
  readonly number: string;
  readonly password: string;
  /** The server's address, without brackets. */
  readonly server: string;
  readonly transport?: "udp" | "tcp" | "tls";
  /** The server's port; the usual one of the transport when left out. */
  readonly port?: number;
  /** What stands behind the number's at-sign, while the packets go to `server`. */
  readonly domain?: string;
  /** The name to log in with; the number when left out. */
  readonly login?: string;
  /** How long it wants to be registered; a phone that says so refreshes late. */
  readonly expiresSeconds?: number;
  /** Tells whether its user is there (RFC 3903). */
  readonly publishes?: boolean;
  /** The frequency that it plays into its calls; one without is deaf and mute. */
  readonly tone?: number;
}

/** A phone that stands in one namespace. */
export interface Softphone {
  readonly name: string;
  /** Switches it on; it registers by itself. */
  start(): void;
  /** Waits for the 200 of a REGISTER that came after the last command. */
  registered(): Promise<void>;
  /** Waits for a final refusal and gives its status. */
  refused(): Promise<number>;
  /** Makes it send another REGISTER, and waits for its 200. */
  refresh(): Promise<void>;
  /** Makes it unregister, and waits until it has. */
  unregister(): Promise<void>;
  /** Pulls the plug. `start()` switches the same phone on again. */
  crash(): Promise<void>;
  /** Everything that it printed, its SIP messages among them. */
  readonly log: string;
  /** Dials a number. */
  call(number: string): Promise<void>;
  /** Waits until it rings. */
  rings(): Promise<void>;
  /** Takes the call that rings. */
  answer(): Promise<void>;
  /** Waits until the call of the last `call()` stands, or the one that rings first. */
  established(): Promise<void>;
  /** Puts the call on hold, and waits until the other side has agreed. */
  hold(): Promise<void>;
  /** Waits until the other phone has put it on hold. */
  held(): Promise<void>;
  /** Takes the call back, and waits until the other side has agreed. */
  resume(): Promise<void>;
  /** Sends the other one to a number (RFC 3515). */
  transfer(number: string): Promise<void>;
  /** Hangs up, cancels, or declines the call that rings. */
  hangUp(): Promise<void>;
  /** Waits until the call is over, and gives what the phone says of it. */
  ended(timeoutMs?: number): Promise<string>;
  /** What it has heard so far in all its calls. */
  heard(): Sound;
}

/** The phone programs, by the name of the program that must be installed. */
export const SOFTPHONES: Readonly<
  Record<string, (lab: Lab, namespace: string, account: Account) => Softphone>
> = {
  baresip: (lab, namespace, account) => new Baresip(lab, namespace, account),
  linphonec: (lab, namespace, account) => new Linphone(lab, namespace, account),
};
