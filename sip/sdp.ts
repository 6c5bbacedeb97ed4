/**
 * Session descriptions (RFC 8866): read line by line, and never throwing. What is no line is left
 * out; where a media line cannot be read nothing is, because its place among the others counts
 * (RFC 3264 §8).
 *
 *     v= o= s= c= t= a=...          of the session
 *     m=audio 4000 RTP/AVP 8 101    one media line, and what belongs to it
 *     c= a=...
 *
 * Text is as `readText` makes it: each UTF-16 unit is one octet.
 * @module
 */

import { consistsOf, copyText, parseInteger, TOKEN } from "./octet.ts";

/** One codec of a media line. */
export interface SdpCodec {
  /** -1 where the format is no number, as that of a fax. */
  readonly payloadType: number;
  /** As in `a=rtpmap`, or the static name of RFC 3551: `PCMA/8000`; else the bare number. */
  readonly name: string;
  /** Samples a second; 0 where it is not known. */
  readonly clockRate: number;
}

/** Who sends, as the phone that describes itself sees it (RFC 8866 §6.7). */
export type SdpDirection = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** One media description (RFC 8866 §5.14). */
export interface SdpMedia {
  /** `audio`, `video`, `image`, … */
  readonly kind: string;
  /** 0: refused. */
  readonly port: number;
  /** `RTP/AVP`, `RTP/SAVP`, `udptl`, … */
  readonly protocol: string;
  readonly formats: readonly string[];
  /**
   * Where its sender wants to hear, without brackets, in lower case; "" where it does not say. An
   * address of zeros: nowhere (RFC 3264 §8.4).
   */
  readonly host: string;
  /** From `a=rtcp` (RFC 3605), `a=rtcp-mux` (RFC 5761), else the next port; 0 with port 0. */
  readonly rtcpPort: number;
  readonly isMuxed: boolean;
  /** Its own, else the session's; nothing is heard at an address of zeros (RFC 3264 §8.4). */
  readonly direction: SdpDirection;
  /** Whether the profile is SAVP or SAVPF (RFC 3711, RFC 5124). */
  readonly isSrtp: boolean;
  /** Whether it has candidates (RFC 8839 §5.1). */
  readonly hasIce: boolean;
  /** Its lines behind `m=`, as written, without line ends. */
  readonly lines: readonly string[];
  /** What `codecsOf` has found, once somebody asked. */
  codecs?: readonly SdpCodec[];
}

/** A session with its media lines. */
export interface SessionDescription {
  readonly text: string;
  /** The lines before the first `m=`. */
  readonly lines: readonly string[];
  readonly media: readonly SdpMedia[];
}

const VERSION = /^v=0(?:[\r\n]|$)/;
const MOST_OCTETS = 16_384;
const MOST_MEDIA = 16;
const MOST_LINES = 256;
const MOST_FORMATS = 64;
const LONGEST_HOST = 64;
const LONGEST_CODEC = 64;
const HIGHEST_PORT = 65_535;
const HIGHEST_TYPE = 127;
const HIGHEST_RATE = 999_999;

/** The payload types that need no `a=rtpmap` (RFC 3551 §6). */
const STATIC: Readonly<Record<number, string>> = {
  0: "PCMU/8000",
  3: "GSM/8000",
  4: "G723/8000",
  5: "DVI4/8000",
  6: "DVI4/16000",
  7: "LPC/8000",
  8: "PCMA/8000",
  9: "G722/8000",
  10: "L16/44100/2",
  11: "L16/44100",
  12: "QCELP/8000",
  13: "CN/8000",
  14: "MPA/90000",
  15: "G728/8000",
  16: "DVI4/11025",
  17: "DVI4/22050",
  18: "G729/8000",
  26: "JPEG/90000",
  31: "H261/90000",
  32: "MPV/90000",
  33: "MP2T/90000",
  34: "H263/90000",
};

/**
 * Reads a description.
 *
 * @returns null where it is none, or is larger than any that is of use: 16384 octets, 16 media
 * lines, 256 lines of each.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { codecsOf, parseSdp } from "./sdp.ts";
 * const sdp = parseSdp("v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 8\r\n");
 * const media = sdp!.media[0]!;
 * assert.equal(media.host, "192.0.2.1");
 * assert.deepEqual(codecsOf(media), [
 *   { payloadType: 8, name: "PCMA/8000", clockRate: 8000 },
 * ]);
 * ```
 */
export function parseSdp(text: string): SessionDescription | null {
  if (text.length > MOST_OCTETS || !VERSION.test(text)) return null;
  const session: string[] = [];
  const media: MediaReader[] = [];
  let lines = session;
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const isCrlf = end > start && text.charCodeAt(end - 1) === 13;
    const line = text.slice(start, isCrlf ? end - 1 : end);
    start = end + 1;
    // a letter and an equals sign, else it is no line
    if (line.charCodeAt(1) !== 0x3d) continue;
    if (line.charCodeAt(0) === 0x6d) {
      const reader = readMedia(line);
      if (reader === null || media.length >= MOST_MEDIA) return null;
      media.push(reader);
      lines = reader.lines;
    } else if (lines.length >= MOST_LINES) return null;
    else if (!hasControl(line)) lines.push(line);
  }
  const usual = readLines(session);
  return {
    text,
    lines: session,
    media: media.map((reader) => finish(reader, usual)),
  };
}

/** Whether a codec carries sound itself: digits, silence and repetition (RFC 2198) do not. */
export function isSound({ name }: Pick<SdpCodec, "name">): boolean {
  return !NO_SOUND.test(name);
}

const NO_SOUND = /^(?:telephone-event|CN|red)\//i;

