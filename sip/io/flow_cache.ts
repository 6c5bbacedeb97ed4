/**
 * One `Flow` for one pair of addresses, so that a phone that sends again costs no memory: a table
 * of fixed size in which a newer pair takes the place of an older one with the same hash.
 * @module
 */

import { Flow } from "../flow.ts";
import { AF_INET, formatIpv4, formatIpv6 } from "./sockaddr.ts";

const ENTRIES = 16384;
const HOSTS_LIMIT = 65536;

/**
 * The flows of one socket. Key of IPv4: port, peer, local (words). Of IPv6: port, peer (4), local
 * (4), scope.
 */
export class FlowCache {
  /** Fill this, then call `flow()`. */
  readonly key: Uint32Array;
  readonly #words: number;
  readonly #id: number;
  readonly #localPort: number;
  readonly #keys: Uint32Array;
  readonly #flows: (Flow | undefined)[] = Array(ENTRIES).fill(undefined);
  readonly #hosts = new Map<number | string, string>();

  constructor(family: number, id: number, localPort: number) {
    this.#words = family === AF_INET ? 3 : 10;
    this.#id = id;
    this.#localPort = localPort;
    this.key = new Uint32Array(this.#words);
    this.#keys = new Uint32Array(this.#words * ENTRIES);
  }

  /** The flow of what stands in `key`. */
  flow(): Flow {
    const words = this.#words;
    const key = this.key;
    const keys = this.#keys;
    let hash = 0;
    for (let i = 0; i < words; i++) {
      hash = Math.imul(hash ^ key[i]!, 0x9e3779b1) ^ hash >>> 15;
    }
    const entry = (hash ^ hash >>> 16) & ENTRIES - 1;
    const base = entry * words;
    const known = this.#flows[entry];
    if (known !== undefined) {
      let i = 0;
      while (i < words && keys[base + i] === key[i]) i++;
      if (i === words) return known;
    }
    const flow = words === 3
      ? new Flow(
        "udp",
        this.#id,
        this.#host4(key[2]!),
        this.#localPort,
        this.#host4(key[1]!),
        key[0]!,
      )
      : new Flow(
        "udp",
        this.#id,
        this.#host6(5, 0),
        this.#localPort,
        this.#host6(1, key[9]!),
        key[0]!,
      );
    this.#flows[entry] = flow;
    keys.set(key, base);
    return flow;
  }

  #host4(word: number): string {
    return this.#hosts.get(word) ?? this.#keep(word, formatIpv4(word));
  }

  #host6(at: number, scope: number): string {
    const text = formatIpv6(this.key, at, scope);
    return this.#hosts.get(text) ?? this.#keep(text, text);
  }

  /** Phones behind one router share the text of its address. */
  #keep(key: number | string, host: string): string {
    if (this.#hosts.size >= HOSTS_LIMIT) this.#hosts.clear();
    this.#hosts.set(key, host);
    return host;
  }
}
