/**
 * A name server for live tests (RFC 1035 §4.1): answers from a table, and says that there is no
 * such name for all others. Which name server a namespace asks is written where `ip netns exec`
 * looks for it.
 * @module
 */

import type { Lab } from "./lab.ts";
import { openUdpSocket } from "./lab_namespace.ts";

/** Records by name and type: `{ "pbx.example A": ["192.0.2.1"] }`. */
export type Records = Readonly<Record<string, readonly string[]>>;

const TYPES: Readonly<Record<number, string>> = {
  1: "A",
  28: "AAAA",
  33: "SRV",
  35: "NAPTR",
};
const RESPONSE = 0x8400;
const NAME_ERROR = 3;
const HEADER_OCTETS = 12;

/** Answers in a namespace until the lab closes; programs started there from now on ask it. */
export async function serveNames(
  lab: Lab,
  namespace: string,
  records: Records,
): Promise<void> {
  const host = "127.0.0.1";
  const socket = openUdpSocket(namespace, host, 53);
  const ended = answerAll(socket, records);
  lab.onClose(async () => {
    socket.close();
    await ended;
  });
  await useNameServer(lab, namespace, host);
}

/** Lets programs in the namespace ask this name server, whether it answers or not. */
export async function useNameServer(
  lab: Lab,
  namespace: string,
  host: string,
): Promise<void> {
  const directory = `/etc/netns/${namespace}`;
  await Deno.mkdir(directory, { recursive: true });
  lab.onClose(() => Deno.remove(directory, { recursive: true }));
  await Deno.writeTextFile(`${directory}/resolv.conf`, `nameserver ${host}\n`);
}

async function answerAll(
  socket: Deno.DatagramConn,
  records: Records,
): Promise<void> {
  for (;;) {
    try {
      const [question, from] = await socket.receive();
      const answer = writeAnswer(question, records);
      if (answer !== null) await socket.send(answer, from);
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) return;
    }
  }
}

function writeAnswer(
  question: Uint8Array,
  records: Records,
): Uint8Array<ArrayBuffer> | null {
  const labels: string[] = [];
  let at = HEADER_OCTETS;
  while ((question[at] ?? 0) > 0) {
    const length = question[at]!;
    const label = question.subarray(at + 1, at + 1 + length);
    labels.push(new TextDecoder().decode(label));
    at += 1 + length;
  }
  if (question.length < at + 5) return null;
  const number = question[at + 1]! << 8 | question[at + 2]!;
  const name = labels.join(".").toLowerCase();
  const values = records[`${name} ${TYPES[number]}`] ?? [];
  const isKnown = Object.keys(records).some((key) =>
    key.startsWith(`${name} `)
  );
  const code = RESPONSE | (isKnown ? 0 : NAME_ERROR);
  const answers = values.flatMap((value) => {
    const data = writeData(number, value);
    // The name is the one at the question; a minute to live.
    return [0xc0, HEADER_OCTETS, ...word(number), 0, 1, 0, 0, 0, 60]
      .concat(word(data.length), data);
  });
  return Uint8Array.from([
    question[0]!,
    question[1]!,
    ...word(code),
    ...[0, 1],
    ...word(values.length),
    ...[0, 0, 0, 0],
    ...question.subarray(HEADER_OCTETS, at + 5),
    ...answers,
  ]);
}

function writeData(type: number, value: string): number[] {
  const parts = value.split(" ");
  switch (TYPES[type]) {
    case "A":
      return value.split(".").map(Number);
    case "AAAA": {
      const [head = "", tail = ""] = value.split("::");
      const front = head.split(":").filter((group) => group !== "");
      const back = tail.split(":").filter((group) => group !== "");
      const zeros = Array<string>(8 - front.length - back.length).fill("0");
      return [...front, ...zeros, ...back].flatMap((group) =>
        word(parseInt(group, 16))
      );
    }
    case "SRV":
      return [
        ...parts.slice(0, 3).flatMap((part) => word(Number(part))),
        ...writeName(parts[3]!),
      ];
    default:
      // NAPTR: order, preference, flags, service, regular expression, replacement.
      return [
        ...parts.slice(0, 2).flatMap((part) => word(Number(part))),
        ...[parts[2]!, parts[3]!, ""].flatMap(writeText),
        ...writeName(parts[4]!),
      ];
  }
}

function writeName(name: string): number[] {
  return [...name.split(".").flatMap(writeText), 0];
}

function writeText(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}

function word(value: number): number[] {
  return [value >> 8 & 255, value & 255];
}
