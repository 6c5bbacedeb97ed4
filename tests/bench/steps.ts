/**
 * What the single steps of a refresh cost, each alone in a loop. Their sum is less than the cost
 * of the whole, where caches are colder and there is more to collect.
 * @module
 */

import { formatLine } from "../../pbx/journal_line.ts";
import { readRegistration } from "../../pbx/registration.ts";
import { DigestCheck } from "../../sip/digest.ts";
import { examine } from "../../sip/examine.ts";
import type { Message } from "../../sip/message.ts";
import { NonceMint } from "../../sip/nonce.ts";
import { Outbox } from "../../sip/outbox.ts";
import { parse } from "../../sip/parse.ts";
import { parseCredentials } from "../../sip/parse_credentials.ts";
import { writeResponse } from "../../sip/serialize.ts";
import {
  ServerTransactions,
  transactionKey,
} from "../../sip/server_transactions.ts";
import { LIMITS, makeFlows } from "./sample_office.ts";
import { SamplePhones } from "./sample_phone.ts";
import { readCpuMicros } from "./stopwatch.ts";

/** A step, and the microseconds of CPU that it cost in each round. */
export interface StepCost {
  readonly name: string;
  readonly micros: number[];
}

const NOW_MS = 2000;
const NOW = { wallMs: 1.75e12, monotonicMs: NOW_MS };
const HA1 = "0123456789abcdef0123456789abcdef";
const HEADERS = "Contact: <sip:100000@127.0.0.1:40000>;expires=3600\r\n" +
  "Date: Mon, 23 Nov 2026 05:44:51 GMT\r\n";

/** One kind of work; what it returns is added up, so that the engine cannot leave it out. */
type Work = (i: number) => number;

/** Runs each step `times` times a round; the first round warms up and does not count. */
export function measureSteps(rounds: number, times: number): StepCost[] {
  const steps = buildSteps();
  const costs = steps.map(([name]): StepCost => ({ name, micros: [] }));
  let sum = 0;
  for (let round = 0; round <= rounds; round++) {
    let parsing = 0;
    steps.forEach(([name, work], i) => {
      const before = readCpuMicros();
      for (let time = 0; time < times; time++) sum += work(time);
      let micros = (readCpuMicros() - before) / times;
      if (name === "parse") parsing = micros;
      // a message remembers what was read of it: these parse a new one each time
      if (name.endsWith("*")) micros = Math.max(0, micros - parsing);
      if (round > 0) costs[i]!.micros.push(micros);
    });
  }
  if (!Number.isFinite(sum)) throw new RangeError("a step failed");
  return costs;
}

function buildSteps(): [string, Work][] {
  const mint = new NonceMint(new Uint8Array(16), 3600);
  const bytes = new TextEncoder().encode(writeRefresh(mint));
  const flow = makeFlows()[0]!;
  const index: number[] = [];
  const read = () => readMessage(bytes, index);
  const message = readMessage(bytes, []);
  const at = message.find("authorization");
  const readCredentials = () =>
    parseCredentials(message, message.valueStart(at), message.valueEnd(at))!;
  const credentials = readCredentials();
  const digest = new DigestCheck();
  const outbox = new Outbox();
  const transactions = new ServerTransactions({
    octets: 2 << 20,
    transactions: 4096,
  });
  const registration = readRegistration(message, flow, LIMITS);
  if (registration.kind !== "change") throw new Error("no registration");
  const contact = registration.contacts[0]!;
  const binding = {
    ...contact,
    contact: contact.uri.text,
    callId: message.callId,
    cseq: 2,
    expiresAtMs: NOW_MS + 3600_000,
    grantedSeconds: 3600,
    userAgent: message.userAgent,
    path: "",
    transport: flow.transport,
    flowId: 0,
    host: flow.host,
    port: flow.port,
    localHost: flow.localHost,
    localPort: flow.localPort,
  };
  return [
    ["parse", () => read().cseq],
    ["examine*", () => (examine(read()) === null ? 1 : NaN)],
    ["transaction key", () => transactionKey(message, flow).length],
    ["credentials", () => readCredentials().nonce.length],
    [
      "nonce",
      () => (mint.check(credentials.nonce, NOW_MS).state === "fresh" ? 1 : NaN),
    ],
    ["digest", (i) => {
      const nonceCount = String(i).padStart(8, "0");
      const other = Object.assign(readCredentials(), { nonceCount });
      return Number(digest.isRight("MD5", HA1, "REGISTER", other));
    }],
    [
      "registration*",
      () => Number(readRegistration(read(), flow, LIMITS).kind === "change"),
    ],
    ["response", () => {
      outbox.clear();
      writeResponse(outbox, message, flow, 200, "OK", "3f2a", HEADERS);
      return outbox.position;
    }],
    ["transaction", (i) => {
      outbox.clear();
      const start = outbox.position;
      outbox.copy(bytes, 0, 420);
      const opened = transactions.open(
        `z9hG4bKb${i}|127.0.0.1:40000|REGISTER`,
        message,
        flow,
      );
      transactions.respond(opened, 200, NOW_MS, outbox, start);
      return outbox.position;
    }],
    ["journal line", (i) => formatLine(i, "100000", binding, NOW).length],
  ];
}

function writeRefresh(mint: NonceMint): string {
  const phones = new SamplePhones(1);
  phones.takeChallenge(
    0,
    `SIP/2.0 401 Unauthorized\r\nnonce="${mint.issue(1000)}"`,
  );
  return phones.writeSigned(0);
}

function readMessage(bytes: Uint8Array, index: number[]): Message {
  const read = parse(bytes, 0, bytes.length, "datagram", index);
  if (read.kind === "malformed") throw new Error(read.what);
  return read;
}
