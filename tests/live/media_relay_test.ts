/**
 * The relay for sound with real sockets: both ways, strangers, moves, echo, tone, and its ports.
 * @module
 */

import assert from "node:assert/strict";
import { openMediaRelay } from "../../pbx/io/media_relay.ts";
import type { MediaEnd } from "../../pbx/media/media_relay.ts";
import {
  payloadTypeOf,
  sequenceOf,
  ssrcOf,
  timestampOf,
} from "../../pbx/media/rtp_header.ts";
import {
  aimAt,
  choosePorts,
  connectPhones,
  isFree,
  MediaPhone,
  openEnd,
  until,
} from "./media_phone.ts";
import { HAS_IPV6, HAS_LINUX } from "./udp_peer.ts";

const REPORT = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 7);

type Relay = ReturnType<typeof openMediaRelay>;

/** A test with a relay that ends with it; trouble fails the test. */
function relayTest(
  name: string,
  body: (relay: Relay) => Promise<void>,
  ignore = !HAS_LINUX,
): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      const troubles: string[] = [];
      const relay = openMediaRelay({
        ports: choosePorts(1000),
        onTrouble: (message) => troubles.push(message),
      });
      try {
        await body(relay);
      } finally {
        await relay.stop();
      }
      assert.deepEqual(troubles, []);
    },
  });
}

relayTest(
  "MediaRelay carries RTP and RTCP both ways and counts",
  async (relay) => {
    using one = new MediaPhone("127.0.0.2");
    using other = new MediaPhone("127.0.0.3");
    const [a, b] = connectPhones(relay, one, other);
    assert.equal(a.port % 2, 0);
    await one.speak(a, "hello");
    const { bytes, port } = await other.next();
    assert.equal(
      port,
      b.port,
      "it comes from the port that the phone was told",
    );
    assert.equal(new TextDecoder().decode(bytes.subarray(12)), "hello");
    await other.speak(b, "hello yourself");
    assert.equal(await one.hear(), "hello yourself");
    await one.send(a, REPORT, 1);
    using beside = new MediaPhone("127.0.0.3", other.port + 1);
    await one.send(a, REPORT, 1);
    const report = await beside.next();
    assert.deepEqual(report.bytes, REPORT);
    assert.equal(report.port, b.port + 1);
    await beside.send(b, REPORT, 1);
    assert.equal((await one.next()).port, a.port + 1);
    const { packets, octets, sent, strangers, source } = relay.counts(a);
    assert.deepEqual({ packets, octets, sent, strangers, source }, {
      packets: 1,
      octets: 17,
      sent: 1,
      strangers: 0,
      source: `127.0.0.2:${one.port}`,
    });
    assert.ok(relay.counts(a).silentMs < 5000);
    relay.restart(a);
    relay.flush();
    await until(() => relay.counts(a).packets === 0);
  },
);

relayTest("MediaRelay drops strangers and counts them", async (relay) => {
  using one = new MediaPhone("127.0.0.2");
  using other = new MediaPhone("127.0.0.3");
  using stranger = new MediaPhone("127.0.0.4");
  const [a] = connectPhones(relay, one, other);
  await one.speak(a, "1");
  for (let i = 0; i < 40; i++) await stranger.speak(a, "listen to me");
  await one.speak(a, "2");
  assert.deepEqual([await other.hear(), await other.hear()], ["1", "2"]);
  assert.equal(relay.counts(a).strangers, 40);
});

relayTest(
  "MediaRelay sends nothing to another host than the phone's",
  async (relay) => {
    using one = new MediaPhone("127.0.0.2");
    using other = new MediaPhone("127.0.0.3");
    using victim = new MediaPhone("127.0.0.9");
    const [a, b] = connectPhones(relay, one, other);
    aimAt(relay, a, victim, { signalled: one.host });
    relay.flush();
    for (let i = 0; i < 5; i++) await other.speak(b, "too early");
    await until(() => relay.counts(b).packets === 5);
    await one.speak(a, "here I am");
    await other.hear();
    await other.speak(b, "now");
    assert.equal(await one.hear(), "now");
    assert.equal(relay.counts(a).sent, 1);
  },
);

