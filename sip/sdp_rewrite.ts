/**
 * Descriptions as we pass them on and make them (RFC 3264): our address and ports in the place of
 * the phone's, and nothing of the phone's network left; codecs stay as they are.
 * @module
 */

import {
  codecsOf,
  isNowhere,
  isRelayed,
  isSound,
  parseSdp,
  type SdpCodec,
  type SdpDirection,
  type SdpMedia,
  type SessionDescription,
} from "./sdp.ts";
import { answerCrypto } from "./sdp_crypto.ts";

/** Where a media line of ours is. */
export interface SdpPlace {
  readonly port: number;
}

/** Who says it (RFC 8866 §5.2). */
export interface SdpOrigin {
  readonly id: number;
  readonly version: number;
  /** The address that the phone is told. */
  readonly host: string;
}

/** A phone has an address or two; who names hundreds wants to see us work. */
const MOST_NAMES = 4;
const DIRECTIONS = ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"];
/** Lines that tell of the phone's own network, or of what we do not take part in. */
const PRIVATE = [
  "a=candidate:",
  "a=remote-candidates:",
  "a=end-of-candidates",
  "a=ice-",
  "a=group:",
  "a=rtcp:",
  "a=mid:",
  "a=bundle-only",
  "a=source-filter:",
  "a=alt:",
];
/** No other attribute holds an address that anybody needs, so those that do are left out. */
const IPV4 = /\d\.\d{1,3}\.\d{1,3}\.\d/;
const BANDWIDTH = /^b=[\w-]{1,32}:\d{1,12}$/;
const TIME = /^t=\d{1,20} \d{1,20}$/;
const NULL_CONNECTION = /^c=IN IP(?:4 0\.0\.0\.0|6 ::) *$/;
/** What our own answer repeats of an offer. */
const REPEATED = /^a=(?:rtpmap:|fmtp:|ptime:|maxptime:|rtcp-mux$)/;

/**
 * The description as we pass it on.
 *
 * @param places for each media line; null: it cannot be relayed, and is refused.
 */
export function rewriteSdp(
  sdp: SessionDescription,
  origin: SdpOrigin,
  places: readonly (SdpPlace | null)[],
): string {
  const { id, version, host } = origin;
  const family = host.includes(":") ? "IP6" : "IP4";
  const address = `IN ${family} ${host}`;
  const names = namesOf(sdp);
  let bandwidth = "", time = "", attributes = "";
  for (const line of sdp.lines) {
    switch (line.charCodeAt(0)) {
      case 0x62:
        if (BANDWIDTH.test(line)) bandwidth += `${line}\r\n`;
        break;
      case 0x74:
        if (time === "" && TIME.test(line)) time = `${line}\r\n`;
        break;
      case 0x61:
        if (!isPrivateLine(line, names)) attributes += `${line}\r\n`;
    }
  }
  let text = `v=0\r\no=- ${id} ${version} ${address}\r\ns=-\r\n` +
    `c=${address}\r\n${bandwidth}${time || "t=0 0\r\n"}${attributes}`;
  for (let i = 0; i < sdp.media.length; i++) {
    const media = sdp.media[i]!;
    const place = places[i] ?? null;
    text += place === null || media.port === 0
      ? spellMediaLine(media, 0)
      : spellMedia(media, place.port, names);
  }
  return text;
}

/** The same session offered to somebody else: everything is sent and heard. */
export function offerAnew(sdp: SessionDescription): SessionDescription {
  const isKept = (line: string) =>
    !DIRECTIONS.includes(line) && !NULL_CONNECTION.test(line);
  return remake(
    sdp.lines.filter(isKept),
    sdp.media.map((media) => ({ ...media, lines: media.lines.filter(isKept) })),
  );
}

/**
 * With as many media lines as there were before: those that are missing are refused, because a
 * line that was there once stays (RFC 3264 §8).
 */
export function padMedia(
  sdp: SessionDescription,
  former: SessionDescription,
): SessionDescription {
  const missing = former.media.slice(sdp.media.length);
  if (missing.length === 0) return sdp;
  const refused = missing.map((media) => ({ ...media, port: 0, lines: [] }));
  return remake(sdp.lines, [...sdp.media, ...refused]);
}

