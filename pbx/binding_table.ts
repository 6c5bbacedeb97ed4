/**
 * The bindings in memory, in columns: numbers in typed arrays, texts in a slab. A hundred
 * thousand of them take 20 MB and no time of the garbage collector. The bindings of an extension
 * are a list, newest first.
 * @module
 */

import { Flow, type TransportName } from "../sip/flow.ts";
import {
  type Binding,
  type BindingNumbers,
  joinTexts,
  splitTexts,
} from "./binding.ts";
import { TextSlab } from "./text_slab.ts";

const BEHIND_NAT = 1;
const OUTBOUND = 2;
const TCP = 4;
/** No socket and no connection has this number. */
export const NO_FLOW = 0xffffffff;
const LONGEST_TEXT = 4096;
/** Local addresses that were written to; a machine has few. */
const MOST_LOCAL = 0xffff;

type Column =
  | Float64Array
  | Uint32Array
  | Int32Array
  | Uint16Array
  | Uint8Array;

export class BindingTable {
  readonly #slab = new TextSlab();
  readonly #free: number[] = [];
  readonly #local: { readonly host: string; readonly port: number }[] = [];
  #used = 0;
  #live = 0;
  /** The binding that was read or written last: a REGISTER looks at its own several times. */
  #recentSlot = -1;
  #recent: Binding | null = null;
  /** The slot of the extension, -1 where the slot is free. */
  extension = new Int32Array(0);
  /** The next binding of the same extension, -1 at the end. */
  next = new Int32Array(0);
  expiresAtMs = new Float64Array(0);
  cseq = new Uint32Array(0);
  grantedSeconds = new Uint32Array(0);
  /** Row of the journal that holds the newest state of a slot. */
  journalRow = new Float64Array(0);
  /** When to ask the phone next whether it is there; 0: never. */
  pingAtMs = new Float64Array(0);
  /** How many of our questions in a row got no answer. */
  missedPings = new Uint8Array(0);
  pingsSent = new Uint32Array(0);
  #q = new Uint16Array(0);
  #regId = new Uint32Array(0);
  #flags = new Uint8Array(0);
  #flowId = new Uint32Array(0);
  #port = new Uint16Array(0);
  #localIndex = new Uint16Array(0);
  #contactLength = new Uint16Array(0);
  #cell = new Uint32Array(0);
  #length = new Uint16Array(0);

  /** How many bindings there are. */
  get live(): number {
    return this.#live;
  }

  /** Slots up to this one have been used. */
  get used(): number {
    return this.#used;
  }

