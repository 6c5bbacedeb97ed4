/**
 * The root filesystem of the machines that live tests boot: Debian of the release that runs here,
 * with systemd and what an administrator's fresh server has, made once by debootstrap from the
 * mirror that this machine's own `apt` uses, and kept outside the tree. A machine lays its own
 * files over it (overlayfs), so it stays as it was made.
 * @module
 */

import { createHash } from "node:crypto";
import type { Lab } from "./lab.ts";

const PACKAGES = [
  "ca-certificates",
  "curl",
  "dbus",
  "iproute2",
  "nftables",
  "openssh-client",
  "procps",
  "systemd",
  "systemd-sysv",
];

/** What making one needs. */
export const ROOTFS_NEEDS = ["root", "debootstrap", "apt-get"] as const;

/** What live tests keep from one run to the next. */
export function cacheFolder(): string {
  return Deno.env.get("PBX_TEST_CACHE") ?? "/var/cache/pbx-tests";
}

/** The path of the root filesystem; made when it is not there. `$PBX_ROOTFS` names another one. */
export async function rootFilesystem(lab: Lab): Promise<string> {
  const named = Deno.env.get("PBX_ROOTFS");
  if (named) return named;
  const { suite, mirror } = await readMirror(lab);
  const recipe = createHash("sha256").update(PACKAGES.join()).digest("hex");
  const path = `${cacheFolder()}/root-${suite}-${recipe.slice(0, 8)}`;
  if (isThere(path)) return path;
  await Deno.mkdir(cacheFolder(), { recursive: true });
  const unfinished = await Deno.makeTempDir({
    dir: cacheFolder(),
    prefix: "unfinished-",
  });
  lab.onClose(() => Deno.remove(unfinished, { recursive: true }).catch(ignore));
  await bootstrap(lab, suite, mirror, unfinished);
  await Deno.chmod(unfinished, 0o755);
  // only what is complete gets the name; somebody else may have been faster
  await Deno.rename(unfinished, path).catch(ignore);
  return path;
}

interface Mirror {
  readonly suite: string;
  readonly mirror: string;
}

/** Where this machine gets its own release from. */
async function readMirror(lab: Lab): Promise<Mirror> {
  const release = await Deno.readTextFile("/etc/os-release");
  const suite = /^VERSION_CODENAME="?(\w+)/m.exec(release)?.[1];
  const printed = await lab.run(null, [
    "apt-get",
    "indextargets",
    "--format",
    "$(CODENAME) $(COMPONENT) $(REPO_URI)",
    "Created-By: Packages",
  ]);
  const rows = printed.split("\n").map((line) => line.split(" "));
  const mirror = rows.find(([codename, component]) =>
    codename === suite && component === "main"
  )?.[2];
  if (suite === undefined || mirror === undefined) {
    throw new Error(`no mirror of \`${suite}\` among apt's:\n${printed}`);
  }
  return { suite, mirror };
}

async function bootstrap(
  lab: Lab,
  suite: string,
  mirror: string,
  path: string,
): Promise<void> {
  const command = [
    ...["debootstrap", "--variant=minbase", `--include=${PACKAGES.join()}`],
    ...[suite, path, mirror],
  ];
  const { code, stdout, stderr } = await lab.attempt(
    null,
    { command },
    "",
    300_000,
  );
  if (code !== 0) {
    throw new Error(
      `debootstrap ended with code ${code}: ${stdout.slice(-2000)}${stderr}`,
    );
  }
  await Deno.writeTextFile(`${path}/etc/hostname`, "office\n");
  await Deno.writeTextFile(`${path}/etc/hosts`, "127.0.0.1 localhost office\n");
  await Deno.writeTextFile(`${path}/etc/resolv.conf`, "");
  await Deno.remove(`${path}/var/cache/apt/archives`, { recursive: true });
  await Deno.mkdir(`${path}/var/cache/apt/archives/partial`, {
    recursive: true,
  });
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function ignore(): void {}
