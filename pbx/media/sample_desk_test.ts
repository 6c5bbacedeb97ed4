/**
 * A relay without sockets, for tests: two ends, and datagrams that come from anywhere.
 * @module
 */

import { formatIp, parseIp } from "../../sip/address_text.ts";
import { formatAddress } from "../../sip/flow.ts";
import { swapPort, writeAim } from "./aim_words.ts";
import * as command from "./command_ring.ts";
import { EndTable, PLACE_WORDS, PORT, SCOPE } from "./end_table.ts";
import { MediaSwitch } from "./media_switch.ts";
import { readCounts } from "./rtp_count.ts";
import { writeRtpHeader } from "./rtp_header.ts";
import { readSource } from "./source_lock.ts";

export const OWN = "203.0.113.1";
export const NAT = "198.51.100.7";
export const LAN = "192.168.1.20";
export const STRANGER = "192.0.2.66";
export const REPORT = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 7);
export const DTLS = Uint8Array.of(
  0x16,
  0xfe,
  0xfd,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  1,
);

/** Two ends, A (0) and B (1), that are open; 2 is not. */
export class Desk {
  readonly table = new EndTable(
    new SharedArrayBuffer(EndTable.octets(3)),
    0,
    3,
  );
  media = new MediaSwitch(this.table);
  nowMs = 10_000;
  readonly #isIpv4: boolean;
  #sequence = 0;

  constructor(own = OWN) {
    this.#isIpv4 = !own.includes(":");
    for (const slot of [0, 1]) this.open(slot, own);
  }

  ask(what: number, slot: number, ...words: number[]): void {
    const record = new Uint32Array(command.RECORD_WORDS);
    record.set([what, slot, ...words]);
    this.media.apply(record, this.nowMs);
  }

  open(slot: number, own = OWN): void {
    const host = [...new Uint32Array(parseIp(own)!.octets.buffer), 0, 0, 0];
    const port = swapPort(10000 + 2 * slot);
    const family = this.#isIpv4 ? 2 : 10;
    const at = [4 * slot + 8, 4 * slot + 9, family];
    this.ask(command.OPEN, slot, ...at, ...host.slice(0, 4), port);
  }

  aim(
    slot: number,
    host: string,
    port: number,
    signalled: string,
    rtcpPort = port === 0 ? 0 : port + 1,
  ): void {
    const record = new Uint32Array(command.RECORD_WORDS);
    record.set([command.AIM, slot]);
    const rates = new Map<number, number>();
    writeAim(record, 2, this.#isIpv4, {
      host,
      port,
      rtcpPort,
      signalled,
      rates,
    });
    this.media.apply(record, this.nowMs);
  }

  /** Connects A, whose phone stands behind a router, with B, whose does not. */
  connect(): void {
    this.aim(0, LAN, 4000, NAT);
    this.aim(1, STRANGER, 0, "203.0.113.9");
    this.aim(1, "203.0.113.9", 5000, "203.0.113.9");
    this.ask(command.CONNECT, 0, 1);
  }

  /** Where a datagram goes: `A 198.51.100.7:4000`, `a` for its port for RTCP, "" for nowhere. */
  give(
    slot: number,
    from: string,
    port: number,
    bytes: Uint8Array,
    isRtcpPort = false,
    length = bytes.length,
  ): string {
    this.#setFrom(from, port);
    const goes = this.media.route(
      slot,
      isRtcpPort,
      bytes,
      length,
      this.nowMs,
    );
    if (!goes) return "";
    this.media.countSent();
    return this.#tell();
  }

  sound(slot: number, from: string, port: number, ssrc = 7): string {
    const packet = new Uint8Array(172);
    this.nowMs += 20;
    const n = ++this.#sequence;
    writeRtpHeader(packet, 0, false, n & 0xffff, n * 160, ssrc);
    return this.give(slot, from, port, packet);
  }

  report(slot: number, from: string, port: number): string {
    return this.give(slot, from, port, REPORT, true);
  }

  source(slot: number): string {
    const place = new Uint32Array(PLACE_WORDS);
    return readSource(this.table, slot, place) ? this.#text(place) : "";
  }

  counts(slot: number) {
    return readCounts(this.table, slot, this.nowMs);
  }

  tone(slot: number): string {
    return this.media.routeTone(slot, this.nowMs) ? this.#tell() : "";
  }

  #setFrom(from: string, port: number): void {
    const { octets, scope } = parseIp(from)!;
    this.media.from.fill(0);
    this.media.from.set(new Uint32Array(octets.buffer));
    this.media.from[SCOPE] = scope;
    this.media.from[PORT] = swapPort(port);
  }

  #tell(): string {
    const { toSlot, isToRtcp, to } = this.media;
    const end = "ABC"[toSlot]!;
    return `${isToRtcp ? end.toLowerCase() : end} ${this.#text(to)}`;
  }

  #text(place: Uint32Array): string {
    const octets = new Uint8Array(place.slice(0, 4).buffer);
    const scope = place[SCOPE];
    const host = formatIp(octets, 0, this.#isIpv4 ? 4 : 16, scope);
    return formatAddress(host, swapPort(place[PORT]!));
  }
}
