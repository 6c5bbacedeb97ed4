/**
 * What a phone says of its place, in the words of a row (`end_table.ts`), and which places may be
 * believed: a host that the SDP names may be sent to unasked only where the phone also signals
 * from it, or anybody could have a call's sound sent to anybody.
 * @module
 */

import { parseIp } from "../../sip/address_text.ts";
import {
  AIM_FLAGS,
  AIM_PLACE,
  AIM_RTCP_PORT,
  HAS_HOST,
  HAS_SIGNALLED,
  IS_TRUSTED,
  IS_WANTED,
  PORT,
  RATES,
  RATES_LIMIT,
  SCOPE,
  SIGNALLED,
} from "./end_table.ts";
import type { MediaAim } from "./media_relay.ts";

const USUAL_RATE = 8000;
const HIGHEST_RATE = 0xffffff;

/** A host as it lies in a socket address: one word for IPv4, four for IPv6. */
interface Host {
  readonly words: Uint32Array;
  readonly scope: number;
  readonly isUnspecified: boolean;
}

/** Writes an aim to zeros that begin at `at`, in the order of a row from `AIM_FLAGS` on. */
export function writeAim(
  words: Uint32Array,
  at: number,
  isIpv4: boolean,
  aim: MediaAim,
): void {
  const row = at - AIM_FLAGS;
  const host = parseHost(aim.host);
  const signalled = parseHost(aim.signalled);
  const isUsable = (one: Host | null): one is Host =>
    one !== null && one.words.length === (isIpv4 ? 1 : 4) && !one.isUnspecified;
  // 0.0.0.0 asks for silence, as it did before RFC 3264 §8.4
  let flags = aim.port > 0 && host?.isUnspecified !== true ? IS_WANTED : 0;
  if (isUsable(host)) {
    flags |= HAS_HOST;
    words.set(host.words, row + AIM_PLACE);
  }
  if (isUsable(signalled)) {
    flags |= HAS_SIGNALLED;
    words.set(signalled.words, row + SIGNALLED);
    // the host of an SDP has no scope of its own
    words[row + AIM_PLACE + SCOPE] = signalled.scope;
    const isSame = isUsable(host) &&
      host.words.every((word, i) => word === signalled.words[i]);
    if (isSame) flags |= IS_TRUSTED;
  }
  words[row + AIM_FLAGS] = flags;
  words[row + AIM_PLACE + PORT] = swapPort(aim.port);
  words[row + AIM_RTCP_PORT] = swapPort(aim.rtcpPort);
  let count = 0;
  for (const [type, rate] of aim.rates) {
    if (rate === USUAL_RATE || !(rate >= 1 && rate <= HIGHEST_RATE)) continue;
    if (count === RATES_LIMIT) break;
    words[row + RATES + count++] = type << 24 | rate;
  }
}

/** Between a port and its two octets as they lie in memory, either way. */
export function swapPort(port: number): number {
  return (port & 0xff) << 8 | port >>> 8 & 0xff;
}

function parseHost(text: string): Host | null {
  const address = parseIp(text);
  if (address === null) return null;
  const words = new Uint32Array(address.octets.buffer);
  const isUnspecified = words.every((word) => word === 0);
  return { words, scope: address.scope, isUnspecified };
}
