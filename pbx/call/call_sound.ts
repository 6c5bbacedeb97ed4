/**
 * The sound of calls: what each phone says of it (SDP, RFC 8866) goes to the other one with our
 * addresses in the place of its own, and the relay is told where the phones are.
 * @module
 */

import {
  codecsOf,
  isRelayed,
  isSound,
  parseSdp,
  type SessionDescription,
} from "../../sip/sdp.ts";
import { padMedia, rewriteSdp } from "../../sip/sdp_rewrite.ts";
import type { MediaOffer } from "../fact.ts";
import type { MediaEnd, MediaRelay } from "../media/media_relay.ts";
import type { Leg } from "./leg.ts";
import type { OwnAddress } from "./own_address.ts";

/** Sound, picture, fax and one more; each line takes ports. */
const MOST_LINES = 4;
/** The clock of codecs whose payload type needs no `a=rtpmap` and that are not at 8000. */
const NO_RATES: ReadonlyMap<number, number> = new Map();
const USUAL_RATE = 8000;

export class CallSound {
  readonly #relay: MediaRelay;
  readonly #own: OwnAddress;

  constructor(relay: MediaRelay, own: OwnAddress) {
    this.#relay = relay;
    this.#own = own;
  }

  /**
   * Takes what a phone said, and gives what the other one is told; null where no ports are left.
   *
   * @param isJoined whether the two hear each other from now on.
   */
  cross(
    from: Leg,
    to: Leg,
    sdp: SessionDescription,
    isJoined: boolean,
  ): string | null {
    this.hear(from, sdp);
    if (isJoined && !this.#openAll(from, sdp)) return null;
    const told = this.tell(to, sdp);
    if (told === null) return null;
    if (isJoined) this.join(from, to);
    return told;
  }

  /** Takes what a phone said of its sound. */
  hear(from: Leg, sdp: SessionDescription): void {
    from.saidBefore = from.said;
    from.said = sdp.text;
    from.isSending = sdp.media.some(({ kind, port, direction }) =>
      kind === "audio" && port > 0 && direction === "sendrecv"
    );
    this.#aimAll(from, sdp);
  }

  /** An offer was refused: what the phone said before it counts again. */
  takeBack(from: Leg): void {
    const former = parseSdp(from.saidBefore);
    if (former !== null && from.saidBefore !== from.said) {
      this.hear(from, former);
    }
  }

  /**
   * What a phone is told, as if another description were ours; null where no ports are left.
   *
   * @param isSame whether it was told the same before (RFC 4028 §7.4).
   */
  tell(to: Leg, sdp: SessionDescription, isSame = false): string | null {
    if (!this.#openAll(to, sdp)) return null;
    // RFC 3264 §8: a line that was there once stays
    const former = to.ends.length > sdp.media.length ? parseSdp(to.said) : null;
    const whole = former === null ? sdp : padMedia(sdp, former);
    if (!isSame) to.sessionVersion++;
    const origin = {
      id: to.sessionId,
      version: to.sessionVersion,
      host: this.#own.hostFor(to.flow),
    };
    return rewriteSdp(whole, origin, to.ends);
  }

  /** The two phones hear each other from now on. */
  join(one: Leg, other: Leg): void {
    const lines = Math.max(one.ends.length, other.ends.length);
    for (let i = 0; i < lines; i++) {
      const [a, b] = [one.ends[i] ?? null, other.ends[i] ?? null];
      if (a !== null && b !== null) this.#relay.connect(a, b);
      else if (a !== null) this.#relay.disconnect(a);
      else if (b !== null) this.#relay.disconnect(b);
    }
  }

  /** A phone is answered by the exchange itself: it hears itself, or a tone. */
  serve(leg: Leg, answer: SessionDescription): void {
    answer.media.forEach((media, i) => {
      const end = leg.ends[i];
      if (!end) return;
      if (leg.call.service === "tone") {
        const type = media.formats[0] === "8" ? 8 : 0;
        this.#relay.tone(end, type);
      } else this.#relay.echo(end);
    });
  }

  /** Counts begin anew, because the call was answered. */
  restart(leg: Leg): void {
    for (const end of leg.ends) if (end !== null) this.#relay.restart(end);
  }

  /** The counts of the first line of sound; null where nothing is relayed. */
  counts(leg: Leg): ReturnType<MediaRelay["counts"]> | null {
    const end = leg.ends.find((one) => one !== null);
    return end ? this.#relay.counts(end) : null;
  }

  /** Gives the ports of a phone back. */
  close(leg: Leg): void {
    for (const end of leg.ends) if (end !== null) this.#relay.close(end);
    leg.ends.length = 0;
  }

  #openAll(leg: Leg, sdp: SessionDescription): boolean {
    let isNew = false;
    for (let i = 0; i < sdp.media.length; i++) {
      const end = leg.ends[i] ?? null;
      if (!isRelayed(sdp.media[i]!) || i >= MOST_LINES) {
        if (end !== null) this.#relay.close(end);
        leg.ends[i] = null;
      } else if (end === null) {
        const opened = this.#relay.open(leg.flow.localHost);
        if (opened === null) return false;
        leg.ends[i] = opened;
        isNew = true;
      }
    }
    for (let i = sdp.media.length; i < leg.ends.length; i++) {
      const end = leg.ends[i] ?? null;
      if (end !== null) this.#relay.close(end);
      leg.ends[i] = null;
    }
    if (isNew && leg.said !== "") {
      const said = parseSdp(leg.said);
      if (said !== null) this.#aimAll(leg, said);
    }
    return true;
  }

  #aimAll(leg: Leg, sdp: SessionDescription): void {
    for (let i = 0; i < leg.ends.length; i++) {
      const end: MediaEnd | null = leg.ends[i] ?? null;
      const media = sdp.media[i];
      if (end === null || media === undefined) continue;
      this.#relay.aim(end, {
        host: media.host,
        port: media.port,
        rtcpPort: media.rtcpPort,
        signalled: leg.flow.host,
        rates: ratesOf(sdp, i),
      });
    }
  }
}

function ratesOf(
  sdp: SessionDescription,
  line: number,
): ReadonlyMap<number, number> {
  const media = sdp.media[line]!;
  let rates: Map<number, number> | null = null;
  for (const { payloadType, clockRate } of codecsOf(media)) {
    if (clockRate === 0 || clockRate === USUAL_RATE) continue;
    rates ??= new Map();
    rates.set(payloadType, clockRate);
  }
  return rates ?? NO_RATES;
}

/** What a description says of sound, for facts; null where it says nothing. */
export function mediaOfferOf(
  sdp: SessionDescription | null,
): MediaOffer | null {
  const media = sdp?.media.find(({ kind }) => kind === "audio");
  if (media === undefined) return null;
  const codecs = codecsOf(media).map(({ name }) => name);
  return { codecs, isSrtp: media.isSrtp, hasIce: media.hasIce };
}

/** The first codec of sound of an answer; "" for none. */
export function codecOf(sdp: SessionDescription | null): string {
  const media = sdp?.media.find(({ kind, port }) =>
    kind === "audio" && port > 0
  );
  if (media === undefined) return "";
  return codecsOf(media).find(isSound)?.name ?? "";
}
