/**
 * The door of a running server: the admin password and the sessions behind it, what is logged of
 * who comes in, and what is refused before anything is opened.
 * @module
 */

import type { Log } from "../../diag/io/log.ts";
import type { Config } from "../../pbx/config.ts";
import { hasPagePassword, readBackup } from "../../pbx/io/backup_file.ts";
import { lookIntoDatabase } from "../../pbx/io/database.ts";
import { isStaged, STAGED_FILE } from "../../pbx/io/restore_swap.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { formatAddress, isLoopback } from "../../sip/flow.ts";
import { Access } from "../access/access.ts";
import type { AccessEvent, AccessKeeper } from "../access/access_parts.ts";
import type { DataOptions } from "../terminal/invocation.ts";
import type { HttpServer } from "./http.ts";
import { SCRYPT } from "./password_hash.ts";
import { type Shell, spellCommand } from "./shell.ts";

/** What the door is made of. */
export interface AccessMaterial {
  readonly access: AccessKeeper;
  random(octets: number): Uint8Array;
}

const TOLD: Readonly<
  Record<AccessEvent["kind"], readonly ["info" | "warning", string]>
> = {
  "signed-in": ["info", "Signed in to the page"],
  "wrong-password": ["warning", "Wrong password for the page"],
  "wrong-token": ["warning", "Wrong setup token for the page"],
  "locked-out": ["warning", "Locked out of the page for too many tries"],
  "wrong-metrics-password": ["warning", "Wrong password for /metrics"],
  "metrics-locked-out": [
    "warning",
    "Locked out of /metrics for too many tries: whatever reads it needs the password of the page",
  ],
  "password-set": ["info", "The password of the page is set"],
  "password-changed": ["info", "The password of the page is changed"],
};

/** Makes the door; who comes and goes is logged with his address, never with a secret. */
export function openAccess(
  material: AccessMaterial,
  log: Log,
  onEvent: (event: AccessEvent) => void,
): Access {
  return new Access({
    keeper: material.access,
    hasher: SCRYPT,
    random: (octets) => material.random(octets),
    nowMs: () => Date.now(),
    onEvent: (event) => {
      const { kind, source } = event;
      const [level, text] = TOLD[kind];
      log[level](text, { source });
      onEvent(event);
    },
  });
}

/**
 * Refuses to serve HTTP to other machines while the page has no password: whoever finds it first
 * would be its administrator. Throws an `OperatorError` (exit code 78).
 */
export function refuseOpenDoor(
  shell: Shell,
  config: Config,
  options: DataOptions,
): void {
  const fault = findOpenDoor(shell, config, options);
  if (fault !== null) throw fault;
}

/** Why HTTP would be refused; null where it would not. */
export function findOpenDoor(
  shell: Shell,
  config: Config,
  options: DataOptions,
): OperatorError | null {
  const { http } = config;
  if (http === null || isLoopback(http.host) || hasPassword(config)) {
    return null;
  }
  const own = formatAddress(
    http.host.includes(":") ? "::1" : "127.0.0.1",
    http.port,
  );
  return new OperatorError(
    `HTTP on \`${
      formatAddress(http.host, http.port)
    }\` is refused: the page has no password yet, and other machines could reach it`,
    `Set one: ${
      spellCommand(shell, "admin passwd", options)
    }; or serve the page to this machine only: --http ${own}`,
    78,
  );
}

/** Says what is not safe about a listener that is open. */
export function warnOfDoor(config: Config, http: HttpServer, log: Log): void {
  if (config.http === null) return;
  const endsMs = http.certificateEndsMs;
  if (endsMs === null && !isLoopback(config.http.host)) {
    log.warning(
      `The page on http://${http.listen} is not encrypted: who is on the way can read the password`,
      {
        hint:
          "Name a certificate and its key under [tls] in the configuration, or serve it on 127.0.0.1 and come through ssh -L",
      },
    );
  }
  if (endsMs !== null && endsMs < Date.now()) {
    const { certificate } = config.tls!;
    log.warning(
      `The certificate \`${certificate}\` ended on ${
        new Date(endsMs).toISOString()
      }`,
      { hint: "Renew it, then: systemctl reload pbx, or kill -HUP the server" },
    );
  }
}

/** What SIGHUP does: the certificate is read again, and nothing else. */
export async function rereadCertificate(
  config: Config,
  http: HttpServer | null,
  log: Log,
): Promise<void> {
  if (config.tls === null || http === null) {
    log.info("SIGHUP changes nothing: restart to read the configuration");
    return;
  }
  try {
    await http.reopen();
    log.info("SIGHUP: the certificate was read again");
    warnOfDoor(config, http, log);
  } catch (error) {
    const isKept = error instanceof OperatorError;
    const message = error instanceof Error ? error.message : String(error);
    log.error(
      `SIGHUP: ${message}; ${
        isKept ? "the certificate as it was goes on" : "HTTP is off"
      }`,
      { hint: isKept ? error.hint : "Restart the server" },
    );
  }
}

function hasPassword({ dataDir }: Config): boolean {
  // what is staged takes the place of the database before anybody can come
  if (isStaged(dataDir)) {
    return readBackup(`${dataDir}/${STAGED_FILE}`).hasPassword;
  }
  try {
    Deno.statSync(`${dataDir}/pbx.db`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
  }
  return lookIntoDatabase(dataDir, hasPagePassword);
}
