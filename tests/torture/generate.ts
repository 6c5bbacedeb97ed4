/**
 * Valid messages by the grammar of RFC 3261 §25.1, written in every way that it allows: folds,
 * compact names, blanks, quoted strings, escapes, any order.
 * @module
 */

import type { Chance } from "./chance.ts";

/** A message and what a reader must find in it. */
export interface Generated {
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly isRequest: boolean;
  readonly method: string;
  readonly requestUri: string;
  readonly status: number;
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string;
  readonly fromTag: string;
  readonly contacts: number;
  readonly bodyLength: number;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALPHANUMERIC = `${LETTERS}0123456789`;
const TOKEN = `${ALPHANUMERIC}-.!%*_+\`'~`;
const WORD = `${TOKEN}()<>:\\"/[]?{}`;
const QUOTED = `${TOKEN}()<>:/[]?{},;=@ \t\xd0\x9e\xff`;
const METHODS = [
  "REGISTER",
  "OPTIONS",
  "INVITE",
  "BYE",
  "MESSAGE",
  "SUBSCRIBE",
];

/** Blanks that must be there (LWS), with or without a fold. */
function drawLws(chance: Chance): string {
  if (!chance.once(4)) return " ";
  const fold = chance.once(2) ? `${chance.text(" \t", 0, 2)}\r\n` : "";
  return fold + chance.text(" \t", 1, 4);
}

/** Blanks that may be there (SWS). */
function drawSws(chance: Chance): string {
  return chance.once(6) ? drawLws(chance) : "";
}

function around(sign: string, chance: Chance): string {
  return drawSws(chance) + sign + drawSws(chance);
}

function drawToken(chance: Chance): string {
  return chance.text(TOKEN, 1, 12);
}

function drawQuoted(chance: Chance): string {
  let text = '"';
  for (let left = chance.below(4); left > 0; left--) {
    text += chance.text(QUOTED, 0, 8);
    if (chance.once(3)) {
      text += `\\${chance.pick(['"', "\\", "a", "\x07", "\x7f", "\0"])}`;
    }
    if (chance.once(8)) text += drawLws(chance);
  }
  return `${text}"`;
}

function drawHost(chance: Chance): string {
  const byte = () => chance.below(256);
  switch (chance.below(4)) {
    case 0:
      return `${byte()}.${byte()}.${byte()}.${byte()}`;
    case 1:
      return `[2001:db8::${chance.text("0123456789abcdefABCDEF", 1, 4)}]`;
    case 2:
      return `[::ffff:192.0.2.${byte()}]`;
    default:
      return `${chance.text(ALPHANUMERIC, 1, 8)}-1.example.${
        chance.pick(["com", "org."])
      }`;
  }
}

function drawUser(chance: Chance): string {
  const user = chance.text(`${ALPHANUMERIC}-_.!~*'()&=+$,;?/`, 1, 12);
  return user +
    (chance.once(3) ? chance.pick(["%00", "%40", "%e2%82%AC"]) : "");
}

/** A SIP URI; bare ones hold nothing that would need angle brackets. */
function drawUri(chance: Chance, isBare: boolean): string {
  let uri = `${chance.pick(["sip", "SIP", "sips"])}:`;
  if (!chance.once(4)) {
    uri += isBare ? chance.text(ALPHANUMERIC, 1, 8) : drawUser(chance);
    if (chance.once(5)) uri += `:${chance.text(`${ALPHANUMERIC}&=+$`, 0, 6)}`;
    uri += "@";
  }
  uri += drawHost(chance);
  if (chance.once(3)) uri += `:${chance.between(1, 65535)}`;
  if (isBare) return uri;
  for (let left = chance.below(3); left > 0; left--) {
    uri += chance.pick([
      ";lr",
      ";ob",
      ";transport=udp",
      ";X-a=%41[b]",
      ";user=phone",
      ";n%61=/:&+$",
    ]);
  }
  return uri;
}

function drawParameter(chance: Chance): string {
  const name = `x${drawToken(chance)}`;
  if (chance.once(3)) return name;
  const value = chance.pick([drawToken, drawToken, drawQuoted, drawHost])(
    chance,
  );
  return `${name}${around("=", chance)}${value}`;
}

function drawParameters(chance: Chance, fixed: readonly string[]): string {
  const parameters = [...fixed];
  for (let left = chance.below(3); left > 0; left--) {
    parameters.push(drawParameter(chance));
  }
  return chance.shuffle(parameters).map((parameter) =>
    around(";", chance) + parameter
  ).join("");
}

function drawAddress(chance: Chance, fixed: readonly string[]): string {
  const parameters = drawParameters(chance, fixed);
  if (chance.once(4)) return drawUri(chance, true) + parameters;
  let name = "";
  if (chance.once(2)) name = drawQuoted(chance) + drawSws(chance);
  else {
    for (let left = chance.below(3); left > 0; left--) {
      name += drawToken(chance) + drawLws(chance);
    }
  }
  return `${name}<${drawUri(chance, false)}>${parameters}`;
}

function drawVia(chance: Chance, branch: string): string {
  const port = chance.once(2)
    ? `${around(":", chance)}${chance.between(1, 65535)}`
    : "";
  const parameters = drawParameters(chance, [
    `branch${around("=", chance)}${branch}`,
    ...(chance.once(2) ? ["rport"] : []),
    ...(chance.once(4) ? ["received=192.0.2.1"] : []),
    ...(chance.once(8) ? ["ttl=16"] : []),
  ]);
  return `SIP${around("/", chance)}2.0${around("/", chance)}` +
    chance.pick(["UDP", "udp", "TCP", "TLS", "SCTP", "X-new"]) +
    drawLws(chance) + drawHost(chance) + port + parameters;
}

function drawBranch(chance: Chance): string {
  return `z9hG4bK${chance.text(TOKEN, 1, 20)}`;
}

function writeName(long: string, compact: string, chance: Chance): string {
  const name = compact !== "" && chance.once(3) ? compact : long;
  return Array.from(
    name,
    (letter) =>
      chance.once(6)
        ? letter.toUpperCase()
        : chance.once(6)
        ? letter.toLowerCase()
        : letter,
  ).join("");
}

function writeHeader(
  long: string,
  compact: string,
  value: string,
  chance: Chance,
): string {
  const colon = (chance.once(5) ? chance.text(" \t", 1, 3) : "") + ":";
  const blank = chance.once(2) ? " " : drawSws(chance);
  return writeName(long, compact, chance) + colon + blank + value + "\r\n";
}

function drawContacts(chance: Chance): string[] {
  const contact = () =>
    drawAddress(chance, [
      ...(chance.once(2) ? [`expires=${chance.below(7200)}`] : []),
      ...(chance.once(3) ? [`q=0.${chance.below(1000)}`] : []),
    ]);
  return Array.from({ length: chance.below(4) }, contact);
}

/** Values as several header fields or as one with commas, or a mixture. */
function writeList(
  long: string,
  compact: string,
  values: readonly string[],
  chance: Chance,
) {
  const lines: string[] = [];
  for (let at = 0; at < values.length;) {
    const count = chance.between(1, values.length - at);
    const part = values.slice(at, at + count).join(around(",", chance));
    lines.push(writeHeader(long, compact, part, chance));
    at += count;
  }
  return lines;
}

/** One valid message. */
export function generate(chance: Chance): Generated {
  const isRequest = !chance.once(8);
  const method = chance.once(5)
    ? `X${drawToken(chance)}`
    : chance.pick(METHODS);
  const requestUri = drawUri(chance, false);
  const status = isRequest ? 0 : chance.between(100, 699);
  const callId = chance.text(WORD, 1, 20) +
    (chance.once(2) ? `@${chance.text(WORD, 1, 10)}` : "");
  const cseq = chance.pick([0, 1, chance.below(100000), 2147483647]);
  const branch = drawBranch(chance);
  const fromTag = drawToken(chance);
  const contacts = drawContacts(chance);
  const bodyLength = chance.once(3) ? chance.below(300) : 0;
  const vias = [branch];
  while (chance.once(3)) vias.push(drawBranch(chance));
  const via = writeList(
    "Via",
    "v",
    vias.map((each) => drawVia(chance, each)),
    chance,
  );
  const others = chance.shuffle([
    writeHeader(
      "From",
      "f",
      drawAddress(chance, [`tag${around("=", chance)}${fromTag}`]),
      chance,
    ),
    writeHeader("To", "t", drawAddress(chance, []), chance),
    writeHeader("Call-ID", "i", callId, chance),
    writeHeader(
      "CSeq",
      "",
      `${"0".repeat(chance.below(3))}${cseq}${drawLws(chance)}${method}`,
      chance,
    ),
    writeHeader("Max-Forwards", "", String(chance.between(1, 255)), chance),
    ...(bodyLength > 0
      ? [writeHeader("Content-Type", "c", "application/sdp", chance)]
      : []),
    ...writeList("Contact", "m", contacts, chance),
    ...(chance.once(3)
      ? [
        writeHeader(
          "Supported",
          "k",
          chance.pick(["", "path", "a, b"]),
          chance,
        ),
      ]
      : []),
    ...(chance.once(3)
      ? [writeHeader("X-New", "", ';;,,\xd0\x9e="', chance)]
      : []),
    ...(chance.once(3)
      ? [writeHeader("User-Agent", "", "Phone/1.0 (a; b)", chance)]
      : []),
    ...(chance.once(9)
      ? []
      : [writeHeader("Content-Length", "l", String(bodyLength), chance)]),
  ]);
  const startLine = isRequest
    ? `${method} ${requestUri} SIP/2.0\r\n`
    : `SIP/2.0 ${status} ${
      chance.pick(["OK", "", "\xd0\x9e \xff", "a  b"])
    }\r\n`;
  const at = chance.below(others.length + 1);
  const headers = [...others.slice(0, at), ...via, ...others.slice(at)].join(
    "",
  );
  const body = chance.text("v=0\r\n\0\xff ", bodyLength, bodyLength);
  const text = `${startLine}${headers}\r\n${body}`;
  return {
    octets: Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    isRequest,
    method,
    requestUri,
    status,
    callId,
    cseq,
    branch,
    fromTag,
    contacts: contacts.length,
    bodyLength,
  };
}
