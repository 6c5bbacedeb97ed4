/**
 * What an SDP body says of sound (RFC 8866 §5, §6.6): the codecs, whether it is encrypted, and
 * where the sound is to be sent. Only the first line of audio counts; what cannot be read is left
 * out.
 * @module
 */

import type { MediaOffer } from "../../pbx/fact.ts";
import type { Message } from "../../sip/message.ts";
import { readText } from "../../sip/octet.ts";

export interface SoundDescription {
  readonly offer: MediaOffer;
  /** Where its sender wants to hear; "" and 0 where it wants none. */
  readonly host: string;
  readonly port: number;
  /** Samples a second by payload type. */
  readonly rates: ReadonlyMap<number, number>;
}

const MOST_OCTETS = 16_384;
const MOST_CODECS = 64;
const AUDIO = /^m=audio (\d{1,5})(?:\/\d+)? (\S+) ([\d ]*)/;
const CONNECTION = /^c=IN IP[46] ([0-9A-Fa-f.:]{1,45})/;
const CODEC = /^a=rtpmap:(\d{1,3}) ([^\s/]{1,32})\/(\d{1,6})/;

/** The payload types that need no `a=rtpmap` (RFC 3551 §6). */
const STATIC: Readonly<Record<number, string>> = {
  0: "PCMU/8000",
  3: "GSM/8000",
  4: "G723/8000",
  5: "DVI4/8000",
  8: "PCMA/8000",
  9: "G722/8000",
  13: "CN/8000",
  15: "G728/8000",
  18: "G729/8000",
};

/** Reads the body of a message; null where it says nothing of sound. */
export function readSound(message: Message): SoundDescription | null {
  const type = (message.value("content-type") ?? "").toLowerCase();
  if (!type.startsWith("application/sdp") && !type.startsWith("multipart/")) {
    return null;
  }
  const { bytes, bodyStart } = message;
  const end = Math.min(message.bodyEnd, bodyStart + MOST_OCTETS);
  return end <= bodyStart ? null : readLines(readText(bytes, bodyStart, end));
}

function readLines(text: string): SoundDescription | null {
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex((line) => AUDIO.test(line));
  if (at < 0) return null;
  const [, port = "0", profile = "", types = ""] = AUDIO.exec(lines[at]!)!;
  const length = lines.slice(at + 1).findIndex((line) => line.startsWith("m="));
  const media = lines.slice(at + 1, length < 0 ? undefined : at + 1 + length);
  const names = new Map<number, string>();
  for (const line of media) {
    const codec = CODEC.exec(line);
    if (codec !== null && names.size < MOST_CODECS) {
      names.set(Number(codec[1]), `${codec[2]}/${codec[3]}`);
    }
  }
  const codecs: string[] = [];
  const rates = new Map<number, number>();
  for (const type of types.trim().split(/ +/).slice(0, MOST_CODECS)) {
    if (type === "") continue;
    const name = names.get(Number(type)) ?? STATIC[Number(type)];
    codecs.push(name ?? type);
    if (name !== undefined) {
      rates.set(Number(type), Number(name.split("/")[1]));
    }
  }
  return {
    offer: {
      codecs,
      isSrtp: /SAVP/.test(profile),
      hasIce: media.some((line) => line.startsWith("a=candidate:")),
    },
    host: findHost(media) || findHost(lines.slice(0, at)),
    port: Number(port),
    rates,
  };
}

function findHost(lines: readonly string[]): string {
  const line = lines.find((one) => CONNECTION.test(one)) ?? "";
  return CONNECTION.exec(line)?.[1]?.toLowerCase() ?? "";
}
