/**
 * Phones of the simulated world, as small scripts after what real ones do: a MicroSIP that finds
 * out its public address and then has two Contacts, a baresip with everything in the Contact, and
 * one that keeps its nonce. They repeat what gets no answer and come again after a refusal.
 * @module
 */

import assert from "node:assert/strict";
import {
  authorization,
  headerValues,
  PASSWORD,
  statusOf,
} from "../pbx/sample_test.ts";
import type { Host, World } from "./world.ts";

/** What a script chooses about its next REGISTER. */
export interface Register {
  readonly uri: string;
  readonly contacts: readonly string[];
  readonly headers: readonly string[];
  readonly userAgent: string;
}

interface Nonce {
  readonly text: string;
  count: number;
}

/** One request that waits for its answer. */
interface Waiting {
  readonly branch: string;
  readonly text: string;
  readonly register: Register;
  readonly hasCredentials: boolean;
}

export abstract class Phone implements Host {
  readonly world: World;
  readonly number: string;
  readonly host: string;
  port: number;
  readonly password: string;
  /** The last final answer; 0 before the first. */
  status = 0;
  /** The contact that the last 200 confirmed. */
  confirmed = "";
  /** How often it heard 200. */
  accepted = 0;
  protected starts = 0;
  protected nonce: Nonce | null = null;
  #callId = "";
  #cseq = 0;
  #waiting: Waiting | null = null;

  constructor(
    world: World,
    number: string,
    host: string,
    password = PASSWORD,
  ) {
    this.world = world;
    this.number = number;
    this.host = host;
    this.password = password;
    this.port = 5062;
    // not at once: the script that is built on this is not ready yet
    world.after(0, () => this.start());
  }

  /** What it sends next. */
  protected abstract register(): Register;

  /** A 200 has come; returns in how many seconds it registers again. */
  protected abstract succeed(answer: string): number;

  /** The contact that it means to have bound. */
  abstract get contact(): string;

  /** It crashes and comes back, with nothing in its memory. */
  restart(): void {
    this.world.plugOut(this);
    this.start();
  }

  receive(text: string): void {
    if (text.startsWith("OPTIONS ")) return this.#answer(text);
    const waiting = this.#waiting;
    const status = statusOf(text);
    const isOurs = headerValues(text, "Via")[0]?.includes(
      waiting?.branch ?? "-",
    );
    if (waiting === null || !isOurs || status < 200) return;
    this.#waiting = null;
    if (status === 401) return this.#login(text, waiting);
    this.status = status;
    if (status === 403) return;
    if (status !== 200) return this.#again(5);
    this.accepted++;
    const seconds = this.succeed(text);
    const own = headerValues(text, "Contact").some((contact) =>
      contact.startsWith(`<${this.contact}>`)
    );
    if (own) this.confirmed = this.contact;
    this.#again(seconds);
  }

  protected start(): void {
    this.starts++;
    this.port = 5062 + 100 * this.starts;
    this.nonce = null;
    this.#waiting = null;
    this.#callId = `${this.number}-${this.host}-${this.starts}`;
    this.#cseq = Math.floor(this.world.random() * 30_000);
    this.world.plugIn(this);
    this.#again(this.world.random() * 2);
  }

  /** The nonce that it may use at once, without being challenged. */
  protected get keptNonce(): Nonce | null {
    return null;
  }

  #again(seconds: number): void {
    const { starts } = this;
    this.world.after(seconds * 1000, () => {
      if (this.starts !== starts || this.#waiting !== null) return;
      this.#send(this.register(), this.keptNonce);
    });
  }

