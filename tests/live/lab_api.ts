/**
 * Asks the HTTP interface of a server in a network namespace, with the token in its data directory.
 * @module
 */

import type { Lab } from "./lab.ts";
import type { VerdictJson } from "./lab_doctor.ts";
import type { Office } from "./lab_office.ts";

/** The verdict of each phone as the server itself has it, the one that was active last first. */
export async function readVerdicts(
  lab: Lab,
  { network, server }: Office,
): Promise<readonly VerdictJson[]> {
  const read = (name: string) => Deno.readTextFile(`${server.data}/${name}`);
  const token = (await read("api-token")).trim();
  const { http } = JSON.parse(await read("server.json")) as { http: string };
  const header = `Authorization: Bearer ${token}`;
  const url = `http://${http}/api/v1/verdicts?lang=en`;
  const command = ["curl", "-sSf", "-H", header, url];
  return JSON.parse(await lab.run(network.server, command));
}