/**
 * An answer to an offer, made of what another phone has offered itself: the formats that both
 * name in the same way.
 *
 * @returns null where no line of sound has a codec in common.
 */
export function answerFrom(
  offer: SessionDescription,
  other: SessionDescription,
): SessionDescription | null {
  let hasSound = false;
  const used = new Set<SdpMedia>();
  const media = offer.media.map((wanted) => {
    const partner = other.media.find((one) =>
      !used.has(one) && one.kind === wanted.kind && isRelayed(one) &&
      one.protocol === wanted.protocol
    );
    const isUsable = isRelayed(wanted) && /^(?:audio|video)$/.test(wanted.kind);
    const common = partner === undefined || !isUsable
      ? []
      : listCommon(wanted, partner);
    const lines = partner === undefined ? null : agreeOn(wanted, partner);
    if (partner === undefined || common.length === 0 || lines === null) {
      return { ...wanted, port: 0, lines: [] };
    }
    used.add(partner);
    hasSound ||= wanted.kind === "audio";
    const direction = meet(partner.direction, wanted.direction);
    return turnTo(keepFormats({ ...partner, lines }, common), direction);
  });
  return hasSound ? remake(other.lines, media) : null;
}

/**
 * Our own answer: the first line of sound that fits, with the first codec that is accepted and
 * with the digits that go with it; all other lines are refused.
 *
 * @returns null where nothing fits, or only with encryption.
 */
export function answerOurselves(
  offer: SessionDescription,
  accepts: (codec: SdpCodec) => boolean,
): SessionDescription | null {
  const at = offer.media.findIndex((media) =>
    media.kind === "audio" && /^RTP\/AVPF?$/.test(media.protocol) &&
    isRelayed(media) && codecsOf(media).some(accepts)
  );
  if (at < 0) return null;
  const media = offer.media.map((wanted, i) => {
    if (i !== at) return { ...wanted, port: 0, lines: [] };
    const codecs = codecsOf(wanted);
    const codec = codecs.find(accepts)!;
    const digits = codecs.find(({ name, clockRate }) =>
      /^telephone-event\//i.test(name) && clockRate === codec.clockRate
    );
    const formats = [codec, ...digits === undefined ? [] : [digits]]
      .map((one) => wanted.formats[codecs.indexOf(one)]!);
    const kept = keepFormats(wanted, formats);
    const lines = kept.lines.filter((line) => REPEATED.test(line));
    const direction = meet("sendrecv", wanted.direction);
    return turnTo({ ...kept, lines }, direction);
  });
  return remake(["v=0", "t=0 0"], media);
}

/** The formats that two media lines name in the same way, if there is sound among them. */
function listCommon(one: SdpMedia, other: SdpMedia): readonly string[] {
  const [ours, theirs] = [codecsOf(one), codecsOf(other)];
  const isCommon = (format: string, at: number) =>
    isSameCodec(theirs[other.formats.indexOf(format)], ours[at]!);
  const hasSound = one.formats.some((format, at) =>
    isCommon(format, at) && isSound(ours[at]!)
  );
  return hasSound ? one.formats.filter(isCommon) : [];
}

/** One channel need not be written (RFC 8866 §6.6). */
function isSameCodec(one: SdpCodec | undefined, other: SdpCodec): boolean {
  const spell = ({ name }: SdpCodec) =>
    name.toLowerCase().replace(/^([^/]+\/\d+)\/1$/, "$1");
  return one !== undefined && spell(one) === spell(other);
}

/**
 * The lines of a partner with the one key of an answer; null where there is none that fits, and
 * where the phones would have to agree on keys themselves (RFC 5763).
 */
function agreeOn(wanted: SdpMedia, partner: SdpMedia): string[] | null {
  const key = answerCrypto(wanted.lines, partner.lines);
  if (!key && wanted.isSrtp) return null;
  const lines = partner.lines.filter((line) =>
    !line.startsWith("a=crypto:") &&
    // RFC 5761 §5.1.1: only where it was offered
    (line !== "a=rtcp-mux" || wanted.isMuxed)
  );
  return key ? [...lines, key] : lines;
}

