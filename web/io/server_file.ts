/**
 * What a running server leaves in its data directory for the command line: where it listens and
 * which ports its sound has (`server.json`), and the token that opens its HTTP (`api-token`). Both
 * are for the owner only; the token is another one at each start, so one that leaked is soon worth
 * nothing.
 * @module
 */

import {
  type Address,
  type PortRange,
  readPortRange,
} from "../../pbx/config_value.ts";
import { makeDataFileAnew, removeDataFile } from "../../pbx/io/data_owner.ts";
import { formatAddress } from "../../sip/flow.ts";
import { parseHostPort } from "../../sip/parse_uri.ts";

/** The content of `server.json`. */
export interface ServerFile {
  readonly pid: number;
  /** `host:port`, or `null` where HTTP is off. */
  readonly http: string | null;
  /** Where it serves phones; empty in the file of an older version. */
  readonly sip: readonly Address[];
  /** The ports of its sound; `null` in the file of an older version. */
  readonly rtp: PortRange | null;
  /** RFC 3339. */
  readonly startedAt: string;
}

const TOKEN_OCTETS = 32;
const TOKEN = /^[0-9a-f]{64}$/;
/** Far more than either of them has. */
const LONGEST_OCTETS = 64 * 1024;

/** Makes and stores the token of this start. */
export function writeToken(
  dataDir: string,
  random: (octets: number) => Uint8Array,
): string {
  const token = random(TOKEN_OCTETS).toHex();
  replaceFile(`${dataDir}/api-token`, token + "\n");
  return token;
}

/**
 * The token of the running server, or `null` where there is none. Nothing else is taken for one: it
 * is sent, and where root asks, a link could have led to any file.
 */
export function readToken(dataDir: string): string | null {
  const text = readIfThere(`${dataDir}/api-token`)?.trim();
  return text !== undefined && TOKEN.test(text) ? text : null;
}

/** Tells the command line where the server is. */
export function writeServerFile(dataDir: string, file: ServerFile): void {
  const { sip, rtp } = file;
  const spelled = {
    ...file,
    sip: sip.map(({ host, port }) => formatAddress(host, port)),
    rtp: rtp === null ? null : `${rtp.first}-${rtp.last}`,
  };
  replaceFile(`${dataDir}/server.json`, JSON.stringify(spelled) + "\n");
}

/** Reads it back; `null` where there is none or where it is damaged. */
export function readServerFile(dataDir: string): ServerFile | null {
  const text = readIfThere(`${dataDir}/server.json`);
  if (text === null) return null;
  try {
    const { pid, http, sip, rtp, startedAt } = JSON.parse(text) as Record<
      string,
      unknown
    >;
    if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) {
      return null;
    }
    return {
      pid,
      http: typeof http === "string" ? http : null,
      sip: Array.isArray(sip) ? readAddresses(sip) : [],
      rtp: typeof rtp === "string" ? readRange(rtp) : null,
      startedAt: String(startedAt),
    };
  } catch {
    return null;
  }
}

/** Addresses as a running server tells them; what is none is left out. */
export function readAddresses(texts: readonly unknown[]): Address[] {
  return texts.flatMap((text) => {
    const address = typeof text === "string" ? parseHostPort(text) : null;
    return address === null ? [] : [address];
  });
}

function readRange(text: string): PortRange | null {
  const read = readPortRange(text);
  return "value" in read ? read.value : null;
}

/** Takes both away at a clean stop. */
export function removeServerFiles(dataDir: string): void {
  for (const name of ["server.json", "api-token"]) {
    removeDataFile(`${dataDir}/${name}`);
  }
}

/** Puts a new file in the place of the old one at once, never readable by others. */
function replaceFile(path: string, text: string): void {
  const fresh = `${path}.new`;
  makeDataFileAnew(fresh, text);
  Deno.renameSync(fresh, path);
}

function readIfThere(path: string): string | null {
  try {
    // neither what never ends nor what nobody ever writes to
    const { isFile, size } = Deno.lstatSync(path);
    if (!isFile || size > LONGEST_OCTETS) return null;
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return null;
    throw error;
  }
}
