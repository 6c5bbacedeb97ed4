/**
 * The thread that carries sound. It waits inside the kernel for packets and for what the main
 * thread asks, and returns to its event loop only when it is told to end. What it does with a
 * packet is decided in `media_switch.ts`.
 * @module
 */

import { EINTR, errnoName, type Libc, openLibc } from "../../sip/io/libc.ts";
import { AF_INET6, SOCKADDR_ROOM } from "../../sip/io/sockaddr.ts";
import {
  CommandRing,
  OPEN,
  RECORD_WORDS,
  SHUT,
} from "../media/command_ring.ts";
import {
  EndTable,
  FAMILY,
  ROW_WORDS,
  RTCP_DESCRIPTOR,
  RTP_DESCRIPTOR,
} from "../media/end_table.ts";
import { GATHER_MICROSECONDS, GatherPace } from "../media/gather_pace.ts";
import { MediaSwitch, MOST_OCTETS } from "../media/media_switch.ts";
import {
  holdTone,
  nextToneMs,
  TONE_PACKET_OCTETS,
  ToneWriter,
} from "../media/tone_line.ts";
import { MediaClock } from "./media_clock.ts";
import { EVENT_DATA, EVENT_OCTETS, WAKER } from "./media_sockets.ts";

/** What the worker needs to know, in its one message. */
export interface MediaWork {
  readonly memory: SharedArrayBuffer;
  readonly capacity: number;
  readonly epoll: number;
  readonly waker: number;
}

/** The last that a worker says. */
export interface MediaEnded {
  /** Why it ended unasked; null where it was told to. */
  readonly failure: string | null;
}

const EVENTS = 256;
const MSG_DONTWAIT = 0x40;
/** The length of the datagram is told, also where it does not fit. */
const MSG_TRUNC = 0x20;
/** A socket that is used again may hold so many datagrams of the call before. */
const DRAIN_LIMIT = 1024;
const NO_DESCRIPTOR = -1;

/** Carries packets until it is told to end. */
class MediaLoop {
  readonly #call: Libc["call"];
  readonly #errno: Libc["errno"];
  readonly #clock: MediaClock;
  readonly #epoll: number;
  readonly #waker: number;
  readonly #ring: CommandRing;
  readonly #table: EndTable;
  readonly #descriptors: Int32Array;
  readonly #switch: MediaSwitch;
  readonly #pace = new GatherPace();
  readonly #tones = new ToneWriter();
  readonly #record = new Uint32Array(RECORD_WORDS);
  readonly #events = new DataView(new ArrayBuffer(EVENTS * EVENT_OCTETS));
  readonly #packet = new Uint8Array(new ArrayBuffer(MOST_OCTETS + 4));
  readonly #woken = new Uint8Array(new ArrayBuffer(8));
  /** Where the packet came from and where it goes, as socket addresses. */
  readonly #from = new Uint32Array(new ArrayBuffer(SOCKADDR_ROOM));
  readonly #fromShorts = new Uint16Array(this.#from.buffer);
  readonly #fromLength = new Uint32Array(new ArrayBuffer(4));
  readonly #to = new Uint32Array(new ArrayBuffer(SOCKADDR_ROOM));
  readonly #toShorts = new Uint16Array(this.#to.buffer);

