/**
 * The right to read packet filter rules (capabilities(7)): programs that this process starts must
 * have CAP_NET_ADMIN. Without it some of them print nothing, which must not pass for no rules.
 * @module
 */

const NET_ADMIN = 12n;

/** Whether a child of the process has the right, by the text of `/proc/self/status`. */
export function mayReadFirewall(status: string): boolean {
  const uid = /^Uid:\t\d+\t(\d+)/m.exec(status)?.[1];
  // What root starts gets what root may; others hand on their ambient set only.
  const name = uid === "0" ? "CapEff" : "CapAmb";
  const set = new RegExp(`^${name}:\\t([0-9a-f]{1,16})$`, "m").exec(status);
  return set !== null && (BigInt(`0x${set[1]}`) >> NET_ADMIN & 1n) === 1n;
}
