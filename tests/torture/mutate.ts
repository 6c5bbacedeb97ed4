/**
 * Damage done to messages: what radio, bad phones and people with bad intentions do to them.
 * @module
 */

import type { Chance } from "./chance.ts";

type Octets = Uint8Array<ArrayBuffer>;
type Mutation = (octets: Octets, chance: Chance, other: Octets) => Octets;

const LONGEST = 8192;

/** What a parser stumbles over. */
const STUMBLES = [
  "\r",
  "\n",
  "\r\n",
  "\r\n ",
  "\r\n\r\n",
  "\r\n\t\r\n\t",
  "\0",
  "\xff",
  "\xc3\x28",
  '"',
  '\\"',
  "\\",
  "<",
  ">",
  ",",
  ";",
  ":",
  "=",
  "@",
  "%",
  "%00",
  "%0d%0a",
  "[",
  "]",
  "[::",
  "*",
  "/",
  "?",
  " ",
  "\t",
  ";;,,;",
  "sip:",
  "tag=",
  ";branch=z9hG4bK",
  "constructor",
  "__proto__",
  "Content-Length: 5\r\n",
  "l:-1\r\n",
  "Via: SIP/2.0/UDP\r\n",
  "Contact: *\r\n",
  "Require: a,,b\r\n",
];

const NUMBERS = [
  "0",
  "-1",
  "+1",
  "00",
  "1e3",
  "0x10",
  "5abc",
  "255",
  "256",
  "65535",
  "65536",
  "2147483647",
  "2147483648",
  "4294967295",
  "4294967296",
  "9007199254740993",
  "99999999999999999999999999",
  "1.5",
  "NaN",
  "Infinity",
  "",
];

function toOctets(text: string): Octets {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function join(...parts: readonly Uint8Array[]): Octets {
  const octets = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
  return octets;
}

function replace(
  octets: Octets,
  start: number,
  end: number,
  by: Uint8Array,
): Octets {
  return join(octets.subarray(0, start), by, octets.subarray(end));
}

function drawRange(
  octets: Octets,
  chance: Chance,
  most: number,
): [number, number] {
  const start = chance.below(octets.length + 1);
  return [start, Math.min(octets.length, start + chance.below(most))];
}

const flipBits: Mutation = (octets, chance) => {
  const damaged = octets.slice();
  for (
    let left = chance.between(1, 8);
    left > 0 && damaged.length > 0;
    left--
  ) {
    const at = chance.below(damaged.length);
    damaged[at] = damaged[at]! ^ (1 << chance.below(8));
  }
  return damaged;
};

const cutEnd: Mutation = (octets, chance) =>
  octets.slice(0, chance.below(octets.length + 1));

const cutStart: Mutation = (octets, chance) =>
  octets.slice(chance.below(octets.length + 1));

const cutOut: Mutation = (octets, chance) => {
  const [start, end] = drawRange(octets, chance, 64);
  return replace(octets, start, end, new Uint8Array());
};

const double: Mutation = (octets, chance) => {
  const [start, end] = drawRange(octets, chance, 200);
  return replace(octets, end, end, octets.subarray(start, end));
};

const splice: Mutation = (octets, chance, other) =>
  join(
    octets.subarray(0, chance.below(octets.length + 1)),
    other.subarray(chance.below(other.length + 1)),
  );

const insert: Mutation = (octets, chance) => {
  const at = chance.below(octets.length + 1);
  return replace(octets, at, at, toOctets(chance.pick(STUMBLES)));
};

const insertRun: Mutation = (octets, chance) => {
  const at = chance.below(octets.length + 1);
  const times = chance.pick([2, 10, 100, 1000]);
  return replace(octets, at, at, toOctets(chance.pick(STUMBLES).repeat(times)));
};

const overwrite: Mutation = (octets, chance) => {
  const damaged = octets.slice();
  const [start, end] = drawRange(octets, chance, 16);
  for (let at = start; at < end; at++) damaged[at] = chance.below(256);
  return damaged;
};

const changeNumber: Mutation = (octets, chance) => {
  const isDigit = (at: number) => octets[at]! >= 0x30 && octets[at]! <= 0x39;
  const from = chance.below(octets.length + 1);
  for (let start = from; start < octets.length; start++) {
    if (!isDigit(start)) continue;
    let end = start;
    while (end < octets.length && isDigit(end)) end++;
    return replace(octets, start, end, toOctets(chance.pick(NUMBERS)));
  }
  return octets;
};

/** Takes a whole line away, repeats it or moves it. */
const changeLine: Mutation = (octets, chance) => {
  const text = Array.from(octets, (octet) => String.fromCharCode(octet)).join(
    "",
  );
  const lines = text.split("\r\n");
  const at = chance.below(lines.length);
  const line = lines[at]!;
  const deed = chance.below(3);
  if (deed !== 1) lines.splice(at, 1);
  if (deed !== 0) lines.splice(chance.below(lines.length + 1), 0, line);
  return toOctets(lines.join("\r\n"));
};

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  flipBits,
  cutEnd,
  cutStart,
  cutOut,
  double,
  splice,
  insert,
  insert,
  insertRun,
  overwrite,
  changeNumber,
  changeNumber,
  changeLine,
];

/** A damaged copy of one of the samples. */
export function mutate(samples: readonly Octets[], chance: Chance): Octets {
  let octets = chance.pick(samples);
  for (let left = chance.between(1, 4); left > 0; left--) {
    octets = chance.pick(MUTATIONS)(octets, chance, chance.pick(samples));
    if (octets.length > LONGEST) octets = octets.slice(0, LONGEST);
  }
  return octets;
}
