/**
 * What the server is: version, addresses, and how much it takes.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import type { ServerStatus } from "../server_status.ts";
import { spellDuration, spellMemory } from "./spell.ts";
import { STATUS_WORDS } from "./words/status_words.ts";

export interface ServerPartProps {
  readonly language: Language;
  readonly status: ServerStatus;
  /** What phones are given as their server. */
  readonly phoneAddress: string;
  readonly dataDir: string;
  readonly freeOctets: number | null;
}

export function ServerPart(
  { language, status, phoneAddress, dataDir, freeOctets }: ServerPartProps,
) {
  const words = STATUS_WORDS[language];
  return (
    <section class="card" id="status-server">
      <h2>{words.server}</h2>
      <dl class="facts">
        <div>
          <dt>{words.version}</dt>
          <dd>{`pbx ${status.version}`}</dd>
        </div>
        <div>
          <dt>{words.uptime}</dt>
          <dd>{spellUptime(status.uptimeSeconds, language)}</dd>
        </div>
        <div>
          <dt>{words.sip}</dt>
          <dd>{phoneAddress}</dd>
        </div>
        <div>
          <dt>{words.listens}</dt>
          <dd>{status.sip.listen.join(", ")} (UDP, TCP)</dd>
        </div>
        {status.http.listen !== null && (
          <div>
            <dt>{words.http}</dt>
            <dd>{status.http.listen}</dd>
          </div>
        )}
        <div>
          <dt>{words.dataDir}</dt>
          <dd>{dataDir}</dd>
        </div>
        {freeOctets !== null && (
          <div>
            <dt>{words.free}</dt>
            <dd>{spellMemory(freeOctets, language)}</dd>
          </div>
        )}
        <div>
          <dt>{words.memory}</dt>
          <dd>{spellMemory(status.memoryBytes, language)}</dd>
        </div>
      </dl>
    </section>
  );
}

/** In whole minutes, so that the part does not change every second. */
function spellUptime(seconds: number, language: Language): string {
  if (seconds < 60) {
    return spellDuration(Math.floor(seconds / 10) * 10, language);
  }
  return spellDuration(Math.floor(seconds / 60) * 60, language)
    .replace(/ 0\u00a0\S+$/, "");
}