  #login(text: string, waiting: Waiting): void {
    const challenge = headerValues(text, "WWW-Authenticate")[0]!;
    const isStale = /stale=true/.test(challenge);
    if (waiting.hasCredentials && !isStale) {
      this.status = 401;
      return this.#again(5);
    }
    this.nonce = { text: /nonce="([^"]*)"/.exec(challenge)![1]!, count: 0 };
    this.#send(waiting.register, this.nonce);
  }

  #send(register: Register, nonce: Nonce | null): void {
    const cseq = ++this.#cseq;
    const branch = `z9hG4bK${this.number}${this.starts}x${cseq}`;
    const { uri } = register;
    const login = nonce === null ? [] : [authorization({
      nonce: nonce.text,
      number: this.number,
      password: this.password,
      uri,
      nc: (++nonce.count).toString(16).padStart(8, "0"),
    })];
    const lines = [
      `REGISTER ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.host}:${this.port};rport;branch=${branch}`,
      "Max-Forwards: 70",
      `From: <sip:${this.number}@pbx.example>;tag=${cseq}`,
      `To: <sip:${this.number}@pbx.example>`,
      `Call-ID: ${this.#callId}`,
      `CSeq: ${cseq} REGISTER`,
      `User-Agent: ${register.userAgent}`,
      ...register.contacts.map((contact) => `Contact: ${contact}`),
      ...register.headers,
      ...login,
      "Content-Length:  0",
    ];
    const text = `${lines.join("\r\n")}\r\n\r\n`;
    const hasCredentials = nonce !== null;
    this.#waiting = { branch, text, register, hasCredentials };
    this.#repeat(this.#waiting, 500, 0);
  }

  /** RFC 3261 §17.1.2: 0.5, 1, 2, 4, 4 … seconds, 32 in all. */
  #repeat(waiting: Waiting, nextMs: number, passedMs: number): void {
    this.world.send(this, waiting.text);
    const { starts } = this;
    this.world.after(nextMs, () => {
      if (this.#waiting !== waiting || this.starts !== starts) return;
      const nowMs = passedMs + nextMs;
      if (nowMs < 32_000) {
        const laterMs = Math.min(nextMs * 2, 4000, 32_000 - nowMs);
        return this.#repeat(waiting, laterMs, nowMs);
      }
      this.#waiting = null;
      this.#again(5);
    });
  }

  #answer(question: string): void {
    assert.match(question, /^OPTIONS sip:/);
    const echoed = ["Via", "From", "To", "Call-ID", "CSeq"].map((name) =>
      `${name}: ${headerValues(question, name)[0]}\r\n`
    );
    const tail = "Content-Length: 0\r\n\r\n";
    this.world.send(this, `SIP/2.0 200 OK\r\n${echoed.join("")}${tail}`);
  }
}

/** Finds out its public address from the Via of a 200, and moves its Contact there. */
export class MicroSip extends Phone {
  #address = "";
  #oldAddress = "";

  protected override start(): void {
    super.start();
    this.#address = `${this.host}:${this.port}`;
    this.#oldAddress = "";
    this.#keepAlive(this.starts);
  }

  override get contact(): string {
    return `sip:${this.number}@${this.#address};ob`;
  }

  protected override register(): Register {
    const contacts = [`<${this.contact}>`];
    if (this.#oldAddress !== "") {
      contacts.push(`<sip:${this.number}@${this.#oldAddress};ob>;expires=0`);
    }
    return {
      uri: "sip:pbx.example",
      contacts,
      headers: ["Expires: 300"],
      userAgent: "MicroSIP/3.21.6",
    };
  }

  protected override succeed(answer: string): number {
    const via = headerValues(answer, "Via")[0]!;
    const received = /received=([^;]*)/.exec(via)![1];
    const address = `${received}:${/rport=(\d+)/.exec(via)![1]}`;
    this.#oldAddress = "";
    if (address === this.#address) return 290;
    this.#oldAddress = this.#address;
    this.#address = address;
    return 0.1;
  }

  #keepAlive(starts: number): void {
    this.world.after(15_000, () => {
      if (this.starts !== starts) return;
      if (this.accepted > 0) this.world.send(this, "\r\n");
      this.#keepAlive(starts);
    });
  }
}

/** Another Contact at each start, the same instance; waits for the office to keep its NAT open. */
export class Baresip extends Phone {
  override get contact(): string {
    const user = `${this.number}-0x5641${this.starts}`;
    return `sip:${user}@${this.host}:${this.port}`;
  }

  get instance(): string {
    return `<urn:uuid:${this.number}>`;
  }

  protected override register(): Register {
    const contact =
      `<${this.contact}>;expires=300;+sip.instance="${this.instance}"`;
    return {
      uri: "sip:pbx.example;transport=udp",
      contacts: [contact],
      headers: [],
      userAgent: "baresip v1.0.0 (x86_64/linux)",
    };
  }

  protected override succeed(): number {
    return 270;
  }
}

/** Keeps its nonce and counts; refreshes often, with a parameter against the header field. */
export class Thrifty extends Phone {
  override get contact(): string {
    return `sip:${this.number}@${this.host}:${this.port};line=7`;
  }

  protected override get keptNonce(): Nonce | null {
    return this.nonce;
  }

  protected override register(): Register {
    return {
      uri: "sip:pbx.example",
      contacts: [`"A, B" <${this.contact}>;q=0.5;expires=120`],
      headers: ["Expires: 600"],
      userAgent: "Thrifty/1",
    };
  }

  protected override succeed(): number {
    return 20;
  }
}
