/**
 * What an SDP body says of sound, as far as a capture needs it: the codecs, whether it is
 * encrypted, and where the sound is to be sent. Only the first line of audio counts; what cannot
 * be read is left out.
 * @module
 */

import { mediaOfferOf } from "../../pbx/call/call_sound.ts";
import { descriptionOf } from "../../pbx/call/message_body.ts";
import type { MediaOffer } from "../../pbx/fact.ts";
import type { Message } from "../../sip/message.ts";
import { codecsOf, isNowhere } from "../../sip/sdp.ts";

export interface SoundDescription {
  readonly offer: MediaOffer;
  /** Where its sender wants to hear; "" and 0 where it wants none. */
  readonly host: string;
  readonly port: number;
  /** Samples a second by payload type. */
  readonly rates: ReadonlyMap<number, number>;
}

/** Reads the body of a message; null where it says nothing of sound. */
export function readSound(message: Message): SoundDescription | null {
  const sdp = descriptionOf(message);
  if (sdp === null || sdp === "broken") return null;
  const offer = mediaOfferOf(sdp);
  const media = sdp.media.find(({ kind }) => kind === "audio");
  if (offer === null || media === undefined) return null;
  const rates = new Map<number, number>();
  for (const { payloadType, clockRate } of codecsOf(media)) {
    if (clockRate > 0) rates.set(payloadType, clockRate);
  }
  const { host, port } = media;
  return { offer, host: isNowhere(host) ? "" : host, port, rates };
}
