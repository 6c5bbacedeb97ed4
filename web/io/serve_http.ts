/**
 * The HTTP side of a running server: the door, the listener, and what the command line finds in
 * the data directory. Where HTTP cannot be had, the phones are served all the same.
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { formatAddress } from "../../sip/flow.ts";
import type { Log } from "../../diag/io/log.ts";
import type { HttpServer } from "./http.ts";
import type { ServeRun } from "./serve_run.ts";
import { writeServerFile } from "./server_file.ts";

/** The page as it is served. */
export interface ServedPage {
  readonly http: HttpServer;
  /** Told at the start; null where the page has a password. */
  readonly setupToken: string | null;
  close(): Promise<void>;
}

/** Serves HTTP; null where it is off, or cannot be had, which the log tells. */
export async function startHttp(run: ServeRun): Promise<ServedPage | null> {
  const { config, parts, log } = run;
  let page: ServedPage | null = null;
  try {
    if (config.http !== null) page = await openPage(run, config.http);
  } catch (error) {
    tellHttpOff(config.http!, log, error);
  }
  try {
    writeServerFile(config.dataDir, {
      pid: Deno.pid,
      http: page?.http.local ?? null,
      sip: parts.sip,
      rtp: config.rtp,
      startedAt: new Date().toISOString(),
    });
  } catch (error) {
    log.warning(
      `\`pbx status\` will not find this server: ${messageOf(error)}`,
    );
  }
  return page;
}

/** What is served is loaded here, when the phones are served already. */
async function openPage(run: ServeRun, address: Address): Promise<ServedPage> {
  const { config, log, shell } = run;
  const [
    { openHttp },
    { placeTlsFiles },
    { warnOfDoor },
    { openSite },
  ] = await Promise.all([
    import("./http.ts"),
    import("./tls_files.ts"),
    import("./serve_access.ts"),
    import("./serve_site.ts"),
  ]);
  const site = openSite(run);
  try {
    const http = openHttp(
      address,
      config.tls && placeTlsFiles(config.tls, shell.environment),
      site.answer,
      (error) =>
        log.warning(`HTTP broke off and begins anew: ${messageOf(error)}`),
    );
    site.listens(http.listen);
    const setupToken = site.makeSetupToken();
    warnOfDoor(config, http, log);
    const close = async () => {
      await http.close();
      site.close();
    };
    return { http, setupToken, close };
  } catch (error) {
    site.close();
    throw error;
  }
}

/** Why there is no HTTP, and the way out. */
function tellHttpOff({ host, port }: Address, log: Log, error: unknown): void {
  if (error instanceof OperatorError) {
    log.error(`HTTP is off: ${error.message}`, { hint: error.hint });
    return;
  }
  log.warning(
    `HTTP is off, \`${formatAddress(host, port)}\` cannot be had: ${
      messageOf(error)
    }`,
    {
      hint:
        `See what holds the port: ss -ltnp 'sport = :${port}'; or choose another: --http HOST:PORT`,
    },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
