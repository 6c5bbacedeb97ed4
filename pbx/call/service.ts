/**
 * Numbers behind which the exchange itself stands: an echo, and a tone.
 * @module
 */

import { isSound, type SdpCodec } from "../../sip/sdp.ts";
import type { Service } from "./call.ts";

/** What a tone can be made in (RFC 3551 §6). */
const TONE_TYPES = [0, 8];

/** Which codecs a service takes: an echo takes any, because nobody decodes it. */
export function acceptsCodec(service: Service): (codec: SdpCodec) => boolean {
  return service === "tone"
    ? ({ payloadType }) => TONE_TYPES.includes(payloadType)
    : isSound;
}
