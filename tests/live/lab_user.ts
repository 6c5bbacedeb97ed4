/**
 * Programs that a live test runs as another user than root, as a service has one of its own.
 * @module
 */

import type { Lab } from "./lab.ts";
import { pbxCommand, pbxEnvironment } from "./lab_command.ts";

/** The user of the service; no machine has one of that number. */
export const SERVICE_UID = 64_242;
/** Somebody else. */
export const STRANGER_UID = 64_343;

/**
 * What starts a program as a user, who can reach the directory of the lab. Deno, its cache and the
 * sources may lie where only root comes: they are seen there too, by this program alone. `machine`
 * is done as root before.
 */
export function asUser(lab: Lab, uid: number, machine = "true"): string[] {
  Deno.chmodSync(lab.directory, 0o711);
  const cache = cacheOf(lab);
  Deno.mkdirSync(cache, { recursive: true });
  const { HOME = "", DENO_DIR = `${HOME}/.cache/deno` } = pbxEnvironment();
  const script =
    `set -e; [ ! -d "$1" ] || mount --bind "$1" "$2"; ${openFolders(lab)}` +
    `${machine}; shift 2; exec "$@"`;
  return [
    ...["unshare", "--mount", "sh", "-c", script, "sh", DENO_DIR, cache],
    ...["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"],
    ...["env", `DENO_DIR=${cache}`],
  ];
}

/** What `asUser` needs of the machine. */
export const USER_NEEDS = ["root", "setpriv", "unshare", "mount"] as const;

/** Commands that show the folders of the program where one above them is root's alone. */
function openFolders(lab: Lab): string {
  const [program = "", ...rest] = pbxCommand();
  const folders = [program.replace(/\/[^/]*$/, "")];
  if (rest.length > 0) {
    folders.push(new URL("../..", import.meta.url).pathname.slice(0, -1));
  }
  const closed = new Map(folders.map((folder) => [folder, findClosed(folder)]));
  const before: string[] = [];
  const after: string[] = [];
  [...closed].forEach(([folder, above], i) => {
    if (above === null) return;
    const kept = `${lab.directory}/folder${i}`;
    before.push(`mkdir -p '${kept}'`, `mount --bind '${folder}' '${kept}'`);
    after.push(`mkdir -p '${folder}'`, `mount --bind '${kept}' '${folder}'`);
  });
  const hidden = new Set(
    [...closed.values()].filter((above) => above !== null),
  );
  for (const above of hidden) {
    before.push(`mount -t tmpfs -o mode=755 none '${above}'`);
  }
  return [...before, ...after].map((command) => `${command}; `).join("");
}

/** The first folder on the way down to this one through which not everybody comes; or null. */
function findClosed(folder: string): string | null {
  for (let end = 0; end !== -1;) {
    end = folder.indexOf("/", end + 1);
    const above = end === -1 ? folder : folder.slice(0, end);
    if (((Deno.statSync(above).mode ?? 0) & 1) === 0) return above;
  }
  return null;
}

function cacheOf(lab: Lab): string {
  return `${lab.directory}/deno`;
}

/** Makes a data directory of the service's. */
export function makeServiceDir(path: string): void {
  Deno.mkdirSync(path, { mode: 0o700 });
  Deno.chownSync(path, SERVICE_UID, SERVICE_UID);
}

/** Each file of a directory that is not the service's alone, with what is wrong with it. */
export function listForeign(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name }) => {
    const { uid, gid, mode } = Deno.lstatSync(`${directory}/${name}`);
    const rights = (mode ?? 0) & 0o777;
    const isOwn = uid === SERVICE_UID && gid === SERVICE_UID;
    return isOwn && rights === 0o600
      ? []
      : [`${name}: ${uid}:${gid} ${rights.toString(8)}`];
  });
}
