/**
 * How the page of this server is made to listen where phones reach it.
 * @module
 */

import type { Config } from "../../pbx/config.ts";
import type { PageOpening } from "../phone/phone_card.ts";
import {
  repeatServeOptions,
  type ServeOptions,
} from "../terminal/invocation.ts";
import { nameConfigFile } from "./load_config.ts";
import type { Shell } from "./shell.ts";

const USUAL_PORT = 8060;

/**
 * Says it.
 *
 * @param listen `host:port` of the page now; null where that is unknown.
 */
export function describeOpening(
  shell: Shell,
  config: Pick<Config, "http">,
  options: ServeOptions,
  listen: string | null,
): PageOpening {
  const { host = "127.0.0.1", port = 0 } = config.http ?? {};
  const served = Number(/:(\d+)$/.exec(listen ?? "")?.[1] ?? 0);
  const chosen = served || port || USUAL_PORT;
  const place = `${host.includes(":") ? "[::]" : "0.0.0.0"}:${chosen}`;
  const started = repeatServeOptions(options);
  return {
    setting: `http = "${place}"`,
    file: nameConfigFile(shell, options),
    port: chosen,
    command: `${shell.invocation} serve${started} --http ${place}`,
  };
}