/** A media line with fewer formats, and without what belongs to the others. */
function keepFormats(media: SdpMedia, formats: readonly string[]): SdpMedia {
  const lines = media.lines.filter((line) => {
    const format = /^a=(?:rtpmap|fmtp|rtcp-fb):(\S+)/.exec(line)?.[1];
    return format === undefined || format === "*" || formats.includes(format);
  });
  return { ...media, formats, lines };
}

/** The direction of an answer, by what its sender wants himself (RFC 3264 §6.1). */
function meet(own: SdpDirection, offered: SdpDirection): SdpDirection {
  const sends = (own === "sendrecv" || own === "sendonly") &&
    (offered === "sendrecv" || offered === "recvonly");
  const hears = (own === "sendrecv" || own === "recvonly") &&
    (offered === "sendrecv" || offered === "sendonly");
  if (sends) return hears ? "sendrecv" : "sendonly";
  return hears ? "recvonly" : "inactive";
}

function turnTo(media: SdpMedia, direction: SdpDirection): SdpMedia {
  const kept = media.lines.filter((line) => !DIRECTIONS.includes(line));
  return { ...media, lines: [...kept, `a=${direction}`] };
}

/** The names of the phone itself that are no IPv4 addresses. */
function namesOf({ lines, media }: SessionDescription): readonly string[] {
  const names: string[] = [];
  const add = (name: string) => {
    // what has neither belongs to no network and may be part of any word
    const isName = name.includes(":") ||
      (name.includes(".") && /[a-z]/.test(name));
    if (isName && names.length < MOST_NAMES && !names.includes(name)) {
      names.push(name);
    }
  };
  for (const line of lines) {
    if (line.startsWith("o=") || line.startsWith("c=")) {
      const host = line.slice(line.lastIndexOf(" ") + 1).split("/", 1)[0]!;
      add(host.toLowerCase());
    }
  }
  for (const { host } of media) add(host);
  return names;
}

function isPrivateLine(line: string, names: readonly string[]): boolean {
  for (let i = 0; i < PRIVATE.length; i++) {
    if (line.startsWith(PRIVATE[i]!)) return true;
  }
  if (line.includes(".") && IPV4.test(line)) return true;
  if (names.length === 0) return false;
  const lower = line.toLowerCase();
  for (let i = 0; i < names.length; i++) {
    if (lower.includes(names[i]!)) return true;
  }
  return false;
}

function spellMediaLine(media: SdpMedia, port: number): string {
  const { kind, protocol, formats } = media;
  // the grammar wants a format even of a line that is refused
  return `m=${kind} ${port} ${protocol} ${formats.join(" ") || "0"}\r\n`;
}

function spellMedia(
  media: SdpMedia,
  port: number,
  names: readonly string[],
): string {
  // whoever holds by an address of zeros, which becomes ours, has to say so in another way
  const isHeld = isNowhere(media.host);
  let bandwidth = "", attributes = "";
  for (const line of media.lines) {
    const letter = line.charCodeAt(0);
    if (letter === 0x62 && BANDWIDTH.test(line)) bandwidth += `${line}\r\n`;
    if (letter !== 0x61) continue;
    if (line.startsWith("a=rtcp:")) {
      attributes += `a=rtcp:${media.isMuxed ? port : port + 1}\r\n`;
    } else if (
      !isPrivateLine(line, names) && !(isHeld && DIRECTIONS.includes(line))
    ) attributes += `${line}\r\n`;
  }
  const held = isHeld ? `a=${media.direction}\r\n` : "";
  return spellMediaLine(media, port) + bandwidth + attributes + held;
}

/** A description from its parts; `text` names the phone's places, as if it had said so itself. */
function remake(
  lines: readonly string[],
  media: readonly SdpMedia[],
): SessionDescription {
  const text = `${lines.join("\r\n")}\r\n` +
    media.map((one) =>
      spellMediaLine(one, one.port) +
      one.lines.map((line) => `${line}\r\n`).join("")
    ).join("");
  return parseSdp(text) ?? { text, lines, media };
}