  constructor(libc: Libc, work: MediaWork) {
    this.#call = libc.call;
    this.#errno = libc.errno;
    this.#clock = new MediaClock(libc);
    this.#epoll = work.epoll;
    this.#waker = work.waker;
    this.#ring = new CommandRing(work.memory, 0);
    this.#table = new EndTable(
      work.memory,
      CommandRing.octets,
      work.capacity,
    );
    this.#descriptors = new Int32Array(
      work.memory,
      CommandRing.octets,
      work.capacity * ROW_WORDS,
    );
    this.#switch = new MediaSwitch(this.#table);
  }

  /** Throws an Error where the kernel refuses to wait. */
  run(): void {
    while (true) {
      const count = this.#wait();
      const nowMs = this.#clock.nowMs();
      // first what was asked: an end may be new to the packets that wait for it
      while (this.#ring.take(this.#record)) this.#apply(nowMs);
      if (this.#ring.isEnding()) return;
      for (let i = 0; i < count; i++) {
        const data = this.#events.getUint32(
          i * EVENT_OCTETS + EVENT_DATA,
          true,
        );
        if (data === WAKER) this.#call.read(this.#waker, this.#woken, 8n);
        else this.#carry(data >>> 1, (data & 1) === 1, nowMs);
      }
      if (this.#switch.tones.size > 0) this.#sound(nowMs);
      if (count > 0 && this.#pace.took(count, nowMs)) {
        this.#call.usleep(GATHER_MICROSECONDS);
      }
    }
  }

  /** How many sockets are ready. */
  #wait(): number {
    const timeoutMs = this.#ring.fallAsleep() ? this.#timeoutMs() : 0;
    const count = this.#call.epoll_wait(
      this.#epoll,
      this.#events,
      EVENTS,
      timeoutMs,
    );
    this.#ring.wakeUp();
    if (count >= 0) return count;
    const errno = this.#errno();
    if (errno !== EINTR) throw new Error(`epoll_wait: ${errnoName(errno)}`);
    return 0;
  }

  #timeoutMs(): number {
    if (this.#switch.tones.size === 0) return -1;
    let next = Infinity;
    for (const slot of this.#switch.tones) {
      next = Math.min(next, nextToneMs(this.#table, slot));
    }
    return Math.max(0, Math.ceil(next - this.#clock.nowMs()));
  }

  #apply(nowMs: number): void {
    const row = this.#record[1]! * ROW_WORDS;
    if (this.#record[0] === SHUT) {
      this.#call.close(this.#record[2]!);
      this.#call.close(this.#record[3]!);
      this.#descriptors[row + RTP_DESCRIPTOR] = NO_DESCRIPTOR;
      this.#descriptors[row + RTCP_DESCRIPTOR] = NO_DESCRIPTOR;
    }
    this.#switch.apply(this.#record, nowMs);
    if (this.#record[0] === OPEN && this.#record[10] !== 0) {
      // it rested, and what waits there is of the call before
      this.#drain(this.#descriptors[row + RTP_DESCRIPTOR]!);
      this.#drain(this.#descriptors[row + RTCP_DESCRIPTOR]!);
    }
  }

  #drain(descriptor: number): void {
    for (let i = 0; i < DRAIN_LIMIT; i++) {
      if (this.#receive(descriptor) < 0) return;
    }
  }

  /** The length of the datagram, which may be longer than the room for it; -1 where there is none. */
  #receive(descriptor: number): number {
    this.#fromLength[0] = SOCKADDR_ROOM;
    // an ICMP error also comes up here, once, and means no more than that
    return this.#call.recvfrom(
      descriptor,
      this.#packet,
      MOST_OCTETS,
      MSG_DONTWAIT | MSG_TRUNC,
      this.#from,
      this.#fromLength,
    );
  }

  #carry(slot: number, isRtcpPort: boolean, nowMs: number): void {
    const row = slot * ROW_WORDS;
    const at = row + (isRtcpPort ? RTCP_DESCRIPTOR : RTP_DESCRIPTOR);
    const descriptor = this.#descriptors[at]!;
    if (descriptor === NO_DESCRIPTOR) return;
    const length = this.#receive(descriptor);
    if (length < 0) return;
    const from = this.#switch.from;
    from[5] = this.#fromShorts[1]!;
    if (this.#table.words[row + FAMILY] === AF_INET6) {
      from[0] = this.#from[2]!;
      from[1] = this.#from[3]!;
      from[2] = this.#from[4]!;
      from[3] = this.#from[5]!;
      from[4] = this.#from[6]!;
    } else {
      from[0] = this.#from[1]!;
      from[1] =
        from[2] =
        from[3] =
        from[4] =
          0;
    }
    const goesOn = this.#switch.route(
      slot,
      isRtcpPort,
      this.#packet,
      length,
      nowMs,
    );
    if (goesOn) this.#send(length);
  }

  #send(length: number): void {
    const { to, toSlot, isToRtcp } = this.#switch;
    const row = toSlot * ROW_WORDS;
    const family = this.#table.words[row + FAMILY]!;
    this.#toShorts[0] = family;
    this.#toShorts[1] = to[5]!;
    if (family === AF_INET6) {
      this.#to[1] = 0;
      this.#to[2] = to[0]!;
      this.#to[3] = to[1]!;
      this.#to[4] = to[2]!;
      this.#to[5] = to[3]!;
      this.#to[6] = to[4]!;
    } else {
      this.#to[1] = to[0]!;
      this.#to[2] = 0;
      this.#to[3] = 0;
    }
    const sent = this.#call.sendto(
      this.#descriptors[row + (isToRtcp ? RTCP_DESCRIPTOR : RTP_DESCRIPTOR)]!,
      this.#packet,
      length,
      MSG_DONTWAIT,
      this.#to,
      family === AF_INET6 ? 28 : 16,
    );
    if (sent >= 0) this.#switch.countSent();
  }

  /** Sends the packets of tones that are due. */
  #sound(nowMs: number): void {
    for (const slot of this.#switch.tones) {
      if (nextToneMs(this.#table, slot) > nowMs) continue;
      if (!this.#switch.routeTone(slot, nowMs)) {
        holdTone(this.#table, slot, nowMs);
        continue;
      }
      this.#tones.write(this.#table, slot, this.#packet, nowMs);
      this.#send(TONE_PACKET_OCTETS);
    }
  }
}

addEventListener("message", (event) => {
  const work = (event as MessageEvent<MediaWork>).data;
  const libc = openLibc();
  let failure: string | null = null;
  try {
    if (libc === null) throw new Error("no C library");
    new MediaLoop(libc, work).run();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  libc?.close();
  const ended: MediaEnded = { failure };
  (self as unknown as Worker).postMessage(ended);
  self.close();
});
