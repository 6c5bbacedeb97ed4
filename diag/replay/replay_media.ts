/**
 * The sound of one phone in a capture: RTP packets that come to where the phone was told to send
 * them, those that are missing by their sequence numbers (RFC 3550 §A.3), and the jitter (RFC 3550
 * §6.4.1).
 * @module
 */

import {
  kindOf,
  payloadTypeOf,
  RTP_KIND,
  sequenceOf,
  ssrcOf,
  timestampOf,
} from "../../pbx/media/rtp_header.ts";
import { formatAddress } from "../../sip/flow.ts";
import type { Segment } from "../wire/packet.ts";
import type { SoundDescription } from "./replay_sdp.ts";
import { BoundedMap } from "../bounded_map.ts";

const MOST_PLACES = 2048;
const MOST_HOSTS = 1024;
/** So much sound to places that nobody named is no stray packet. */
const FEWEST_ASTRAY = 10;
/** A step that is no loss: the sender began anew. */
const LONGEST_GAP = 3000;
const USUAL_RATE = 8000;

/** What came from one phone since its call was answered. */
export class ReplayStream {
  /** Milliseconds since 1970; 0: the call is not answered yet. */
  countsSince = 0;
  packets = 0;
  lost = 0;
  jitterMs = 0;
  lastAt = 0;
  /** Whether it was told to send to the server itself. */
  isRelayed = false;
  /** The phone's own address. */
  readonly host: string;
  /** Samples a second by payload type. */
  readonly rates = new Map<number, number>();
  #source = -1;
  #sequence = 0;
  #transit = 0;

  constructor(host: string) {
    this.host = host;
  }

  /** One packet; what is no RTP does not count. */
  take(at: number, payload: Uint8Array): void {
    if (this.countsSince === 0 || !isRtp(payload)) return;
    const sequence = sequenceOf(payload);
    const source = ssrcOf(payload);
    const step = (sequence - this.#sequence) << 16 >> 16;
    const isNew = source !== this.#source || Math.abs(step) > LONGEST_GAP;
    // a capture of all interfaces shows a packet more than once
    if (!isNew && step === 0) return;
    this.packets++;
    this.lastAt = at;
    this.#measure(at, timestampOf(payload), payloadTypeOf(payload), isNew);
    if (isNew) {
      this.#source = source;
      this.#sequence = sequence;
    } else if (step > 0) {
      this.lost += step - 1;
      this.#sequence = sequence;
    } else if (this.lost > 0) this.lost--;
  }

  #measure(at: number, time: number, type: number, isNew: boolean): void {
    const rate = this.rates.get(type) ?? USUAL_RATE;
    // modulo the turn of the time stamp
    const transit = at - time / rate * 1000;
    const turn = 2 ** 32 / rate * 1000;
    const step = Math.abs(transit - this.#transit);
    this.#transit = transit;
    if (isNew || step > turn / 2) return;
    this.jitterMs += (step - this.jitterMs) / 16;
  }
}

/** Where sound is expected, by the addresses that phones were told. */
export class ReplayMedia {
  readonly #places = new BoundedMap<ReplayStream>(MOST_PLACES);
  readonly #astray = new BoundedMap<number>(MOST_HOSTS);
  readonly #hosts: ReadonlySet<string>;
  #isWatching = false;
  #hasSound = false;

  /** @param hosts the server's addresses. */
  constructor(hosts: ReadonlySet<string>) {
    this.#hosts = hosts;
  }

  /** Whether anything is expected, so that packets have to be looked at. */
  get isWatching(): boolean {
    return this.#isWatching;
  }

  /** A phone was told where to send its sound. */
  watch(stream: ReplayStream, sound: SoundDescription): void {
    const { host, port, rates } = sound;
    if (host === "" || port === 0) return;
    this.#isWatching = true;
    for (const [type, rate] of rates) {
      if (rate > 0) stream.rates.set(type, rate);
    }
    if (this.#hosts.has(host)) stream.isRelayed = true;
    this.#places.put(formatAddress(host, port), stream);
    // behind a provider's router the server calls itself by another address than the capture
    this.#places.put(`${stream.host}>${port}`, stream);
  }

  /** A datagram of the capture, whoever sent it. */
  take(at: number, segment: Segment): void {
    const { source, destination, destinationPort, payload } = segment;
    if (!isRtp(payload)) return;
    const stream =
      this.#places.get(formatAddress(destination, destinationPort)) ??
        this.#places.get(`${source}>${destinationPort}`);
    if (stream !== undefined) {
      this.#hasSound = true;
      stream.take(at, payload);
      return;
    }
    if (!this.#hosts.has(destination)) return;
    const count = this.#astray.get(source) ?? 0;
    if (count <= FEWEST_ASTRAY) this.#astray.put(source, count + 1);
  }

  /** Whether silence of a stream means that nothing came: the file has sound, and not elsewhere. */
  isTold(stream: ReplayStream): boolean {
    return this.#hasSound &&
      (this.#astray.get(stream.host) ?? 0) < FEWEST_ASTRAY;
  }
}

function isRtp(payload: Uint8Array): boolean {
  return kindOf(payload, payload.length) === RTP_KIND;
}
