/**
 * A capture written by hand: who sent which message when, and what the replay makes of it.
 * @module
 */

import { toOctets } from "../../sip/octet.ts";
import { Replay } from "./replay.ts";
import type { ReplayDirectory } from "./replay_answer.ts";
import { type JudgedPhone, judgeEvidence } from "./replay_judge.ts";
import { Recording, recordingView } from "./replay_recording.ts";
import { makeScene } from "../scene_make.ts";
import type { Story } from "../story/story.ts";
import type { StoryFact } from "../story/story_book.ts";
import { endsOf, findServers } from "../wire/ends.ts";
import { FrameMaker } from "../wire/ip_frame.ts";
import { type Frame, LINK } from "../wire/packet.ts";

export const SERVER = "192.0.2.1";
export const PHONE = "192.0.2.20";
export const OTHER = "192.0.2.30";
/** When tapes begin. */
export const START = Date.UTC(2026, 0, 2, 3, 4, 5);

/** One end of a packet. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

const USUAL = {
  server: { host: SERVER, port: 5060 },
  phone: { host: PHONE, port: 5062 },
};

/** What a tape says in the end. */
export interface Told {
  readonly facts: readonly StoryFact[];
  readonly stories: readonly Story[];
  readonly phones: readonly JudgedPhone[];
  /** The verdicts, the phone that was active last first. */
  readonly codes: readonly string[];
}

export class Tape {
  readonly frames: Frame[] = [];
  at = START;
  readonly #maker = new FrameMaker();

  /** Time passes. */
  wait(ms: number): this {
    this.at += ms;
    return this;
  }

  /** A phone sends a message to the server. */
  phone(
    text: string,
    from: Place = USUAL.phone,
    to: Place = USUAL.server,
  ): this {
    return this.send(toOctets(text), from, to);
  }

  /** The server sends one to a phone. */
  server(
    text: string,
    to: Place = USUAL.phone,
    from: Place = USUAL.server,
  ): this {
    return this.send(toOctets(text), from, to);
  }

  /** A datagram, 10 ms after the one before. */
  send(octets: Uint8Array, from: Place, to: Place): this {
    this.at += 10;
    const sent = {
      transport: "udp",
      source: from.host,
      sourcePort: from.port,
      destination: to.host,
      destinationPort: to.port,
      octets,
    } as const;
    for (const bytes of this.#maker.wrap(sent)) {
      this.frames.push({
        at: this.at,
        linkType: LINK.raw,
        bytes,
        originalLength: bytes.length,
        interfaceIndex: 0,
      });
    }
    return this;
  }

  play(directory: ReplayDirectory | null = null, number = ""): Told {
    const found = findServers(this.frames);
    const replay = new Replay({ ends: endsOf(found), directory });
    const recording = new Recording(found);
    const facts: StoryFact[] = [];
    for (const frame of this.frames) {
      recording.countFrame(frame.at);
      facts.push(...replay.take(frame));
    }
    recording.see(this.at);
    facts.push(...replay.end(this.at));
    recording.add(facts);
    const scene = makeScene(this.at, recordingView(recording));
    const { book } = recording;
    const { phones } = judgeEvidence(
      book.stories(),
      book.trails(),
      scene,
      number,
    );
    return {
      facts,
      stories: book.stories(),
      phones,
      codes: phones.map(({ main }) => main.code),
    };
  }
}

/** What a request differs in from the usual one. */
export interface RequestParts {
  readonly method?: string;
  readonly number?: string;
  readonly target?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly via?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** The text of a request. */
export function request(parts: RequestParts = {}): string {
  const {
    method = "REGISTER",
    number = "1001",
    target = `sip:${SERVER}`,
    to = `<sip:${number}@${SERVER}>`,
    callId = "call-1",
    cseq = 1,
    branch = `z9hG4bK-${callId}-${method}-${cseq}`,
    via = `${PHONE}:5062`,
    headers = [],
    body = "",
  } = parts;
  const type = body === "" ? [] : ["Content-Type: application/sdp"];
  return [
    `${method} ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${via};rport;branch=${branch}`,
    "Max-Forwards: 70",
    `From: <sip:${number}@${SERVER}>;tag=from-1`,
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    "User-Agent: Phone/1",
    ...headers,
    ...type,
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}

/** The answer to a request. */
export function answer(
  to: string,
  status: number,
  reason: string,
  headers: readonly string[] = [],
  body = "",
): string {
  const copied = to.split("\r\n").filter((line) =>
    /^(?:via|from|call-id|cseq|to):/i.test(line)
  ).map((line) =>
    line.startsWith("To:") && !line.includes("tag=") ? `${line};tag=to-1` : line
  );
  const type = body === "" ? [] : ["Content-Type: application/sdp"];
  return [
    `SIP/2.0 ${status} ${reason}`,
    ...copied,
    ...headers,
    ...type,
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}

export const CONTACT = `Contact: <sip:1001@${PHONE}:5062>;expires=300`;

/** A challenge with a nonce. */
export function challenge(nonce: string, rest = ""): string {
  return `WWW-Authenticate: Digest realm="office", nonce="${nonce}", qop="auth"${rest}`;
}

/** An answer to a challenge; the response is as good as any. */
export function credentials(
  nonce: string,
  username = "1001",
  realm = "office",
): string {
  return `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="sip:${SERVER}", response="${
    "0".repeat(32)
  }", qop=auth, nc=00000001, cnonce="c"`;
}
