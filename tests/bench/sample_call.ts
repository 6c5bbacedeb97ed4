/**
 * Calls that the benchmark plays to an office in the same process, many at a time: the phones of
 * the lower half are called by those of the upper half, each by the same one. INVITE, 401, ACK,
 * INVITE with digest, 180, 200, ACK, BYE, 200.
 * @module
 */

import {
  answerRequest,
  type Said,
  type SampleOffice,
} from "./sample_office.ts";
import {
  DOMAIN,
  numberOf,
  portOf,
  readNonce,
  writeLogin,
} from "./sample_phone.ts";

/** What is measured each by itself, in the order of a call. */
export const STEPS = [
  "INVITE without credentials, 401, ACK",
  "INVITE with digest, to the called phone",
  "180 through to the caller",
  "200 through to the caller, ACK to the called phone",
  "ACK of the caller",
  "BYE, with both answers",
] as const;

const HOST = "127.0.0.1";
const AGENT = "User-Agent: bench-phone/1.0\r\n";
/** One call, from the side of the caller. */
interface Call {
  readonly caller: number;
  readonly callee: number;
  readonly callId: string;
  cseq: number;
  /** With its angle brackets, and with the tag as soon as it is known. */
  to: string;
  target: string;
}

export class SampleCalls {
  /** How many phones are called, each once in a round. */
  readonly count: number;
  readonly #office: SampleOffice;
  #round = 0;

  /** `phones` are registered already. */
  constructor(office: SampleOffice, phones: number) {
    this.#office = office;
    this.count = phones >> 1;
  }

  /** Plays the calls of a round; gives the microseconds of CPU of each step for one call. */
  play(batch: number): number[] {
    const micros = STEPS.map(() => 0);
    this.#round++;
    for (let first = 0; first < this.count; first += batch) {
      const length = Math.min(batch, this.count - first);
      const calls = Array.from({ length }, (_, i) => this.#begin(first + i));
      this.#playSome(calls, (step, work) => {
        const before = this.#office.cpuMicros;
        work();
        micros[step]! += this.#office.cpuMicros - before;
      });
    }
    return micros.map((value) => value / this.count);
  }

  #begin(callee: number): Call {
    // one with another port: nobody is rung where he calls from
    const caller = this.count + (callee + 1) % this.count;
    const callId = `c${this.#round}-${caller}`;
    const target = `sip:${numberOf(callee)}@${DOMAIN}`;
    return { caller, callee, callId, cseq: 1, to: `<${target}>`, target };
  }

  #playSome(
    calls: readonly Call[],
    measure: (step: number, work: () => void) => void,
  ): void {
    const callers = new Map(calls.map((call) => [call.callId, call]));
    const callees = new Map(calls.map((call) => [numberOf(call.callee), call]));
    const logins = new Map<Call, string>();
    let invites: string[] = [];
    measure(0, () => {
      const answers = this.#hear(calls.map((call) => writeInvite(call, "")));
      for (const answer of take(answers, /^SIP\/2\.0 401 /, calls.length)) {
        const call = find(callers, /^Call-ID: (.*)\r$/m, answer);
        const uri = call.target;
        const nonce = readNonce(answer);
        logins.set(call, writeLogin(call.caller, "INVITE", uri, nonce, 1));
      }
      this.#hear(calls.map((call) => write(call, "ACK", "")));
    });
    measure(1, () => {
      for (const call of calls) call.cseq++;
      const sent = this.#hear(
        calls.map((call) => writeInvite(call, logins.get(call)!)),
      );
      invites = take(sent, /^INVITE /, calls.length);
    });
    const called = invites.map((invite) => {
      const call = find(callees, /^INVITE sip:([^@]+)@/, invite);
      return { phone: call.callee, invite };
    });
    measure(2, () => {
      const sent = this.#hear(
        called.map(({ phone, invite }) => answer(phone, invite, "180 Ringing")),
      );
      take(sent, /^SIP\/2\.0 180 /, calls.length);
    });
    measure(3, () => {
      const sent = this.#hear(
        called.map(({ phone, invite }) =>
          answer(phone, invite, "200 OK", writeSound(phone))
        ),
      );
      take(sent, /^ACK /, calls.length);
      for (const text of take(sent, /^SIP\/2\.0 200 /, calls.length)) {
        const call = find(callers, /^Call-ID: (.*)\r$/m, text);
        call.to = /^To: (.*)\r$/m.exec(text)?.[1] ?? "";
        call.target = /^Contact: <([^>]+)>/m.exec(text)?.[1] ?? "";
      }
    });
    measure(4, () => {
      this.#hear(calls.map((call) => write(call, "ACK", "a")));
    });
    measure(5, () => {
      for (const call of calls) call.cseq++;
      const sent = this.#hear(calls.map((call) => write(call, "BYE", "")));
      const byes = take(sent, /^BYE /, calls.length);
      take(sent, /^SIP\/2\.0 200 /, calls.length);
      this.#hear(byes.map((bye) => {
        const { callee } = find(callees, /^BYE sip:([^@]+)@/, bye);
        return answer(callee, bye, "200 OK");
      }));
    });
  }

  #hear(said: readonly Said[]): string[] {
    return this.#office.hear(said);
  }
}

function take(texts: readonly string[], what: RegExp, count: number): string[] {
  const found = texts.filter((text) => what.test(text));
  if (found.length !== count) {
    const other = texts.find((text) => !what.test(text)) ?? "nothing";
    throw new Error(`${found.length} of ${count} like ${what}, and ${other}`);
  }
  return found;
}

function find(
  calls: ReadonlyMap<string, Call>,
  what: RegExp,
  text: string,
): Call {
  const call = calls.get(what.exec(text)?.[1] ?? "");
  if (call === undefined) throw new Error(`of no call: ${text}`);
  return call;
}

function writeInvite(call: Call, login: string): Said {
  return write(
    call,
    "INVITE",
    "",
    `Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, INFO, UPDATE\r\n` +
      `Supported: replaces, timer\r\n${login}`,
    writeSound(call.caller),
  );
}

function write(
  call: Call,
  method: string,
  suffix: string,
  more = "",
  sound = "",
): Said {
  const { caller, callId, cseq, to, target } = call;
  const number = numberOf(caller);
  const port = portOf(caller);
  const text = `${method} ${target} SIP/2.0\r\n` +
    `Via: SIP/2.0/UDP ${HOST}:${port};branch=z9hG4bK${callId}.${cseq}${suffix};rport\r\n` +
    `Max-Forwards: 70\r\nFrom: <sip:${number}@${DOMAIN}>;tag=f${caller}\r\n` +
    `To: ${to}\r\nCall-ID: ${callId}\r\nCSeq: ${cseq} ${method}\r\n` +
    `Contact: <sip:${number}@${HOST}:${port}>\r\n${AGENT}${more}` +
    finish(sound);
  return { phone: caller, text };
}

function answer(
  phone: number,
  request: string,
  status: string,
  sound = "",
): Said {
  return answerRequest(phone, request, status, finish(sound));
}

function finish(sound: string): string {
  const type = sound === "" ? "" : "Content-Type: application/sdp\r\n";
  return `${type}Content-Length: ${sound.length}\r\n\r\n${sound}`;
}

function writeSound(phone: number): string {
  return `v=0\r\no=- 1 1 IN IP4 ${HOST}\r\ns=-\r\nc=IN IP4 ${HOST}\r\nt=0 0\r\n` +
    `m=audio ${portOf(phone)} RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\n` +
    `a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n` +
    `a=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n`;
}