/** The codecs of a media line, one for each of its formats, in its order. */
export function codecsOf(media: SdpMedia): readonly SdpCodec[] {
  return media.codecs ??= readCodecs(media);
}

function readCodecs(media: SdpMedia): readonly SdpCodec[] {
  const names = new Map<string, string>();
  for (const line of media.lines) {
    if (!line.startsWith("a=rtpmap:")) continue;
    const space = line.indexOf(" ", 9);
    if (space > 0) {
      names.set(line.slice(9, space), line.slice(space + 1).trim());
    }
  }
  return media.formats.map((format) => {
    const payloadType = parseInteger(format, HIGHEST_TYPE);
    const said = names.get(format) ?? "";
    const name = isCodecName(said) ? said : STATIC[payloadType] ?? format;
    return {
      payloadType,
      // a longer part of a text keeps all of it in memory
      name: name.length > 12 ? copyText(name, LONGEST_CODEC) : name,
      clockRate: readClockRate(name),
    };
  });
}

/** Whether text can be shown and compared: tokens with slashes between them. */
function isCodecName(text: string): boolean {
  return text.length <= LONGEST_CODEC &&
    consistsOf(text.replaceAll("/", "."), TOKEN);
}

function readClockRate(name: string): number {
  const slash = name.indexOf("/");
  if (slash < 0) return 0;
  const end = name.indexOf("/", slash + 1);
  const digits = name.slice(slash + 1, end < 0 ? undefined : end);
  return Math.max(0, parseInteger(digits, HIGHEST_RATE));
}

/** Whether a media line goes over UDP and is wanted, so that it can be relayed. */
export function isRelayed({ port, protocol, formats }: SdpMedia): boolean {
  return port > 0 && formats.length > 0 &&
    (protocol.startsWith("RTP/") || protocol.startsWith("UDP/") ||
      protocol.toLowerCase() === "udptl");
}

/** Whether a host is an address of zeros, to which nothing can be sent. */
export function isNowhere(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

interface MediaReader {
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly lines: string[];
}

function readMedia(line: string): MediaReader | null {
  const [kind = "", portText = "", protocol = "", ...formats] = line.slice(2)
    .trim().split(/ +/, MOST_FORMATS + 3);
  // some give a number of ports behind a slash
  const digits = portText.split("/", 1)[0]!;
  const port = parseInteger(digits, HIGHEST_PORT);
  const isSound = port >= 0 && /^[\w.-]{1,32}$/.test(kind) &&
    /^[\w./-]{1,32}$/.test(protocol) &&
    formats.every((format) => /^[\w.*+-]{1,64}$/.test(format));
  return isSound ? { kind, port, protocol, formats, lines: [] } : null;
}

/** What lines say that a media line needs to know. */
interface LineFacts {
  readonly host: string;
  readonly direction: SdpDirection | "";
  readonly rtcpPort: number;
  readonly isMuxed: boolean;
  readonly hasIce: boolean;
}

function readLines(lines: readonly string[]): LineFacts {
  let host = "", rtcpPort = 0, isMuxed = false, hasIce = false;
  let direction: SdpDirection | "" = "";
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.charCodeAt(0) === 0x63) {
      host = readConnection(line) || host;
      continue;
    }
    if (line.charCodeAt(0) !== 0x61) continue;
    switch (line) {
      case "a=sendrecv":
      case "a=sendonly":
      case "a=recvonly":
      case "a=inactive":
        direction = line.slice(2) as SdpDirection;
        break;
      case "a=rtcp-mux":
        isMuxed = true;
        break;
      default:
        if (line.startsWith("a=candidate:")) hasIce = true;
        else if (line.startsWith("a=rtcp:")) rtcpPort = readPort(line.slice(7));
    }
  }
  return { host, direction, rtcpPort, isMuxed, hasIce };
}

function readPort(text: string): number {
  const space = text.indexOf(" ");
  const digits = space < 0 ? text : text.slice(0, space);
  return Math.max(0, parseInteger(digits, HIGHEST_PORT));
}

/** `c=IN IP4 192.0.2.1`, and for multicast something behind a slash. */
function readConnection(line: string): string {
  if (!line.startsWith("c=IN IP")) return "";
  const host = line.slice(9).trim().split("/", 1)[0]!.toLowerCase();
  const isSound = host.length <= LONGEST_HOST && /^[0-9a-z.:-]+$/.test(host);
  return isSound ? host : "";
}

function finish(reader: MediaReader, session: LineFacts): SdpMedia {
  const { kind, port, protocol, formats, lines } = reader;
  const own = readLines(lines);
  const host = own.host === "" ? session.host : own.host;
  const said = own.direction || session.direction || "sendrecv";
  const nextPort = port === HIGHEST_PORT ? port : port + 1;
  const rtcpPort = own.isMuxed ? port : own.rtcpPort || nextPort;
  return {
    kind,
    port,
    protocol,
    formats,
    host,
    rtcpPort: port === 0 ? 0 : rtcpPort,
    isMuxed: own.isMuxed,
    direction: isNowhere(host) ? silence(said) : said,
    isSrtp: protocol.includes("SAVP"),
    hasIce: own.hasIce || session.hasIce,
    lines,
  };
}

/** What is left of a direction where nothing is heard. */
function silence(direction: SdpDirection): SdpDirection {
  return direction === "sendrecv" || direction === "sendonly"
    ? "sendonly"
    : "inactive";
}

function hasControl(line: string): boolean {
  for (let i = 0; i < line.length; i++) {
    const letter = line.charCodeAt(i);
    if (letter < 0x20 && letter !== 0x09) return true;
  }
  return false;
}
