/**
 * The sound of a phone of our own: a tone in PCMU (ITU-T G.711), a packet of RTP each 20 ms
 * (RFC 3550 §5.1), and what comes back.
 * @module
 */

import { openUdpSocket } from "./lab_namespace.ts";
import { makeTone, type Sound } from "./lab_sound.ts";

const RATE = 8000;
const PACKET_SAMPLES = 160;
const PACKET_MS = 20;
const HEADER_OCTETS = 12;
const BIAS = 0x84;

/** One socket that speaks a tone and listens. Close it before the lab closes. */
export class ToneSocket {
  readonly host: string;
  readonly port: number;
  /** Sources of what came in, each once, as `HOST:PORT`. */
  readonly sources = new Set<string>();
  /** How many packets of RTP came in. */
  packets = 0;
  readonly #socket: Deno.DatagramConn;
  readonly #heard: number[] = [];
  readonly #tone: Uint8Array;
  readonly #ssrc = crypto.getRandomValues(new Uint32Array(1))[0]!;
  readonly #listening: Promise<void>;
  #timer: ReturnType<typeof setInterval> | undefined;
  #sequence = 0;

  constructor(namespace: string | null, host: string, hertz: number) {
    this.#socket = openUdpSocket(namespace, host);
    this.host = host;
    this.port = (this.#socket.addr as Deno.NetAddr).port;
    // a whole number of turns, so that it can be played again and again
    this.#tone = Uint8Array.from(makeTone(hertz, 1), encodeSample);
    this.#listening = this.#listen();
  }

  /** Speaks to an address, at the pace of speech, until it is told otherwise. */
  speakTo(host: string, port: number): void {
    this.hush();
    const startedAt = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      // a late timer is made up for
      const due = (performance.now() - startedAt) / PACKET_MS;
      for (; sent < due; sent++) this.#send(host, port);
    }, PACKET_MS);
  }

  /** Says nothing any more. */
  hush(): void {
    clearInterval(this.#timer);
  }

  /** What came in, packet after packet. */
  heard(): Sound {
    return { rate: RATE, samples: Float64Array.from(this.#heard) };
  }

  async close(): Promise<void> {
    this.hush();
    this.#socket.close();
    await this.#listening;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #send(hostname: string, port: number): void {
    const packet = new Uint8Array(HEADER_OCTETS + PACKET_SAMPLES);
    const view = new DataView(packet.buffer);
    const at = (this.#sequence * PACKET_SAMPLES) % this.#tone.length;
    view.setUint16(0, 0x8000);
    view.setUint16(2, this.#sequence);
    view.setUint32(4, this.#sequence * PACKET_SAMPLES);
    view.setUint32(8, this.#ssrc);
    packet.set(this.#tone.subarray(at, at + PACKET_SAMPLES), HEADER_OCTETS);
    this.#sequence++;
    this.#socket.send(packet, { transport: "udp", hostname, port })
      .catch(() => {});
  }

  async #listen(): Promise<void> {
    for (;;) {
      try {
        const [packet, from] = await this.#socket.receive();
        const { hostname, port } = from as Deno.NetAddr;
        this.sources.add(`${hostname}:${port}`);
        if (packet.length <= HEADER_OCTETS || packet[0]! >> 6 !== 2) continue;
        this.packets++;
        for (const code of packet.subarray(HEADER_OCTETS)) {
          this.#heard.push(decodeSample(code));
        }
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionRefused)) return;
      }
    }
  }
}

/** A sample of 16 bits as an octet of PCMU. */
function encodeSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const size = Math.min(Math.abs(sample), 32_635) + BIAS;
  const exponent = Math.floor(Math.log2(size)) - 7;
  const mantissa = (size >> (exponent + 3)) & 0x0f;
  return ~(sign | exponent << 4 | mantissa) & 0xff;
}

/** An octet of PCMU as a sample from -1 to 1. */
function decodeSample(code: number): number {
  const bits = ~code & 0xff;
  const size = (((bits & 0x0f) << 3) + BIAS) << (bits >> 4 & 7);
  return (bits & 0x80 ? BIAS - size : size - BIAS) / 32_768;
}
