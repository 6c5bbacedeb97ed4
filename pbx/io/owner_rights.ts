/**
 * Root's commands work in the data directory with the rights of its owner. A service that somebody
 * has taken over owns that directory: it can exchange a file for a link at any moment, and can leave
 * a journal there that names any file of the machine for SQLite to delete. With its own rights it
 * gains nothing by that. What is left of root is the right to look: the way to the directory may
 * lead through folders of root's (`/var/lib/private`), and so may the one to a backup.
 * @module
 */

import { type Libc, openLibc } from "../../sip/io/libc.ts";

const CALLS = [
  "geteuid",
  "getegid",
  "seteuid",
  "setegid",
  "getgroups",
  "setgroups",
  "capget",
  "capset",
] as const;

type Calls = Libc<typeof CALLS[number]>;

/** The header of capget(2): third version, this thread. */
const CAPABILITIES = Uint32Array.of(0x20080522, 0);
/** Of the two times effective, permitted, inheritable. */
const EFFECTIVE = 0;
const PERMITTED = 1;
const CAPABILITY_WORDS = 6;
const CAP_DAC_READ_SEARCH = 1 << 2;
/** As many as the kernel has. */
const MOST_GROUPS = 65_536;

/**
 * Does `work`, which must not wait for anything, with the rights of the owner of a folder. Where
 * this program is not root's, or has no way to change its rights, nothing changes.
 */
export function workAsOwner<Result>(
  folder: string,
  work: () => Result,
): Result {
  if (Deno.uid() !== 0) return work();
  const { uid, gid } = Deno.statSync(folder);
  if (uid === null || uid === 0) return work();
  const libc = openLibc(CALLS);
  if (libc === null) return work();
  try {
    const giveBack = lower(libc, uid, gid ?? uid);
    try {
      return work();
    } finally {
      giveBack();
    }
  } finally {
    libc.close();
  }
}

/** Gives what undoes it. */
function lower(libc: Calls, uid: number, gid: number): () => void {
  const { call } = libc;
  const nothing = () => {};
  // within another piece of work
  if (call.geteuid() !== 0) return nothing;
  const held = new Uint32Array(CAPABILITY_WORDS);
  if (call.capget(CAPABILITIES, held) !== 0) return nothing;
  // a container without this right has no other way to the files than the one of before
  if ((held[PERMITTED]! & CAP_DAC_READ_SEARCH) === 0) return nothing;
  const groups = new Uint32Array(MOST_GROUPS);
  const count = call.getgroups(MOST_GROUPS, groups);
  const group = call.getegid();
  const giveBack = () => {
    const isBack = call.seteuid(0) === 0 && call.setegid(group) === 0 &&
      call.setgroups(BigInt(count), groups) === 0 &&
      call.capset(CAPABILITIES, held) === 0;
    if (!isBack) throw new Error("The rights of root do not come back");
  };
  if (count < 0 || call.setgroups(0n, groups) !== 0) return nothing;
  const rest = held.slice();
  rest[EFFECTIVE] = CAP_DAC_READ_SEARCH;
  // the rights for higher numbers go as well; with another user all of them are gone anyway
  rest[EFFECTIVE + CAPABILITY_WORDS / 2] = 0;
  if (
    call.setegid(gid) === 0 && call.seteuid(uid) === 0 &&
    call.capset(CAPABILITIES, rest) === 0
  ) return giveBack;
  giveBack();
  return nothing;
}
