/**
 * Sound that is told by its frequency: a phone plays a tone from a file, the other one writes what
 * it hears into a file, and Goertzel's filter says which tone is in there.
 * @module
 */

const RATE = 8000;
const WINDOW_SECONDS = 0.1;
const LOUDNESS = 9000;
const HEADER_OCTETS = 44;
const FULL_SCALE = 32768;

/** Sound of one channel, each sample from -1 to 1. */
export interface Sound {
  readonly rate: number;
  readonly samples: Float64Array;
}

/** Samples of a tone at 8,000 a second, 16 bits each. */
export function makeTone(hertz: number, seconds: number): Int16Array {
  const step = 2 * Math.PI * hertz / RATE;
  return Int16Array.from(
    { length: Math.round(seconds * RATE) },
    (_, index) => LOUDNESS * Math.sin(step * index),
  );
}

/** Writes a tone into a WAV file of one channel and 16 bits. */
export function writeTone(path: string, hertz: number, seconds = 180): void {
  const samples = makeTone(hertz, seconds);
  const file = new Uint8Array(HEADER_OCTETS + samples.byteLength);
  const view = new DataView(file.buffer);
  const put = (at: number, text: string) =>
    file.set(new TextEncoder().encode(text), at);
  put(0, "RIFF");
  view.setUint32(4, file.length - 8, true);
  put(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  put(36, "data");
  view.setUint32(40, samples.byteLength, true);
  samples.forEach((sample, index) =>
    view.setInt16(HEADER_OCTETS + 2 * index, sample, true)
  );
  Deno.writeFileSync(path, file);
}

/**
 * Reads a WAV file of 16 bits, also one that is still being written: the lengths in its header are
 * not looked at. Of several channels the first is taken.
 */
export function readSound(path: string): Sound {
  const bytes = Deno.readFileSync(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let rate = RATE;
  let channels = 1;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = new TextDecoder().decode(bytes.subarray(at, at + 4));
    if (name === "fmt ") {
      channels = view.getUint16(at + 10, true);
      rate = view.getUint32(at + 12, true);
    }
    at += 8;
    if (name === "data") {
      const step = 2 * channels;
      const length = Math.floor((bytes.length - at) / step);
      const sample = (index: number) =>
        view.getInt16(at + index * step, true) / FULL_SCALE;
      const samples = Float64Array.from(
        { length },
        (_, index) => sample(index),
      );
      return { rate, samples };
    }
    at += view.getUint32(at - 4, true);
  }
  return { rate, samples: new Float64Array() };
}

/**
 * For each frequency the seconds in which it alone makes up most of the sound. A tone that comes
 * and goes, as over a network that loses packets, counts as long as it is there.
 */
export function secondsOfTones(
  { rate, samples }: Sound,
  frequencies: readonly number[],
): number[] {
  const size = Math.round(rate * WINDOW_SECONDS);
  const seconds = frequencies.map(() => 0);
  for (let from = 0; from + size <= samples.length; from += size) {
    const window = samples.subarray(from, from + size);
    const energy = window.reduce((sum, sample) => sum + sample * sample, 0);
    if (energy / size < 1e-4) continue;
    frequencies.forEach((hertz, index) => {
      const share = powerOf(window, hertz / rate) / energy;
      if (share > 0.5) seconds[index]! += WINDOW_SECONDS;
    });
  }
  return seconds.map((value) => Math.round(value * 10) / 10);
}

/** The power of one frequency (in turns a sample), as much as `energy` for a pure tone. */
function powerOf(window: Float64Array, turns: number): number {
  const factor = 2 * Math.cos(2 * Math.PI * turns);
  let last = 0;
  let previous = 0;
  for (const sample of window) {
    const next = sample + factor * last - previous;
    previous = last;
    last = next;
  }
  const power = last * last + previous * previous - factor * last * previous;
  return 2 * power / window.length;
}

/** Sounds of one rate, one after the other. */
export function joinSounds(sounds: readonly Sound[]): Sound {
  const length = sounds.reduce((sum, { samples }) => sum + samples.length, 0);
  const samples = new Float64Array(length);
  let at = 0;
  for (const sound of sounds) {
    samples.set(sound.samples, at);
    at += sound.samples.length;
  }
  return { rate: sounds[0]?.rate ?? RATE, samples };
}
