/**
 * Somebody who asks without pause, each question once, and counts which were answered and how
 * long that took: what a phone loses where it does not repeat itself.
 * @module
 */

import { Flow } from "../../sip/flow.ts";
import { openUdp } from "../../sip/io/udp.ts";
import { readText } from "../../sip/octet.ts";
import { Outbox } from "../../sip/outbox.ts";
import { until } from "./lab_process.ts";

const EVERY_MS = 4;

/** What became of the questions. */
export interface Answers {
  readonly asked: number;
  readonly lost: number;
  /** How long the slowest answer took. */
  readonly longestMs: number;
  /** The longest time between two answers. */
  readonly gapMs: number;
}

/** Asks by OPTIONS, over UDP, from its start until `end()`. */
export class Questions {
  readonly #transport = openUdp([{ host: "127.0.0.1", port: 0 }]);
  readonly #running: Promise<void>;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #outbox = new Outbox();
  readonly #flow: Flow;
  readonly #askedAtMs: number[] = [];
  readonly #waiting = new Set<number>();
  #longestMs = 0;
  #gapMs = 0;
  #lastMs = Infinity;

  constructor(port: number, perSecond: number) {
    const own = this.#transport.listening[0]!.port;
    this.#flow = new Flow("udp", 0, "127.0.0.1", own, "127.0.0.1", port);
    this.#running = this.#transport.run((inbound, count) => {
      for (let i = 0; i < count; i++) {
        const { bytes, start, end } = inbound[i]!;
        this.#take(readText(bytes, start, end));
      }
    });
    const startedMs = performance.now();
    this.#timer = setInterval(() => {
      const due = (performance.now() - startedMs) * perSecond / 1000;
      while (this.#askedAtMs.length < due) this.#ask(own);
      this.#transport.send(this.#outbox);
      this.#outbox.clear();
    }, EVERY_MS);
  }

  get asked(): number {
    return this.#askedAtMs.length;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Waits until a question was answered that is asked from now on. */
  async next(): Promise<void> {
    const first = this.asked;
    await until("an answer to a new question", () => {
      for (let i = first; i < this.asked; i++) {
        if (!this.#waiting.has(i)) return true;
      }
      return false;
    });
  }

  /** Asks no more, and waits for the answers that come within `patienceMs`. */
  async end(patienceMs = 5000): Promise<Answers> {
    clearInterval(this.#timer);
    const last = until("all answers", () => this.waiting === 0, patienceMs);
    await last.catch(() => {});
    this.#transport.close();
    await this.#running;
    return {
      asked: this.asked,
      lost: this.waiting,
      longestMs: Math.round(this.#longestMs),
      gapMs: Math.round(this.#gapMs),
    };
  }

  #ask(port: number): void {
    const id = this.#askedAtMs.length;
    this.#askedAtMs.push(performance.now());
    this.#waiting.add(id);
    const start = this.#outbox.position;
    this.#outbox.text(
      "OPTIONS sip:127.0.0.1 SIP/2.0\r\n" +
        `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK-q${id}\r\n` +
        `From: <sip:lab@127.0.0.1>;tag=q${id}\r\nTo: <sip:127.0.0.1>\r\n` +
        `Call-ID: q${id}-${port}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n` +
        "Content-Length: 0\r\n\r\n",
    ).end(start, this.#flow);
  }

  #take(text: string): void {
    const id = /^SIP\/2\.0 200 .*;branch=z9hG4bK-q(\d+)/s.exec(text)?.[1];
    if (id === undefined || !this.#waiting.delete(Number(id))) return;
    const nowMs = performance.now();
    this.#gapMs = Math.max(this.#gapMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    const tookMs = nowMs - this.#askedAtMs[Number(id)]!;
    this.#longestMs = Math.max(this.#longestMs, tookMs);
  }
}