  /** Makes room for that many. */
  reserve(count: number): void {
    const capacity = this.next.length;
    if (count <= capacity) return;
    const larger = Math.max(count, capacity * 2, 64);
    const grow = <T extends Column>(column: T, fresh: T): T => {
      fresh.set(column);
      return fresh;
    };
    this.extension = grow(this.extension, new Int32Array(larger));
    this.next = grow(this.next, new Int32Array(larger));
    this.expiresAtMs = grow(this.expiresAtMs, new Float64Array(larger));
    this.cseq = grow(this.cseq, new Uint32Array(larger));
    this.grantedSeconds = grow(this.grantedSeconds, new Uint32Array(larger));
    this.journalRow = grow(this.journalRow, new Float64Array(larger));
    this.pingAtMs = grow(this.pingAtMs, new Float64Array(larger));
    this.missedPings = grow(this.missedPings, new Uint8Array(larger));
    this.pingsSent = grow(this.pingsSent, new Uint32Array(larger));
    this.#q = grow(this.#q, new Uint16Array(larger));
    this.#regId = grow(this.#regId, new Uint32Array(larger));
    this.#flags = grow(this.#flags, new Uint8Array(larger));
    this.#flowId = grow(this.#flowId, new Uint32Array(larger));
    this.#port = grow(this.#port, new Uint16Array(larger));
    this.#localIndex = grow(this.#localIndex, new Uint16Array(larger));
    this.#contactLength = grow(
      this.#contactLength,
      new Uint16Array(larger),
    );
    this.#cell = grow(this.#cell, new Uint32Array(larger));
    this.#length = grow(this.#length, new Uint16Array(larger));
  }

  /** Takes a slot for a binding of an extension; `after` is what the list began with. */
  add(extension: number, after: number, binding: Binding): number {
    const slot = this.#free.pop() ?? this.#used;
    this.put(slot, extension, binding, joinTexts(binding));
    this.next[slot] = after;
    return slot;
  }

  /**
   * Fills a slot that is free. Its place in the list is the caller's business.
   *
   * @param texts as `joinTexts` makes them.
   */
  put(
    slot: number,
    extension: number,
    numbers: BindingNumbers,
    texts: string,
  ): void {
    this.reserve(slot + 1);
    while (this.#used <= slot) this.extension[this.#used++] = -1;
    this.extension[slot] = extension;
    this.#live++;
    this.#length[slot] = 0;
    this.pingAtMs[slot] = 0;
    this.missedPings[slot] = 0;
    this.pingsSent[slot] = 0;
    this.#setNumbers(slot, numbers);
    this.#setTexts(slot, texts);
  }

  /** After slots were filled by number: finds those between them that are free. */
  collectFree(): void {
    this.#free.length = 0;
    for (let slot = this.#used - 1; slot >= 0; slot--) {
      if (this.extension[slot] === -1) this.#free.push(slot);
    }
  }

  /** Puts a new state in the place of the old one. */
  update(slot: number, binding: Binding): void {
    this.#setNumbers(slot, binding);
    this.#setTexts(slot, joinTexts(binding));
    this.#recentSlot = slot;
    this.#recent = binding;
  }

  #setNumbers(slot: number, numbers: BindingNumbers): void {
    if (slot === this.#recentSlot) this.#recentSlot = -1;
    this.expiresAtMs[slot] = numbers.expiresAtMs;
    this.cseq[slot] = numbers.cseq;
    this.grantedSeconds[slot] = numbers.grantedSeconds;
    this.#q[slot] = numbers.q;
    this.#regId[slot] = numbers.regId;
    this.#flags[slot] = (numbers.isBehindNat ? BEHIND_NAT : 0) |
      (numbers.isOutbound ? OUTBOUND : 0) |
      (numbers.transport === "tcp" ? TCP : 0);
    this.#flowId[slot] = numbers.flowId;
    this.#port[slot] = numbers.port;
    this.#localIndex[slot] = this.#indexOfLocal(
      numbers.localHost,
      numbers.localPort,
    );
  }

  #setTexts(slot: number, texts: string): void {
    if (texts.length > LONGEST_TEXT) {
      throw new RangeError("texts of a binding are too long");
    }
    const length = this.#length[slot]!;
    if (length === texts.length && this.#slab.holds(this.#cell[slot]!, texts)) {
      return;
    }
    if (length > 0) this.#slab.free(this.#cell[slot]!, length);
    this.#cell[slot] = this.#slab.put(texts);
    this.#length[slot] = texts.length;
    this.#contactLength[slot] = texts.indexOf("\t");
  }

  /** Whether the contact is this one, letter by letter. */
  isContact(slot: number, contact: string): boolean {
    return this.#contactLength[slot] === contact.length &&
      this.#slab.holds(this.#cell[slot]!, contact);
  }

  /** Gives a slot back. It must have been taken out of its list. */
  remove(slot: number): void {
    this.#slab.free(this.#cell[slot]!, this.#length[slot]!);
    this.#length[slot] = 0;
    if (slot === this.#recentSlot) this.#recentSlot = -1;
    this.extension[slot] = -1;
    this.#live--;
    this.#free.push(slot);
  }

  /** Says which socket or connection leads to the phone now. */
  setFlowId(slot: number, flowId: number): void {
    if (slot === this.#recentSlot) this.#recentSlot = -1;
    this.#flowId[slot] = flowId;
  }

  isLive(slot: number): boolean {
    return slot < this.#used && this.extension[slot] !== -1;
  }

  isBehindNat(slot: number): boolean {
    return (this.#flags[slot]! & BEHIND_NAT) !== 0;
  }

  /** The whole of a binding, as a value. */
  get(slot: number): Binding {
    if (slot === this.#recentSlot) return this.#recent!;
    const texts = splitTexts(
      this.#slab.get(this.#cell[slot]!, this.#length[slot]!),
    );
    if (texts === null) throw new TypeError("texts of a binding are damaged");
    const flags = this.#flags[slot]!;
    const local = this.#local[this.#localIndex[slot]!]!;
    const binding: Binding = {
      ...texts,
      cseq: this.cseq[slot]!,
      expiresAtMs: this.expiresAtMs[slot]!,
      grantedSeconds: this.grantedSeconds[slot]!,
      q: this.#q[slot]!,
      regId: this.#regId[slot]!,
      isBehindNat: (flags & BEHIND_NAT) !== 0,
      isOutbound: (flags & OUTBOUND) !== 0,
      transport: (flags & TCP) !== 0 ? "tcp" : "udp",
      flowId: this.#flowId[slot]!,
      port: this.#port[slot]!,
      localHost: local.host,
      localPort: local.port,
    };
    this.#recentSlot = slot;
    this.#recent = binding;
    return binding;
  }

  /** The flow that leads to the phone. */
  flowOf(slot: number): Flow {
    const binding = this.get(slot);
    const transport: TransportName = binding.transport;
    const { flowId, localHost, localPort, host, port } = binding;
    return new Flow(transport, flowId, localHost, localPort, host, port);
  }

  #indexOfLocal(host: string, port: number): number {
    const local = this.#local;
    for (let i = 0; i < local.length; i++) {
      if (local[i]!.host === host && local[i]!.port === port) return i;
    }
    if (local.length > MOST_LOCAL) return 0;
    return local.push({ host, port }) - 1;
  }
}
