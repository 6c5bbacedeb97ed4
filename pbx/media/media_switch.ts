/**
 * The relay without its sockets: carries out what is asked, and says of each datagram where it
 * goes. RTP leaves on the port for RTP, RTCP on the one beside it unless it came muxed.
 * @module
 */

import {
  AIM,
  CLOSE,
  CONNECT,
  DISCONNECT,
  ECHO,
  OPEN,
  RESTART,
  SHUT,
  TONE,
} from "./command_ring.ts";
import {
  copyWords,
  type EndTable,
  FAMILY,
  FEEDER,
  isSameHost,
  OWN_HOST,
  OWN_PORT,
  PLACE_WORDS,
  PORT,
  ROW_WORDS,
  RTCP_DESCRIPTOR,
  RTP_DESCRIPTOR,
  SENT,
  STRANGERS,
  TARGET,
} from "./end_table.ts";
import { clearCounts, countRtp } from "./rtp_count.ts";
import { kindOf, RTCP_KIND, RTP_KIND, ssrcOf } from "./rtp_header.ts";
import {
  aimLock,
  clearLock,
  findPhone,
  isControlOfPhone,
  isRtcpMuxed,
  isSoundOfPhone,
  isToneWelcome,
} from "./source_lock.ts";
import { beginTone, endTone, hasTone } from "./tone_line.ts";

/** Longer than any packet of sound that crosses the internet in one piece. */
export const MOST_OCTETS = 1500;

/** Decides for all ends. */
export class MediaSwitch {
  /** Where the datagram came from: host, scope, port, as in a row. */
  readonly from = new Uint32Array(PLACE_WORDS);
  /** Where the datagram goes. */
  readonly to = new Uint32Array(PLACE_WORDS);
  /** The end through which it leaves. */
  toSlot = 0;
  /** Whether it leaves from the port for RTCP. */
  isToRtcp = false;
  /** Ends that send a tone. */
  readonly tones = new Set<number>();
  readonly #table: EndTable;
  /** The slot and one of the end that owns a port, by the port as it lies in memory. */
  readonly #owners = new Uint16Array(0x10000);
  #isRtp = false;

  /** Takes a table as another switch left it, also with calls in it. */
  constructor(table: EndTable) {
    this.#table = table;
    for (let slot = 0; slot < table.capacity; slot++) {
      if (table.words[slot * ROW_WORDS + FAMILY] === 0) continue;
      this.#own(slot, slot + 1);
      if (hasTone(table, slot)) this.tones.add(slot);
    }
  }

  /** Carries out a record of the ring; sockets are the caller's. */
  apply(record: Uint32Array, nowMs: number): void {
    const table = this.#table;
    const slot = record[1]!;
    if (slot >= table.capacity) return;
    const isOpen = table.words[slot * ROW_WORDS + FAMILY] !== 0;
    if (record[0] === OPEN) this.#open(slot, record, nowMs);
    else if (record[0] === SHUT) this.#shut(slot);
    else if (!isOpen) return;
    else if (record[0] === AIM) aimLock(table, slot, record, 2, nowMs);
    else if (record[0] === CONNECT) this.#connect(slot, record[2]!);
    else if (record[0] === ECHO) {
      this.#cut(slot);
      this.#link(slot, slot);
    } else if (record[0] === TONE) {
      this.#cut(slot);
      beginTone(table, slot, record[2]!, [record[3]!, record[4]!, record[5]!]);
      this.tones.add(slot);
    } else if (record[0] === DISCONNECT) {
      this.#cutOut(slot);
    } else if (record[0] === RESTART) clearCounts(table, slot, nowMs);
    else if (record[0] === CLOSE) this.#close(slot);
  }

  /**
   * Decides about a datagram that came in at an end from `from`.
   *
   * @returns whether it goes on: through `toSlot`, `isToRtcp`, to `to`.
   */
  route(
    slot: number,
    isRtcpPort: boolean,
    bytes: Uint8Array,
    length: number,
    nowMs: number,
  ): boolean {
    const table = this.#table;
    const words = table.words;
    const row = slot * ROW_WORDS;
    if (words[row + FAMILY] === 0) return false;
    if (length < 1 || length > MOST_OCTETS) return false;
    const kind = kindOf(bytes, length);
    const isRtp = kind === RTP_KIND && !isRtcpPort;
    const isOfPhone = !this.#isOurs() &&
      (isRtcpPort
        ? isControlOfPhone(table, slot, this.from, nowMs)
        : isSoundOfPhone(
          table,
          slot,
          this.from,
          isRtp,
          isRtp ? ssrcOf(bytes) : 0,
          nowMs,
        ));
    if (!isOfPhone) {
      words[row + STRANGERS]!++;
      return false;
    }
    if (isRtp) countRtp(table, slot, bytes, length, nowMs);
    const target = words[row + TARGET]!;
    if (target === 0) return false;
    this.toSlot = target - 1;
    // an echo of reports would tell a phone of itself
    if (this.toSlot === slot && (isRtcpPort || kind === RTCP_KIND)) {
      return false;
    }
    this.isToRtcp = isRtcpPort && !isRtcpMuxed(table, this.toSlot);
    this.#isRtp = isRtp;
    return findPhone(table, this.toSlot, this.isToRtcp, this.to);
  }

