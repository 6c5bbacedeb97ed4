/**
 * Keeps secrets out of a help bundle: what `redact.ts` finds in messages, the same in any other
 * text, such as a log, and secrets that are known by their value, wherever they stand.
 * @module
 */

import { readText, toOctets } from "../../sip/octet.ts";
import { redactText } from "../redact.ts";

/** A parameter with its value, in SIP, in JSON or in a line of a log. */
const PARAMETER =
  /\b(response|cnonce|rspauth|nextnonce|(?:auth_?)?pass(?:word|wd)?|secret|api[-_]?token)(\\?["']?\s*=\s*\\?["']?|\\?["']\s*:\s*\\?["'])([^\s"',;\\<>]+)/gi;
const BEARER = /\b(bearer\s+)([A-Za-z0-9+/=._~-]{16,})/gi;
/** As `pbx serve` prints it; one that was not used yet opens the page. */
const SETUP_TOKEN = /\b(setup token: )([a-z0-9-]{9,})/gi;
const HEX_RUN = /[0-9a-f]{32,}/gi;

/** Hides secrets behind as many stars, so that lengths stay true. */
export class SecretFilter {
  /** In lower case. */
  readonly #known = new Set<string>();
  readonly #lengths = new Set<number>();

  /**
   * Takes what must not stand anywhere: hashes of passwords and tokens, in hexadecimal digits, at
   * least 32.
   */
  constructor(known: Iterable<string>) {
    for (const secret of known) {
      if (!/^[0-9a-f]{32,}$/i.test(secret)) continue;
      this.#known.add(secret.toLowerCase());
      this.#lengths.add(secret.length);
    }
  }

  text(text: string): string {
    const hidden = redactText(text)
      .replace(
        PARAMETER,
        (_, name: string, equals: string, value: string) =>
          name + equals + stars(value),
      )
      .replace(
        BEARER,
        (_, before: string, token: string) => before + stars(token),
      )
      .replace(
        SETUP_TOKEN,
        (_, before: string, token: string) => before + stars(token),
      );
    return this.#known.size === 0
      ? hidden
      : hidden.replace(HEX_RUN, (run) => this.#hideKnown(run));
  }

  octets(octets: Uint8Array): Uint8Array {
    return toOctets(this.text(readText(octets, 0, octets.length)));
  }

  #hideKnown(run: string): string {
    const lower = run.toLowerCase();
    let shown = run;
    for (const length of this.#lengths) {
      for (let at = 0; at + length <= lower.length; at++) {
        if (!this.#known.has(lower.slice(at, at + length))) continue;
        shown = shown.slice(0, at) + "*".repeat(length) +
          shown.slice(at + length);
      }
    }
    return shown;
  }
}

function stars(secret: string): string {
  return "*".repeat(secret.length);
}
