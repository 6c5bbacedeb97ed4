/**
 * Reads the packet filter rules of this machine with the programs that are there: `nft`, and the
 * `iptables-save` family for what nft shows in part or not at all. Looking changes nothing: the
 * legacy programs load kernel modules, so they run only where those modules hold tables already.
 * @module
 */

import type { FirewallRules } from "../machine/firewall.ts";
import type { IptablesText } from "../machine/firewall_iptables.ts";
import { mayReadFirewall } from "../machine/firewall_right.ts";
import { findProgram } from "./program.ts";

const PATIENCE_MS = 2000;
const NO_RIGHT =
  "reading the rules needs root or CAP_NET_ADMIN: `sudo pbx selftest firewall`";
const NO_PROGRAM =
  "the kernel may hold rules, and no program is here to read them: `apt install nftables`";

/** Reads all rules once; what hinders it is in `unreadable`, and it never throws. */
export async function readFirewall(): Promise<FirewallRules> {
  const [status, ipv4, ipv6] = await Promise.all([
    readText("/proc/self/status"),
    readText("/proc/self/net/route"),
    readText("/proc/self/net/ipv6_route"),
  ]);
  const surroundings = { routes: { ipv4, ipv6 }, addresses: listAddresses() };
  const none = (unreadable: string): FirewallRules => ({
    unreadable,
    nft: "",
    iptables: [],
    ...surroundings,
  });
  if (Deno.build.os !== "linux") {
    return none("the rules can be read on Linux only");
  }
  if (!mayReadFirewall(status)) return none(NO_RIGHT);
  try {
    const nft = await readNftText();
    const texts = [
      await readIptablesTexts("ip", "iptables", nft),
      await readIptablesTexts("ip6", "ip6tables", nft),
    ].flat();
    if (nft === null && texts.length === 0 && await hasFilter()) {
      return none(NO_PROGRAM);
    }
    return {
      unreadable: "",
      nft: nft ?? "",
      iptables: texts,
      ...surroundings,
    };
  } catch (error) {
    return none(error instanceof Error ? error.message : String(error));
  }
}

/** null: there is no nft. */
async function readNftText(): Promise<string | null> {
  const nft = findProgram("nft");
  return nft === null ? null : await run(nft, ["-j", "list", "ruleset"]);
}

/** The rules of one family: those kept in nft, and those of the legacy tables. */
async function readIptablesTexts(
  family: "ip" | "ip6",
  name: "iptables" | "ip6tables",
  nft: string | null,
): Promise<readonly IptablesText[]> {
  const usual = findProgram(`${name}-save`);
  const isUsualNft = usual !== null &&
    (await Deno.realPath(usual)).includes("nft");
  const texts: IptablesText[] = [];
  const read = async (path: string | null, program: string) => {
    if (path === null) return;
    texts.push({ program, family, text: await run(path, ["-c"]) });
  };
  /** A second look at what nft shows already. */
  const readAgain = async (path: string | null, program: string) => {
    try {
      await read(path, program);
    } catch (error) {
      if (nft === null) throw error;
    }
  };
  const isInNft = nft === null ||
    new RegExp(`"table":\\s*\\{\\s*"family":\\s*"${family}"`).test(nft);
  if (isInNft && isUsualNft) await readAgain(usual, name);
  else if (isInNft) {
    await readAgain(findProgram(`${name}-nft-save`), `${name}-nft`);
  }
  const legacyTables = await readText(`/proc/self/net/${family}_tables_names`);
  if (legacyTables.trim() !== "") {
    if (usual !== null && !isUsualNft) await read(usual, name);
    else await read(findProgram(`${name}-legacy-save`), `${name}-legacy`);
  }
  return texts;
}

/** Whether the kernel shows any sign of a packet filter. */
async function hasFilter(): Promise<boolean> {
  const [ip, ip6, modules] = await Promise.all([
    readText("/proc/self/net/ip_tables_names"),
    readText("/proc/self/net/ip6_tables_names"),
    readText("/proc/modules"),
  ]);
  return ip + ip6 !== "" || /^nf_tables /m.test(modules);
}

/** What the program prints; throws with its complaint when it fails or takes too long. */
async function run(path: string, args: readonly string[]): Promise<string> {
  const command = [path, ...args].join(" ");
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const { success, stdout, stderr } = await new Deno.Command(path, {
    args: [...args],
    env: { LC_ALL: "C" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).output();
  if (signal.aborted) {
    throw new Error(`\`${command}\` gave no answer in ${PATIENCE_MS} ms`);
  }
  if (success) return new TextDecoder().decode(stdout);
  const [complaint = ""] = new TextDecoder().decode(stderr).split("\n");
  throw new Error(`\`${command}\` failed: ${complaint}`);
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return "";
  }
}

/** The machine's addresses, without those that only itself can use. */
function listAddresses(): readonly string[] {
  try {
    return Deno.networkInterfaces().map(({ address }) => address)
      .filter((address) =>
        !address.startsWith("127.") && address !== "::1" &&
        !address.startsWith("fe80:")
      );
  } catch {
    return [];
  }
}