  /** Whether the tone of an end can be heard and may be sent; then `to` says where. */
  routeTone(slot: number, nowMs: number): boolean {
    this.toSlot = slot;
    this.isToRtcp = false;
    this.#isRtp = true;
    return findPhone(this.#table, slot, false, this.to) &&
      isToneWelcome(this.#table, slot, this.to, nowMs);
  }

  /** The datagram has left. */
  countSent(): void {
    if (this.#isRtp) {
      this.#table.words[this.toSlot * ROW_WORDS + SENT]!++;
    }
  }

  /** Whether a datagram comes from a port of our own: it would turn in circles. */
  #isOurs(): boolean {
    const owner = this.#owners[this.from[PORT]!]!;
    if (owner === 0) return false;
    const at = (owner - 1) * ROW_WORDS + OWN_HOST;
    return isSameHost(this.#table.words, at, this.from, 0);
  }

  #open(slot: number, record: Uint32Array, nowMs: number): void {
    const { words } = this.#table;
    const row = slot * ROW_WORDS;
    words[row + RTP_DESCRIPTOR] = record[2]!;
    words[row + RTCP_DESCRIPTOR] = record[3]!;
    words[row + FAMILY] = record[4]!;
    words[row + TARGET] = 0;
    words[row + FEEDER] = 0;
    copyWords(record, 5, words, row + OWN_HOST, 5);
    clearLock(this.#table, slot);
    clearCounts(this.#table, slot, nowMs);
    this.#own(slot, slot + 1);
  }

  #close(slot: number): void {
    this.#cut(slot);
    this.#own(slot, 0);
    this.#table.words[slot * ROW_WORDS + FAMILY] = 0;
  }

  #shut(slot: number): void {
    const { words } = this.#table;
    if (words[slot * ROW_WORDS + FAMILY] !== 0) this.#close(slot);
  }

  #own(slot: number, owner: number): void {
    // RTCP has the next port; octets lie in memory as on the wire
    const port = this.#table.words[slot * ROW_WORDS + OWN_PORT]!;
    this.#owners[port] = owner;
    this.#owners[port + 0x100 & 0xffff] = owner;
  }

  #connect(slot: number, other: number): void {
    const isOther = other < this.#table.capacity && other !== slot &&
      this.#table.words[other * ROW_WORDS + FAMILY] !== 0;
    if (!isOther) return;
    const { words } = this.#table;
    const isSo = words[slot * ROW_WORDS + TARGET] === other + 1 &&
      words[other * ROW_WORDS + TARGET] === slot + 1;
    if (isSo) return;
    this.#cut(slot);
    this.#cut(other);
    this.#link(slot, other);
    this.#link(other, slot);
  }

  #link(from: number, to: number): void {
    this.#table.words[from * ROW_WORDS + TARGET] = to + 1;
    this.#table.words[to * ROW_WORDS + FEEDER] = from + 1;
  }

  /** Nothing leaves here any more, and what comes in goes nowhere. */
  #cut(slot: number): void {
    this.#cutOut(slot);
    const { words } = this.#table;
    const row = slot * ROW_WORDS;
    const target = words[row + TARGET]!;
    if (target > 0) words[(target - 1) * ROW_WORDS + FEEDER] = 0;
    words[row + TARGET] = 0;
  }

  /** Nothing leaves here any more. */
  #cutOut(slot: number): void {
    const { words } = this.#table;
    const row = slot * ROW_WORDS;
    const feeder = words[row + FEEDER]!;
    if (feeder > 0) words[(feeder - 1) * ROW_WORDS + TARGET] = 0;
    words[row + FEEDER] = 0;
    endTone(this.#table, slot);
    this.tones.delete(slot);
  }
}
