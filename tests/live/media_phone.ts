/**
 * What the tests of the relay for sound share: phones that are no more than a socket, and the
 * packets that they send.
 * @module
 */

import assert from "node:assert/strict";
import type {
  MediaAim,
  MediaEnd,
  MediaRelay,
} from "../../pbx/media/media_relay.ts";
import { writeRtpHeader } from "../../pbx/media/rtp_header.ts";

const PATIENCE_MS = 5000;
const POLL_MS = 20;

/** A socket on an address of its own. */
export class MediaPhone {
  readonly host: string;
  readonly port: number;
  readonly #socket: Deno.DatagramConn;
  #sequence = 0;

  constructor(host: string, port = 0) {
    this.#socket = Deno.listenDatagram({
      transport: "udp",
      hostname: host,
      port,
    });
    this.host = host;
    this.port = (this.#socket.addr as Deno.NetAddr).port;
  }

  /** Sends to an end, or to the port beside it. */
  async send(end: MediaEnd, bytes: Uint8Array, beside = 0): Promise<void> {
    await this.#socket.send(bytes, {
      transport: "udp",
      hostname: end.host,
      port: end.port + beside,
    });
  }

  /** Sends a packet of RTP that ends with a text. */
  async speak(end: MediaEnd, text: string, ssrc = 7): Promise<void> {
    const words = new TextEncoder().encode(text);
    const packet = new Uint8Array(12 + words.length);
    const n = ++this.#sequence;
    writeRtpHeader(packet, 0, false, n, n * 160, ssrc);
    packet.set(words, 12);
    await this.send(end, packet);
  }

  /** The next datagram, and the port that it came from; fails after a while. */
  async next(): Promise<{ bytes: Uint8Array; port: number }> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`nothing came to ${this.host}`)),
        PATIENCE_MS,
      );
    });
    try {
      const [bytes, from] = await Promise.race([this.#socket.receive(), late]);
      return { bytes, port: (from as Deno.NetAddr).port };
    } finally {
      clearTimeout(timer);
    }
  }

  /** The text of the next packet of RTP. */
  async hear(): Promise<string> {
    return new TextDecoder().decode((await this.next()).bytes.subarray(12));
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** Tells the relay of a phone that signals from where it hears. */
export function aimAt(
  relay: MediaRelay,
  end: MediaEnd,
  phone: { readonly host: string; readonly port: number },
  other: Partial<MediaAim> = {},
): void {
  relay.aim(end, {
    host: phone.host,
    port: phone.port,
    rtcpPort: phone.port + 1,
    signalled: phone.host,
    rates: new Map(),
    ...other,
  });
}

/** Opens an end, which must be possible. */
export function openEnd(relay: MediaRelay, host = "127.0.0.1"): MediaEnd {
  const end = relay.open(host);
  assert.ok(end, `no end on ${host}`);
  return end;
}

/** Opens an end for each phone and connects the two. */
export function connectPhones(
  relay: MediaRelay,
  one: MediaPhone,
  other: MediaPhone,
  host = "127.0.0.1",
): [MediaEnd, MediaEnd] {
  const [a, b] = [openEnd(relay, host), openEnd(relay, host)];
  aimAt(relay, a, one);
  aimAt(relay, b, other);
  relay.connect(a, b);
  relay.flush();
  return [a, b];
}

/** Looks again and again until a claim is true; fails after a while. */
export async function until(claim: () => boolean): Promise<void> {
  const endsAt = performance.now() + PATIENCE_MS;
  while (!claim()) {
    assert.ok(performance.now() < endsAt, `never: ${claim}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A range of ports below those that the kernel gives to clients, another one each time. */
export function choosePorts(pairs: number): { first: number; last: number } {
  const first = 16000 + 2 * Math.floor(Math.random() * (8000 - pairs));
  return { first, last: first + 2 * pairs - 1 };
}

/** Whether both ports of an end can be bound. */
export function isFree(
  { host, port }: Pick<MediaEnd, "host" | "port">,
): boolean {
  try {
    for (const one of [port, port + 1]) {
      Deno.listenDatagram({ transport: "udp", hostname: host, port: one })
        .close();
    }
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
