/**
 * A server for a self-test: on the loopback address and a port that the system chooses, with data
 * of its own that are gone when it is closed.
 * @module
 */

import type { TemporaryServer } from "../../diag/io/check_run.ts";
import type { Config } from "../../pbx/config.ts";
import { generatePassword } from "../../pbx/extension.ts";
import { openDatabase } from "../../pbx/io/database.ts";
import { ExtensionStore } from "../../pbx/io/extension_store.ts";
import type { BuildServer } from "./server_parts.ts";

const NUMBER = "1000";

/** Starts it; nothing is left where that fails. */
export async function startTemporaryServer(
  config: Config,
  build: BuildServer,
): Promise<TemporaryServer> {
  const dataDir = await Deno.makeTempDir({ prefix: "pbx-selftest-" });
  const remove = () => Deno.remove(dataDir, { recursive: true });
  try {
    const account = {
      number: NUMBER,
      password: generatePassword(crypto.getRandomValues(new Uint8Array(32))),
    };
    const database = openDatabase(dataDir, { domains: [], create: true });
    try {
      new ExtensionStore(database).add([{ ...account, name: "" }]);
    } finally {
      database.close();
    }
    const parts = await build({
      ...config,
      sip: [{ host: "127.0.0.1", port: 0 }],
      http: null,
      dataDir,
      domains: [],
      publicAddress: null,
    }, { onFacts: () => {}, onTraffic: () => {} });
    const ended = parts.exchange.run().catch(() => {});
    const close = async () => {
      try {
        parts.exchange.stop();
        await ended;
        await parts.close();
      } finally {
        await remove();
      }
    };
    return { address: parts.sip[0]!, account, close };
  } catch (error) {
    await remove();
    throw error;
  }
}