relayTest(
  "MediaRelay follows a phone that moved, not another one",
  async (relay) => {
    using one = new MediaPhone("127.0.0.2");
    using moved = new MediaPhone("127.0.0.5");
    using thief = new MediaPhone("127.0.0.6");
    using other = new MediaPhone("127.0.0.3");
    const [a] = connectPhones(relay, one, other);
    await one.speak(a, "before", 7);
    assert.equal(await other.hear(), "before");
    const beganMs = performance.now();
    await until(() => {
      thief.speak(a, "thief", 8);
      moved.speak(a, "moved", 7);
      return relay.counts(a).packets > 1;
    });
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs > 1900, `followed after ${tookMs} ms`);
    assert.equal(await other.hear(), "moved");
    assert.equal(relay.counts(a).source, `127.0.0.5:${moved.port}`);
  },
);

relayTest("MediaRelay echoes and plays a tone", async (relay) => {
  using phone = new MediaPhone("127.0.0.2");
  const [echo, tone] = [openEnd(relay), openEnd(relay)];
  aimAt(relay, echo, phone);
  relay.echo(echo);
  relay.flush();
  await phone.speak(echo, "is there anybody");
  assert.equal(await phone.hear(), "is there anybody");
  relay.close(echo);
  aimAt(relay, tone, phone);
  relay.tone(tone, 0);
  relay.flush();
  const packets: Uint8Array[] = [];
  const beganMs = performance.now();
  while (packets.length < 26) packets.push((await phone.next()).bytes);
  const tookMs = performance.now() - beganMs;
  assert.ok(tookMs > 420 && tookMs < 1500, `500 ms of tone in ${tookMs} ms`);
  const first = packets[0]!;
  packets.forEach((packet, i) => {
    assert.equal(packet.length, 172);
    assert.equal(packet[1]! >>> 7, i === 0 ? 1 : 0, "marker");
    assert.equal(payloadTypeOf(packet), 0);
    assert.equal(ssrcOf(packet), ssrcOf(first));
    assert.equal(sequenceOf(packet), sequenceOf(first) + i & 0xffff);
    assert.ok((timestampOf(packet) - timestampOf(first) >>> 0) >= 160 * i);
  });
  const heard = packets.flatMap((packet) => [...packet.subarray(12)]);
  const samples = heard.map(decodeMulaw);
  assert.ok(goertzel(samples, 440) > 0.95);
  assert.ok(goertzel(samples, 480) < 0.05);
});

function decodeMulaw(code: number): number {
  const bits = ~code & 0xff;
  const value = ((bits & 0x0f) << 3) + 0x84 << (bits >> 4 & 7);
  return bits & 0x80 ? 0x84 - value : value - 0x84;
}

/** The share of the power that lies at a frequency, 0 to 1. */
function goertzel(samples: readonly number[], hertz: number): number {
  const turn = 2 * Math.cos(2 * Math.PI * hertz / 8000);
  let [last, before, power] = [0, 0, 0];
  for (const sample of samples) {
    [last, before] = [sample + turn * last - before, last];
    power += sample * sample;
  }
  const found = last * last + before * before - turn * last * before;
  return 2 * found / (samples.length * power);
}

relayTest("MediaRelay speaks IPv6", async (relay) => {
  using one = new MediaPhone("::1");
  using other = new MediaPhone("::1");
  const [a, b] = connectPhones(relay, one, other, "::1");
  await one.speak(a, "hello");
  assert.equal(await other.hear(), "hello");
  await other.speak(b, "hello yourself");
  assert.equal(await one.hear(), "hello yourself");
  assert.equal(relay.counts(a).source, `[::1]:${one.port}`);
}, !HAS_IPV6);

relayTest("MediaRelay gives ports back soon, and none twice", async (relay) => {
  const ends: MediaEnd[] = [];
  for (let i = 0; i < 200; i++) ends.push(openEnd(relay));
  assert.equal(new Set(ends.map(({ port }) => port)).size, 200);
  assert.ok(ends.every((end) => !isFree(end)));
  for (const end of ends) relay.close(end);
  relay.flush();
  const closedMs = performance.now();
  const next = openEnd(relay);
  assert.ok(!ends.some(({ port }) => port === next.port), "they rest");
  relay.close(next);
  relay.close(next);
  relay.flush();
  await until(() => ends.every(isFree) && isFree(next));
  assert.ok(performance.now() - closedMs < 2500);
});

