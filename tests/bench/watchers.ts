/**
 * Those who look at the page while phones register: `watchers.ts HOST:PORT TOKEN_FILE COUNT READY`
 * opens so many streams, makes the file READY when all of them are answered, and reads until it is
 * ended. Fails where a stream is refused or ends.
 * @module
 */

const MIX = [
  "/stream/status",
  "/stream/extensions",
  "/stream/status",
  "/api/v1/events?facts=1&messages=1",
  "/stream/trace",
] as const;

async function open(address: string, path: string, token: string) {
  const [hostname = "", port = ""] = address.split(":");
  const conn = await Deno.connect({ hostname, port: Number(port) });
  const request = `GET ${path} HTTP/1.1\r\nHost: ${address}\r\n` +
    `Authorization: Bearer ${token}\r\n\r\n`;
  await conn.write(new TextEncoder().encode(request));
  const octets = new Uint8Array(1 << 16);
  const count = await conn.read(octets);
  const head = new TextDecoder().decode(octets.subarray(0, count ?? 0));
  if (!head.startsWith("HTTP/1.1 200")) {
    throw new Error(`${path}: ${head.slice(0, 200)}`);
  }
  return { conn, octets };
}

async function watch(
  [address, tokenFile, count, ready]: readonly string[],
): Promise<void> {
  if (ready === undefined) {
    throw new RangeError("watchers.ts HOST:PORT TOKEN_FILE COUNT READY");
  }
  const token = Deno.readTextFileSync(tokenFile!).trim();
  const reading: Promise<void>[] = [];
  for (let i = 0; i < Number(count); i++) {
    const path = MIX[i % MIX.length]!;
    const { conn, octets } = await open(address!, path, token);
    const read = async () => {
      while (await conn.read(octets) !== null);
      throw new Error(`${path} has ended`);
    };
    reading.push(read());
  }
  Deno.writeTextFileSync(ready, "");
  await Promise.race(reading);
}

if (import.meta.main) await watch(Deno.args);