relayTest(
  "MediaRelay.open() is null where there is nothing to open",
  async (relay) => {
    for (const host of ["192.0.2.1", "2001:db8::1", "pbx.example", ""]) {
      assert.equal(relay.open(host), null, host);
    }
    const end = openEnd(relay);
    relay.close(end);
    assert.equal(relay.counts(end).packets, 0);
    await relay.stop();
    assert.equal(relay.open("127.0.0.1"), null);
  },
);

/** Three pairs of ports that nobody holds. */
function chooseFree(): { first: number; last: number } {
  while (true) {
    const ports = choosePorts(3);
    const host = "127.0.0.1";
    const isAllFree = [0, 2, 4].every((more) =>
      isFree({ host, port: ports.first + more })
    );
    if (isAllFree) return ports;
  }
}

Deno.test({
  name: "MediaRelay.open() skips ports of others and tells when all are out",
  ignore: !HAS_LINUX,
  async fn() {
    const ports = chooseFree();
    using other = new MediaPhone("127.0.0.1", ports.first + 2);
    const relay = openMediaRelay({ ports });
    const ends = [1, 2, 3].map(() => relay.open("127.0.0.1"));
    assert.deepEqual(
      ends.map((end) => end?.port).sort(),
      [ports.first, ports.first + 4, undefined],
    );
    assert.equal(other.port, ports.first + 2);
    // with nothing else left, a pair serves again before it has rested
    relay.close(ends[0]!);
    assert.equal(relay.open("127.0.0.1")?.port, ends[0]!.port);
    await relay.stop();
  },
});

Deno.test({
  name: "MediaRelay serves the next call without what came for the last",
  ignore: !HAS_LINUX,
  async fn() {
    const relay = openMediaRelay({ ports: chooseFree() });
    openEnd(relay);
    using one = new MediaPhone("127.0.0.2");
    using other = new MediaPhone("127.0.0.3");
    const [a, b] = connectPhones(relay, one, other);
    await one.speak(a, "first call");
    assert.equal(await other.hear(), "first call");
    relay.close(a);
    relay.close(b);
    relay.flush();
    // there are no others
    const [next, far] = [openEnd(relay), openEnd(relay)];
    assert.deepEqual(
      [next.port, far.port].sort(),
      [a.port, b.port].sort(),
    );
    assert.equal(relay.counts(next).packets, 0);
    assert.equal(relay.counts(next).source, "");
    await one.speak(next, "still the first call");
    aimAt(relay, next, one);
    aimAt(relay, far, other);
    relay.connect(next, far);
    relay.flush();
    await until(() => {
      one.speak(next, "second call");
      return relay.counts(next).packets > 0;
    });
    assert.equal(await other.hear(), "second call");
    await relay.stop();
  },
});

relayTest("MediaRelay lets nobody foretell the next port", async (relay) => {
  const end = openEnd(relay);
  relay.close(end);
  relay.flush();
  const closedMs = performance.now();
  await until(() => performance.now() > closedMs + 1100);
  for (let i = 0; i < 3; i++) {
    assert.notEqual(openEnd(relay).port, end.port);
  }
});

relayTest(
  "MediaRelay.flush() loses nothing of what finds no room",
  async (relay) => {
    using one = new MediaPhone("127.0.0.2");
    using other = new MediaPhone("127.0.0.3");
    const [a, b] = [openEnd(relay), openEnd(relay)];
    for (let i = 0; i < 5000; i++) {
      aimAt(relay, a, { host: "127.0.0.9", port: 1000 + i });
    }
    aimAt(relay, a, one);
    aimAt(relay, b, other);
    relay.connect(a, b);
    relay.flush();
    await until(() => {
      one.speak(a, "at last");
      return relay.counts(a).packets > 0;
    });
    assert.equal(await other.hear(), "at last");
    await other.speak(b, "yes");
    assert.equal(await one.hear(), "yes");
  },
);
